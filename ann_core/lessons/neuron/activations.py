"""Activation functions: the bend that makes layers more than one layer, and where it goes flat."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import classes, functions
from ann_core.exhibits import ActivationExhibit
from ann_core.maths.learning.activations import ACTIVATIONS, softmax, softmax_slopes
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.language import digits, fixed, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "activation"
ZS = np.linspace(-6, 6, 481)
FLAT = 0.05
ONES = ("sum_1", "sum_2", "sum_3")


def draw(lesson: Lesson) -> None:
    frame.section("neuron", "activations")
    turns.fragment(_activations)(lesson)


def _activations(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("activation")
    with settings:
        controls.controls(EXHIBIT, ("function", "beside", "z", "stack"))
    spec: ActivationExhibit = session.bench(EXHIBIT).spec
    with picture:
        _curves(spec)
        st.markdown(_said(spec))
    _softmax()
    address.write(lesson)


def _curves(spec: ActivationExhibit) -> None:
    """Function and derivative of both activations on one axis."""
    lines, dots = {}, {}
    for name in dict.fromkeys((spec.function, spec.beside)):
        record, label = ACTIVATIONS[name], tr(f"choice.{name}")
        for part, values in (("", record.function), ("activations.slope", record.derivative)):
            said = tr(part, name=label) if part else label
            lines[said], dots[said] = (ZS, values(ZS)), ([spec.z], values(np.array([spec.z])))
    names = tuple(lines)
    shown = np.array([y for _, y in dots.values()])
    upward = min(-2.0, float(shown.min()) - 0.2), max(6.0, float(shown.max()) + 0.2)
    chart = functions.functions("z", "f(z), f′(z)", names, (-6, 6), upward, dashed=names[1::2])
    alt = tr("activations.alt", n=len(names) // 2)
    figure(chart, functions.function_rows(lines, dots, [spec.z]), Source.exact(), alt, "activation_curves")


def _said(spec: ActivationExhibit) -> str:
    """The formula, the slope here, and what is left of it after a stack of such layers."""
    record = ACTIVATIONS[spec.function]
    slope = float(record.derivative(np.array([spec.z]))[0])
    here = float(record.function(np.array([spec.z]))[0])
    flat = (np.abs(record.derivative(ZS)) < FLAT).mean()
    values = {"z": digits(spec.z), "value": fixed(here, 4), "slope": fixed(slope, 4)}
    parts = [tr("activations.formula", formula=record.formula)]
    parts.append(tr("activations.here.broken" if spec.z in record.broken else "activations.here", **values))
    parts.append(tr("activations.through", n=spec.stack, left=digits(slope**spec.stack)))
    parts.append(tr("activations.flat" if flat else "activations.nowhere_flat", share=f"{flat:.0%}", limit=FLAT))
    if not record.trains:
        parts.append(tr("activations.no_slope"))
    return sentences(*parts)


def _softmax() -> None:
    """Softmax looks at several sums at once."""
    with st.container(border=True, key="activation_softmax"):
        st.markdown(f"**softmax** · {tr('activations.softmax')}")
        settings, picture = st.columns([2, 3], gap="medium")
        with settings:
            controls.controls(EXHIBIT, ONES)
        spec = session.bench(EXHIBIT).spec
        sums = np.array([getattr(spec, name) for name in ONES])
        shares = softmax(sums)
        with picture:
            names = [tr("activations.class", n=number) for number in (1, 2, 3)]
            kinds = tr("inside.likeliest"), tr("probe.other")
            rows = classes.class_rows(names, shares, shares == shares.max(), kinds)
            chart = classes.class_bars(tr("probe.probability"), tuple(names), *kinds)
            figure(chart, rows, Source.exact(), tr("activations.softmax.alt"), "activation_softmax_bars")
        slopes = softmax_slopes(shares)
        exponentials = " + ".join(f"e^{{{value:g}}}" for value in sums)
        st.latex(rf"a_1 = \frac{{e^{{{sums[0]:g}}}}}{{{exponentials}}} = {shares[0]:.4f}")
        told = {"own": slopes[0, 0], "other": slopes[0, 1], "total": slopes[0].sum()}
        st.markdown(tr("activations.softmax.slopes", **{name: fixed(value, 4) for name, value in told.items()}))
