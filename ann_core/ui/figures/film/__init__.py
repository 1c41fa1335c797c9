"""The film on the screen: the one component of our own."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import streamlit as st

from ann_core.charts.film import DEFAULTS, FORMAT, Course, sourced
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import ICONS, Source, source_line
from ann_core.ui.language import tr

HERE = Path(__file__).parent
SCRIPTS = (
    *("format.js", "reel.js", "clock.js", "tables.js", "pointing.js", "passage.js", "finger.js", "neuron.js"),
    *(
        "switches.js",
        "between.js",
        "strays.js",
        "tokens.js",
        "relief.js",
        "tour.js",
        "paint.js",
        "legend.js",
        "easel.js",
        "wanderer.js",
        "glide.js",
        "outside.js",
        "pad.js",
        "dial.js",
        "span.js",
        "film.js",
    ),
)
HTML = """
<div class="film-bar" hidden>
  <span class="film-buttons">
    <button class="film-start" type="button">⇤</button>
    <button class="film-back" type="button">‹</button>
    <button class="film-play" type="button"></button>
    <button class="film-on" type="button">›</button>
    <button class="film-end" type="button">⇥</button>
  </span>
  <input class="film-slider" type="range" min="0" step="1">
  <select class="film-speed"></select>
</div>
<div class="film-telling"><div class="film-caption"></div><div class="film-aside"></div></div>
<div class="film-line">
  <div class="film-deeds"></div>
  <div class="film-said" hidden><span></span><button type="button">×</button></div>
  <label class="film-switch-held_out" hidden><input type="checkbox"><span></span></label>
  <label class="film-switch-decided" hidden><input type="checkbox"><span></span></label>
  <label class="film-scale" hidden><span></span><select></select></label>
</div>
<div class="film-stage"><div class="film-panels"></div><div class="film-ghosts"></div></div>
<div class="film-tour" hidden><button type="button">‹</button><button type="button"></button><span></span></div>
<div class="film-source"></div>
<select class="film-choice" hidden></select>
<details class="film-numbers" hidden><summary></summary><div></div></details>
"""
CONTROLS = ("start", "back", "play", "pause", "on", "end", "speed", "fastest", "moment", "choice")
TABLES = ("numbers", "rounded", "row", "value", "line", "column", "keys")


def script() -> str:
    """All that draws films; their format and what goes without saying come first, for Python has the one copy."""
    scripts = ((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n".join((f"const FORMAT = {json.dumps(FORMAT)}", f"const DEFAULTS = {json.dumps(DEFAULTS)}", *scripts))


@st.cache_resource(show_spinner=False)
def _component() -> Callable:
    style = (HERE / "film.css").read_text(encoding="utf-8")
    return st.components.v2.component("film", html=HTML, css=style, js=in_edition("", "mount.js"))


@st.cache_resource(show_spinner=False)
def _ahead() -> Callable:
    return st.components.v2.component("film_ahead", js=in_edition(script(), "ahead.js"))


def in_edition(before: str, name: str) -> str:
    """A script that knows which edition of what draws films it belongs to: a page may be older than its server."""
    edition = sha256(script().encode()).hexdigest()[:16]
    return "\n".join((f"const EDITION = {json.dumps(edition)}", before, (HERE / name).read_text(encoding="utf-8")))


def ahead() -> None:
    """At the top of a page, have the browser load what draws films before all that charts and formulas need, once for all of them."""
    with st.container(key="film_ahead"):
        _ahead()(key="ahead")


def words(reading: str = "") -> Mapping[str, str]:
    """What the film's own controls are called; and, for as long as it shows by itself what a network is `reading`, what is seen."""
    aside = {"reading": tr(f"film.reading.{reading}")} if reading else {}
    return {name: tr(f"film.{name}") for name in (*CONTROLS, *TABLES)} | aside


def walked(count: int, over: str) -> Mapping[str, str]:
    """What the way through so many stations of a film is called; `over` is what comes after the last one."""
    named = {f"tour.{name}": tr(f"film.tour.{name}") for name in ("on", "back")}
    return named | {"tour.begin": tr("film.tour.begin", count=count), "tour.over": over}


def scales() -> Mapping[str, str]:
    """What a learner may let the full colours of a film's scaled pictures stand for."""
    names = ("tile", "layer", "network", "most", "own")
    return {"scale": tr("film.scale")} | {f"scale.{name}": tr(f"film.scale.{name}") for name in names}


def _ignored() -> None:
    """What follows from something that nobody waits for."""


def film(
    content: bytes,
    source: Source,
    key: str,
    on_picked: Callable[[], None] = _ignored,
    course: Course | None = None,
    on_lacking: Callable[[], None] = _ignored,
    on_turned: Callable[[], None] = _ignored,
    on_ended: Callable[[], None] = _ignored,
) -> None:
    """Draw a packed film (`charts.film.packed`). `on_picked` is called when a picture was picked: see `picked`.

    The source of a film through the moments of a training stands in the film itself, for it names the one shown. A film that
    is, or is to become, that of a training has a `course`; `on_lacking` is called where the browser lacks what was sent before a part,
    `on_turned` where it answers what the course has asked, `on_ended` where one without end is nearly over.
    """
    text = source.text if source.moments else ""
    with st.container(key=f"figure_{key}"):
        data = sourced(content, text, source.moments, course, ICONS[source.kind].removeprefix(":material/").rstrip(":"))
        heard = {"on_picked_change": on_picked, "on_lacking_change": on_lacking, "on_turned_change": on_turned, "on_ended_change": on_ended}
        _component()(data=data, key=key, **heard)
        if not source.moments:
            source_line(source)
    if not session.visit().begun:
        session.visit().begun = True
        turns.let_be_seen()
