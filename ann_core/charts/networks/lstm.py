"""The panels of films about gates: the conveyor of memory, the arithmetic of a step, gates over time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cursor, Lines, Panel, Picture, Sweep, Words, framed, places
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.recurrent import CELL, HEAD, arrow, numbers
from ann_core.charts.palette import CHOSEN, QUIET, RUNS, TRAINING

LONG, BELT, VALVE = 620.0, 60.0, 46.0
LABEL, HEADED = 118.0, 80.0
ROW, WIDE, SIDE = 9.0, 860.0, 84.0
LEAST_HEIGHT, DEEP = 54.0, 120.0
LETTER, LINE = 12.0, 18.0
HIGH, ACROSS, CURVES = 318.0, 1040.0, 400.0
THICK = (7.0, 4.5, 2.6, 1.4)
"""Curves in the order in which they are drawn: of those that coincide each is seen within the one before."""


def conveyor_panel(titles: Titles, names: tuple[str, str, str], open_: np.ndarray) -> Panel:
    """The belt of memory from left to right, and its three valves: what passes, what is let on, what is let out.

    `names` are those of the valves; `open_` (moments, 3), 0 … 1, says how far each is open.
    """
    y = BELT
    marks = [arrow(10, y, LONG - 10, y), Words(["c", "c"], [(18, y - 14), (LONG - 22, y - 14)], size=15.0)]
    for place, (x, name) in enumerate(zip((130.0, 300.0, 470.0), names, strict=True)):
        on_belt = place == 0
        top = y - VALVE / 2 if on_belt else y + 50
        box = Box(x, top, VALVE, VALVE)
        marks.append(Picture.signed(box, open_[:, place, None, None], 1.0, crisp=True))
        marks.append(Words(["×"], [(x + VALVE / 2, top + VALVE / 2)], size=18.0))
        marks.append(Words([name], [(x + VALVE / 2, y - 46 if on_belt else top + VALVE + 36)], size=13.0))
    marks += [arrow(323, y + 50, 323, y + 8), Words(["+"], [(323, y - 12)], size=18.0), arrow(323, y + 130, 323, y + 50 + VALVE)]
    marks += [arrow(493, y, 493, y + 50), arrow(493, y + 50 + VALVE, 493, y + 116), Words(["h"], [(510, y + 104)], size=15.0)]
    return Panel(*titles, LONG, y + 160, marks, told=False)


def sums_panel(titles: Titles, heads: Sequence[str], rows: Sequence[tuple[str, np.ndarray]]) -> Panel:
    """A table of numbers with heads above its columns, each row (moments, columns) or (1, columns)."""
    columns = len(heads)
    greatest = max(float(np.abs(row).max()) for _, row in rows)
    marks = [Words(heads, [(LABEL + (column + 0.5) * HEADED, HEAD / 2) for column in range(columns)])]
    for place, (word, row) in enumerate(rows):
        y = HEAD + place * (CELL - 8)
        marks.append(numbers(Box(LABEL, y, columns * HEADED, CELL - 12), row[:, None, :], max(greatest, 1e-9), down=[word], across=heads))
        marks.append(Words([word], [(LABEL - 8, y + (CELL - 12) / 2)], "right"))
    return Panel(*titles, LABEL + columns * HEADED, HEAD + len(rows) * (CELL - 8), marks)


class Cells(NamedTuple):
    """Cells of a picture of gates: those of the steps from `first` to before `last`, in the units from `top` to before `foot`."""

    first: int
    last: int
    top: int
    foot: int


def time_panel(titles: Titles, values: np.ndarray, greatest: float, frames: Sequence[Cells] = (), /, **options: Any) -> Panel:
    """What all units do at every step: values (steps, units), one row a unit; a cursor goes from step to step.

    There are `frames` around some of the cells. Options are those of the picture.
    """
    steps, units = values.shape
    height = max(units * ROW, LEAST_HEIGHT)
    box = Box(SIDE, 0, WIDE - SIDE, height)
    picture = Picture.signed(box, values.T[None], greatest, crisp=True, **options)
    return Panel(*titles, WIDE, height, [picture, Cursor(box, _middles(steps)), _frames(box, frames, steps, units)])


def _middles(steps: int) -> np.ndarray:
    return places(np.arange(steps) + 0.5, 0, steps)


def _frames(box: Box, frames: Sequence[Cells], steps: int, units: int) -> Lines:
    """Lines around cells. The mark is there even where nothing is framed: by their number the browser knows other marks again."""
    corners = [
        [(each.first, each.top), (each.last, each.top), (each.last, each.foot), (each.first, each.foot), (each.first, each.top)]
        for each in frames
    ]
    points = np.array(corners, float).reshape(-1, 5, 2)
    return Lines(box, places(np.stack([points[..., 0] / steps, 1 - points[..., 1] / units], axis=-1)[None], 0, 1), CHOSEN, 2.5)


def depth_panel(titles: Titles, depth: np.ndarray, memory: np.ndarray, fit: tuple[float, float], names: tuple[str, str]) -> Panel:
    """How many brackets are open after each step, (steps,), as stairs, and what a unit keeps then, (steps,).

    `fit` is the memory at the depth 0, and by how much it is more for each bracket: so the one is drawn on the scale of the other.
    """
    steps, (base, slope) = len(depth), fit
    both = np.concatenate([depth, (memory - base) / slope])
    low, high = float(both.min()), max(float(both.max()), float(both.min()) + 1)
    box = Box(SIDE, 8, WIDE - SIDE, DEEP - 16)
    stairs = np.stack([np.repeat(np.arange(steps + 1), 2)[1:-1], np.repeat(depth, 2)], axis=-1)
    line = np.stack([np.arange(steps) + 0.5, memory], axis=-1)
    whole = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    marks: list = [
        framed(box),
        Lines.at(box, stairs[None, None].astype(float), (0, low), (steps, high), width=4.0, name=names[0]),
        Lines.at(box, line[None, None], (0, base + slope * low), (steps, base + slope * high), colour=TRAINING, width=2.0, name=names[1]),
        Words([f"{at}" for at in whole], [(SIDE - 8, box.y + box.height * (high - at) / (high - low)) for at in whole], "right"),
        Cursor(box, _middles(steps)),
    ]
    return Panel(*titles, WIDE, DEEP, marks)


def symbols_panel(titles: Titles, symbols: Sequence[str], marked: Sequence[int]) -> Panel:
    """A sequence as it is read, every symbol above the step that follows, in as many lines as they need; some steps are marked."""
    wide = (WIDE - SIDE) / len(symbols)
    lines = min(int(np.ceil(LETTER / wide)), len(symbols))
    box = Box(SIDE, 0, WIDE - SIDE, LINE * lines)
    at = [(box.x + (step + 0.5) * wide, LINE * (step % lines + 0.5)) for step in range(len(symbols))]
    marks = []
    for steps, size, colour in ((sorted({*range(len(symbols))} - {*marked}), 11.0, QUIET), (marked, 14.0, CHOSEN)):
        if len(steps):
            marks.append(Words([symbols[step] for step in steps], [at[step] for step in steps], size=size, colour=colour))
    marks.append(Cursor(box, _middles(len(symbols))))
    return Panel(*titles, WIDE, box.height, marks)


def learning_panel(titles: Titles, values: np.ndarray) -> Panel:
    """What all units remember of a sequence, one picture a moment of the training: values (moments, steps, units)."""
    units = values.shape[2]
    height = max(units * ROW, LEAST_HEIGHT)
    greatest = max(float(np.abs(np.nan_to_num(values)).max()), 1e-9)
    shown = Picture.signed(Box(0, 0, WIDE / 2, height), values.swapaxes(1, 2), greatest, crisp=True)
    return Panel(*titles, WIDE / 2, height, [shown])


class Curve(NamedTuple):
    """A racer's accuracy: its name, its place in the order of all that may race, and at which times, in epochs, it was how often right."""

    name: str
    place: int
    times: np.ndarray
    shares: np.ndarray


def curves_panel(titles: Titles, curves: Sequence[Curve], moments: np.ndarray, epochs: float, level: tuple[float, str], axis: str) -> Panel:
    """How the accuracy of all racers grows up to each of the moments, in epochs; beside that of always giving the same answer."""
    box = Box(40, 10, CURVES - 56, HIGH - 46)
    share, name = level
    y = box.y + (1 - share) * box.height
    marks: list = [framed(box), Lines.at(box, np.array([[[[0, share], [1, share]]]], float), 0, 1, dashed=True, name=name)]
    for curve in curves:
        reached = [np.interp(np.minimum(curve.times, moment), curve.times, curve.shares) for moment in moments]
        drawn = np.stack(
            [np.stack([np.minimum(curve.times, moment) / epochs, shares], axis=-1) for moment, shares in zip(moments, reached, strict=True)]
        )
        marks.append(Lines.at(box, drawn[:, None], 0, 1, colour=RUNS[curve.place], width=THICK[curve.place], name=curve.name))
    marks.append(Cursor(box, places(moments, 0, epochs)))
    marks += [Words([name], [(box.x + box.width - 4, min(y + 10, box.y + box.height - 8))], "right", 11.0, QUIET)]
    marks += [Words(["100 %", "50 %", "0"], [(box.x - 5, box.y + part * box.height) for part in (0, 0.5, 1)], "right", 11.0)]
    marks += [Words(["0", axis, f"{epochs:g}"], [(box.x + part * box.width, HIGH - 22) for part in (0, 0.5, 1)], "center", 11.0)]
    return Panel(*titles, CURVES, HIGH, marks, large=True)


def racer_panel(
    titles: Titles, place: int, racers: int, shares: np.ndarray, level: float, strip: np.ndarray, parts: Sequence[tuple[str, np.ndarray]]
) -> Panel:
    """One of so many racers: how often it is right at each moment, (moments,), as a bar, and its parts, each (moments, steps, units).

    `strip` (steps,) is 1 at the steps that the answer depends on. Of a single moment the parts are read step by step.
    """
    width = (ACROSS - CURVES) / racers
    bar, top = Box(0, 4, width - 1, 12), 24.0
    ends = np.full((len(shares), 1, 2, 2), 0.5)
    ends[:, 0, 0, 0], ends[:, 0, 1, 0] = 0, shares
    tick = np.array([[[[level, 0], [level, 1]]]], float)
    marks: list = [framed(bar), Lines.at(bar, ends, 0, 1, colour=RUNS[place], width=THICK[place] + 3, name=titles.title)]
    marks += [Lines.at(bar, tick, 0, 1, dashed=True), Picture.signed(Box(0, top, width, 5), strip[None, None], 1.0, crisp=True)]
    pitch = (HIGH - top - 5) / len(parts)
    for number, (name, values) in enumerate(parts):
        y = top + 5 + number * pitch
        marks.append(Words([name], [(0, y + 12)], "left", 11.0))
        marks.append(Picture.signed(Box(0, y + 20, width, pitch - 22), values.swapaxes(1, 2), 1.0, crisp=True, name=name))
    if len(shares) == 1:
        marks.append(Sweep.over([mark.box for mark in marks if isinstance(mark, Picture)], 1, len(strip)))
    return Panel(*titles, width, HIGH, marks, large=True)
