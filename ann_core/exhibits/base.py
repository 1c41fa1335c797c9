"""What all exhibits share: records that are never trained, and the kinds of numbers in them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ann_core.spec import Rounded, Spec

Signal = Annotated[Rounded, Field(ge=-2.0, le=2.0)]
Weight = Annotated[Rounded, Field(ge=-5.0, le=5.0)]
StrongWeight = Annotated[Rounded, Field(ge=-20.0, le=20.0)]


class Exhibit(Spec):
    """Sliders of an exhibit move in small steps."""

    finest = 0.1


def padded(length: int) -> AfterValidator:
    """A table of so many numbers, row by row; what is missing is zero."""
    return AfterValidator(lambda entries: (*entries, *[0.0] * (length - len(entries))))
