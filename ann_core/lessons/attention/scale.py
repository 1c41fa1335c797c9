"""How large is large: the learner's own network beside two that write."""

from itertools import pairwise
from typing import NamedTuple

import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.scale import squares_panel
from ann_core.specs import AttentionSpec
from ann_core.starts import starting_weights
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, sentences, tr
from ann_core.ui.page import frame

PACE = 0.4


class Size(NamedTuple):
    """How large a network is: blocks, heads in each, the width of its vectors, and all its numbers."""

    blocks: int
    heads: int
    width: int
    parameters: int


PUBLISHED = {"GPT-2": Size(48, 25, 1_600, 1_542_000_000), "GPT-3": Size(96, 96, 12_288, 175_000_000_000)}
"""As their authors say: Radford et al. (2019), table 2, the largest of four; Brown et al. (2020), table 2.1.

The heads of GPT-2 are those of the published weights.
"""


def size_of(spec: AttentionSpec) -> Size:
    """The network of these settings."""
    return Size(spec.blocks, spec.heads, spec.model_width, sum(weight.size for weight in starting_weights(spec)))


def draw() -> None:
    frame.section("attention", "scale")
    turns.fragment(_draw)()


def _draw() -> None:
    own = size_of(session.bench("attention").spec)
    sizes = {tr("scale.own"): own, **PUBLISHED}
    names = list(sizes)
    panel = squares_panel(tr("scale.title"), tr("scale.alt"), names, [size.parameters for size in sizes.values()])
    content = packed([panel], captions(sizes), words(), f"{own} {current()}", play=False, pace=PACE, begin=0)
    film(content, Source.exact("scale.source"), "scale_film")
    st.markdown(table(sizes))


def captions(sizes: dict[str, Size]) -> list[str]:
    """What fills the frame, and how many times the one before it that is."""
    told = [tr("scale.fills", name=name, parameters=f"{size.parameters:,}") for name, size in sizes.items()]
    for place, (smaller, larger) in enumerate(pairwise(sizes), start=1):
        times = sizes[larger].parameters / sizes[smaller].parameters
        told[place] = sentences(told[place], tr("scale.times", times=f"{times:,.0f}", name=smaller))
    return told


def table(sizes: dict[str, Size]) -> str:
    """A line for each network."""
    heads = [tr(f"scale.{column}") for column in ("network", *Size._fields)]
    lines = [heads, ["---", *["---:"] * len(Size._fields)]]
    lines += [[name, *(f"{value:,}" for value in size)] for name, size in sizes.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
