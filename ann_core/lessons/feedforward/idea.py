"""The idea: a conveyor belt, one way, no loops."""

from collections.abc import Sequence

import streamlit as st

from ann_core.charts.networks.network import network, network_rows
from ann_core.maths.networks.dense import parameter_counts
from ann_core.specs import PointsSpec
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import tr
from ann_core.ui.page import frame


def draw() -> None:
    words, drawing = st.columns([1, 1], gap="large")
    with words:
        frame.section("feedforward", "idea")
    with drawing:
        turns.fragment(_drawing)()


def _drawing() -> None:
    """The network of the learner's own settings."""
    spec = session.bench("points").spec
    units = [layer.units for layer in spec.layers]
    sizes = (len(spec.features), *units, spec.outputs)
    kinds = (tr("layer.input"), tr("layer.hidden"), tr("layer.output"))
    rows = network_rows(sizes, (kinds[0], *[kinds[1]] * len(units), kinds[2]), [f"{size:,}" for size in sizes])
    alt = tr("alt.network", sizes=" → ".join(map(str, sizes)))
    figure(network(*kinds), rows, counted(spec, sizes), alt, key="feedforward_drawing")


def counted(spec: PointsSpec, sizes: Sequence[int]) -> Source:
    """How many numbers a network of these layer sizes has to learn."""
    total = f"{sum(parameter_counts(sizes, spec.bias)):,}"
    return Source.exact("source.network" if spec.bias else "source.network.unbiased", total=total)
