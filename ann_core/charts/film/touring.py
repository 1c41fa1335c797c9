"""Marks about a picture itself: what of it is barred, and the stations that a learner is led through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_core.charts.film.marks import Box


@dataclass(frozen=True)
class Hatch:
    """Hatching over those cells of a grid that are barred: uint8 (moments, rows, columns), 0 or 1."""

    kind: ClassVar = "hatch"
    box: Box
    barred: np.ndarray


@dataclass(frozen=True)
class Station:
    """A part of a picture that a learner is led to, after all that have a smaller `number`: it is lit, and its words are said.

    There is one text, or one a moment; for {0} stands the first of its `values` at the moment, float32 (moments, n). What comes
    after one with an `anchor` is the section of the page that is called so.
    """

    kind: ClassVar = "station"
    box: Box
    number: int
    texts: Sequence[str]
    values: np.ndarray
    anchor: str = ""
