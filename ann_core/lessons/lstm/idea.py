"""The idea: a conveyor belt of memory with three valves."""

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.lstm import conveyor_panel
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, tr
from ann_core.ui.page import frame

SCENES = {"keep": (1, 0, 0), "write": (1, 1, 0), "read": (1, 0, 1), "forget": (0, 0, 0), "replace": (0, 1, 1)}
"""How far the forget, the input and the output gate are open."""

PACE = 0.5


def draw() -> None:
    frame.section("lstm", "idea")
    film(_belt(current()), Source.schematic(), "lstm_belt")
    frame.text("lstm", "adding")


@st.cache_resource(show_spinner=False)
def _belt(language: str) -> bytes:
    """What the three valves can do."""
    names = tr("gate.forget"), tr("gate.input"), tr("gate.output")
    panel = conveyor_panel(Titles(tr("belt.title"), tr("belt.alt")), names, np.array(list(SCENES.values()), float))
    return packed([panel], [tr(f"belt.{scene}") for scene in SCENES], words(), "belt", play=False, pace=PACE, begin=0)
