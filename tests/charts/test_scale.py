"""Squares to scale."""

import numpy as np

from ann_core.charts.film import FINEST
from ann_core.charts.scale import BEYOND, squares_panel


def test_areas_are_in_proportion_and_what_is_larger_lies_outside():
    """At every moment the side of each square, as far as it fits, is the root of its share of the one that fills the frame."""
    sizes = [4.0, 36.0, 3_600.0]
    panel = squares_panel("t", "a", ("x", "y", "z"), sizes)
    squares = [mark for mark in panel.marks if mark.kind == "mesh"][::-1]
    for moment, filling in enumerate(sizes):
        for mark, size in zip(squares, sizes, strict=True):
            side = BEYOND * mark.places[moment, 1, 1, 0] / FINEST
            np.testing.assert_allclose(side, min(np.sqrt(size / filling), BEYOND), atol=1e-3)
