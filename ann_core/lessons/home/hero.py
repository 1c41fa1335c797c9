"""The first thing on the first page: a network that learns, in a training of this server, or in one recorded beforehand."""

import streamlit as st

from ann_core.lessons.feedforward.plane.picture import short_film_of
from ann_core.lessons.feedforward.plane.scene import scene_of
from ann_core.lessons.home.portraits import source_of
from ann_core.probing.recordings import RECORDINGS, Recorded, kept, recorded_of
from ann_core.ui import session, trainings
from ann_core.ui.figures.film import film
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame

SHOWN = "feedforward"


def draw() -> None:
    spec = RECORDINGS[SHOWN].spec
    with st.container(horizontal=True, vertical_alignment="center", gap="large", key="welcome"):
        frame.text("home", "welcome", most=float("inf"))
        with st.container(key="call", width="content"):
            address.link(SHOWN, spec=spec, label=tr("home.try"), icon=":material/play_circle:")
    run = trainings.aside(spec)
    made_here = session.kept("_made_here", lambda: run is not None) and run is not None
    shown = recorded_of(SHOWN, run) if made_here else kept(SHOWN)
    film(_film(made_here, current(), shown), source_of(shown, made_here), "home_film")


@st.cache_resource(max_entries=4, show_spinner=False)
def _film(made_here: bool, language: str, _shown: Recorded) -> bytes:
    """Made once a language, of the recording and of this server's own training."""
    return short_film_of(scene_of(_shown.spec, _shown.checkpoints, _shown.rows), f"home {made_here}")
