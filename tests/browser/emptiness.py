"""Looks at a picture of a page for places where nothing is: rectangles of the ground's colour, larger than a reader should meet."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

CELL = 10  # pixels
MOST = 300
ALIKE = 6  # of 255, in every colour


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: int
    top: int
    right: int
    bottom: int


def empty_boxes(picture: np.ndarray, column: Box, filled: Sequence[Box] = (), most: int = MOST) -> list[Box]:
    """The empty rectangles of more than `most` × `most` pixels in a picture uint8 (rows, columns, 3), the largest first.

    `column` is where the page's contents may be: margins and sidebar lie outside it. `filled` are the frames of figures: what is
    white in them is said by them.
    """
    ground = _ground(picture[column.top : column.bottom, column.left : column.right])
    empty = (np.abs(picture.astype(int) - ground) <= ALIKE).all(axis=2)
    for box in filled:
        empty[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = False
    cells = _cells(empty[column.top : column.bottom, column.left : column.right])
    found = []
    while (box := _largest(cells, most // CELL + 1)) is not None:
        cells[box.top : box.bottom, box.left : box.right] = False
        found.append(Box(*(side * CELL + start for side, start in zip(box, (column.left, column.top) * 2, strict=True))))
    return found


def _ground(picture: np.ndarray) -> np.ndarray:
    """The colour that is seen most."""
    colours, counts = np.unique(picture[::CELL, ::CELL].reshape(-1, 3), axis=0, return_counts=True)
    return colours[counts.argmax()].astype(int)


def _cells(empty: np.ndarray) -> np.ndarray:
    """Which squares of CELL × CELL pixels are empty throughout."""
    rows, columns = (side // CELL for side in empty.shape)
    return empty[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).all(axis=(1, 3))


def _largest(cells: np.ndarray, least: int) -> Box | None:
    """The largest rectangle of empty cells that is at least so many cells wide and high: by rows, over the heights of what stands above."""
    best, heights = None, np.zeros(cells.shape[1] + 1, int)
    for bottom, row in enumerate(cells, 1):
        heights[:-1] = np.where(row, heights[:-1] + 1, 0)
        stack: list[tuple[int, int]] = []
        for right, height in enumerate(heights):
            left = right
            while stack and stack[-1][1] >= height:
                left, high = stack.pop()
                if min(high, right - left) >= least and (best is None or high * (right - left) > _size(best)):
                    best = Box(left, bottom - high, right, bottom)
            stack.append((left, height))
    return best


def _size(box: Box) -> int:
    return (box.right - box.left) * (box.bottom - box.top)
