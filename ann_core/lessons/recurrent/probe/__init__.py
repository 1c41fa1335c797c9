"""What did it learn: its errors beside rules that need no network, its own way on, its states, what each step counts."""

from collections.abc import Callable

import streamlit as st

from ann_core.lessons.recurrent.at_hand import AtHand, at_hand
from ann_core.lessons.recurrent.probe import ahead, errors, inner
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.language import tr
from ann_core.ui.page import frame

EXPERIMENT = "recurrent"


def draw() -> None:
    frame.section("recurrent", "probe")
    run = session.bench(EXPERIMENT).run
    if run is None:
        st.info(tr("probe.train_first"), icon=":material/model_training:")
    elif not run.final.finite:
        st.warning(tr("probe.exploded"), icon=":material/whatshot:")
    else:
        turns.fragment(_views)(run)


def _views(run: Run) -> None:
    hand = at_hand(run.spec)
    shown: dict[str, Callable[[Run, AtHand], None]] = {
        "errors": errors.draw,
        "ahead": ahead.draw,
        "states": inner.states_of,
        "influence": inner.influence_of,
    }
    tabs = st.tabs([tr(f"probe.{view}") for view in shown], on_change="rerun", key="recurrent_probe_view")
    for tab, show in zip(tabs, shown.values(), strict=True):
        if tab.open:
            with tab:
                show(run, hand)
