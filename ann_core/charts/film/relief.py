"""The marks of how densely things lie in a plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_core.charts.film.marks import Box
from ann_core.charts.palette import QUIET


@dataclass(frozen=True)
class Contours:
    """Lines of equal height, uint8 (moments, rows, columns), at each of these `levels`, 0 … 255."""

    kind: ClassVar = "contours"
    box: Box
    heights: np.ndarray
    levels: Sequence[float]
    colour: str = QUIET


@dataclass(frozen=True)
class Mesh:
    """A lattice of cells, each filled the more the denser it is: corners, uint16 (moments, rows, columns, 2), made by `places`.

    `shades`, uint8 (moments, rows - 1, columns - 1), say how dense. What leaves the box that is `seen` is cut off.
    """

    kind: ClassVar = "mesh"
    box: Box
    places: np.ndarray
    shades: np.ndarray
    seen: Box
    colour: str = QUIET
