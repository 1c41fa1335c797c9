"""A learner's own points: from a table of any origin to what a network is trained on."""

import csv
import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ann_core.data.fingerprint import fingerprint
from ann_core.data.points import PLAIN, RADIUS, Axes, Points
from ann_core.data.problem import DataProblem

MOST_ROWS = 5_000
LEAST_ROWS = 4
LEAST_COLUMNS = 3
MOST_CLASSES = 4
MOST_BYTES = 5_000_000
ENCODINGS = ("utf-8-sig", "gb18030")  # Excel in Chinese writes the second
TOO_LARGE = 1e12


@dataclass(frozen=True)
class Table:
    """A table as it was read: text in every cell; the numbers of its lines in the file; the lines that could not be read."""

    cells: pd.DataFrame
    lines: np.ndarray
    broken: tuple[int, ...] = ()
    cut: bool = False


@dataclass(frozen=True)
class OwnPoints:
    """A learner's points, ready for a network.

    `labels` are the names of the classes, at most four; without any, a value is predicted. `dropped` are the lines
    of the table that could not be used.
    """

    points: Points
    axes: Axes
    names: tuple[str, str]
    labels: tuple[str, ...]
    target: str
    dropped: tuple[int, ...] = ()
    cut: bool = False

    @property
    def classes(self) -> int:
        return len(self.labels)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.points)


def read_table(content: bytes, least_columns: int = LEAST_COLUMNS) -> Table:
    """The table in a CSV file with a header, whatever its encoding and separator. Raises `DataProblem`."""
    if len(content) > MOST_BYTES:
        raise DataProblem("own_too_large", megabytes=f"{MOST_BYTES / 1e6:g}")
    text = _decoded(content)
    if not text.strip():
        raise DataProblem("own_empty")
    rows = _rows(text)
    while rows and _blank(rows[-1][1]):
        rows.pop()
    while rows and _blank(rows[0][1]):
        rows.pop(0)
    if not rows:
        raise DataProblem("own_empty")
    (_, header), *body = rows
    if len(header) > 1:
        body = [(number, row) for number, row in body if not _blank(row)]
    else:  # an empty line between others is a value that is missing
        body = [(number, row or [""]) for number, row in body]
    columns = _unique([name.strip() or f"#{place + 1}" for place, name in enumerate(header)])
    if len(columns) < least_columns:
        raise DataProblem("own_few_columns", n=len(columns))
    broken = tuple(number for number, row in body if len(row) != len(columns))
    whole = [(number, row) for number, row in body if len(row) == len(columns)]
    kept = whole[:MOST_ROWS]
    cells = pd.DataFrame([row for _, row in kept], columns=columns, dtype=str)
    return Table(cells, np.array([number for number, _ in kept], int), broken, len(whole) > len(kept))


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise DataProblem("own_not_text")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataProblem("own_not_text")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the numbers of their lines, from 1."""
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:10_000], ",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(io.StringIO(text), dialect)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DataProblem("own_not_text") from error


def _blank(row: list[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _unique(names: list[str]) -> list[str]:
    return [name if names.index(name) == place else f"{name} ({place + 1})" for place, name in enumerate(names)]


def numeric_columns(table: Table) -> list[str]:
    """Columns in which at least half of the cells are numbers."""
    return [name for name in table.cells if np.isfinite(numbers(table.cells[name])).mean() >= 0.5] if len(table.cells) else []


def own_points(table: Table, names: tuple[str, str], target: str, as_value: bool) -> OwnPoints:
    """Points from two columns of numbers and a column of classes or values. Raises `DataProblem`.

    Both directions, and a value, are moved and scaled so that the points fill the plane; classes are numbered in
    alphabetical order.
    """
    x = np.stack([numbers(table.cells[name]) for name in names], axis=1)
    text = table.cells[target].str.strip()
    answer = numbers(text) if as_value else np.zeros(len(text))
    usable = np.isfinite(x).all(axis=1) & np.isfinite(answer) & (text != "").to_numpy()
    dropped = tuple(sorted((*table.broken, *table.lines[~usable].tolist())))
    if usable.sum() < LEAST_ROWS:
        raise DataProblem("own_few_rows", n=int(usable.sum()), least=LEAST_ROWS)
    x, text, answer = x[usable], text[usable], answer[usable]
    axes = _axes(x)
    labels = () if as_value else tuple(sorted(text.unique()))
    if not as_value and not 2 <= len(labels) <= MOST_CLASSES:
        raise DataProblem("own_classes", n=len(labels), most=MOST_CLASSES)
    y = _scaled(answer) if as_value else text.map({label: place for place, label in enumerate(labels)}).to_numpy(np.uint8)
    return OwnPoints(Points(axes.to_plane(x).astype(np.float32), y), axes, names, labels, target, dropped, table.cut)


def placed_points(placed: pd.DataFrame) -> OwnPoints:
    """Points placed by hand: columns x1 and x2 in the plane's coordinates, and `label`. Raises `DataProblem`."""
    if len(placed) < LEAST_ROWS:
        raise DataProblem("own_few_rows", n=len(placed), least=LEAST_ROWS)
    labels = tuple(sorted(placed["label"].unique()))
    if len(labels) < 2:
        raise DataProblem("own_classes", n=len(labels), most=MOST_CLASSES)
    y = placed["label"].map({label: place for place, label in enumerate(labels)}).to_numpy(np.uint8)
    return OwnPoints(Points(placed[["x1", "x2"]].to_numpy(np.float32), y), PLAIN, ("x₁", "x₂"), labels, "label")


def numbers(cells: pd.Series) -> np.ndarray:
    """Cells as numbers; what is none, or is absurdly large, is NaN."""
    values = pd.to_numeric(cells.str.strip(), errors="coerce").to_numpy(float)
    return np.where(np.abs(values) < TOO_LARGE, values, np.nan)


def _axes(x: np.ndarray) -> Axes:
    low, high = x.min(axis=0), x.max(axis=0)
    unit = np.where(high > low, (high - low) / (2 * RADIUS), 1.0)
    return Axes(tuple(map(float, (low + high) / 2)), tuple(map(float, unit)))


def _scaled(values: np.ndarray) -> np.ndarray:
    """Values between -1 and 1: (n, 1)."""
    low, high = values.min(), values.max()
    return ((values - (low + high) / 2) / max((high - low) / 2, 1e-12))[:, None].astype(np.float32)
