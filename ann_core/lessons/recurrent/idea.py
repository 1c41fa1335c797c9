"""The idea: a loop that hands the memory on, rolled up and unrolled."""

import numpy as np
import streamlit as st

from ann_core.charts.convolution import Titles
from ann_core.charts.film import packed
from ann_core.charts.recurrent import chain_panel, loop_panel
from ann_core.ui import frame
from ann_core.ui.figure import Source
from ann_core.ui.film import film, words
from ann_core.ui.language import current, tr

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
