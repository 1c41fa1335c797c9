"""Learned or copied: the real digit nearest to each generated one."""

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import pairs_panel
from ann_core.probing.gan_digits import compared, copies, nearest_digits
from ann_core.training.records import Run
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, tr
from ann_core.ui.page import frame

SHOWN = 8


def draw(run: Run) -> None:
    """Generated digits above the training digits nearest to them, and the distances of all beside those of real ones."""
    frame.text("gan", "copies")
    st.markdown(_distances(run.key, current(), run))
    film(_pairs(run.key, current(), run), Source.run(run), "nearest_film")


@st.cache_resource(max_entries=24, show_spinner=False)
def _distances(key: str, language: str, _run: Run) -> str:
    samples = _run.final.predicted
    own, real = (nearest_digits(pictures).distances for pictures in (samples, compared().real))
    values = {"samples": f"{np.median(own):.1f}", "least": f"{own.min():.1f}", "real": f"{np.median(real):.1f}"}
    return tr("copies.told", copies=copies(samples), count=f"{len(samples):,}", **values)


@st.cache_resource(max_entries=24, show_spinner=False)
def _pairs(key: str, language: str, _run: Run) -> bytes:
    samples = _run.final.predicted[:SHOWN]
    found = nearest_digits(samples)
    captions = [f"{distance:.1f}" for distance in found.distances]
    titles = Titles(tr("copies.title"), tr("copies.alt"))
    shown = pairs_panel(titles, samples, found.pictures, captions, (tr("copies.generated"), tr("copies.nearest"), tr("copies.distance")))
    return packed([shown], [""], words(), f"{key} {language}", play=False)
