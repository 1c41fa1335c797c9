"""Break it: take one part away, guess, measure; and the same with a network that is not convolutional."""

import streamlit as st

from ann_core.lessons.convolutional import beside
from ann_core.lessons.convolutional.claim import twin
from ann_core.lessons.feedforward import beside as dense
from ann_core.ui import session
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess


def draw() -> None:
    frame.section("convolutional", "break_it")
    guess.break_it("convolutional", lambda: session.bench("convolutional").spec, beside.side_by_side)
    st.markdown(f"**{tr('break.dense')}**")
    guess.break_it("feedforward", lambda: twin(session.bench("convolutional").spec), dense.side_by_side, ("permuted_dense",))
