"""The panels of a film about convolution: a window that moves over a picture, the arithmetic in it, the map that fills."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Box, Cells, Lines, Panel, Picture, Window, Words, light_values, places, signed_values

PICTURE, BLOCK, SIGN, HEAD = 300.0, 130.0, 26.0, 20.0
CELL, TILE = 46.0, 56.0
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
