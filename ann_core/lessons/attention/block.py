"""One token on its way through a block, station by station, in the network that learns; and what becomes of it when something is cut."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.networks.block import Strip, strips_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.data.attention import TASKS
from ann_core.maths.networks.attention import KnockedOut, Network, Pass
from ann_core.specs import AttentionSpec
from ann_core.ui import session
from ann_core.ui.language import tr

WAY, LOOKING = 400.0, 400.0


class Cell(NamedTuple):
    """A cell of a map: the layer of attention, its head, who asks, and who is asked."""

    layer: int
    head: int
    asking: int
    asked: int


class Cut(NamedTuple):
    """What a learner has taken out: links, heads as (layer, head), tokens, which nobody may look at any more."""

    links: tuple[Cell, ...] = ()
    heads: tuple[tuple[int, int], ...] = ()
    tokens: tuple[int, ...] = ()


class Number(NamedTuple):
    """A number of a part of the block: its row and its column there."""

    part: str
    row: int
    column: int


FIRST, WHOLE = Cell(0, 0, 0, 0), Cut()
ROWS = ("row", "made", "answers")
"""What of the whole network is picked by its rows, each of which has a block."""


@dataclass
class Opened:
    """How deep the learner has gone: to a cell's block, to begin with that of the first, or to no cell, to see the whole network.

    In a block it may be to one `number`. And what is cut.
    """

    cell: Cell | None = FIRST
    cut: Cut = WHOLE
    number: Number | None = None


def opened() -> Opened:
    return session.kept("_attention_opened", Opened)


def options() -> tuple[Cell | None, Cut, Number | None]:
    mine = opened()
    return mine.cell, mine.cut, mine.number


def touched() -> bool:
    return opened().cut != WHOLE


def take(picked: Mapping[str, Any] | None) -> None:
    """A cell was picked, or something was done that is offered; what no browser of ours says changes nothing."""
    mine = opened()
    if not picked:
        return
    with suppress(ValueError, TypeError, KeyError):
        if "do" in picked:
            _do(mine, picked["do"])
            return
        layer, head, *part = picked["pick"].split()
        _go(mine, int(layer), int(head), part, *map(int, picked["cell"]))


def _go(mine: Opened, layer: int, head: int, part: Sequence[str], row: int, column: int) -> None:
    """To a cell of a map, and where that is open already, deeper, to its share; to a number of a block; to the block of a row."""
    if not part:
        cell = Cell(layer, head, row, column)
        mine.number = Number("weights", 0, column) if cell == mine.cell and not mine.number else None
        mine.cell = cell
    elif part[0] in ROWS:
        mine.cell, mine.number = Cell(layer, head, row + int(*part[1:]), 0), None
    elif mine.cell:
        mine.number = Number(part[0], row, column)


def _do(mine: Opened, deed: str) -> None:
    if deed == "out" and mine.number:
        mine.number = None
    elif deed == "out":
        mine.cell = None
    elif deed == "restore":
        mine.cut = WHOLE
    elif deed == "link" and mine.cell:
        mine.cut = mine.cut._replace(links=(*mine.cut.links, mine.cell))
    elif deed == "head" and mine.cell:
        mine.cut = mine.cut._replace(heads=(*mine.cut.heads, mine.cell[:2]))
    elif deed == "token" and mine.cell:
        mine.cut = mine.cut._replace(tokens=(*mine.cut.tokens, mine.cell.asked))


def offered(cell: Cell | None, cut: Cut, number: Number | None = None) -> dict[str, str]:
    """What can be done with the picture shown, by the name that the browser says."""
    if number:
        mended = {"do.restore": tr("block.do.restore")} if cut != WHOLE else {}
        return {"do.out": tr("block.do.block")} | mended
    names = ["out"] if cell else []
    if cell and cell not in cut.links:
        names.append("link")
    if cell and cell[:2] not in cut.heads:
        names.append("head")
    if cell and cell.asked not in cut.tokens:
        names.append("token")
    if cut != WHOLE:
        names.append("restore")
    return {f"do.{name}": tr(f"block.do.{name}") for name in names}


def there(passed: Pass, cell: Cell | None) -> Cell | None:
    """The cell in this network; none where it has no such head or token."""
    if cell is None or not 0 <= cell.layer < len(passed.looks):
        return None
    sizes = passed.looks[cell.layer].weights.shape[1:]
    return cell if all(0 <= place < size for place, size in zip(cell[1:], sizes, strict=True)) else None


def found(strips: Mapping[str, Strip], number: Number) -> Strip | None:
    """The part of the block that a number belongs to; none where this block has no such number."""
    strip = strips.get(number.part)
    if strip is None:
        return None
    _, rows, columns = strip.values.shape
    return strip if 0 <= number.row < rows and 0 <= number.column < columns else None


def without(spec: AttentionSpec, cut: Cut, length: int) -> KnockedOut:
    """What is cut, as far as this network has it: for a sequence of so many tokens."""
    allowed: dict[int, np.ndarray] = {}
    kept: dict[int, np.ndarray] = {}
    layers = spec.blocks + (spec.task == "dates")
    asking = [length] * spec.blocks + [TASKS[spec.task].answers(length)]
    open_ = lambda layer: allowed.setdefault(layer, np.ones((spec.heads, asking[layer], length), bool))  # noqa: E731
    for cell in cut.links:
        if cell.layer < layers and cell.head < spec.heads and cell.asking < asking[cell.layer] and cell.asked < length:
            open_(cell.layer)[cell.head, cell.asking, cell.asked] = False
    for token in cut.tokens:
        for layer in range(layers if token < length else 0):
            open_(layer)[:, :, token] = False
    for layer, head in cut.heads:
        if layer < layers and head < spec.heads:
            kept.setdefault(layer, np.ones(spec.heads))[head] = 0
    return KnockedOut(allowed, kept)


def panels_of(way: Sequence[Strip], looking: Sequence[Strip], cell: Cell, asking: str) -> list[Panel]:
    """The way of the token that asks, which is called so, and what one head has to do with it."""
    title = Titles(tr("block.head", number=cell.head + 1, token=asking), tr("block.head.alt"))
    return [
        strips_panel(Titles(tr("block.way", token=asking), tr("block.way.alt")), way, WAY),
        strips_panel(title, looking, LOOKING),
    ]


def _rows(passes: Sequence[Pass], cell: Cell, name: str) -> np.ndarray:
    """A station of the token that asks, (moments, 1, width)."""
    return np.stack([getattr(each.stations[cell.layer], name)[0, cell.asking] for each in passes])[:, None]


def way_of(spec: AttentionSpec, networks: Sequence[Network], passes: Sequence[Pass], cell: Cell, tokens: np.ndarray) -> list[Strip]:
    """The vector of the token that asks at every station of the block, each of one row."""
    reads = spec.task == "dates" and cell.layer == spec.blocks
    strips = []
    if not cell.layer and not reads:
        token = int(tokens[cell.asking])
        strips.append(_strip(cell, "embedding", tr("block.embedding"), np.stack([each.embedding[token] for each in networks])[:, None]))
        if networks[0].positions is not None:
            positions = np.stack([each.positions[cell.asking] for each in networks])[:, None]
            strips.append(_strip(cell, "position", tr("block.position"), positions))
    rows = lambda part: _rows(passes, cell, part)  # noqa: E731
    strips.append(_strip(cell, "coming", "= x" if strips else "x", rows("coming")))
    if spec.norm:
        strips.append(_strip(cell, "ready", tr("block.norm"), rows("ready")))
    outputs = np.stack([each.looks[cell.layer].outputs[0, cell.asking] for each in passes])[:, None]
    strips.append(_strip(cell, "outputs", tr("block.attention"), outputs))
    if spec.residual:
        strips.append(_strip(cell, "looked", tr("block.around"), rows("looked")))
    if spec.feed_forward:
        if spec.norm:
            strips.append(_strip(cell, "prepared", tr("block.norm"), rows("prepared")))
        strips.append(_strip(cell, "hidden", tr("block.hidden", n=spec.feed_forward), rows("hidden")))
        made = rows("leaving") - rows("looked") if spec.residual else rows("leaving")
        strips.append(_strip(cell, "dense", tr("block.dense"), made))
        if spec.residual:
            strips.append(_strip(cell, "leaving", tr("block.around"), rows("leaving")))
    return strips + _answer(spec, passes, cell)


def _strip(cell: Cell, part: str, name: str, values: np.ndarray, **options: Any) -> Strip:
    """A part of the block that a cell has to do with; a click on it says which."""
    return Strip(name, values, pick=f"{cell.layer} {cell.head} {part}", **options)


def _answer(spec: AttentionSpec, passes: Sequence[Pass], cell: Cell) -> list[Strip]:
    """The probabilities of the symbols, where this token answers."""
    places, answers = passes[0].looks[-1].outputs.shape[1], passes[0].answers.shape[1]
    place = cell.asking - (places - answers)
    if cell.layer < len(passes[0].looks) - 1 or place < 0:
        return []
    symbols = TASKS[spec.task].symbols(spec.letters)
    return [_strip(cell, "answer", tr("block.answer"), np.stack([each.answers[0, place] for each in passes])[:, None], across=symbols)]


def looking_of(passes: Sequence[Pass], cell: Cell, written: Sequence[str], allowed: np.ndarray | None = None) -> list[Strip]:
    """Query, keys, scores, weights, values and their mixture: one head, one token that asks, and at whom it is `allowed` to look."""
    looks, head, asking = [each.looks[cell.layer] for each in passes], cell.head, cell.asking
    of_one = lambda name: np.stack([getattr(each, name)[0, asking, head] for each in looks])[:, None]  # noqa: E731
    of_all = lambda name: np.stack([getattr(each, name)[0, :, head] for each in looks])  # noqa: E731
    to_all = lambda name: np.stack([getattr(each, name)[0, head, asking] for each in looks])[:, None]  # noqa: E731
    barred = None if allowed is None or allowed.all() else ~allowed[None, None]
    return [
        _strip(cell, "query", tr("block.query"), of_one("q")),
        _strip(cell, "keys", tr("block.keys"), of_all("k"), down=written),
        _strip(cell, "scores", tr("block.scores"), to_all("scores"), across=written),
        _strip(cell, "weights", "softmax", to_all("weights"), across=written, barred=barred),
        _strip(cell, "values", tr("block.values"), of_all("v"), down=written),
        _strip(cell, "mixed", tr("block.mixed"), of_one("mixed")),
    ]
