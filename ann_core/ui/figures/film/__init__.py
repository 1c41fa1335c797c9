"""The film on the screen: the one component of our own."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from ann_core.charts.film import FORMAT, sourced
from ann_core.ui.figures.figure import Source, source_line
from ann_core.ui.language import tr

HERE = Path(__file__).parent
SCRIPTS = ("format.js", "tables.js", "paint.js", "film.js")
HTML = """
<div class="film-bar" hidden>
  <button class="film-play" type="button"></button>
  <input class="film-slider" type="range" min="0" step="1">
</div>
<div class="film-caption"></div>
<div class="film-panels"></div>
<div class="film-source"></div>
<select class="film-choice" hidden></select>
<details class="film-numbers" hidden><summary></summary><div></div></details>
"""
WORDS = ("play", "pause", "moment", "choice", "numbers", "rounded", "row", "value", "line", "column", "keys")


def script() -> str:
    """All that runs in the browser; the format of films comes first, for Python has the one copy of it."""
    scripts = ((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n".join((f"const FORMAT = {json.dumps(FORMAT)}", *scripts))


@st.cache_resource(show_spinner=False)
def _component() -> Callable:
    style = (HERE / "film.css").read_text(encoding="utf-8")
    return st.components.v2.component("film", html=HTML, css=style, js=script())


def words() -> Mapping[str, str]:
    """What the film's own controls are called."""
    return {name: tr(f"film.{name}") for name in WORDS}


def film(content: bytes, source: Source, key: str, on_picked: Callable[[], None] | None = None) -> None:
    """Draw a packed film (`charts.film.packed`). `on_picked` is called when a picture was picked: see `picked`.

    The source of a film through the epochs stands in the film itself, for it names the epoch shown.
    """
    text = source.text if source.epochs else ""
    with st.container(key=f"figure_{key}"):
        _component()(data=sourced(content, text, source.epochs), key=key, on_picked_change=on_picked or (lambda: None))
        if not source.epochs:
            source_line(source)
