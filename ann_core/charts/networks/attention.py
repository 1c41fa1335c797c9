"""The panels of films about attention: who looks at whom as a matrix and as arcs, all heads at once, one row with every number."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import (
    Box,
    Cells,
    Cursor,
    Dots,
    Hatch,
    Lines,
    Links,
    Panel,
    Picture,
    Words,
    places,
    signed_values,
    strengths,
)
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, QUIET, TRAINING
from ann_core.charts.sequences.recurrent import numbers, path

CELL, LABEL, HEAD = 48.0, 76.0, 26.0
ARC_LEFT, ARC_WIDE, ARC_ROW = 84.0, 200.0, 24.0
PLANE, WIDE, SIDE, HIGH = 280.0, 860.0, 60.0, 150.0
TABLE_LABEL, TABLE_CELL, TABLE_ROW = 110.0, 70.0, 36.0
MOST_NUMBERS, LONGEST_WORD = 12, 7
FIELD = 2_000.0


def weights_panel(
    titles: Titles, asking: Sequence[str], asked: Sequence[str], weights: np.ndarray, allowed: np.ndarray | None = None
) -> Panel:
    """Attention (asking, asked) as a matrix: a row for each that asks, framed at its moment; pointing at a row leads there.

    What is not `allowed`, of the same shape, is hatched: that tells it from what is only small.
    """
    rows, columns = weights.shape
    box = Box(LABEL, HEAD, columns * CELL, rows * CELL)
    shades, names = signed_values(weights, 1.0)[None], {"down": asking, "across": asked}
    few = columns <= MOST_NUMBERS
    marks: list = [Picture(box, shades, crisp=True, leading_rows=True, greatest=0.0 if few else 1.0, **names)]
    if few:
        marks.append(Cells(box, weights.astype(np.float32)[None], shades, **names))
    if allowed is not None:
        marks += hatched(box, ~allowed[None])
    beside, above = ([_short(word) for word in words] for words in (asking, asked))
    marks.append(Words(beside, [(LABEL - 8, HEAD + (row + 0.5) * CELL) for row in range(rows)], "right", 13.0))
    marks.append(Words(above, [(LABEL + (column + 0.5) * CELL, HEAD / 2) for column in range(columns)], size=13.0))
    marks.append(_framed_rows(box, rows))
    return Panel(*titles, LABEL + columns * CELL + 2, HEAD + rows * CELL + 2, marks)


def hatched(box: Box, forbidden: np.ndarray) -> list[Hatch]:
    """Hatching over every cell of a grid that is forbidden, (moments, rows, columns); nothing where none is."""
    return [Hatch(box, forbidden.astype(np.uint8))] if forbidden.any() else []


def _framed_rows(box: Box, rows: int) -> Lines:
    """A frame around one row at each moment."""
    edges = np.arange(rows)[:, None] + np.array([0, 0, 1, 1, 0])  # from above
    across = np.broadcast_to(np.array([0, 1, 1, 0, 0]), edges.shape)
    return Lines(box, places(np.stack([across, 1 - edges / rows], axis=-1), 0, 1)[:, None], CHOSEN, 3.0)


def arcs_panel(
    titles: Titles, asking: Sequence[str], asked: Sequence[str], weights: np.ndarray, allowed: np.ndarray | None = None
) -> Panel:
    """Attention (asking, asked) as arcs from the left to the right: at each moment those of one that asks.

    To what is not `allowed`, of the same shape, a dashed line leads.
    """
    rows, columns = weights.shape
    most = max(rows, columns)
    left = [HEAD + (row + 0.5) * ARC_ROW * most / rows for row in range(rows)]
    right = [HEAD + (column + 0.5) * ARC_ROW * most / columns for column in range(columns)]
    ends = np.array([(ARC_LEFT, y, ARC_LEFT + ARC_WIDE, y2) for y in left for y2 in right], np.float32)
    shown = np.zeros((rows, rows, columns))
    shown[np.arange(rows), np.arange(rows)] = weights
    column = Picture.signed(Box(0, HEAD, ARC_LEFT, ARC_ROW * most), np.zeros((1, rows, 1)), 0.0, crisp=True, leading_rows=True)
    marks = [
        column,
        Links(ends, strengths(shown.reshape(rows, -1), 1.0), columns, quiet=True, down=asking, across=asked),
        Words(list(asking), [(ARC_LEFT - 10, y) for y in left], "right", 14.0),
        Words(list(asked), [(ARC_LEFT + ARC_WIDE + 10, y) for y in right], "left", 14.0),
        _framed_rows(Box(2, HEAD, ARC_LEFT - 4, ARC_ROW * most), rows),
    ]
    if allowed is not None and not allowed.all():
        marks.insert(1, _barred(left, right, ~allowed))
    return Panel(*titles, ARC_LEFT + ARC_WIDE + ARC_LEFT, HEAD + ARC_ROW * most + 4, marks)


def _barred(left: Sequence[float], right: Sequence[float], forbidden: np.ndarray) -> Lines:
    """Dashed lines from the one who asks to all at whom it may not look, forbidden (asking, asked); one moment for each that asks."""
    rows, columns = forbidden.shape
    y = np.stack([np.repeat(left, columns).reshape(rows, columns), np.tile(right, (rows, 1))], axis=-1)
    y = np.where(forbidden[..., None], y, y[..., :1])
    x = np.where(forbidden[..., None], [ARC_LEFT, ARC_LEFT + ARC_WIDE], ARC_LEFT)
    return Lines(Box(0, 0, FIELD, FIELD), places(np.stack([x, FIELD - y], axis=-1), 0, FIELD), QUIET, 1.0, dashed=True)


def answers_panel(titles: Titles, symbols: Sequence[str], chances: np.ndarray, right: Sequence[int | None]) -> Panel:
    """The probability of every symbol (answers, symbols) as a matrix, an answer a row; what would be right is framed."""
    rows, columns = chances.shape
    box = Box(LABEL, HEAD, max(columns * 22.0, 240.0), rows * 22.0)
    wide, high = box.width / columns, box.height / rows
    marks: list = [Picture.signed(box, chances[None], 1.0, crisp=True, leading_rows=True, across=symbols)]
    for row, symbol in enumerate(right):
        if symbol is not None:
            x, y = box.x + symbol * wide, box.y + row * high
            marks.append(path([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)], CHOSEN, 1.6))
    marks.append(Words(list(symbols), [(box.x + (column + 0.5) * wide, HEAD / 2) for column in range(columns)], size=12.0))
    marks.append(
        Words([str(row + 1) for row in range(rows)], [(LABEL - 8, box.y + (row + 0.5) * high) for row in range(rows)], "right", 12.0)
    )
    marks.append(_framed_rows(box, rows))
    return Panel(*titles, box.x + box.width + 2, box.y + box.height + 2, marks)


def shares_panel(
    titles: Titles, heads: Sequence[str], rows: Sequence[tuple[str, np.ndarray]], allowed: np.ndarray | None = None, masked: str = ""
) -> Panel:
    """A table of numbers (moments, columns) with heads above its columns; 1 and −1 and beyond have the full colours.

    In the rows called `masked`, what is not `allowed`, (moments, columns), is hatched.
    """
    columns = len(heads)
    marks = [Words([_short(head) for head in heads], [(TABLE_LABEL + (column + 0.5) * TABLE_CELL, HEAD / 2) for column in range(columns)])]
    for place, (word, row) in enumerate(rows):
        y = HEAD + place * (TABLE_ROW + 4)
        box = Box(TABLE_LABEL, y, columns * TABLE_CELL, TABLE_ROW)
        marks.append(numbers(box, row[:, None, :], 1.0, down=[word], across=heads))
        marks += hatched(box, ~allowed[:, None]) if allowed is not None and word == masked else []
        marks.append(Words([word], [(TABLE_LABEL - 8, y + TABLE_ROW / 2)], "right"))
    return Panel(*titles, TABLE_LABEL + columns * TABLE_CELL, HEAD + len(rows) * (TABLE_ROW + 4), marks)


def _short(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else f"{word[: LONGEST_WORD - 1]}…"


def plane_panel(titles: Titles, names: Sequence[str], q: np.ndarray, k: np.ndarray, words: tuple[str, str]) -> Panel:
    """Keys (n, 2) as points with names, and the query of each moment, q (moments, 2), as a line from zero. Two dimensions only."""
    reach = max(float(np.abs(np.concatenate([q, k])).max()) * 1.2, 1e-9)
    box = Box(0, 0, PLANE, PLANE)
    zero = places(np.array([[[-1, 0], [1, 0]], [[0, -1], [0, 1]]]), -1, 1)
    lines = np.stack([np.zeros_like(q), q], axis=1)[:, None]
    marks = [
        Lines(box, zero[None], QUIET, 0.8, dashed=True),
        Lines.at(box, lines, -reach, reach, colour=CHOSEN, width=3.0, name="q"),
        Dots.at(box, k[None], -reach, reach, np.full(len(k), 255, np.uint8), radius=5.0, name="k"),
        *_beside(names, k, reach),
        Words([words[0]], [(PLANE - 4, PLANE / 2 + 10)], "right", 12.0, QUIET),
        Words([words[1]], [(PLANE / 2 + 6, 8)], "left", 12.0, QUIET),
    ]
    return Panel(*titles, PLANE, PLANE, marks)


def _beside(names: Sequence[str], k: np.ndarray, reach: float) -> list[Words]:
    """Names at points, always on the side where there is more room; one name at a place is enough."""
    at = {(round(float(x), 6), round(float(y), 6)): name for name, (x, y) in zip(names, k, strict=True)}
    words = []
    for (x, y), name in at.items():
        left = x > 0
        place = (PLANE * (1 + x / reach) / 2 + (-9 if left else 9), PLANE * (1 - y / reach) / 2 - 9)
        words.append(Words([name], [place], "right" if left else "left", 13.0))
    return words


def waves_panel(titles: Titles, waves: np.ndarray) -> Panel:
    """Positions (places, width) as columns of colours, a cursor at the place of each moment."""
    count = len(waves)
    box = Box(SIDE, 0, WIDE - SIDE, HIGH)
    shown = Picture.signed(box, waves.T[None], 1.0, crisp=True)
    return Panel(*titles, WIDE, HIGH, [shown, Cursor(box, places(np.arange(count) + 0.5, 0, count))])


def alike_panel(titles: Titles, products: np.ndarray) -> Panel:
    """How alike the place of each moment is to all places: dot products (moments, places) as a line."""
    count = len(products)
    low, high = min(float(products.min()), 0.0), float(products.max()) * 1.05
    box = Box(SIDE, 0, WIDE - SIDE, HIGH)
    at = np.broadcast_to(np.arange(count) + 0.5, products.shape)
    ends = np.array([0, low]), np.array([count, high])
    zero = places(np.array([[[0, 0], [count, 0]]]), *ends)
    marks = [
        Lines(box, zero[None], QUIET, 0.8, dashed=True),
        Lines.at(box, np.stack([at, products], axis=-1)[:, None], *ends, colour=TRAINING, width=2.0),
        Cursor(box, places(np.arange(count) + 0.5, 0, count)),
        Words([f"{high:.3g}", f"{low:.3g}"], [(SIDE - 6, 8), (SIDE - 6, HIGH - 8)], "right", 11.0, QUIET),
    ]
    return Panel(*titles, WIDE, HIGH, marks)
