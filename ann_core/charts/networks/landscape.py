"""The panels of a film of walks downhill: the surface from above with the walkers on it, and how high each of them still is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cursor, Lines, Panel, Picture, Words, framed, light_values, places
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CATEGORIES, QUIET

CELLS, BANDS = 120, 14
DARKEST, LIGHTEST = 0.6, 1.0
SIDE, LEFT, TOP, FOOT = 420.0, 44.0, 26.0, 34.0
HEIGHTS = 300.0
BALL, HEAD, POINTER = 0.016, 0.022, 0.09
CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 17)), np.sin(np.linspace(0, 2 * np.pi, 17))], axis=-1)


class Ground(NamedTuple):
    """A surface seen from above: its heights (rows, columns), the highest row first, and the corners of what is drawn."""

    heights: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def placed(self, points: np.ndarray) -> np.ndarray:
        """Points (…, 2) as shares of the way from one corner to the other."""
        return (points - self.low) / (self.high - self.low)


class Walk(NamedTuple):
    """A walk: its places (moments, 2), and the gradient at each, (moments, 2); where it ends early the last ones stay."""

    places: np.ndarray
    gradients: np.ndarray


def cells_of(low: Sequence[float], high: Sequence[float]) -> np.ndarray:
    """The middles of the cells that a surface is drawn with, the highest row first: (rows, columns, 2)."""
    share = (np.arange(CELLS) + 0.5) / CELLS
    x, y = (low[axis] + share * (high[axis] - low[axis]) for axis in (0, 1))
    return np.stack(np.meshgrid(x, y[::-1]), axis=-1)


def surface_panel(titles: Titles, ground: Ground, walks: Mapping[str, Walk], axes: tuple[str, str], words: tuple[str, str]) -> Panel:
    """The surface in bands, so many cells in each, darker where it is lower, and the walkers: ball, trail, next step, way downhill.

    `words` name what the two arrows are: the next step, and the way straight downhill.
    """
    box = Box(LEFT, TOP, SIDE, SIDE)
    ranks = np.argsort(np.argsort(ground.heights, axis=None)).reshape(ground.heights.shape) / ground.heights.size
    bands = DARKEST + (LIGHTEST - DARKEST) * np.floor(ranks * BANDS) / (BANDS - 1)
    marks: list = [Picture(box, light_values(bands)[None], "grey", main=True, greatest=0.0), framed(box)]
    for (name, walk), colour in zip(walks.items(), CATEGORIES, strict=False):
        marks += _walker(box, ground, walk, colour, name)
    step = SIDE / max(len(walks), 3)
    marks += [
        Words([f"● {name}"], [(LEFT + number * step, TOP / 2)], "left", 12.0, colour)
        for number, (name, colour) in enumerate(zip(walks, CATEGORIES, strict=False))
    ]
    foot = TOP + SIDE + 12
    ends = [f"{value:g}" for value in (ground.low[0], ground.high[0], ground.low[1], ground.high[1])]
    marks += [
        Words([ends[0], axes[0], ends[1]], [(LEFT, foot), (LEFT + SIDE / 2, foot), (LEFT + SIDE, foot)], size=11.0),
        Words([ends[2], axes[1], ends[3]], [(LEFT - 6, y) for y in (TOP + SIDE - 6, TOP + SIDE / 2, TOP + 6)], "right", 11.0),
        Words([f"→ {words[0]}   ⇢ {words[1]}"], [(LEFT + SIDE / 2, foot + 16)], size=11.0, colour=QUIET),
    ]
    return Panel(*titles, LEFT + SIDE + 8, TOP + SIDE + FOOT, marks)


def _walker(box: Box, ground: Ground, walk: Walk, colour: str, name: str) -> list[Lines]:
    at = ground.placed(walk.places)
    moments = len(at)
    trail = at[np.minimum(np.arange(moments)[:, None], np.arange(moments))]  # (moments, points, 2)
    following = at[np.minimum(np.arange(moments) + 1, moments - 1)]
    downhill = -walk.gradients / (ground.high - ground.low)
    length = np.linalg.norm(downhill, axis=1, keepdims=True)
    downhill = POINTER * downhill / np.where(length > 0, length, 1)
    drawn = (
        (trail, 2.0, False, name),
        (arrows(at, at + downhill), 1.2, True, f"{name}: −∂L"),
        (arrows(at, following), 2.4, False, f"{name}: Δ"),
        (at[:, None] + BALL * CIRCLE, 4.0, False, f"{name} ●"),
    )
    return [
        Lines.leaving(box, points[:, None], np.zeros(2), np.ones(2), colour=colour, width=width, dashed=dashed, name=told)
        for points, width, dashed, told in drawn
    ]


def arrows(tails: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Arrows with heads from tails to tips, (moments, 2) each, as lines (moments, 5, 2); short ones have small heads."""
    along = tips - tails
    length = np.linalg.norm(along, axis=1, keepdims=True)
    head = np.minimum(HEAD, 0.6 * length) * along / np.where(length > 0, length, 1)
    across = np.stack([-head[:, 1], head[:, 0]], axis=1) / 2
    return np.stack([tails, tips, tips - head + across, tips, tips - head - across], axis=1)


def heights_panel(titles: Titles, heights: Mapping[str, np.ndarray], decades: tuple[int, int], step: str) -> Panel:
    """Heights (moments,) above the lowest place over the steps, between two powers of ten; a cursor goes with the steps."""
    box = Box(LEFT, TOP, SIDE, HEIGHTS)
    steps = max(max(map(len, heights.values())) - 1, 1)
    low, high = np.array([0.0, decades[0]]), np.array([steps, decades[1]])
    marks: list = [framed(box)]
    for (name, values), colour in zip(heights.items(), CATEGORIES, strict=False):
        with np.errstate(divide="ignore", invalid="ignore"):
            line = np.stack([np.arange(len(values)), np.maximum(np.log10(values), decades[0] - 1.0)], axis=-1)
        marks.append(Lines.leaving(box, line[np.isfinite(line).all(axis=1)][None, None], low, high, colour=colour, width=2.0, name=name))
    marks.append(Cursor(box, places(np.arange(steps + 1), 0, steps)))
    powers = range(decades[0], decades[1] + 1)
    at = [(LEFT - 6, TOP + HEIGHTS * (decades[1] - power) / (decades[1] - decades[0])) for power in powers]
    foot = TOP + HEIGHTS + 12
    marks += [
        Words([f"{10.0**power:g}" for power in powers], at, "right", 11.0),
        Words(["0", step, str(steps)], [(LEFT, foot), (LEFT + SIDE / 2, foot), (LEFT + SIDE, foot)], size=11.0),
    ]
    return Panel(*titles, LEFT + SIDE + 8, TOP + HEIGHTS + FOOT, marks)
