"""The contents of a page: links to its sections, and the way to one that was asked for from elsewhere."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ann_core.ui import session
from ann_core.ui.language import tr

HERE = Path(__file__).parent


def note(anchor: str, title: str) -> None:
    """A section is drawn: it belongs into the contents, in the order in which they are first drawn."""
    session.visit().sections.setdefault(anchor, title)


def draw() -> None:
    """The links to all sections that the page has drawn."""
    if sections := session.visit().sections:
        st.caption(tr("contents.title"))
        st.markdown("\n".join(f"- [{title}](#{anchor})" for anchor, title in sections.items()))


def go(anchor: str, number: int) -> None:
    """Scroll to a section once it has been drawn; the number tells one wish from the next."""
    _component()(data={"anchor": anchor, "number": number}, key="contents_way")


@st.cache_resource(show_spinner=False)
def _component() -> Callable:
    return st.components.v2.component("way", html="<span></span>", js=(HERE / "way.js").read_text(encoding="utf-8"))
