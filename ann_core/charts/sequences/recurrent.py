"""The panels of films about recurrent networks: a cell at work, its loop, states over time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ann_core.charts.film import Box, Cells, Cursor, Dots, Lines, Panel, Picture, Window, Words, places, signed_values
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, QUIET
from ann_core.charts.sequences.forecast import LEFT, ORBIT, WIDE

CELL, HEAD, LABEL, SIGN, SIDE = 54.0, 22.0, 100.0, 26.0, 34.0
ROW = 18.0
BOX, GAP, LOOP = 52.0, 42.0, 200.0


def states_panel(titles: Titles, states: np.ndarray, cursor: np.ndarray) -> Panel:
    """The states of all units, (n, units), as one row a unit, and which of them it is at each moment."""
    count, units = states.shape
    height = max(units * ROW, 3 * ROW)
    box = Box(LEFT, 0, WIDE - LEFT, height)
    at = [(LEFT - 6, (unit + 0.5) * height / units) for unit in range(units)]
    labels = Words([str(unit + 1) for unit in range(units)], at, "right", 10.0, QUIET)
    shown = Picture.signed(box, states.T[None], max(float(np.abs(states).max()), 1e-9), crisp=True)
    return Panel(*titles, WIDE, height, [shown, labels, Cursor(box, places(cursor, 0, max(count - 1, 1)))])


def orbit_panel(titles: Titles, path: np.ndarray, words: tuple[str, str], trail: int = 0) -> Panel:
    """A path in the plane, (n, 2), and a point that goes along it, one place a moment.

    With a `trail` only so many places before it are drawn strongly, the whole path faintly.
    """
    count = len(path)
    centre, reach = (path.min(axis=0) + path.max(axis=0)) / 2, max(float(np.ptp(path, axis=0).max()) * 0.55, 1e-9)
    low, high = centre - reach, centre + reach
    box = Box(0, 0, ORBIT, ORBIT)
    marks: list = [Lines(box, places(path, low, high)[None, None], QUIET, 1.0)]
    back = np.maximum(np.arange(count)[:, None] - np.arange(trail or count)[::-1], 0)
    marks.append(Lines.at(box, path[back][:, None], low, high, colour=CHOSEN, width=2.0))
    marks.append(Dots.at(box, path[:, None], low, high, np.array([255], np.uint8), radius=6.0))
    marks.append(Words([words[0]], [(ORBIT - 4, ORBIT - 8)], "right", 11.0, QUIET))
    marks.append(Words([words[1]], [(4, 8)], "left", 11.0, QUIET))
    return Panel(*titles, ORBIT, ORBIT, marks)


def product_panel(titles: Titles, values: np.ndarray, weights: np.ndarray, words: tuple[str, str, str], total: str) -> Panel:
    """A row of numbers times a matrix, every product visible: values (moments, n), weights (n, units).

    `words` name the values, the weights and the products; beneath the products stands their `total`, one a unit.
    """
    count, units = weights.shape
    products = values[:, :, None] * weights
    sums = products.sum(axis=1, keepdims=True)
    greatest = max(float(np.abs(values).max()), float(np.abs(weights).max()), float(np.abs(sums).max()), 1e-9)
    blocks = (values[:, :, None], weights[None], products)
    marks, x = [], 0.0
    for word, block, sign in zip(words, blocks, ("×", "=", ""), strict=True):
        width = block.shape[2] * CELL
        marks.append(numbers(Box(x, HEAD, width, count * CELL), block, greatest, name=word))
        marks.append(Words([word], [(x + width / 2, HEAD / 2)]))
        if sign:
            marks.append(Words([sign], [(x + width + SIGN / 2, HEAD + count * CELL / 2)], size=18.0))
            x += width + SIGN
    below = HEAD + count * CELL + SIGN
    marks.append(numbers(Box(x, below, units * CELL, CELL), sums, greatest, name=total))
    marks.append(Words([total], [(x - 6, below + CELL / 2)], "right"))
    return Panel(*titles, x + units * CELL, below + CELL, marks)


def rows_panel(titles: Titles, rows: Sequence[tuple[str, np.ndarray]]) -> Panel:
    """Named rows of numbers, each (moments, units) or (1, units), one under the other."""
    units = rows[0][1].shape[1]
    greatest = max(*(float(np.abs(row).max()) for _, row in rows), 1e-9)
    marks = []
    for place, (word, row) in enumerate(rows):
        y = place * (CELL + 4)
        marks.append(numbers(Box(LABEL, y, units * CELL, CELL), row[:, None, :], greatest, down=[word]))
        marks.append(Words([word], [(LABEL - 8, y + CELL / 2)], "right"))
    return Panel(*titles, LABEL + units * CELL, len(rows) * (CELL + 4), marks)


def numbers(box: Box, values: np.ndarray, greatest: float, **names: Any) -> Cells:
    """Numbers (moments, rows, columns) in cells that are coloured by sign and size; `names` as of `Cells`."""
    return Cells(box, values.astype(np.float32), signed_values(values, greatest), **names)


def loop_panel(titles: Titles, states: np.ndarray, symbols: tuple[str, str]) -> Panel:
    """The loop rolled up: a cell that hands its state to itself. `states` (moments,) of -1 … 1 say how it shines.

    `symbols` name the state that is handed on, and what the cell holds.
    """
    x, y = 70.0, 60.0
    marks = [Picture.signed(Box(x, y, BOX, BOX), states[:, None, None], 1.0, crisp=True), *_in_and_out(x, y)]
    right, left, middle = x + BOX + 26, x - 24, y + BOX / 2
    marks.append(path([(x + BOX, middle), (right, middle), (right, y - 18), (left, y - 18), (left, middle), (x - 7, middle)]))
    marks.append(arrow(left, middle, x, middle))
    marks.append(Words([symbols[1], symbols[0]], [(x + BOX / 2, middle), (right + 12, middle - 20)], size=13.0))
    return Panel(*titles, LOOP, y + BOX + 70, marks, told=False)


def chain_panel(titles: Titles, words: Sequence[str], states: np.ndarray, symbols: tuple[str, str]) -> Panel:
    """The loop unrolled: one box a step, all of them the same cell; `words` is what comes in at each step, `states` (moments, steps)."""
    y, marks = 60.0, []
    for step, word in enumerate(words):
        x = step * (BOX + GAP) + GAP / 2
        marks.append(Picture.signed(Box(x, y, BOX, BOX), states[:, step, None, None], 1.0, crisp=True))
        marks.append(Words([symbols[1], word], [(x + BOX / 2, y + BOX / 2), (x + BOX / 2, y + BOX + 56)], size=13.0))
        marks += _in_and_out(x, y)
        if step + 1 < len(words):
            marks.append(arrow(x + BOX, y + BOX / 2, x + BOX + GAP, y + BOX / 2))
            marks.append(Words([symbols[0]], [(x + BOX + GAP / 2, y + BOX / 2 - 12)], size=13.0))
    return Panel(*titles, len(words) * (BOX + GAP), y + BOX + 70, marks, told=False)


def _in_and_out(x: float, y: float) -> list[Lines]:
    middle = x + BOX / 2
    return [arrow(middle, y + BOX + 42, middle, y + BOX), arrow(middle, y, middle, y - 40)]


def arrow(x: float, y: float, x2: float, y2: float) -> Lines:
    """A straight arrow in the panel's own units."""
    length = float(np.hypot(x2 - x, y2 - y))
    along = np.array([x2 - x, y2 - y]) / length
    across = np.array([-along[1], along[0]])
    tip = np.array([x2, y2])
    return path([(x, y), tip, tip - 7 * along + 4 * across, tip, tip - 7 * along - 4 * across])


def path(points: Sequence[tuple[float, float]], colour: str = QUIET, width: float = 1.6) -> Lines:
    """Straight lines from point to point, in the panel's own units."""
    field = 2_000.0
    at = np.asarray(points, float)
    at = np.stack([at[:, 0], field - at[:, 1]], axis=-1)
    return Lines(Box(0, 0, field, field), places(at, 0, field)[None, None], colour, width)


def steps_panel(titles: Titles, groups: Sequence[tuple[Sequence[str], np.ndarray]]) -> Panel:
    """Numbers step by step: groups of named rows, (steps, rows) each, one under the other; a frame around those of each moment.

    Each group has colours of its own strength.
    """
    steps = len(groups[0][1])
    marks, y = [], HEAD
    for names, values in groups:
        box = Box(SIDE, y, steps * CELL, values.shape[1] * CELL)
        marks.append(numbers(box, values.T[None], max(float(np.abs(values).max()), 1e-9), down=names))
        marks.append(Words(names, [(SIDE - 6, y + (row + 0.5) * CELL) for row in range(len(names))], "right"))
        y += box.height + 8
    marks.append(Words([str(step + 1) for step in range(steps)], [(SIDE + (step + 0.5) * CELL, HEAD / 2) for step in range(steps)]))
    tall = Box(SIDE, HEAD, steps * CELL, y - 8 - HEAD)
    marks.append(Window(tall, (np.arange(steps)[:, None, None] * np.array([[[0, 1]]])).astype(np.uint16), 1, steps))
    return Panel(*titles, SIDE + steps * CELL, tall.y + tall.height, marks)


def path_panel(titles: Titles, path: np.ndarray, words: tuple[str, str]) -> Panel:
    """The way of two units from the start: path (steps + 1, 2), as far as it has come at each step; zero is marked."""
    reach = max(float(np.abs(path).max()) * 1.1, 1e-9)
    box = Box(0, 0, ORBIT, ORBIT)
    come = path[np.minimum(np.arange(len(path)), np.arange(1, len(path))[:, None])]
    zero = places(np.array([[[-1, 0], [1, 0]], [[0, -1], [0, 1]]]), -1, 1)
    marks = [
        Lines(box, zero[None], QUIET, 0.8, dashed=True),
        Lines(box, places(path, -reach, reach)[None, None], QUIET, 0.8),
        Lines.at(box, come[:, None], -reach, reach, colour=CHOSEN, width=2.2),
        Dots.at(box, path[1:, None], -reach, reach, np.array([255], np.uint8), radius=6.0),
        Words([words[0]], [(ORBIT - 4, ORBIT / 2 + 10)], "right", 12.0, QUIET),
        Words([words[1]], [(ORBIT / 2 + 6, 8)], "left", 12.0, QUIET),
    ]
    return Panel(*titles, ORBIT, ORBIT, marks)
