"""The panels of a film about a block of attention: all heads, its stations as strips, one number of it in the making."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cells, Hatch, Panel, Picture, Station, Sweep, Window, Words, signed_values
from ann_core.charts.networks.attention import LABEL, hatched
from ann_core.charts.networks.convolution import Titles, largest
from ann_core.charts.sequences.recurrent import numbers

TILE, MIDDLE_TILE, LARGE_TILE, TILE_GAP, TILE_HEAD, LEAST_WIDTH, LEAST_STEP = 150.0, 220.0, 280.0, 24.0, 20.0, 300.0, 6.0
STRIP, STRIP_ROW, STRIP_GAP, MOST_STRIP, STRIP_LABEL, LEAST_NUMBER = 22.0, 12.0, 8.0, 110.0, 112.0, 30.0
GRID_CELL, GRID_ROW, GRID_HEAD, GRID_COLUMNS, MOST_NAMED = 36.0, 20.0, 14.0, 8, 64
STEP_LABEL, STEP_CELL, STEP_ROW = 112.0, 110.0, 26.0
ROW_NAMES, LEAST_ROW, LONGEST_NAME = 30.0, 7.0, 3


def heads_panel(
    titles: Titles,
    rows: Sequence[Sequence[tuple[str, np.ndarray]]],
    labels: Sequence[str],
    chosen: tuple[int, int] | None = None,
    swept: bool = False,
    cell: tuple[int, int] | None = None,
    allowed: Mapping[int, np.ndarray] | None = None,
) -> Panel:
    """All heads at once: a row for each layer, in it the names of its heads and their maps (moments, asking, asked).

    `labels` are the tokens that are looked at, written where there is room. Where one head is `chosen`, a click on another
    picks "layer head"; a `cell` of it, who asks and who is asked, is marked. Where the maps are `swept`, one token asks after the other.
    What is not `allowed`, by layer, (heads, asking, asked), is hatched.
    """
    most = max(len(row) for row in rows)
    tile = LARGE_TILE if most * len(rows) == 1 else MIDDLE_TILE if most == 2 else TILE
    step = tile / len(labels)
    left = LABEL / 2 if step >= LEAST_STEP else 2.0
    marks, y = [], 0.0
    for layer, row in enumerate(rows):
        tall = max(frames.shape[1] for _, frames in row) * step
        for head, (name, frames) in enumerate(row):
            box = Box(left + head * (tile + TILE_GAP), y + TILE_HEAD, tile, tall)
            pick = "" if chosen is None else f"{layer} {head}"
            options = {"pick": pick, "chosen": (layer, head) == chosen, "crisp": True, "name": name}
            asking = labels if frames.shape[1] == len(labels) else ()
            marks.append(Picture.signed(box, frames, 1.0, down=asking, across=labels, **options))
            marks.append(Words([name], [(box.x, y + TILE_HEAD / 2)], "left"))
            marks += _labelled(box, labels, frames.shape[1], head == 0) if step >= LEAST_STEP else []
            if allowed and layer in allowed:
                marks += hatched(box, ~allowed[layer][head][None])
            if cell and (layer, head) == chosen:
                marks.append(Window(box, np.array([[cell]], np.uint16), frames.shape[1], len(labels)))
            if swept:
                marks.append(Sweep.over([box], frames.shape[1], 1))
        y += TILE_HEAD + tall + TILE_GAP
    return Panel(*titles, max(left + most * (tile + TILE_GAP), LEAST_WIDTH), y, marks)


class Strip(NamedTuple):
    """Numbers in rows, (moments, rows, columns): what they are called, and what their rows and columns are; `pick` is what a click says.

    What is `barred`, bool of the same shape or of one moment, is hatched.
    """

    name: str
    values: np.ndarray
    down: Sequence[str] = ()
    across: Sequence[str] = ()
    pick: str = ""
    barred: np.ndarray | None = None


def strips_panel(titles: Titles, strips: Sequence[Strip], width: float, cell: tuple[int, int] | None = None) -> Panel:
    """Strips one beneath the other, each with its name where it has one, and every number under the pointer; few of them are written out.

    A `cell`, a row and a column, is marked in each.
    """
    marks, y = [], 0.0
    left = STRIP_LABEL if any(strip.name for strip in strips) else 0.0
    wide = width - left - (ROW_NAMES if any(len(strip.down) > 1 for strip in strips) else 0)
    for strip in strips:
        _, rows, columns = strip.values.shape
        box = Box(left, y, wide, STRIP if rows == 1 else min(rows * STRIP_ROW, MOST_STRIP))
        whole, values = largest(strip.values), strip.values.astype(np.float32)
        named = {"name": strip.name, "down": strip.down, "across": strip.across, "pick": strip.pick}
        if rows == 1 and box.width / columns >= LEAST_NUMBER:
            marks.append(Cells(box, values, signed_values(strip.values, whole), **named))
        else:
            marks.append(Picture.signed(box, strip.values, whole, crisp=True, values=values, **named))
        marks += hatched(box, strip.barred) if strip.barred is not None else []
        marks += [Window(box, np.array([[cell]], np.uint16), rows, columns)] if cell else []
        marks.append(Words([strip.name], [(left - 8, y + box.height / 2)], "right"))
        step = box.height / rows
        if len(strip.down) > 1 and step >= LEAST_ROW:
            beside = [(box.x + wide + 4, y + (row + 0.5) * step) for row in range(rows)]
            marks.append(Words(_brief(strip.down), beside, "left", min(11.0, 0.95 * step), bound=True))
        y += box.height + STRIP_GAP
    return Panel(*titles, width, y, marks, large=True)


def _brief(names: Sequence[str]) -> list[str]:
    """Names as they stand beside rows; their numbers instead, where there is no room for them."""
    return list(names) if max(map(len, names)) <= LONGEST_NAME else [str(place + 1) for place in range(len(names))]


class Stop(NamedTuple):
    """Where a learner is led: the marks that are lit, by what a click on them says, and what is said there of so many `values`.

    There is one text, or one a moment; values are (moments, n). `anchor` as of `Station`; where no marks are named, all is lit.
    """

    picks: Sequence[str]
    texts: Sequence[str]
    values: np.ndarray
    anchor: str = ""


def toured(panels: Sequence[Panel], stops: Sequence[Stop]) -> list[Panel]:
    """The panels with a station for every stop, in this order."""
    stations: list[list[Station]] = [[] for _ in panels]
    for number, stop in enumerate(stops):
        for panel, found in zip(panels, stations, strict=True):
            boxes = [mark.box for mark in panel.marks if getattr(mark, "pick", "") in stop.picks]
            if boxes or (not stop.picks and panel is panels[0]):
                box = _around(panel, boxes) if boxes else Box(0, 0, panel.width, panel.height)
                found.append(Station(box, number, stop.texts, stop.values.astype(np.float32), stop.anchor))
                break
    return [replace(panel, marks=[*panel.marks, *found]) for panel, found in zip(panels, stations, strict=True)]


def _around(panel: Panel, boxes: Sequence[Box]) -> Box:
    """What holds all boxes, and the names beside them where they are strips."""
    left = min(box.x for box in boxes)
    left, top = (0 if left == STRIP_LABEL else left), min(box.y for box in boxes)
    right, low = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left, top, min(right, panel.width) - left, low - top)


def grid_panel(titles: Titles, names: Sequence[str], values: np.ndarray, barred: np.ndarray | None = None) -> Panel:
    """Numbers (moments, n) in rows, as they are read, each beneath its name; what is `barred` (n,) is hatched."""
    marks: list[Cells | Words | Hatch] = []
    y, whole, named = 0.0, largest(values), len(names) <= MOST_NAMED
    for first in range(0, len(names), GRID_COLUMNS):
        some, here = list(names[first : first + GRID_COLUMNS]), values[:, None, first : first + GRID_COLUMNS]
        if named:
            marks.append(Words(some, [((place + 0.5) * GRID_CELL, y + GRID_HEAD / 2) for place in range(len(some))], size=10.0, bound=True))
            y += GRID_HEAD
        box = Box(0, y, len(some) * GRID_CELL, GRID_ROW)
        marks.append(numbers(box, here, whole, across=some))
        marks += hatched(box, barred[None, None, first : first + GRID_COLUMNS]) if barred is not None else []
        y += GRID_ROW
    return Panel(*titles, GRID_COLUMNS * GRID_CELL, y, marks)


def steps_panel(titles: Titles, steps: Sequence[tuple[str, np.ndarray]], width: float) -> Panel:
    """Numbers (moments,), each with its name before it, one after the other; the last one is what comes of them, and large."""
    marks, y = [], 0.0
    for number, (name, values) in enumerate(steps, start=1):
        last = number == len(steps)
        box = Box(STEP_LABEL, y, STEP_CELL, STEP_ROW * (1.6 if last else 1))
        shown = values[:, None, None]
        marks += [numbers(box, shown, largest(shown), digits=4, name=name), Words([name], [(STEP_LABEL - 8, y + box.height / 2)], "right")]
        y += box.height + STRIP_GAP
    return Panel(*titles, width, y, marks)


def _labelled(box: Box, labels: Sequence[str], asking: int, first: bool) -> list[Words]:
    """The tokens beneath a map, and, where it is the first, beside it who asks: the tokens too, or the places of an answer."""
    step = box.width / len(labels)
    size = min(12.0, 0.95 * step * (2 / max(2, *map(len, labels))))
    below = [(box.x + (place + 0.5) * step, box.y + box.height + 10) for place in range(len(labels))]
    words = [Words(list(labels), below, size=size, bound=True)]
    if first:
        beside = list(labels) if asking == len(labels) else [str(place + 1) for place in range(asking)]
        words.append(Words(beside, [(box.x - 6, box.y + (place + 0.5) * step) for place in range(asking)], "right", size, bound=True))
    return words
