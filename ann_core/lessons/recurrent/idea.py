"""The idea: a loop that hands the memory on, rolled up and unrolled."""

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.recurrent import chain_panel, loop_panel
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, tr
from ann_core.ui.page import frame

PAGES = 4
PACE = 0.8


def draw() -> None:
    frame.section("recurrent", "idea")
    film(_loop(current()), Source.schematic(), "recurrent_loop")


@st.cache_resource(show_spinner=False)
def _loop(language: str) -> bytes:
    """Page after page of a novel comes in; the cell in use shines."""
    symbols = ("h", "U, W")
    pages = [tr("loop.page", number=number + 1) for number in range(PAGES)]
    rolled = loop_panel(Titles(tr("loop.rolled"), tr("loop.rolled.alt")), np.ones(PAGES), symbols)
    unrolled = chain_panel(Titles(tr("loop.unrolled"), tr("loop.unrolled.alt")), pages, np.eye(PAGES), symbols)
    captions = [tr("loop.step", number=number + 1) for number in range(PAGES)]
    return packed([rolled, unrolled], captions, words(), "loop", play=False, pace=PACE, begin=0)
