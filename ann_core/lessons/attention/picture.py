"""The film of a training: the attention maps of one example, and what the network makes of it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.block import heads_panel, toured
from ann_core.charts.networks.convolution import Titles
from ann_core.data.attention import BLANK, TASKS
from ann_core.lessons.attention import block
from ann_core.lessons.attention.block import WHOLE, Cell, Cut, Number
from ann_core.lessons.attention.depths import cell as made
from ann_core.lessons.attention.depths import tour, whole
from ann_core.lessons.attention.network import asking_places, networks, passes, rows_of_heads, through
from ann_core.lessons.attention.typed.asked import EXAMPLES, Asked, read
from ann_core.maths.networks.attention import KnockedOut, Pass
from ann_core.specs import AttentionSpec
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui.figures.film import walked, words
from ann_core.ui.language import tr
from ann_core.ui.moments import headed


def example(spec: AttentionSpec) -> Asked:
    """The example that is shown while a network learns."""
    return read(spec, EXAMPLES[spec.task])


def film_of(
    spec: AttentionSpec,
    checkpoints: Sequence[Checkpoint],
    rows: np.ndarray,
    name: str,
    play: bool,
    opened: Cell | None = None,
    cut: Cut = WHOLE,
    number: Number | None = None,
) -> bytes:
    """The whole network at these checkpoints, without what is cut; or the block of an opened cell; or how a number of that comes about."""
    asked, each_network = example(spec), networks(spec, checkpoints)
    without = block.without(spec, cut, len(asked.tokens))
    shown = through(each_network, asked.tokens, without)
    cell = block.there(shown[0], opened)
    panel = _panel(spec, _title(spec, without), shown, only_begun(checkpoints), cell, without)
    captions = [_caption(spec, checkpoint, rows, each.answers[0]) for checkpoint, each in zip(checkpoints, shown, strict=True)]
    if cut != WHOLE:
        before = through(each_network, asked.tokens)
        captions = [
            tr("block.cut", moment=headed(spec, checkpoint.moment), after=_answered(spec, each), before=_answered(spec, other))
            for checkpoint, each, other in zip(checkpoints, shown, before, strict=True)
        ]
    named = words("attention")
    if cell is None:
        strips = whole.strips_of(spec, shown, asked.written)
        stops = whole.stops(spec, strips)
        panels = toured([replace(panel, large=True), whole.panel_of(strips, panel)], stops)
        return packed(panels, captions, named | block.offered(cell, cut) | walked(len(stops), tr("block.over")), name, play)
    asking = asking_places(spec, cell.layer, asked.written, shown[-1].answers[0])[cell.asking]
    told = [
        tr("block.told", caption=caption, asking=asking, asked=asked.written[cell.asked], weight=f"{_weight(each, cell):.1%}")
        for caption, each in zip(captions, shown, strict=True)
    ]
    way = block.way_of(spec, each_network, shown, cell, asked.tokens)
    looking = block.looking_of(shown, cell, asked.written, _allowed(without, cell))
    strips = {strip.pick.split()[-1]: strip for strip in (*way, *looking)}
    if number and (strip := block.found(strips, number)):
        sheet = made.sheet_of(made.moments_of(each_network, shown, cell.layer), cell, number, strips)
        panels = made.panels_of(strip, sheet, number, made.title_of(strip, number, asking))
        return packed(panels, told, named | block.offered(cell, cut, number), name, play)
    stops = tour.block_stops(spec, shown, cell, [*way, *looking], asked.written, asking, cut)
    panels = toured([replace(panel, large=True), *block.panels_of(way, looking, cell, asking)], stops)
    return packed(panels, told, named | block.offered(cell, cut) | walked(len(stops), tr("block.over")), name, play)


def _allowed(without: KnockedOut, cell: Cell) -> np.ndarray | None:
    """At whom the token that asks in a cell may look, where something is cut."""
    return without.allowed[cell.layer][cell.head, cell.asking] if cell.layer in without.allowed else None


def _answered(spec: AttentionSpec, passed: Pass) -> str:
    return answer_words(spec, passed.answers[0].argmax(axis=1))


def _weight(passed: Pass, cell: Cell) -> float:
    return float(passed.looks[cell.layer].weights[0, cell.head, cell.asking, cell.asked])


def _title(spec: AttentionSpec, without: KnockedOut) -> str:
    between = " " if spec.task == "look_up" else ""
    title = tr("heads.title", text=between.join(sign for sign in example(spec).written if sign != BLANK))
    return tr("heads.hatched", title=title) if without.allowed else title


def panel(spec: AttentionSpec, checkpoints: Sequence[Checkpoint], name: str) -> Panel:
    """The maps of all heads of one of two networks."""
    rows = rows_of_heads(spec, passes(spec, checkpoints, example(spec).tokens))
    return heads_panel(Titles(name, tr("heads.alt")), rows, example(spec).written)


def _panel(spec: AttentionSpec, title: str, shown: Sequence[Pass], swept: bool, cell: Cell | None, without: KnockedOut) -> Panel:
    """All heads; any cell can be picked, and what asks in the one that is opened is framed."""
    rows, nothing = rows_of_heads(spec, shown), (-1, -1)
    chosen = cell[:2] if cell else nothing
    here = cell[2:] if cell else None
    return heads_panel(Titles(title, tr("heads.alt")), rows, example(spec).written, chosen, swept, here, without.allowed)


def _caption(spec: AttentionSpec, checkpoint: Checkpoint, rows: np.ndarray, answers: np.ndarray) -> str:
    said, (epoch, within) = answer_words(spec, answers.argmax(axis=1)), checkpoint.moment
    if not (epoch or within) or epoch > len(rows):
        return tr("heads.untrained", answer=said)
    told = {"moment": headed(spec, checkpoint.moment), "answer": said}
    if within:
        asked = len(checkpoint.predicted)
        share = (checkpoint.predicted == rewritten_of(spec)[1].y[:asked]).mean()
        return tr("heads.within", share=f"{share:.1%}", n=asked, **told)
    share = rows[epoch - 1, spec.metrics.index("val_accuracy")]
    return tr("heads.epoch", share=f"{share:.1%}", **told)


def answer_words(spec: AttentionSpec, symbols: Sequence[int | None]) -> str:
    """The symbols of an answer, written one after the other."""
    known = TASKS[spec.task].symbols(spec.letters)
    return "".join("?" if symbol is None else known[symbol] for symbol in symbols)
