"""The panels of a series and what a network makes of it: its forecasts, its own continuation, what it does at each value."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cursor, Lines, Panel, Picture, Stroll, Sweep, Words, framed, places
from ann_core.charts.networks.convolution import Titles, signs
from ann_core.charts.palette import CHOSEN, QUIET, TRAINING, VALIDATION

WIDE, HIGH, LEFT, TOP, FOOT = 800.0, 250.0, 84.0, 30.0, 24.0
ORBIT = 280.0
STRIP, STRIP_GAP, MOST_LABELS = 96.0, 2.0, 4
MOST_STOPS = 160
BESIDE_SIGNS, MOST_SIGNS = 4, 60


class Stretch(NamedTuple):
    """A part of a series as it is drawn.

    truth (n,); forecasts (moments, n - first), of the values from the place `first` on; those from the place `unseen` on
    are held out. `ends` is what the first and the last value are called, `bounds` what is at the foot and at the top.
    `alone`, (moments, m), is how the network goes on by itself, from the place `leaving` on. Only what lies at the `top` of its
    panel has a legend above it.
    """

    truth: np.ndarray
    forecasts: np.ndarray
    first: int
    unseen: int
    ends: tuple[str, str]
    bounds: tuple[float, float]
    high: float = HIGH
    top: float = TOP
    alone: np.ndarray | None = None
    leaving: int = 0


class Names(NamedTuple):
    """What the lines of a series are called."""

    truth: str
    training: str
    unseen: str
    alone: str


class Strip(NamedTuple):
    """What lies beneath a series: values (moments, rows, columns) as colours, of which `greatest` has the full ones.

    `choice` is what the learner chooses it by, `down` and `across` what its rows and columns are called. A row can be picked and
    is framed where it is `chosen`.
    """

    choice: str
    values: np.ndarray
    greatest: np.ndarray | float
    down: Sequence[str]
    across: Sequence[str]
    pick: str = ""
    chosen: int | None = None


def series_panel(
    titles: Titles, stretch: Stretch, names: Names, unit: str = "", cursor: np.ndarray | None = None, window: int = 0
) -> Panel:
    """A series, the network's forecast over it, where the part held out begins; `cursor` (moments,) points at a value of each moment.

    Where there is a `window`, of so many values, it goes over the series, and a point over the forecasts made from it.
    """
    box = series_box(stretch.high, stretch.top)
    count = len(stretch.truth)
    at, ends = np.arange(count), (np.array([0, stretch.bounds[0]]), np.array([max(count - 1, 1), stretch.bounds[1]]))
    unseen = min(max(stretch.unseen, 0), count)
    marks = [_line(box, at, stretch.truth[None], ends, QUIET, 4.0, names.truth)]
    said = stretch.forecasts.shape[1]
    known = min(max(unseen - stretch.first, 0), said)
    if known > 1:
        marks.append(_line(box, at[stretch.first : unseen], stretch.forecasts[:, :known], ends, TRAINING, 1.6, names.training))
    if said - known > 1:
        before = max(known - 1, 0)  # so that the line goes on without a gap
        marks.append(_line(box, at[stretch.first + before :], stretch.forecasts[:, before:], ends, VALIDATION, 1.6, names.unseen))
    if stretch.alone is not None and stretch.alone.shape[1] > 1:
        there = at[stretch.leaving : stretch.leaving + stretch.alone.shape[1]]
        marks.append(_line(box, there, stretch.alone, ends, CHOSEN, 2.2, names.alone))
    if 0 < unseen < count:
        x = (unseen - 0.5) / (count - 1)
        marks.append(Lines(box, places(np.array([[[[x, 0], [x, 1]]]]), 0, 1), QUIET, 1.0, dashed=True))
    if cursor is not None:
        marks.append(Cursor(box, places(cursor, 0, max(count - 1, 1))))
    if window and said:
        marks += _reading(box, stretch, ends, window)
    if stretch.top == TOP:
        others = [(names.unseen, VALIDATION)] * (unseen < count) + [(names.alone, CHOSEN)] * (stretch.alone is not None)
        marks += _legend([(names.truth, QUIET), (names.training, TRAINING), *others])
    marks += _axes(box, stretch.bounds, stretch.ends, unit)
    return Panel(*titles, WIDE, stretch.top + stretch.high + FOOT, marks)


def over(shown: Panel, strip: Strip, first: int, count: int) -> Panel:
    """A series of so many values with a strip beneath it, a column for each from the `first` on; one of several to choose between."""
    step, rows = (WIDE - LEFT) / max(count - 1, 1), len(strip.down)
    left, width = LEFT + (first - 0.5) * step, len(strip.across) * step
    box = Box(left, shown.height + STRIP_GAP, width, STRIP)
    high, every = STRIP / rows, -(-rows // MOST_LABELS)
    described = {"crisp": True, "name": strip.choice, "down": strip.down, "across": strip.across, "pick": strip.pick}
    labels = [(left - 6, box.y + (place + 0.5) * high) for place in range(0, rows, every)]
    marks = [Picture.signed(box, strip.values, strip.greatest, **described), Words(strip.down[::every], labels, "right", 10.0, QUIET)]
    if strip.chosen is not None:
        row = framed(Box(left, box.y + strip.chosen * high, width, high))
        marks.append(replace(row, colour=CHOSEN, width=1.5))
    size = {"width": max(WIDE, left + width) + 1, "height": box.y + STRIP + 1}
    return replace(shown, marks=[*shown.marks, *marks], choice=strip.choice, **size)


def series_box(high: float = HIGH, top: float = TOP) -> Box:
    """Where a series of this height is drawn on its panel."""
    return Box(LEFT, top, WIDE - LEFT, high)


def part_of(box: Box, begin: int, end: int, count: int) -> Lines:
    """A dashed frame around a part of a series of so many values, from one place to before another."""
    step = box.width / max(count - 1, 1)
    around = framed(Box(box.x + begin * step, box.y, (end - 1 - begin) * step, box.height))
    return replace(around, dashed=True)


def _reading(box: Box, stretch: Stretch, ends: tuple[np.ndarray, np.ndarray], window: int) -> list:
    """A window that goes over a series, and the forecast of the value that comes after it."""
    last, forecasts = len(stretch.truth) - 1, stretch.forecasts[0]
    every = -(-len(forecasts) // MOST_STOPS)
    shown = np.arange(0, len(forecasts), every)
    at = np.stack([stretch.first + shown, np.clip(np.nan_to_num(forecasts[shown]), *stretch.bounds)], axis=-1)
    frame = ((stretch.first - window) / last, 0.0, (window - 1) / last, 1.0)
    sweep = Sweep(np.array([box], np.float32), (1, len(shown)), frame, (every / last, 0.0))
    return [sweep, Stroll(box, places(at[None], *ends))]


def _line(box: Box, at: np.ndarray, values: np.ndarray, ends: tuple[np.ndarray, np.ndarray], colour: str, width: float, name: str) -> Lines:
    """Values (moments, n) at the same places along the box, which has these corners."""
    points = np.stack([np.broadcast_to(at, values.shape), values], axis=-1)
    return Lines.leaving(box, points[:, None], *ends, colour=colour, width=width, name=name)


def _legend(entries: Sequence[tuple[str, str]]) -> list[Words]:
    """Names with their colours side by side, each with as much room as its share of all signs, for on a phone there is hardly enough."""
    wide = [BESIDE_SIGNS + signs(name) for name, _ in entries]
    ends = LEFT + (WIDE - LEFT) * np.cumsum(wide) / max(sum(wide), MOST_SIGNS)
    begins = [LEFT, *ends[:-1]]
    return [Words([f"● {name}"], [(x, TOP / 2)], "left", 12.0, colour) for x, (name, colour) in zip(begins, entries, strict=True)]


def _axes(box: Box, bounds: tuple[float, float], ends: tuple[str, str], unit: str) -> list[Words]:
    low, high = (f"{bound:.3g}{unit and ' ' + unit}" for bound in bounds)
    below = box.y + box.height + FOOT / 2
    return [
        Words([high, low], [(LEFT - 4, box.y + 6), (LEFT - 4, box.y + box.height - 6)], "right", 11.0, QUIET),
        Words([ends[0]], [(box.x, below)], "left", 11.0, QUIET),
        Words([ends[1]], [(box.x + box.width, below)], "right", 11.0, QUIET),
    ]


def delay_panel(
    titles: Titles,
    truth: np.ndarray,
    forecasts: np.ndarray,
    bounds: tuple[float, float],
    axes: tuple[str, str],
    names: Sequence[str],
    held_out: bool,
    alone: np.ndarray | None = None,
    curved: bool = False,
) -> Panel:
    """Values over earlier ones, (n, 2), and those predicted in their place, (moments, m, 2): spots in a square with these bounds.

    Over them those that the network makes `alone`, (moments, k, 2): spots too, or, as the series then, a curve. `axes` name the
    earlier and the later value, `names` the series, its forecast, and what is made alone.
    """
    box, colour = Box(LEFT, TOP, ORBIT, ORBIT), VALIDATION if held_out else TRAINING
    inside = lambda points: np.clip(np.nan_to_num(points, nan=bounds[0]), *bounds)  # noqa: E731
    drawn = curve if curved else spots
    marks: list = [drawn(box, truth[None], bounds, QUIET, 3.4)]
    if forecasts.shape[1]:
        marks.append(spots(box, inside(forecasts), bounds, colour, 3.0))
    if alone is not None and alone.shape[1]:
        marks.append(drawn(box, inside(alone), bounds, CHOSEN, 2.2 if curved else 3.4))
    for place, (name, shown) in enumerate(zip(names, (QUIET, colour, CHOSEN), strict=False)):
        marks.append(Words([f"● {name}"], [(LEFT + place * ORBIT / len(names), TOP / 2)], "left", 12.0, shown))
    marks += _axes(box, bounds, (f"{bounds[0]:.3g}", axes[0]), "")
    marks.append(Words([axes[1]], [(LEFT - 4, TOP + ORBIT / 2)], "right", 11.0, QUIET))
    return Panel(*titles, LEFT + ORBIT + 4, TOP + ORBIT + FOOT, marks)


def spots(box: Box, points: np.ndarray, bounds: tuple[float, float], colour: str, size: float) -> Lines:
    """Points (moments, n, 2) as spots of one colour: lines as short as they are wide."""
    half = size / 2 / box.width * (bounds[1] - bounds[0])
    ends = points[:, :, None] + np.array([[-half, 0.0], [half, 0.0]])
    return Lines(box, places(ends, *bounds), colour, size)


def curve(box: Box, points: np.ndarray, bounds: tuple[float, float], colour: str, width: float) -> Lines:
    """Points (moments, n, 2) as one line."""
    return Lines(box, places(points[:, None], *bounds), colour, width)
