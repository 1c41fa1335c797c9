"""What is carried along on a panel, as large as its number; numbers that are written where they arise, and names that move."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_core.charts.film.marks import Box


@dataclass(frozen=True)
class Tokens:
    """Discs as large as their values: float32 (moments, n), NaN where there is none; places as of `Dots`.

    The area is the value: of `greatest` the disc has this `radius`, in the panel's units, and the full colour of its sign. On a
    belt that goes `round`, what goes back leaves on the right and comes in again from the left.
    """

    kind: ClassVar = "tokens"
    box: Box
    places: np.ndarray
    values: np.ndarray
    radius: float
    greatest: float
    round: bool = False


@dataclass(frozen=True)
class Numbers:
    """Numbers at places of the panel, each after its name: float32 (moments, n), NaN where there is none yet; `align` as of `Words`."""

    kind: ClassVar = "numbers"
    names: Sequence[str]
    places: Sequence[tuple[float, float]]
    values: np.ndarray
    align: str = "center"
    size: float = 14.0


@dataclass(frozen=True)
class Labels:
    """Names, each in its colour, that begin at places of the box; places as of `Dots`."""

    kind: ClassVar = "labels"
    box: Box
    places: np.ndarray
    texts: Sequence[str]
    colours: Sequence[str]
    size: float = 11.0
