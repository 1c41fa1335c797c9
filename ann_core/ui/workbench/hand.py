"""Something to be held in the hand: settings, and beneath them the film of all that is computed from them."""

from collections.abc import Callable

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.spec import Spec
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame


def in_hand(lesson: Lesson, exhibit: str, settings: Callable[[], None], film_of: Callable[[Spec], bytes]) -> None:
    """An exhibit's presets, its film with a word on how to read it, and its settings."""
    controls.preset_choice(exhibit)
    picture, first = frame.picture_and_settings(exhibit)
    with first:
        settings()
    with picture:
        film(film_of(session.bench(exhibit).spec), Source.exact(), f"{exhibit}_film")
        st.caption(tr(f"{exhibit}.how"))
    address.write(lesson)
