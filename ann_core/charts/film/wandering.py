"""The marks of what moves by itself while nothing is trained and nobody has touched anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_core.charts.film.marks import Box


@dataclass(frozen=True)
class Sweep:
    """What a network reads at the time, while nothing is trained and nobody has touched anything: a frame that goes over these boxes.

    `boxes` are float32 (n, 4). In each the frame has so many `stops`, rows and columns, in reading order; shares of the box are
    where it is at the first, `frame` (left, top, width, height), and how far it is to the next column and row, `step`.
    """

    kind: ClassVar = "sweep"
    boxes: np.ndarray
    stops: tuple[float, float]
    frame: tuple[float, float, float, float]
    step: tuple[float, float]

    @classmethod
    def over(cls, boxes: Sequence[Box], rows: int, columns: int, size: int = 1) -> "Sweep":
        """A square of so many cells over a grid, one cell further at every stop: (rows, columns) stops."""
        across, down = 1 / (columns + size - 1), 1 / (rows + size - 1)
        return cls(np.array(boxes, np.float32), (rows, columns), (0, 0, size * across, size * down), (across, down))


@dataclass(frozen=True)
class Stroll:
    """A point that goes about meanwhile, with a short trail: its places in the box, uint16 (1, stops, 2), made by `places`."""

    kind: ClassVar = "stroll"
    box: Box
    places: np.ndarray
