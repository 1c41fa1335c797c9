"""The way through a block, from the token to the answer: what happens at each station, with the numbers of the learner's own network."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ann_core.charts.networks.block import Stop, Strip
from ann_core.data.attention import TASKS
from ann_core.lessons.attention import scale
from ann_core.lessons.attention.block import Cell, Cut
from ann_core.maths.networks.attention import Pass
from ann_core.specs import AttentionSpec
from ann_core.ui.language import sentences, tr

AFTER = "scale"
"""The section that the last station leads to."""


def block_stops(
    spec: AttentionSpec, passes: Sequence[Pass], cell: Cell, strips: Sequence[Strip], written: Sequence[str], asking: str, cut: Cut
) -> list[Stop]:
    """The stations of a block that has these strips, for the token that asks and the one that is asked."""
    way = Way(spec, passes, cell, strips, written, asking, cut)
    return [*way.coming(), *way.looking(), *way.leaving(), last(spec)]


def last(spec: AttentionSpec) -> Stop:
    """How small all this is; the section about that comes after it."""
    own, large = scale.size_of(spec), scale.PUBLISHED["GPT-3"]
    values = {"own": f"{own.parameters:,}", "blocks": large.blocks, "heads": large.heads, "parameters": f"{large.parameters:,}"}
    return Stop([], [tr("station.scale", **values)], _numbers(), AFTER)


def _numbers(*values: np.ndarray) -> np.ndarray:
    """Numbers (moments,) side by side, (moments, n)."""
    return np.stack(values, axis=1) if values else np.zeros((1, 0))


class Way:
    """The stations of a block, in three parts."""

    def __init__(
        self,
        spec: AttentionSpec,
        passes: Sequence[Pass],
        cell: Cell,
        strips: Sequence[Strip],
        written: Sequence[str],
        asking: str,
        cut: Cut,
    ) -> None:
        self.spec, self.passes, self.cell, self.cut = spec, passes, cell, cut
        self.strips = {strip.pick.rpartition(" ")[2]: strip for strip in strips}
        self.values = {"token": asking, "asked": written[cell.asked]}

    def coming(self) -> Iterator[Stop]:
        """What comes into the block."""
        spec, cell = self.spec, self.cell
        if "embedding" in self.strips:
            parts = ["embedding"] if "position" in self.strips else ["embedding", "coming"]
            yield self._stop(parts, "embedding", self._first("embedding"), width=spec.model_width)
        if "position" in self.strips:
            added = self._first("embedding"), self._first("position"), self._first("coming")
            yield self._stop(["position", "coming"], "position", *added, place=cell.asking + 1)
        elif cell.layer:
            reads = spec.task == "dates" and cell.layer == spec.blocks
            yield self._stop(["coming"], "reader" if reads else "coming", self._first("coming"), width=spec.model_width)
        if spec.norm:
            yield self._stop(["ready"], "norm", self._first("coming"), self._first("ready"))

    def looking(self) -> Iterator[Stop]:
        """What the head makes of it."""
        spec, cell, asked = self.spec, self.cell, self.cell.asked
        size, (_, rows, columns) = spec.model_width // spec.heads, self.passes[0].looks[cell.layer].weights.shape[1:]
        yield self._stop(["query"], "query", self._first("query"), head=cell.head + 1, size=size)
        yield self._stop(["keys"], "keys", self._first("keys", asked))
        yield self._stop(["scores"], "scores.scaled" if spec.scaled else "scores", self._at("scores", 0, asked), size=size)
        yield self._stop(["weights"], "weights", 100 * self._at("weights", 0, asked))
        square = tr("station.square" if rows == columns else "station.rectangle", rows=rows, columns=columns)
        barred = self.strips["weights"].barred is not None
        said = sentences(square, tr("station.barred" if barred else "station.open"))
        yield Stop([f"{cell.layer} {cell.head}"], [said], _numbers())
        yield self._stop(["values"], "values", self._first("values", asked))
        silenced = cell[:2] in self.cut.heads
        yield self._stop(["mixed"], "silenced" if silenced else "mixed", self._first("mixed"))
        yield self._stop(["outputs"], "outputs", self._first("outputs"), width=spec.model_width)

    def leaving(self) -> Iterator[Stop]:
        """What becomes of it in the rest of the block, and what is answered."""
        spec = self.spec
        if spec.residual:
            yield self._stop(["looked"], "around", self._first("coming"), self._first("outputs"), self._first("looked"))
        if spec.feed_forward:
            parts = [part for part in ("prepared", "hidden", "dense") if part in self.strips]
            yield self._stop(parts, "feed_forward", self._first("dense"), units=spec.feed_forward, width=spec.model_width)
            if spec.residual:
                yield self._stop(["leaving"], "again", self._first("looked"), self._first("dense"), self._first("leaving"))
        if "answer" in self.strips:
            yield self._answer()

    def _answer(self) -> Stop:
        chances, symbols = self.strips["answer"].values[:, 0], TASKS[self.spec.task].symbols(self.spec.letters)
        texts = [self._said("answer", 1, symbols=len(symbols), symbol=symbols[each]) for each in chances.argmax(axis=1)]
        return Stop([self.strips["answer"].pick], texts, _numbers(100 * chances.max(axis=1)))

    def _stop(self, parts: Sequence[str], name: str, *numbers: np.ndarray, **values: Any) -> Stop:
        return Stop([self.strips[part].pick for part in parts], [self._said(name, len(numbers), **values)], _numbers(*numbers))

    def _said(self, name: str, count: int, **values: Any) -> str:
        """The words of a station, in which so many numbers are left to be filled in."""
        left = dict(zip(("first", "second", "third")[:count], ("{0}", "{1}", "{2}"), strict=False))
        return tr(f"station.{name}", **self.values, **left, **values)

    def _first(self, part: str, row: int = 0) -> np.ndarray:
        return self._at(part, row, 0)

    def _at(self, part: str, row: int, column: int) -> np.ndarray:
        return self.strips[part].values[:, row, column]
