"""The panels of a film about convolution: a window that moves over a picture, the arithmetic in it, the map that fills."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from unicodedata import east_asian_width

import numpy as np

from ann_core.charts.film import Box, Cells, Lines, Panel, Picture, Window, Words, framed, light_values, places, signed_values
from ann_core.charts.palette import CHOSEN

PICTURE, BLOCK, SIGN, HEAD = 300.0, 130.0, 26.0, 20.0
CELL, TILE = 46.0, 56.0
STAGE, STEP, COLUMN, SUM, LINE = 316.0, 96.0, 92.0, 64.0, 26.0
BETWEEN, LEAST_CELL, MOST_HIGH, ONE_COLUMN, MOST_TOLD = 14.0, 24.0, 150.0, 4, 100
FRAME = np.array([[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]], float)


class Titles(NamedTuple):
    """What stands above a panel, and what it shows in words."""

    title: str
    alt: str


def input_panel(titles: Titles, picture: np.ndarray, window: np.ndarray | None = None, light: str = "grey", padding: int = 0) -> Panel:
    """A picture of 0 … 1, (rows, columns) with its padding, and the window on it, (moments, cells, 2); the padding is framed."""
    rows, columns = picture.shape
    box = _box(rows, columns)
    marks = [Picture(box, light_values(picture)[None], light, crisp=True)]
    if padding:
        marks.append(_frame(box, rows, columns, padding))
    if window is not None:
        marks.append(Window(box, window.astype(np.uint16), rows, columns))
    return Panel(*titles, PICTURE, box.height, marks)


def map_panel(
    titles: Titles, values: np.ndarray, window: np.ndarray | None = None, greatest: float | None = None, filling: bool = False
) -> Panel:
    """Signed values (rows, columns) as a picture, with a window on it, or filling as the moments go by."""
    rows, columns = values.shape
    box = _box(rows, columns)
    whole = float(np.abs(values).max()) if greatest is None else greatest
    marks: list = [Picture.signed(box, values[None], whole, crisp=True, filling=filling)]
    if window is not None:
        marks.append(Window(box, window.astype(np.uint16), rows, columns))
    return Panel(*titles, PICTURE, box.height, marks)


def sheet_panel(titles: Titles, words: Sequence[str], patches: np.ndarray, kernel: np.ndarray, light: str) -> Panel:
    """The arithmetic of a window: patches (moments, k, k) times the kernel (k, k), entry by entry.

    `words` name the patch, the kernel, and their products. Patches are light of 0 … 1, or "signed" numbers of any size.
    """
    products = patches * kernel
    greatest = max(float(np.abs(kernel).max()), 1e-9)
    digits = 2 if len(kernel) <= 3 else 1
    left, marks = [place * (BLOCK + SIGN) for place in range(3)], []
    blocks = (
        (patches, _shades(patches, light), light, digits),
        (kernel[None], signed_values(kernel, greatest)[None], "signed", 2),
        (products, signed_values(products, greatest), "signed", digits),
    )
    for x, (values, frames, palette, shown), word in zip(left, blocks, words, strict=True):
        marks.append(Cells(Box(x, HEAD, BLOCK, BLOCK), values.astype(np.float32), frames, palette, shown, word))
    marks.append(Words(words, [(x + BLOCK / 2, HEAD / 2) for x in left]))
    marks.append(Words(["×", "="], [(x + BLOCK + SIGN / 2, HEAD + BLOCK / 2) for x in left[:2]], size=18.0))
    return Panel(*titles, left[2] + BLOCK, HEAD + BLOCK, marks)


def _shades(patches: np.ndarray, light: str) -> np.ndarray:
    return signed_values(patches, max(float(np.abs(patches).max()), 1e-9)) if light == "signed" else light_values(patches)


def numbers_panel(titles: Titles, values: np.ndarray, columns: int) -> Panel:
    """Numbers (n,) in rows of so many cells, coloured by sign and size."""
    columns = min(columns, len(values))
    rows = -(-len(values) // columns)
    grid = np.zeros(rows * columns)
    grid[: len(values)] = values
    grid = grid.reshape(1, rows, columns)
    box = Box(0, 0, columns * CELL, rows * CELL)
    return Panel(*titles, box.width, box.height, [Cells(box, grid.astype(np.float32), signed_values(grid, max(np.abs(grid).max(), 1e-9)))])


def row_columns(count: int) -> int:
    """In how many columns the answers of so many neurons are laid out."""
    return -(-count // -(-count // 32))


def row_panel(titles: Titles, values: np.ndarray, pick: str = "") -> Panel:
    """The answers of many neurons (n,) as cells without numbers, in one block; `pick` is what a click on one of them says."""
    columns = row_columns(len(values))
    rows = -(-len(values) // columns)
    grid = np.zeros(rows * columns)
    grid[: len(values)] = values
    box = Box(0, 0, 8 * TILE, rows * 8 * TILE / columns)
    shown = Picture.signed(box, grid.reshape(1, rows, columns), max(float(np.abs(grid).max()), 1e-9), crisp=True, pick=pick)
    return Panel(*titles, box.width, box.height, [shown])


def patch_panel(titles: Titles, patches: np.ndarray) -> Panel:
    """What pooling looks at: the numbers in its window, (moments, k, k)."""
    greatest = max(float(np.abs(patches).max()), 1e-9)
    box = Box(0, 0, BLOCK, BLOCK)
    return Panel(*titles, BLOCK, BLOCK, [Cells(box, patches.astype(np.float32), signed_values(patches, greatest))])


def windows(rows: int, columns: int, size: int, stride: int, dilation: int) -> np.ndarray:
    """Which cells a window looks at, at each of its places in reading order: (rows · columns, size², 2)."""
    corners = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1).reshape(-1, 1, 2) * stride
    inside = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), axis=-1).reshape(1, -1, 2) * dilation
    return corners + inside


def _box(rows: int, columns: int) -> Box:
    """Room for a picture, its longer side as long as all others'."""
    cell = PICTURE / max(rows, columns)
    return Box(0, 0, columns * cell, rows * cell)


def _frame(box: Box, rows: int, columns: int, padding: int) -> Lines:
    """Where the picture ends and its padding begins."""
    inset = np.array([padding / columns, padding / rows])
    return Lines(box, places(FRAME * (1 - 2 * inset) + inset, 0, 1)[None], dashed=True)


class Part(NamedTuple):
    """What stands side by side for every channel: what it is called, values (moments, channels, rows, columns), and the sign before it.

    `names` are what is picked when one of them is, where they can be. Numbers that can be `turned` are a learner's to change.
    """

    name: str
    values: np.ndarray
    sign: str = ""
    names: Sequence[str] = ()
    turned: bool = False


def channels_panel(titles: Titles, channels: Sequence[str], parts: Sequence[Part], sums: Part) -> Panel:
    """Of every channel its name, its parts, and what they add up to, (moments, channels, 1, 1); as numbers where there is room for them."""
    columns = 1 if len(channels) <= ONE_COLUMN else 2
    rows = -(-len(channels) // columns)
    high = min((STAGE - HEAD) / rows, MOST_HIGH)
    side, named = high - 5, 8 + 6.0 * max(map(signs, channels))
    top, wide = HEAD + (STAGE - HEAD - rows * high) / 2, named + len(parts) * (side + BETWEEN) + SUM
    marks: list = []
    for place, channel in enumerate(channels):
        left, y = place // rows * wide, top + place % rows * high
        marks.append(Words([channel], [(left + named - 8, y + side / 2)], "right", 11.0))
        for number, part in enumerate(parts):
            box = Box(left + named + number * (side + BETWEEN), y, side, side)
            marks += _signed_before(box, part)
            pick = part.names[place] if part.names else ""
            marks.append(_values(box, part.values[:, place], largest(part.values), f"{channel}: {part.name}", pick, part.turned))
        low = min(side, LINE)
        box = Box(left + named + len(parts) * (side + BETWEEN), y + (side - low) / 2, SUM - 8, low)
        marks += [*_signed_before(box, sums), _values(box, sums.values[:, place], largest(sums.values), f"{channel}: {sums.name}", "")]
    for number, part in enumerate((*parts, sums)):
        x = named + number * (side + BETWEEN) + (side if number < len(parts) else SUM - 8) / 2
        marks.append(Words([part.name] * columns, [(column * wide + x, top - 10) for column in range(columns)], size=11.0))
    return Panel(*titles, columns * wide, STAGE, marks, large=True)


def signs(name: str) -> int:
    """How wide a name is, in Latin letters."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in name)


def _signed_before(box: Box, part: Part) -> list[Words]:
    return [Words([part.sign], [(box.x - BETWEEN / 2, box.y + box.height / 2)], size=13.0)] if part.sign else []


def largest(values: np.ndarray) -> np.ndarray:
    """The greatest finite magnitude at every moment, (moments, 1, 1): one colour is one number everywhere."""
    whole = np.nan_to_num(values, nan=0, posinf=0, neginf=0)
    return np.abs(whole).reshape(len(values), -1).max(axis=1).reshape(-1, 1, 1)


def strongest(given: np.ndarray, count: int) -> np.ndarray:
    """Which of what is given, (moments, n), are the largest as a rule, so many of them, in their own order."""
    weight = np.nan_to_num(np.abs(given)).mean(axis=0)
    return np.sort(np.argsort(-weight, kind="stable")[:count])


def _values(box: Box, values: np.ndarray, whole: np.ndarray, name: str, pick: str, turned: bool = False) -> Cells | Picture:
    """Values (moments, rows, columns) as numbers in cells, or, where those would be too small, as colours that tell them."""
    numbers = values.astype(np.float32)
    wide = box.width / values.shape[2]
    if wide >= LEAST_CELL:
        digits = 2 if wide < SUM / 2 else 3
        return Cells(box, numbers, signed_values(values, whole), digits=digits, name=name, pick=pick, turned=turned)
    told = numbers if values[0].size <= MOST_TOLD else None
    return Picture.signed(box, values, whole, crisp=True, name=name, pick=pick, values=told)


def unit_map_panel(titles: Titles, values: np.ndarray, place: tuple[int, int], name: str, pick: str) -> Panel:
    """A map as large as the stage, (moments, rows, columns), with a window on one of its units; any other can be picked."""
    box, (rows, columns) = Box(1, 1, STAGE - 2, STAGE - 2), values.shape[1:]
    shown = Picture.signed(box, values, largest(values), crisp=True, name=name, pick=pick, values=values.astype(np.float32))
    return Panel(*titles, STAGE, STAGE, [shown, Window(box, np.array([[place]], np.uint16), rows, columns)], large=True)


def steps_panel(titles: Titles, names: Sequence[str], values: np.ndarray) -> Panel:
    """Numbers (moments, n) one beneath the other, each under its name."""
    pitch = STAGE / len(names)
    boxes = [Box(0, (place + 0.5) * pitch - LINE / 2 + 8, STEP, 1.3 * LINE) for place in range(len(names))]
    marks: list = [Words(list(names), [(STEP / 2, box.y - 10) for box in boxes])]
    for box, name, number in zip(boxes, names, values.T[:, :, None, None], strict=True):
        marks.append(Cells(box, number.astype(np.float32), signed_values(number, np.maximum(np.abs(number), 1e-9)), digits=3, name=name))
    return Panel(*titles, STEP, STAGE, marks, large=True)


def classes_panel(
    titles: Titles, classes: Sequence[str], parts: Sequence[Part], pick: str, chosen: int | None, total: tuple[str, np.ndarray] | None
) -> Panel:
    """Of every class its numbers, (moments, 1, classes, 1) a part; `total` (moments,) stands beneath the last but one, with its name."""
    longest, high = 7.5 * max(map(len, classes)), (STAGE - 2 * HEAD) / len(classes)
    marks: list = [Words(list(classes), [(longest, HEAD + (place + 0.5) * high) for place in range(len(classes))], "right")]
    boxes = [Box(longest + 10 + number * (COLUMN + BETWEEN), HEAD, COLUMN, len(classes) * high) for number in range(len(parts))]
    for part, box in zip(parts, boxes, strict=True):
        values = part.values[:, 0].astype(np.float32)
        shades = signed_values(values, largest(part.values))
        marks.append(Cells(box, values, shades, digits=4, name=part.name, down=classes, pick=pick))
        marks.append(Words([part.name], [(box.x + COLUMN / 2, HEAD / 2)]))
        if part.sign:
            marks.append(Words([part.sign], [(box.x - BETWEEN / 2, STAGE / 2)], size=13.0))
    if total:
        box, number = boxes[-2], total[1][:, None, None].astype(np.float32)
        marks.append(
            Cells(Box(box.x, STAGE - HEAD + 1, COLUMN, HEAD - 3), number, np.full(number.shape, 128, np.uint8), digits=4, name=total[0])
        )
        marks.append(Words([total[0]], [(box.x - 8, STAGE - HEAD / 2)], "right"))
    if chosen is not None:
        row = Box(0, HEAD + chosen * high, boxes[-1].x + COLUMN, high)
        marks.append(replace(framed(row), colour=CHOSEN, width=2.5))
    return Panel(*titles, boxes[-1].x + COLUMN + 2, STAGE, marks, large=True)
