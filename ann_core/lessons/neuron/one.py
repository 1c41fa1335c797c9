"""One neuron: two inputs, two weights, a bias, an activation; and what it can be made to do."""

import json
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.exhibits import NeuronExhibit
from ann_core.lessons.neuron.picture import REACH, computed, film_of, layer_of
from ann_core.maths.networks import gates
from ann_core.maths.networks.dense import forward
from ann_core.spec import bounds
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, source_line
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import ASSETS, tr
from ann_core.ui.page import address, frame

EXHIBIT = "neuron"
NUMBERS = ("weight_1", "weight_2", "bias_value")
YES = 0.5


def draw(lesson: Lesson) -> None:
    frame.heading("neuron", "one")
    turns.fragment(_one)(lesson)
    frame.text("neuron", "one")


def _one(lesson: Lesson) -> None:
    session.put_what_waits()
    picture, settings = frame.picture_and_settings("neuron")
    with settings:
        controls.controls(EXHIBIT, ("function", *NUMBERS, "x1", "x2"))
    with picture:
        drawn, gate = st.columns([5, 2], gap="medium")
        with gate:
            _gate()
        spec: NeuronExhibit = session.bench(EXHIBIT).spec
        with drawn:
            st.caption(tr("one.hold"))
            film(film_of(spec), Source.exact(), "neuron_film", _picked)
            st.latex(formula(spec))
        if spec.gate == "xor":
            _how_often()
    address.write(lesson)


def _picked() -> None:
    """The line was led elsewhere; or a place of the plane was clicked, which becomes the two inputs."""
    picked = session.value("neuron_film")["picked"] or {}
    for name, number in zip(NUMBERS, picked.get("numbers", ()), strict=False):
        session.put_later(NeuronExhibit.query_key(name), round(float(np.clip(number, *bounds(NeuronExhibit, name))), 2))
    if "place" in picked:
        for name, share in zip(("x1", "x2"), picked["place"], strict=True):
            value = np.clip(2 * share - 1, -1, 1) * REACH
            session.put_later(NeuronExhibit.query_key(name), round(float(value), 1))


def formula(spec: NeuronExhibit) -> str:
    """The sum and the activation, with the numbers in them."""
    total, answer = computed(spec)
    products = f"({spec.weight_1:g})({spec.x1:g}) + ({spec.weight_2:g})({spec.x2:g}) + ({spec.bias_value:g})"
    lines = ("z &= w_1 x_1 + w_2 x_2 + b", f"&= {products}", f"&= {total:z.3f}", f"a = f(z) &= {answer:z.3f}")
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _gate() -> None:
    """The challenge: make the neuron a gate."""
    with st.container(border=True, key="neuron_gate_card"):
        st.markdown(f"**{tr('gate.title')}**")
        controls.controls(EXHIBIT, ("gate",))
        spec = session.bench(EXHIBIT).spec
        says, wanted, right = _corners(spec)
        st.markdown(f"**{tr('gate.score', right=int(right.sum()))}** {tr('gate.done') if right.all() else ''}")
        st.markdown(_table(says, wanted, right))
        source_line(Source.exact())
        tried, solutions, most, best = gates.search(spec.gate)
        st.markdown(tr("gate.search" if solutions else "gate.search.none", tried=f"{tried:,}", solutions=solutions, most=most))
        st.button(tr("gate.show"), key="neuron_show", icon=":material/lightbulb:", on_click=_show, args=(best,))


def _corners(spec: NeuronExhibit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the neuron says at the four corners, what the gate wants there, and whether it is right: (4,) each."""
    says = forward([layer_of(spec)], gates.CORNERS)[0].outputs[:, 0]
    wanted = np.array(gates.GATES[spec.gate])
    return says, wanted, (says > YES) == (wanted == 1)


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
