"""The code that ran, and what to take home."""

import streamlit as st

from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel
from ann_core.ui.workbench import takeaway

CODE = {
    "data/points.py": ("admission", "admitted"),
    "models/points.py": ("build",),
    "maths/networks/plane.py": ("grid", "outputs", "answers", "directions"),
    "models/feedforward.py": ("build", "initialiser"),
    "training/loop.py": ("Loop._advance", "Loop._train_step", "Loop._validate_batch"),
    "training/moments.py": ("epoch_order",),
    "maths/networks/dense.py": ("forward",),
}


def draw() -> None:
    frame.section("feedforward", "take_home")
    code_panel(CODE)
    parts = {"points": tr("section.points"), "feedforward": tr("section.images")}
    for tab, experiment in zip(st.tabs(list(parts.values())), parts, strict=True):
        with tab:
            takeaway.take_home(experiment)
