"""The code that ran, and what to take home."""

import streamlit as st

from ann_core.ui import frame, takeaway
from ann_core.ui.code import code_panel
from ann_core.ui.language import tr

CODE = {
    "data/points.py": ("admission", "admitted"),
    "models/points.py": ("build",),
    "maths/plane.py": ("grid", "outputs", "answers", "directions"),
    "models/feedforward.py": ("build", "initialiser"),
    "training/loop.py": ("Loop._advance", "Loop._train_step", "Loop._validate_batch"),
    "training/epochs.py": ("epoch_order",),
    "maths/dense.py": ("forward",),
}


def draw() -> None:
    frame.section("feedforward", "take_home")
    code_panel(CODE)
    parts = {"points": tr("section.points"), "feedforward": tr("section.images")}
    for tab, experiment in zip(st.tabs(list(parts.values())), parts, strict=True):
        with tab:
            takeaway.take_home(experiment)
