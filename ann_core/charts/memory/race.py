"""Cells that learn the same task side by side: the accuracy of all, and of each what it does with one sequence."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cursor, Labels, Lines, Panel, Picture, Sweep, Words, framed, places
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import QUIET

HIGH, ACROSS, CURVES, REACH = 318.0, 1040.0, 400.0, 32.0
NAMES, APART = 96.0, 15.0
THICK = (7.0, 4.8, 3.0, 1.6)
"""Curves in the order in which they are drawn: of those that coincide each is seen within the one before."""


class Curve(NamedTuple):
    """A racer's accuracy: its name, how its line looks, and at which times, in epochs, it was how often right."""

    name: str
    colour: str
    width: float
    times: np.ndarray
    shares: np.ndarray


def curves_panel(titles: Titles, curves: Sequence[Curve], moments: np.ndarray, epochs: float, level: tuple[float, str], axis: str) -> Panel:
    """How the accuracy of all racers grows up to each of the moments, in epochs; beside that of always giving the same answer."""
    box = Box(40, 10, CURVES - 56 - NAMES, HIGH - 46)
    share, name = level
    marks: list = [framed(box), Lines.at(box, np.array([[[[0, share], [1, share]]]], float), 0, 1, dashed=True, name=name)]
    for curve in curves:
        until = np.minimum(curve.times, moments[:, None])
        drawn = np.stack([until / epochs, np.interp(until, curve.times, curve.shares)], axis=-1)
        marks.append(Lines.at(box, drawn[:, None], 0, 1, colour=curve.colour, width=curve.width, name=curve.name))
    marks += [Cursor(box, places(moments, 0, epochs)), _names(box, curves, moments)]
    marks += [Words([f"- - - {name}"], [(box.x + 6, box.y + 10)], "left", 11.0, QUIET)]
    marks += [Words(["100 %", "50 %", "0"], [(box.x - 5, box.y + part * box.height) for part in (0, 0.5, 1)], "right", 11.0)]
    marks += [Words(["0", axis, f"{epochs:g}"], [(box.x + part * box.width, HIGH - 22) for part in (0, 0.5, 1)], "center", 11.0)]
    return Panel(*titles, CURVES, HIGH, marks, large=True)


def _names(box: Box, curves: Sequence[Curve], moments: np.ndarray) -> Labels:
    """What every line is called, beside the box, as high as it is at the moment, or as near to that as the other names let it be."""
    ends = np.stack([np.interp(moments, curve.times, curve.shares) for curve in curves], axis=-1)
    high = _apart(ends * box.height, APART, box.height) / box.height
    at = places(np.stack([np.zeros_like(high), high], axis=-1), 0, 1)
    beside = Box(box.x + box.width + 6, box.y, NAMES, box.height)
    return Labels(beside, at, [curve.name for curve in curves], [curve.colour for curve in curves])


def _apart(heights: np.ndarray, least: float, most: float) -> np.ndarray:
    """Heights (moments, n) between 0 and `most`, each as much higher or lower as it takes to keep `least` from the next."""
    order = heights.argsort(axis=1, kind="stable")
    kept = np.take_along_axis(heights, order, axis=1)
    for place in range(1, kept.shape[1]):
        kept[:, place] = np.maximum(kept[:, place], kept[:, place - 1] + least)
    kept[:, -1] = np.minimum(kept[:, -1], most)
    for place in reversed(range(kept.shape[1] - 1)):
        kept[:, place] = np.minimum(kept[:, place], kept[:, place + 1] - least)
    found = np.empty_like(kept)
    np.put_along_axis(found, order, kept, axis=1)
    return found


def racer_panel(
    titles: Titles,
    curve: Curve,
    racers: int,
    shares: np.ndarray,
    level: float,
    strip: np.ndarray,
    parts: Sequence[tuple[str, np.ndarray]],
    reach: tuple[str, np.ndarray, float],
) -> Panel:
    """One of so many racers: how often it is right at each moment, (moments,), as a bar, and its parts, each (moments, steps, units).

    `strip` (steps,) is 1 at the steps that the answer depends on; `reach` what the lowest row is called, what it shows, (moments,
    steps), and what has no colour in it: zero has all of it. Of a single moment the parts are read step by step.
    """
    width = (ACROSS - CURVES) / racers
    bar, top = Box(0, 4, width - 1, 12), 24.0
    ends = np.full((len(shares), 1, 2, 2), 0.5)
    ends[:, 0, 0, 0], ends[:, 0, 1, 0] = 0, shares
    tick = np.array([[[[level, 0], [level, 1]]]], float)
    marks: list = [framed(bar), Lines.at(bar, ends, 0, 1, colour=curve.colour, width=curve.width + 3, name=curve.name)]
    marks += [Lines.at(bar, tick, 0, 1, dashed=True), Picture.signed(Box(0, top, width, 5), strip[None, None], 1.0, crisp=True)]
    pitch = (HIGH - top - 5 - REACH) / len(parts)
    for number, (name, values) in enumerate(parts):
        y = top + 5 + number * pitch
        marks.append(Words([name], [(0, y + 12)], "left", 11.0))
        marks.append(Picture.signed(Box(0, y + 20, width, pitch - 22), values.swapaxes(1, 2), 1.0, crisp=True, name=name))
    name, values, least = reach
    marks.append(Words([name], [(0, HIGH - REACH + 10)], "left", 11.0))
    row = Box(0, HIGH - REACH + 18, width, REACH - 20)
    marks.append(Picture.signed(row, values[:, None] - least, -least, middle=least, crisp=True, name=name))
    if len(shares) == 1:
        marks.append(Sweep.over([mark.box for mark in marks if isinstance(mark, Picture)], 1, len(strip)))
    return Panel(*titles, width, HIGH, marks, large=True)
