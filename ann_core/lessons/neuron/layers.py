"""Layers and weights: a small network as a drawing, as matrices, and as a count of numbers."""

from itertools import pairwise

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.networks.network import values_network, values_network_rows
from ann_core.exhibits import LayersExhibit
from ann_core.maths.learning.untrained import network
from ann_core.maths.networks.dense import Layer, forward
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame

EXHIBIT = "layers"
BIASED = 0.5


def draw(lesson: Lesson) -> None:
    frame.section("neuron", "layers")
    turns.fragment(_layers)(lesson)


def _layers(lesson: Lesson) -> None:
    controls.preset_choice(EXHIBIT)
    picture, settings = frame.picture_and_settings("layers")
    with settings:
        controls.controls(EXHIBIT, ("inputs", "hidden", "outputs", "function", "seed"))
        spec = session.bench(EXHIBIT).spec
        controls.controls(EXHIBIT, [f"x{number + 1}" for number in range(spec.inputs)])
    spec = session.bench(EXHIBIT).spec
    layers, inputs = network_of(spec), inputs_of(spec)
    with picture:
        _drawing(spec, layers, inputs)
    _as_matrices(spec, layers, inputs)
    address.write(lesson)


def sizes_of(spec: LayersExhibit) -> tuple[int, ...]:
    return (spec.inputs, *spec.hidden, spec.outputs)


def network_of(spec: LayersExhibit) -> list[Layer]:
    """The network, its weights rounded to two digits, so that what is seen is what is computed."""
    activations = (spec.function,) * len(spec.hidden) + ("linear",)
    layers = network(sizes_of(spec), activations, "wide", spec.seed, BIASED)
    return [Layer(np.round(layer.kernel, 2), np.round(layer.bias, 2), layer.activation) for layer in layers]


def inputs_of(spec: LayersExhibit) -> np.ndarray:
    return np.array([getattr(spec, f"x{number + 1}") for number in range(spec.inputs)])


def _drawing(spec: LayersExhibit, layers: list[Layer], inputs: np.ndarray) -> None:
    """The same forward pass as a drawing: every neuron with its answer, every connection with its weight."""
    steps = forward(layers, inputs[None])
    values = [inputs, *(step.outputs[0] for step in steps)]
    rows = values_network_rows(values, [layer.kernel for layer in layers])
    chart = values_network(tr("layers.weight"), tr("layers.value"))
    figure(
        chart,
        rows,
        Source.exact("source.seeded", seed=spec.seed),
        tr("alt.network", sizes=" → ".join(map(str, sizes_of(spec)))),
        "layers_drawing",
    )


def _count(sizes: tuple[int, ...]) -> str:
    """The parameters, part by part."""
    parts = [
        tr("layers.part", layer=place, before=before, after=after, count=(before + 1) * after)
        for place, (before, after) in enumerate(pairwise(sizes), 1)
    ]
    total = sum((before + 1) * after for before, after in pairwise(sizes))
    return "\n".join([*(f"- {part}" for part in parts), f"- **{tr('layers.total', total=total)}**"])


def _as_matrices(spec: LayersExhibit, layers: list[Layer], inputs: np.ndarray) -> None:
    """The same forward pass as matrices, layer by layer, and beside them the parameters that they are made of."""
    with st.container(border=True, key="layers_matrices"):
        st.markdown(f"**{tr('layers.matrices')}**")
        titles = {place: tr("layers.step", layer=place + 1) for place in range(len(layers))}
        key = "layers_step"
        if session.value(key) not in titles:
            session.put(key, 0)
        place = st.segmented_control(tr("layers.steps"), list(titles), format_func=titles.get, key=key, required=True)
        steps = forward(layers, inputs[None])
        coming = inputs[None] if place == 0 else steps[place - 1].outputs
        layer, step, number = layers[place], steps[place], place + 1
        lines = (
            f"z &= a^{{({place})}} W^{{({number})}} + b^{{({number})}}",
            f"&= {_matrix(coming)} {_matrix(layer.kernel)}",
            rf"&\quad + {_matrix(layer.bias[None])}",
            f"&= {_matrix(step.sums)}",
            f"a^{{({number})}} &= f(z) = {_matrix(step.outputs)}",
        )
        shown, counted = st.columns(2, gap="medium", vertical_alignment="center")
        shown.latex(r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}")
        counted.markdown(_count(sizes_of(spec)))
        st.caption(tr("layers.function", name=tr(f"choice.{layer.activation}")))
        source_line(Source.exact())


def _matrix(values: np.ndarray) -> str:
    rows = r" \\ ".join(" & ".join(f"{value + 0.0:.2f}" for value in row) for row in values)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
