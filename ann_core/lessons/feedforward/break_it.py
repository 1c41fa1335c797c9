"""Break it: take one part away, guess, measure."""

import streamlit as st

from ann_core.lessons.feedforward import beside as images
from ann_core.lessons.feedforward.plane import beside as points
from ann_core.ui import session
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess


def draw() -> None:
    frame.section("feedforward", "break_it")
    st.subheader(tr("section.points"))
    guess.break_it("points", lambda: session.bench("points").spec, points.side_by_side)
    st.subheader(tr("section.images"))
    guess.break_it("feedforward", lambda: session.bench("feedforward").spec, images.side_by_side)
