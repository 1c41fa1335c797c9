"""Exhibits of the convolutional lesson: sharing of weights, a convolution, what is done to a drawing."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ann_core.exhibits.base import Exhibit, Signal, Weight
from ann_core.spec import Rounded


def _square(entries: tuple[float, ...]) -> tuple[float, ...]:
    """A kernel of 3×3 or 5×5; what is missing is zero."""
    return (*entries, *[0.0] * ((9 if len(entries) <= 9 else 25) - len(entries)))


class SharingExhibit(Exhibit):
    """How many weights a convolution needs for an image, and how many a dense layer with as many outputs."""

    experiment = "sharing"

    side: int = Field(28, ge=8, le=224)
    kernel_size: Literal[3, 5, 7] = 3
    kernels: int = Field(16, ge=1, le=64)


class ConvolutionExhibit(Exhibit):
    """A picture, a kernel, and the way in which it moves over the picture; pooling behind it.

    `kernel` has 9 or 25 entries, row by row; in colour it is multiplied by a weight for each channel.
    """

    experiment = "convolution"

    picture: Literal["digit", "clothing", "scene", "drawing", "upload"] = "digit"
    picture_number: int = Field(0, ge=0, le=9_999)
    in_colour: bool = False
    kernel: Annotated[tuple[Annotated[Rounded, Field(ge=-10.0, le=10.0)], ...], AfterValidator(_square)] = Field(
        (-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0), max_length=25
    )
    red: Signal = 1.0
    green: Signal = 1.0
    blue: Signal = 1.0
    bias_value: Weight = 0.0
    stride: int = Field(1, ge=1, le=4)
    padding: int = Field(0, ge=0, le=4)
    dilation: int = Field(1, ge=1, le=4)
    pooling: Literal["max", "average", "none"] = "max"
    pool_size: int = Field(2, ge=2, le=4)

    @property
    def size(self) -> int:
        """How many rows and columns the kernel has."""
        return 3 if len(self.kernel) == 9 else 5

    @classmethod
    def inapplicable(cls, values):
        if values["picture"] in ("digit", "clothing", "drawing"):
            yield "in_colour"
        if values["picture"] not in ("digit", "clothing"):
            yield "picture_number"
        if not values["in_colour"] or values["picture"] not in ("scene", "upload"):
            yield from ("red", "green", "blue")
        if values["pooling"] == "none":
            yield "pool_size"


class DistortionExhibit(Exhibit):
    """What is done to a drawing: pixels to the right, degrees, times its size, strokes thicker, noise."""

    experiment = "distortion"

    shift: Rounded = Field(0.0, ge=-8.0, le=8.0)
    rotation: Rounded = Field(0.0, ge=-90.0, le=90.0)
    scale: Rounded = Field(1.0, ge=0.4, le=1.6)
    thickness: Rounded = Field(0.0, ge=-2.0, le=2.0)
    noise: Rounded = Field(0.0, ge=0.0, le=0.8)
