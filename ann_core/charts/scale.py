"""Things of very different size, each to scale beside the others."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Box, Labels, Mesh, Panel, framed, places
from ann_core.charts.palette import CATEGORIES

SIDE, HIGH = 700.0, 340.0
SHADE = 150
BEYOND = 3.0
"""So many times the height of the frame is what is too large for it drawn: outside, whatever its size."""


def squares_panel(title: str, alt: str, names: Sequence[str], sizes: Sequence[float]) -> Panel:
    """Squares of these areas, the smallest first, with a common corner: at each moment the next larger one is as high as the frame."""
    areas = np.array(sizes, float)
    sides = np.minimum(np.sqrt(areas[None, :] / areas[:, None]), BEYOND)  # (moments, squares), of the frame's height
    frame, large = Box(2, 2, SIDE - 4, HIGH - 4), Box(2, 2 - (BEYOND - 1) * (HIGH - 4), BEYOND * (HIGH - 4), BEYOND * (HIGH - 4))
    corners = np.stack(np.meshgrid([0.0, 1.0], [0.0, 1.0]), axis=-1)
    marks: list = [framed(frame)]
    for place in reversed(range(len(areas))):
        square = sides[:, place, None, None, None] * corners
        shade = np.full((len(areas), 1, 1), SHADE, np.uint8)
        marks.append(Mesh(large, places(square, 0, BEYOND), shade, frame, CATEGORIES[place]))
    at = np.stack([np.where(sides > 1, BEYOND, sides + 0.03), np.clip(sides - 0.06, 0.05, 0.95)], axis=-1)
    at[..., 1] += 0.09 * np.arange(len(areas))[::-1] * (sides < 0.1)  # names of what is nearly a point stand above one another
    marks.append(Labels(large, places(at, 0, BEYOND), list(names), list(CATEGORIES[: len(areas)]), 15.0))
    return Panel(title, alt, SIDE, HIGH, marks, told=False, large=True, gliding=True)
