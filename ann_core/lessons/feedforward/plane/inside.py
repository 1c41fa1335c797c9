"""Look inside: one point goes through the trained network, layer by layer, every product and sum in sight."""

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.charts import classes
from ann_core.data.points import FULL_MARK, MARKS, PLAIN, REACH, admitted
from ann_core.lessons.feedforward.plane import neurons
from ann_core.lessons.feedforward.plane.neurons import Neuron
from ann_core.lessons.feedforward.plane.scene import axes_of, axis_names, class_names, network_of
from ann_core.maths.inputs.features import features
from ann_core.maths.learning.losses import both_classes
from ann_core.maths.networks import dense
from ann_core.specs import PointsSpec
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.language import fixed, plain, printed, tr
from ann_core.ui.page import frame

LAYER_KEY = "points_inside_layer"
STEPS = 120
"""Steps of a slider across the plane."""


def draw(run: Run | None) -> None:
    session.put_what_waits()
    frame.section("feedforward", "inside")
    if run is None:
        st.info(tr("inside.train_first"), icon=":material/touch_app:")
    elif not run.final.finite:
        st.warning(tr("inside.exploded"), icon=":material/whatshot:")
    else:
        _walk(run)


def _walk(run: Run) -> None:
    spec, point = run.spec, _point(run.spec)
    network = network_of(spec, run.final)
    inputs = features(axes_of(spec).to_plane(point)[None], spec.features)
    steps = dense.forward(network, inputs)
    st.markdown(_said(spec, point, steps[-1].outputs[0]))
    if spec.classes:
        _probabilities(run, both_classes(steps[-1].outputs[0]))
    titles = [tr("inside.layer", layer=layer + 1) for layer in range(len(spec.layers))] + [tr("layer.output")]
    if session.value(LAYER_KEY) not in range(len(titles)):
        session.put(LAYER_KEY, 0)
    layer = st.segmented_control(
        tr("inside.step"), range(len(titles)), format_func=dict(enumerate(titles)).get, key=LAYER_KEY, required=True
    )
    coming = inputs[0] if layer == 0 else steps[layer - 1].outputs[0]
    _layer(spec, network, layer, coming, steps[layer])
    source_line(Source.weights(run))


def _point(spec: PointsSpec) -> np.ndarray:
    """The learner's point, in the units of the axes: (2,)."""
    axes, names, point = axes_of(spec), axis_names(spec), []
    for side, (column, name) in enumerate(zip(st.columns(2), map(plain, names), strict=True)):
        low, high = (axes.centre[side] + sign * REACH * axes.unit[side] for sign in (-1, 1))
        key = point_key(spec, side)
        start = axes.centre[side] + axes.unit[side] * (2.0, -1.0)[side]
        if axes is MARKS:
            value = column.slider(name, 0, FULL_MARK, round(start), key=key)
        else:
            value = column.slider(name, low, high, start, step=(high - low) / STEPS, key=key)
        point.append(float(value))
    return np.array(point)


def point_key(spec: PointsSpec, side: int) -> str:
    """The key of a slider of the point: a data set's own, for its units are."""
    return f"points_place_{spec.dataset}_{side + 1}"


def put_point(spec: PointsSpec, share: tuple[float, float]) -> None:
    """Move the learner's point to a place of the picture, from its lower left corner, (0, 0), to its upper right, (1, 1)."""
    axes = axes_of(spec)
    place = axes.from_plane((2 * np.clip(share, 0, 1) - 1) * REACH)
    point = np.rint(place) if axes is MARKS else place
    for side, value in enumerate(point):
        session.put_later(point_key(spec, side), int(value) if axes is MARKS else float(value))


def _said(spec: PointsSpec, point: np.ndarray, outputs: np.ndarray) -> str:
    """Outputs (outputs,) in words; of a pupil also what the rule says."""
    if not spec.classes:
        return tr("inside.value", value=fixed(outputs[0], 3))
    probabilities = both_classes(outputs)
    if spec.dataset == "admission":
        rule = tr("inside.rule_yes" if admitted(point) else "inside.rule_no")
        return tr("inside.admission", share=f"{probabilities[1]:.1%}", rule=rule)
    return tr("inside.class", name=plain(class_names(spec)[probabilities.argmax()]), share=f"{probabilities.max():.1%}")


def _probabilities(run: Run, probabilities: np.ndarray) -> None:
    names, kinds = class_names(run.spec), (tr("inside.likeliest"), tr("probe.other"))
    rows = classes.class_rows(names, probabilities, probabilities == probabilities.max(), kinds)
    spec = classes.class_bars(tr("probe.probability"), tuple(names), *kinds)
    figure(spec, rows, Source.weights(run), tr("alt.probabilities"), key="points_probabilities")


def say_scaling(spec: PointsSpec) -> None:
    """How the inputs come from what stands at the axes, where they are not the same."""
    if axes_of(spec) != PLAIN:
        st.caption(tr("inside.scaled" if spec.dataset == "admission" else "inside.own_scaled"))


def _layer(spec: PointsSpec, network: list[dense.Layer], number: int, coming: np.ndarray, step: dense.Step) -> None:
    """A layer's arithmetic: a column a neuron, a row an input, in each cell weight × input; then the sum and what becomes of it."""
    layer = network[number]
    columns = [plain(neurons.label(spec, Neuron(number, unit))) for unit in range(layer.kernel.shape[1])]
    products = layer.kernel * coming[:, None]  # (inputs, units)
    cells = [
        [f"{fixed(weight, 2)} × {factor(value)} = {fixed(product, 2)}" for weight, product in zip(weights, row, strict=True)]
        for weights, value, row in zip(layer.kernel, coming, products, strict=True)
    ]
    rows = [f"{plain(name)} = {fixed(value, 2)}" for name, value in zip(neurons.input_names(spec, number), coming, strict=True)]
    if spec.bias:
        rows.append(tr("touch.bias"))
        cells.append([printed(f"{bias:+.2f}") for bias in layer.bias])
    rows += [tr("inside.sum"), f"{tr(f'choice.{layer.activation}')}"]
    cells += [[fixed(value, 3) for value in values[0]] for values in (step.sums, step.outputs)]
    table = pd.DataFrame(cells, index=rows, columns=columns)
    if number == 0:
        say_scaling(spec)
    st.caption(tr("inside.rounded"))
    st.table(table.T if len(columns) > len(rows) else table)


def factor(value: float) -> str:
    """The second of two factors: in brackets where it has a sign."""
    written = fixed(value, 2)
    return f"({written})" if value < 0 else written
