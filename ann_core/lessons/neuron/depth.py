"""Depth: how a stack of layers folds the plane, how many pieces it draws, and what becomes of signals on their way through it."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.charts.film import Box, Lines, Panel, packed
from ann_core.charts.palette import CHOSEN
from ann_core.exhibits import DepthExhibit
from ann_core.lessons.neuron import wave
from ann_core.lessons.neuron.signals import EXAMPLES, LEVEL, STACK_WIDTH, Sizes, signals_said, sizes_of
from ann_core.maths.learning.untrained import network
from ann_core.maths.networks import pieces
from ann_core.maths.networks.dense import forward
from ann_core.maths.networks.plane import directions, lattice
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "depth"
REACH, LINES, POINTS = 2.0, 17, 65
SIDE = 380.0
BETWEEN = 16
WIDTHS, DEPTHS, SEEDS = (2, 4, 8), tuple(range(1, 7)), 9
COMPARED = ("relu", "silu", "tanh", "sigmoid", "linear")
LIKE_RELU = "silu"
LEAST = 1e-100
PACE = 11.0


def draw(lesson: Lesson) -> None:
    frame.section("neuron", "depth")
    turns.fragment(_depth)(lesson)


def _depth(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("depth")
    with settings:
        controls.controls(EXHIBIT, ("depth", "width", "function", "initialiser", "seed"))
    spec: DepthExhibit = session.bench(EXHIBIT).spec
    with picture:
        film(_folded(spec, current()), Source.exact("source.seeded", seed=spec.seed), "depth_film")
        st.caption(tr("depth.fold.how"))
    frame.text("neuron", "pieces")
    left, right = st.columns(2, gap="medium")
    with left:
        _drawn(spec)
    with right:
        _counted()
    frame.text("neuron", "gradients")
    with st.container(horizontal=True, key="rows_stack"):
        controls.controls(EXHIBIT, ("stack",))
    spec = session.bench(EXHIBIT).spec
    film(wave.film_of(spec, current()), Source.exact("source.seeded", seed=spec.seed), "wave_film")
    st.caption(tr("depth.wave.how"))
    _gradients(spec)
    address.write(lesson)


@lru_cache(maxsize=64)
def _folded(spec: DepthExhibit, language: str) -> bytes:
    """The plane's lattice after each layer; between two layers the picture glides."""
    lines = lattice(LINES, POINTS, REACH)
    layers = network((2, *[spec.width] * spec.depth), (spec.function,) * spec.depth, spec.initialiser, spec.seed, 1.0)
    flat = [lines.reshape(-1, 2)]
    flat += [step.outputs @ directions(step.outputs) for step in forward(layers, lines.reshape(-1, 2))]
    kept = [_fitted(places_of) for places_of in flat]
    frames, captions = [kept[0]], [tr("depth.plane")]
    for place, (before, after) in enumerate(pairwise(kept), 1):
        for share in np.arange(1, BETWEEN + 1) / BETWEEN:
            frames.append(before + share**2 * (3 - 2 * share) * (after - before))  # it lingers at every layer
            captions.append(tr("depth.after", layer=place) if share == 1 else tr("depth.on_the_way", layer=place))
    moments = np.stack(frames).reshape(len(frames), *lines.shape)
    return packed([_panel(moments)], captions, words(), f"depth {spec.key()}", play=False, pace=PACE, begin=0)


def _fitted(flat: np.ndarray) -> np.ndarray:
    """Places (n, 2) moved and stretched into the square from -1 to 1."""
    middle = (flat.max(axis=0) + flat.min(axis=0)) / 2
    return (flat - middle) / np.maximum(np.abs(flat - middle).max(axis=0), 1e-9)


def _panel(moments: np.ndarray) -> Panel:
    box = Box(6, 6, SIDE, SIDE)
    bundles = [
        Lines.at(box, moments[:, :LINES], -1.05, 1.05, colour=CHOSEN, width=1.2),
        Lines.at(box, moments[:, LINES:], -1.05, 1.05, width=1.2),
    ]
    return Panel(tr("depth.fold"), tr("depth.fold.alt"), SIDE + 12, SIDE + 12, bundles)


def _drawn(spec: DepthExhibit) -> None:
    """The function that a ReLU network of one input draws, with its corners."""
    x, y = pieces.corners(pieces.random_network(spec.width, spec.depth, spec.seed))
    name = sentences(tr("depth.pieces", n=len(x) - 1), *([tr("depth.pieces.one")] if len(x) == 2 else []))
    st.markdown(f"**{tr('depth.drawn', width=spec.width, depth=spec.depth)}** {name}")
    line = tr("depth.function")
    chart = functions.functions("x", "y", (line,), (-pieces.REACH, pieces.REACH))
    figure(
        chart,
        functions.function_rows({line: (x, y)}, {line: (x[1:-1], y[1:-1])}),
        Source.exact("source.seeded", seed=spec.seed),
        tr("depth.drawn.alt"),
        "depth_drawn",
    )


def _counted() -> None:
    """How many pieces networks of several widths draw, by depth."""
    st.markdown(f"**{tr('depth.counted')}**")
    lines = {tr("depth.folded"): (DEPTHS, [pieces.folded_pieces(depth) for depth in DEPTHS])}
    lines |= {tr("depth.width", n=width): (DEPTHS, [pieces.typical_pieces(width, depth, SEEDS) for depth in DEPTHS]) for width in WIDTHS}
    chart = functions.functions(tr("field.depth"), tr("depth.count"), tuple(lines), (DEPTHS[0], DEPTHS[-1]), log=True, whole=True)
    figure(
        chart, functions.function_rows(lines, lines), Source.exact("source.counted", seeds=SEEDS), tr("depth.counted.alt"), "depth_counted"
    )


def _gradients(spec: DepthExhibit) -> None:
    """What becomes of a signal forward and back, and of the gradient that both make, for several activations."""
    of_all = {name: sizes_of(name, spec.initialiser, spec.stack, spec.seed) for name in COMPARED}
    for column, part in zip(st.columns(3, gap="medium"), Sizes._fields, strict=True):
        with column:
            st.markdown(f"**{tr(f'depth.{part}')}**")
            _by_layer(spec, part, {name: getattr(sizes, part) for name, sizes in of_all.items()})
    st.markdown(signals_said(spec, of_all[spec.function]))
    st.caption(tr("depth.sizes", width=STACK_WIDTH, examples=EXAMPLES, level=f"{LEVEL:g}"))


def _by_layer(spec: DepthExhibit, part: str, sizes: dict[str, np.ndarray]) -> None:
    numbers = np.arange(1, spec.stack + 1)
    lines = {tr(f"choice.{name}"): (numbers, np.where(size > LEAST, size, np.nan)) for name, size in sizes.items()}
    alike = (tr(f"choice.{LIKE_RELU}"),)  # with the weights at hand the two may lie on each other
    chart = functions.functions(
        tr("depth.layer"), tr("depth.size"), tuple(lines), (1, float(spec.stack)), log=True, dashed=alike, whole=True
    )
    source = Source.exact("source.seeded", seed=spec.seed)
    figure(chart, functions.function_rows(lines, lines), source, tr(f"depth.{part}.alt"), f"depth_{part}")
