"""The belt of memory: what one unit of an LSTM carries along, step by step."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cursor, Lines, Numbers, Panel, Tokens, Words, framed, places
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, RUNS
from ann_core.charts.sequences.lstm import SIDE, WIDE
from ann_core.charts.sequences.recurrent import arrow, path

LONG, BELT, HALF, RADIUS = 760.0, 162.0, 30.0, 27.0
START, FORGET, KEPT, JOINT = 80.0, 185.0, 300.0, 455.0
CANDIDATE, ENTRY, TANH, EXIT, FLOOR = 32.0, 90.0, 246.0, 292.0, 336.0
LEFT, RIGHT, BELOW, SAID = JOINT - 45, JOINT + 45, BELT + 54, 15.0
FALLING, READ = (CANDIDATE, CANDIDATE, BELT, CANDIDATE), (BELT, BELT, BELT, FLOOR)
STAGES = 4
"""Moments a step on the belt: something arrives, some of it is kept, something is added, it is read out."""
COURSE = 44.0


class Carried(NamedTuple):
    """What one unit of an LSTM does at every step, (steps,) each: c before, f, i, k, c after, tanh(c), o, h."""

    before: np.ndarray
    forget: np.ndarray
    input: np.ndarray
    candidate: np.ndarray
    after: np.ndarray
    squashed: np.ndarray
    output: np.ndarray
    state: np.ndarray


def belt_panel(titles: Titles, names: Mapping[str, str], symbols: Sequence[str], carried: Carried) -> Panel:
    """The belt of memory, and what one unit carries on it through a sequence of symbols: `STAGES` moments a step.

    `names` are those of the gates and of the candidate, and the word for reading a symbol.
    """
    sides = (JOINT - HALF, JOINT + HALF)
    marks: list = [path([(0, y), (LONG, y)], width=2.0) for y in (BELT - HALF, BELT + HALF)]
    marks += [path([(x, top), (x, foot)]) for x in sides for top, foot in ((CANDIDATE + 30, BELT - HALF), (BELT + HALF, EXIT + 12))]
    marks += [framed(Box(JOINT - HALF, TANH - 13, 2 * HALF, 26)), Words(["tanh"], [(JOINT, TANH)], size=SAID)]
    marks += [arrow(LONG - 44, BELT, LONG - 10, BELT), _valve(FORGET, BELT, carried.forget, upright=True)]
    marks += [_valve(JOINT, ENTRY, carried.input), _valve(JOINT, EXIT, carried.output)]
    marks += [
        Words([names["reads"], names["forget"]], [(START, 24), (FORGET, 84)], size=SAID),
        Words([names["input"], names["output"]], [(LEFT, ENTRY - 26), (LEFT, EXIT - 16)], "right", SAID),
        Words([names["candidate"]], [(RIGHT, CANDIDATE - 14)], "left", SAID),
    ]
    return Panel(*titles, LONG, FLOOR + 32, [*marks, *_read(symbols), *_tokens(carried), *_numbers(carried)], large=True, gliding=True)


def _valve(x: float, y: float, opened: np.ndarray, upright: bool = False) -> Lines:
    """Two bars that leave as much of the way open as a gate is, (steps,) of 0 … 1."""
    ends = np.stack([np.zeros_like(opened), (1 - opened) / 2, (1 + opened) / 2, np.ones_like(opened)], axis=-1).reshape(-1, 2, 2)
    across = np.full_like(ends, 0.5)
    points = np.stack([across, ends] if upright else [ends, across], axis=-1)
    box = Box(x - 4, y - HALF, 8, 2 * HALF) if upright else Box(x - HALF, y - 4, 2 * HALF, 8)
    return Lines(box, places(points.repeat(STAGES, axis=0), 0, 1), RUNS[4], 7.0)


def _read(symbols: Sequence[str]) -> list[Words]:
    """The symbol of each step, large; each of them is a mark of its own, there at its steps."""
    each = np.array(symbols)
    return [
        Words([symbol], [(START, 62)], size=28.0, colour=CHOSEN, shown=(each == symbol).astype(np.uint8).repeat(STAGES))
        for symbol in dict.fromkeys(symbols)
    ]


def _tokens(carried: Carried) -> list[Tokens]:
    """What lies on the belt; and what falls onto it and what is read out, which is beneath it until then."""
    greatest = max(float(np.abs(np.stack([carried.after, carried.candidate, carried.state])).max()), 1e-9)
    box, steps, nothing = Box(-RADIUS, 0, LONG + 2 * RADIUS, FLOOR + 32), len(carried.after), np.full_like(carried.after, np.nan)
    on_belt = carried.before, carried.forget * carried.before, carried.after, carried.after
    falling = carried.candidate, carried.candidate, carried.input * carried.candidate, nothing
    read = nothing, nothing, nothing, carried.state
    ways = [(START, BELT), (KEPT, BELT), (JOINT, BELT), (JOINT, BELT)], *([(JOINT, y) for y in ys] for ys in (FALLING, READ))

    def made(ways: Sequence, values: Sequence, **options: Any) -> Tokens:
        at = places(np.tile(np.array(ways).swapaxes(0, 1), (steps, 1, 1)) * (1, -1), (box.x, -box.height), (box.x + box.width, 0))
        told = np.stack([np.stack(each, axis=-1).ravel() for each in values], axis=-1)
        return Tokens(box, at, told.astype(np.float32), RADIUS, greatest, **options)

    return [made(ways[:1], [on_belt], round=True), made(ways[1:], [falling, read])]


def _numbers(carried: Carried) -> list[Numbers]:
    """All that is computed at a step, each from the stage on at which it is."""
    forgotten, added = carried.forget * carried.before, carried.input * carried.candidate
    told = {
        "center": [
            ("c", (START, BELOW), carried.before, 0),
            ("f", (FORGET, 112), carried.forget, 0),
            ("f·c", (KEPT, BELOW), forgotten, 1),
            ("c", (650, BELOW), carried.after, 2),
        ],
        "right": [("i", (LEFT, ENTRY + 2), carried.input, 0), ("o", (LEFT, EXIT + 12), carried.output, 0)],
        "left": [
            ("k", (RIGHT, CANDIDATE + 14), carried.candidate, 0),
            ("i·k", (RIGHT, ENTRY + 6), added, 2),
            ("tanh(c)", (RIGHT, TANH), carried.squashed, 3),
            ("h", (RIGHT, FLOOR), carried.state, 3),
        ],
    }
    made = []
    for align, each in told.items():
        names, at, values, since = zip(*each, strict=True)
        numbers = np.stack(values, axis=-1).repeat(STAGES, axis=0).astype(np.float32)
        stage = np.arange(len(numbers))[:, None] % STAGES
        made.append(Numbers(names, at, np.where(stage >= since, numbers, np.nan).astype(np.float32), align, SAID))
    return made


class Quantity(NamedTuple):
    """What is drawn over the steps: its short and its whole name, values (steps,), and the ends of its axis."""

    short: str
    name: str
    values: np.ndarray
    low: float
    high: float


def course_panel(titles: Titles, quantities: Sequence[Quantity], each: int) -> Panel:
    """Quantities over the steps as lines, one under the other; a cursor stays `each` moments at a step."""
    steps = len(quantities[0].values)
    at = np.arange(steps) + 0.5
    marks: list = []
    for place, (short, name, values, low, high) in enumerate(quantities):
        box = Box(SIDE, place * COURSE, WIDE - SIDE, COURSE - 8)
        points = np.stack([at, values], axis=-1)[None, None]
        marks += [framed(box), Words([short], [(SIDE - 8, box.y + box.height / 2)], "right")]
        marks.append(Lines.at(box, points, (0, low), (steps, high), colour=RUNS[2], width=2.0, name=name))
    tall = Box(SIDE, 0, WIDE - SIDE, len(quantities) * COURSE - 8)
    marks.append(Cursor(tall, places(at.repeat(each), 0, steps)))
    return Panel(*titles, WIDE, tall.height, marks)
