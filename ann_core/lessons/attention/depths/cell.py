"""One number of a block in the making: what is multiplied and added to make it, and how that is written."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.networks.block import Strip, grid_panel, steps_panel, strips_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.lessons.attention.block import Cell, Number
from ann_core.maths.networks.attention import EPSILON, Block, Network, Pass, Stations
from ann_core.ui.language import tr

STRIP, WIDE, BETWEEN = 660.0, 1_150.0, 12.0


class Grid(NamedTuple):
    """Numbers (moments, n) that others are made of: how they are written, what each is called; what is `barred` (n,) does not count."""

    name: str
    values: np.ndarray
    names: Sequence[str]
    barred: np.ndarray | None = None


class Sheet(NamedTuple):
    """How a number comes about: the formula, what it is made of, and the steps from there, (moments,) each; the last is the number."""

    formula: str
    grids: Sequence[Grid]
    steps: Sequence[tuple[str, np.ndarray]]


class Moment(NamedTuple):
    """A network at a moment, a block of it, what becomes of the sequence there, and at what its heads look, (tokens, width)."""

    network: Network
    block: Block
    stations: Stations
    memory: np.ndarray


def moments_of(networks: Sequence[Network], passes: Sequence[Pass], layer: int) -> list[Moment]:
    """A block at these moments."""
    found = []
    for network, passed in zip(networks, passes, strict=True):
        reads, stations = layer == len(network.blocks), passed.stations[layer]
        memory = passed.stations[layer - 1].leaving if reads else stations.ready
        found.append(Moment(network, network.reader if reads else network.blocks[layer], stations, memory[0]))
    return found


def panels_of(strip: Strip, sheet: Sheet, number: Number, title: str) -> list[Panel]:
    """The strip with the number marked, then what the number is made of."""
    shown = strips_panel(Titles(title, tr("number.alt")), [strip._replace(name="")], STRIP, (number.row, number.column))
    grids = [grid_panel(Titles(grid.name, tr("number.of")), grid.names, grid.values, grid.barred) for grid in sheet.grids]
    return [
        shown,
        *grids,
        steps_panel(Titles(sheet.formula, tr("number.steps")), sheet.steps, WIDE - len(grids) * (grids[0].width + BETWEEN if grids else 0)),
    ]


def title_of(strip: Strip, number: Number, asking: str) -> str:
    """Which number it is: the place in a vector, or the token or symbol that it belongs to."""
    token = strip.down[number.row] if strip.down else asking
    return f"{strip.name} · {token} → {strip.across[number.column]}" if strip.across else f"{strip.name} · {token} · {number.column + 1}"


def sheet_of(moments: Sequence[Moment], cell: Cell, number: Number, strips: dict[str, Strip]) -> Sheet:
    """How a number of one of these strips comes about, at these moments."""
    return MAKINGS[number.part](Making(moments, cell, number, strips))


class Making:
    """What a sheet is made from: the strips, as (moments, n), and the weights of the block."""

    def __init__(self, moments: Sequence[Moment], cell: Cell, number: Number, strips: dict[str, Strip]) -> None:
        self.moments, self.cell, self.strips = moments, cell, strips
        self.row, self.column = number.row, number.column

    def of(self, part: str, row: int = 0) -> np.ndarray:
        return self.strips[part].values[:, row]

    def here(self, part: str) -> np.ndarray:
        """The number of another strip at the same place."""
        return self.of(part)[:, self.column]

    def each(self, get: Callable[[Moment], np.ndarray]) -> np.ndarray:
        return np.stack([get(moment) for moment in self.moments])

    def products(self, names: tuple[str, str], left: np.ndarray, right: np.ndarray, terms: Sequence[str] = ()) -> list[Grid]:
        """Two rows of numbers and their products, one by one."""
        terms = terms or _counted(left.shape[1])
        first, second = names
        return [Grid(first, left, terms), Grid(f"× {second}", right, terms), Grid(f"= {first} · {second}", left * right, terms)]

    def first_of(self, *parts: str) -> str:
        """The first of these parts that the block has."""
        return next(part for part in parts if part in self.strips)

    def weighted(self, formula: str, x: np.ndarray, kernel: str, get: Callable[[Moment], np.ndarray]) -> Sheet:
        grids = self.products(("x", kernel), x, self.each(get))
        return Sheet(formula, grids, [("=", grids[-1].values.sum(axis=1))])


def _counted(count: int) -> list[str]:
    return [str(place + 1) for place in range(count)]


def _embedding(making: Making) -> Sheet:
    return Sheet("E[·]", [], [("=", making.here("embedding"))])


def _position(making: Making) -> Sheet:
    return Sheet(f"P[{making.cell.asking + 1}]", [], [("=", making.here("position"))])


def _coming(making: Making) -> Sheet:
    parts = [part for part in ("embedding", "position") if part in making.strips]
    steps = [(making.strips[part].name, making.here(part)) for part in parts]
    return Sheet("x", [], [*steps, ("= x", making.here("coming"))])


def _normed(which: int, *before: str) -> Callable[[Making], Sheet]:
    """The first or second norm of a block, of the first of these parts that is there."""

    def sheet(making: Making) -> Sheet:
        x = making.of(making.first_of(*before))
        gain, shift = making.each(lambda each: each.block.norms[which][0]), making.each(lambda each: each.block.norms[which][1])
        mean, deviation = x.mean(axis=1), np.sqrt(x.var(axis=1) + EPSILON)
        gain, shift = gain[:, making.column], shift[:, making.column]
        value = (x[:, making.column] - mean) / deviation * gain + shift
        steps = [("x", x[:, making.column]), ("μ", mean), ("σ", deviation), ("γ", gain), ("β", shift), ("=", value)]
        return Sheet("(x − μ) ÷ σ · γ + β", [Grid("x", x, _counted(x.shape[1]))], steps)

    return sheet


def _query(making: Making) -> Sheet:
    head, column = making.cell.head, making.column
    return making.weighted(
        "q = Σ x · W_Q", making.of(making.first_of("ready", "coming")), "W_Q", lambda each: each.block.heads.query[:, head, column]
    )


def _key(making: Making) -> Sheet:
    head, row, column = making.cell.head, making.row, making.column
    memory = making.each(lambda each: each.memory[row])
    return making.weighted("k = Σ x · W_K", memory, "W_K", lambda each: each.block.heads.key[:, head, column])


def _value(making: Making) -> Sheet:
    head, row, column = making.cell.head, making.row, making.column
    memory = making.each(lambda each: each.memory[row])
    return making.weighted("v = Σ x · W_V", memory, "W_V", lambda each: each.block.heads.value[:, head, column])


def _score(making: Making) -> Sheet:
    q = making.of("query")
    grids = making.products(("q", "k"), q, making.of("keys", making.column))
    total, size = grids[-1].values.sum(axis=1), q.shape[1]
    if not making.moments[0].block.heads.scaled:
        return Sheet("Σ q · k", grids, [("=", total)])
    return Sheet(f"Σ q · k ÷ √{size}", grids, [("Σ", total), (f"÷ √{size}", total / np.sqrt(size))])


def _share(making: Making) -> Sheet:
    strip = making.strips["weights"]
    barred = None if strip.barred is None else strip.barred[0, 0]
    return _softmaxed(making.of("scores"), making.column, strip.across, barred)


def _softmaxed(sums: np.ndarray, column: int, names: Sequence[str], barred: np.ndarray | None = None) -> Sheet:
    """E to each of the sums, of which the greatest is taken away first, so that it stays small; then the share of all."""
    counts = np.ones(sums.shape[1], bool) if barred is None else ~barred
    growth = np.where(counts, np.exp(sums - sums.max(axis=1, keepdims=True, where=counts, initial=-np.inf)), 0)
    total = growth.sum(axis=1)
    share = np.divide(growth[:, column], total, out=np.zeros_like(total), where=total > 0)
    grids = [Grid("s", sums, names, barred), Grid("e^(s − max s)", growth, names, barred)]
    return Sheet("e^s ÷ Σ e^s", grids, [("e^s", growth[:, column]), ("Σ", total), ("=", share)])


def _mixed(making: Making) -> Sheet:
    shares = making.of("weights")
    values = making.strips["values"].values[:, :, making.column]
    grids = making.products((making.strips["weights"].name, "v"), shares, values, making.strips["weights"].across)
    total, found = grids[-1].values.sum(axis=1), making.here("mixed")
    silenced = [("Σ", total), ("× 0", found)] if not found.any() and total.any() else [("=", total)]
    return Sheet(f"z = Σ {making.strips['weights'].name} · v", grids, silenced)


def _output(making: Making) -> Sheet:
    asking, column = making.cell.asking, making.column
    found = making.each(lambda each: each.stations.look.mixed[0, asking].ravel())
    grids = making.products(("z", "W_O"), found, making.each(lambda each: each.block.heads.output[:, :, column].ravel()))
    return Sheet("Σ z · W_O", grids, [("=", grids[-1].values.sum(axis=1))])


def _added(formula: str, first: str, second: str) -> Callable[[Making], Sheet]:
    def sheet(making: Making) -> Sheet:
        parts = [(making.strips[part].name, making.here(part)) for part in (first, second)]
        return Sheet(formula, [], [*parts, ("=", parts[0][1] + parts[1][1])])

    return sheet


def _hidden(making: Making) -> Sheet:
    grids, total = _dense(making, making.of(making.first_of("prepared", "looked", "outputs")), 0)
    return Sheet("relu(Σ x · W + b)", grids, [*total, ("relu", np.maximum(total[-1][1], 0))])


def _made(making: Making) -> Sheet:
    grids, total = _dense(making, making.of("hidden"), 1)
    return Sheet("Σ x · W + b", grids, total)


def _dense(making: Making, x: np.ndarray, which: int) -> tuple[list[Grid], list[tuple[str, np.ndarray]]]:
    column = making.column
    grids = making.products(("x", "W"), x, making.each(lambda each: each.block.between[which].kernel[:, column]))
    bias = making.each(lambda each: each.block.between[which].bias[column])
    total = grids[-1].values.sum(axis=1)
    return grids, [("Σ", total), ("b", bias), ("Σ + b", total + bias)]


def _answer(making: Making) -> Sheet:
    asking = making.cell.asking
    sums = making.each(lambda each: each.stations.leaving[0, asking] @ each.network.readout.kernel + each.network.readout.bias)
    return _softmaxed(sums, making.column, making.strips["answer"].across)


MAKINGS: dict[str, Callable[[Making], Sheet]] = {
    "embedding": _embedding,
    "position": _position,
    "coming": _coming,
    "ready": _normed(0, "coming"),
    "query": _query,
    "keys": _key,
    "scores": _score,
    "weights": _share,
    "values": _value,
    "mixed": _mixed,
    "outputs": _output,
    "looked": _added("x + W_O · z", "coming", "outputs"),
    "prepared": _normed(1, "looked", "outputs"),
    "hidden": _hidden,
    "dense": _made,
    "leaving": _added("x + y", "looked", "dense"),
    "answer": _answer,
}
"""For every part of a block, how a number of it comes about."""
