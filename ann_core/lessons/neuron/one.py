"""One neuron: two inputs, two weights, a bias, an activation; and what it can be made to do."""

import json
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.charts.film import packed, signed_values
from ann_core.charts.networks import plane as panels
from ann_core.charts.networks.plane import Cloud, Column, Scale
from ann_core.exhibits import NeuronExhibit
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.maths.networks import gates
from ann_core.maths.networks.dense import Layer, forward
from ann_core.maths.networks.plane import grid
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import ASSETS, tr
from ann_core.ui.page import address, frame

EXHIBIT = "neuron"
REACH = 2.0
CELLS, FINE_CELLS = 24, 80
REACH_OF_SUMS = 8.0
CROSS = np.array([(-0.09, 0), (0.09, 0), (0, 0), (0, 0.09), (0, -0.09)])
YES = 0.5


def draw(lesson: Lesson) -> None:
    frame.section("neuron", "one")
    st.fragment(_one)(lesson)


def _one(lesson: Lesson) -> None:
    picture, settings = st.columns([5, 2], gap="medium")
    with settings:
        controls.controls(EXHIBIT, ("function", "weight_1", "weight_2", "bias_value", "x1", "x2"))
    spec: NeuronExhibit = session.bench(EXHIBIT).spec
    with picture:
        st.latex(formula(spec))
        film(_film(spec), Source.exact(), "neuron_film")
        _response(spec)
    _gate()
    address.write(lesson)


def layer_of(spec: NeuronExhibit) -> Layer:
    """The neuron as a layer of its own."""
    return Layer(np.array([[spec.weight_1], [spec.weight_2]]), np.array([spec.bias_value]), spec.function)


def computed(spec: NeuronExhibit) -> tuple[float, float]:
    """The weighted sum and the answer for the learner's inputs."""
    step = forward([layer_of(spec)], np.array([[spec.x1, spec.x2]]))[0]
    return float(step.sums[0, 0]), float(step.outputs[0, 0])


def formula(spec: NeuronExhibit) -> str:
    """The sum and the activation, with the numbers in them."""
    total, answer = computed(spec)
    products = f"({spec.weight_1:g})({spec.x1:g}) + ({spec.weight_2:g})({spec.x2:g}) + ({spec.bias_value:g})"
    symbols = "z = w_1 x_1 + w_2 x_2 + b"
    return rf"\begin{{aligned}} {symbols} &= {products} = {total:z.3f} \\ a = f(z) &= {answer:z.3f} \end{{aligned}}"


def _film(spec: NeuronExhibit) -> bytes:
    """The neuron as a drawing with its maps, and its answer over both inputs."""
    neuron, cells = layer_of(spec), grid(CELLS, REACH)
    outside = signed_values(cells.T.reshape(1, 2, CELLS, CELLS), REACH)
    inputs = Column(tr("layer.input"), outside, names=["x₁", "x₂"], greatest=np.full(2, REACH))
    answers = forward([neuron], cells)[0].outputs.reshape(1, 1, CELLS, CELLS)
    middle, greatest = meaning(spec.function, answers)
    maps = signed_values(answers - middle, greatest)
    output = Column(
        tr(f"choice.{spec.function}"), maps, neuron.kernel[None], neuron.bias[None], middle=middle, greatest=np.array([greatest])
    )
    network = panels.network_panel(tr("one.network"), tr("one.network.alt"), [inputs, output])
    return packed([network, _surface(spec, neuron)], [""], words(), "neuron", play=False)


def meaning(function: str, answers: np.ndarray) -> tuple[float, float]:
    """The answer that is white, a half of those from 0 to 1, else zero; and how far from it colours are full."""
    return (0.5, 0.5) if function in ("sigmoid", "step") else (0.0, max(float(np.abs(answers).max()), 1e-9))


def _surface(spec: NeuronExhibit, neuron: Layer) -> panels.Panel:
    answers = forward([neuron], grid(FINE_CELLS, REACH))[0].outputs.reshape(1, FINE_CELLS, FINE_CELLS)
    middle, greatest = meaning(spec.function, answers)
    fine = signed_values(answers - middle, greatest)
    wanted = signed_values(2.0 * np.array(gates.GATES[spec.gate]) - 1, 1.0)
    ticks = [(value, f"{value:g}") for value in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    here = CROSS + np.array([spec.x1, spec.x2])
    shown = (fine, "signed", [Cloud(gates.CORNERS, wanted, False)], Scale(("x₁", "x₂"), (ticks, ticks)), REACH, here)
    return panels.surface_panel(tr("one.surface"), tr("one.surface.alt"), *shown, middle=middle, greatest=greatest)


def _response(spec: NeuronExhibit) -> None:
    """The activation as a curve, and where on it this neuron is."""
    total, answer = computed(spec)
    name = tr(f"choice.{spec.function}")
    reach = max(REACH_OF_SUMS, 1.05 * abs(total))
    zs = np.linspace(-reach, reach, 321)
    values = ACTIVATIONS[spec.function].function(zs)
    low, high = float(values.min()) - 0.1, max(min(float(values.max()), 4.0), answer) + 0.1
    chart = functions.functions("z", "a", (name,), (-reach, reach), (low, high))
    rows = functions.function_rows({name: (zs, values)}, {name: ([total], [answer])}, [total])
    figure(chart, rows, Source.exact(), tr("one.response.alt"), "neuron_response")


def _gate() -> None:
    """The challenge: make the neuron a gate."""
    with st.container(border=True, key="neuron_gate_card"):
        st.markdown(f"**{tr('gate.title')}**")
        controls.controls(EXHIBIT, ("gate",))
        spec = session.bench(EXHIBIT).spec
        says = forward([layer_of(spec)], gates.CORNERS)[0].outputs[:, 0]
        wanted = np.array(gates.GATES[spec.gate])
        right = (says > YES) == (wanted == 1)
        st.markdown(_table(says, wanted, right))
        source_line(Source.exact())
        st.markdown(f"**{tr('gate.score', right=int(right.sum()))}** {tr('gate.done') if right.all() else ''}")
        tried, solutions, most, best = gates.search(spec.gate)
        st.markdown(tr("gate.search" if solutions else "gate.search.none", tried=f"{tried:,}", solutions=solutions, most=most))
        st.button(tr("gate.show"), key="neuron_show", icon=":material/lightbulb:", on_click=_show, args=(best,))
        if not solutions:
            _how_often()


@cache
def study() -> dict[str, Any]:
    """How often XOR was learned, as it was measured once: settings, and of how many seeds how many."""
    return json.loads((ASSETS / "studies" / "xor.json").read_text(encoding="utf-8"))


def _how_often() -> None:
    """Two neurons in a hidden layer can be XOR; whether training finds that is another question, and has been measured."""
    measured = study()
    learned = {name: f"{count / measured['seeds']:.0%}" for name, count in measured["learned"].items()}
    st.info(tr("gate.xor"), icon=":material/info:")
    head = f"| {tr('gate.hidden')} | {tr('choice.relu')} | {tr('choice.tanh')} |\n|---|---|---|\n"
    rows = [f"| {units} | {learned[f'{units}-relu']} | {learned[f'{units}-tanh']} |" for units in (2, 4)]
    st.markdown(f"**{tr('gate.how_often')}**\n\n{head}" + "\n".join(rows))
    source_line(Source("kept", tr("source.xor", seeds=measured["seeds"], rate=measured["rate"], steps=f"{measured['steps']:,}")))


def _table(says: np.ndarray, wanted: np.ndarray, right: np.ndarray) -> str:
    head = f"| x₁ | x₂ | {tr('gate.wanted')} | {tr('gate.says')} | |\n|---|---|---|---|---|\n"
    rows = zip(gates.CORNERS, wanted, says, right, strict=True)
    return head + "\n".join(f"| {x[0]:g} | {x[1]:g} | {goal} | {answer:z.2f} | {'✓' if good else '✗'} |" for x, goal, answer, good in rows)


def _show(weights: tuple[float, ...]) -> None:
    """Take the best weights of the search; the sigmoid says yes exactly where the sum is above zero."""
    spec = session.bench(EXHIBIT).spec
    controls.fill(spec.changed(weight_1=weights[0], weight_2=weights[1], bias_value=weights[2], function="sigmoid"))
