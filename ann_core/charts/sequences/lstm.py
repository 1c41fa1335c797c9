"""The panels of films about gates: the arithmetic of a step, gates over time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cursor, Lines, Panel, Picture, Words, framed, places
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, QUIET, TRAINING
from ann_core.charts.sequences.recurrent import CELL, HEAD, numbers

LABEL, HEADED = 118.0, 80.0
ROW, WIDE, SIDE = 9.0, 860.0, 84.0
LEAST_HEIGHT, DEEP = 54.0, 120.0
LETTER, LINE = 12.0, 18.0


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


def symbols_panel(titles: Titles, symbols: Sequence[str], marked: Sequence[int], each: int = 1) -> Panel:
    """A sequence as it is read, every symbol above the step that follows, in as many lines as they need; some steps are marked.

    A cursor stays `each` moments at a step.
    """
    wide = (WIDE - SIDE) / len(symbols)
    lines = min(int(np.ceil(LETTER / wide)), len(symbols))
    box = Box(SIDE, 0, WIDE - SIDE, LINE * lines)
    at = [(box.x + (step + 0.5) * wide, LINE * (step % lines + 0.5)) for step in range(len(symbols))]
    marks = []
    for steps, size, colour in ((sorted({*range(len(symbols))} - {*marked}), 11.0, QUIET), (marked, 14.0, CHOSEN)):
        if len(steps):
            marks.append(Words([symbols[step] for step in steps], [at[step] for step in steps], size=size, colour=colour))
    marks.append(Cursor(box, _middles(len(symbols)).repeat(each)))
    return Panel(*titles, WIDE, box.height, marks)


def learning_panel(titles: Titles, values: np.ndarray) -> Panel:
    """What all units remember of a sequence, one picture a moment of the training: values (moments, steps, units)."""
    units = values.shape[2]
    height = max(units * ROW, LEAST_HEIGHT)
    greatest = max(float(np.abs(np.nan_to_num(values)).max()), 1e-9)
    shown = Picture.signed(Box(0, 0, WIDE / 2, height), values.swapaxes(1, 2), greatest, crisp=True)
    return Panel(*titles, WIDE / 2, height, [shown])
