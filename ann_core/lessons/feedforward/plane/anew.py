"""Other points for the same network, or another start on the same points."""

import streamlit as st

from ann_core.spec import bounds
from ann_core.specs import PointsSpec
from ann_core.ui import session
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr


def with_other_data(spec: PointsSpec) -> PointsSpec:
    """Other points by the same rule, or of a learner's own other ones held out; the weights begin as they did."""
    return spec.changed(data_seed=_next(spec.drawn_by))


def with_other_start(spec: PointsSpec) -> PointsSpec:
    """Other weights to begin with, and another order of the examples; the points are the same."""
    return spec.changed(seed=_next(spec.seed), data_seed=spec.drawn_by)


def _next(seed: int) -> int:
    return (seed + 1) % (bounds(PointsSpec, "seed").high + 1)


def buttons() -> None:
    """New data, new start: what the network is before any training is seen at once."""
    bench = session.bench(PointsSpec.experiment)
    data = "anew.split" if bench.spec.dataset == "own" else "anew.data"
    with st.container(horizontal=True, gap="small", key="points_anew"):
        _button("new_data", data, ":material/scatter_plot:", with_other_data(bench.spec), bench.busy)
        _button("new_start", "anew.start", ":material/casino:", with_other_start(bench.spec), bench.busy)


def _button(name: str, message: str, icon: str, wanted: PointsSpec, busy: bool) -> None:
    described = {"help": tr(f"{message}.help"), "icon": icon, "disabled": busy}
    st.button(tr(message), key=f"points_{name}", on_click=controls.fill, args=(wanted,), **described)
