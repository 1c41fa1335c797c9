"""The page around every lesson: configuration, language, navigation, title."""

import gc
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from threadpoolctl import threadpool_limits

from ann_core.catalogue import LESSONS, Lesson, lesson
from ann_core.training.engine import heap
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures import film
from ann_core.ui.language import ASSETS, LANGUAGES, current, known, prose, terms, tr
from ann_core.ui.page import address, contents

LONG_PROSE = 150
"""From so many signs on, a Chinese one counted twice, prose is set in columns: one would stand beside emptiness."""
STYLE = Path(__file__).parent / "page.css"


@turns.page
def run() -> None:
    """What app.py does on each rerun of a whole page."""
    _modest()
    address.read_language()
    _dress()
    session.mark_through_app()
    session.watcher()
    chosen = st.navigation(_pages())
    with st.sidebar:
        _language_switch()
        sections = st.container(key="contents")
    trainings.wake(chosen.url_path)
    chosen.run()
    with sections:
        contents.draw()
    _settle(chosen.url_path)


def _dress() -> None:
    """Title, icon, layout and style of the tab. Without an icon of its own Streamlit would fetch a page's from another host."""
    st.set_page_config(page_title=tr("app.title"), page_icon=ASSETS / "images" / "icon.png", layout="wide")
    st.html(STYLE)
    film.ahead()


@st.cache_resource(show_spinner=False)
def _modest() -> None:  # once a server
    """Let NumPy multiply matrices on one thread: small ones are no slower, and beside a training twenty times as fast; share heaps."""
    threadpool_limits(1, user_api="blas")
    heap.few_arenas()


@st.cache_resource(show_spinner=False)
def _settle(page: str) -> None:  # once a page
    """Take what a page has loaded for good out of the garbage collection.

    Going through all modules with every collection costs more than a rerun.
    """
    gc.collect()
    gc.freeze()


def begin(key: str) -> Lesson:
    """Open a lesson's page: its title, and what of the address could not be used.

    A page that Streamlit runs by itself, as it does on the first visit to a fresh server, goes through app.py first.
    """
    if not session.came_through_app():
        address.read_language()
        _dress()
        session.mark_through_app()
        st.navigation(_pages())
        st.rerun()
    opened = lesson(key)
    address.read_specs(opened)
    visit = session.visit()
    visit.sections.clear()
    if opened.settings:
        contents.note("top", tr("contents.stage"))
    st.title(tr(f"lesson.{key}.title"), anchor="top")
    if known(f"lesson.{key}.summary"):
        st.markdown(tr(f"lesson.{key}.summary"))
    if visit.wanted:
        contents.go(visit.wanted, visit.number)
    if visit.unreadable:
        parts = tr("list.comma").join(f"`{' '.join(part.replace('`', '').split())}`" for part in visit.unreadable)
        st.caption(f":material/link_off: {tr('address.unreadable', parts=parts)}")
    return opened


def section(lesson_key: str, name: str) -> None:
    """A section's heading and its prose."""
    heading(lesson_key, name)
    text(lesson_key, name)


def heading(lesson_key: str, name: str) -> None:
    """A section's heading, the lesson's own or the usual one."""
    own = f"section.{lesson_key}.{name}"
    title = tr(own if known(own) else f"section.{name}")
    contents.note(name, title)
    st.header(title, anchor=name)


def text(lesson_key: str, name: str, most: float = LONG_PROSE) -> None:
    """A piece of a lesson's prose, at a width that reads well; in columns where it has more than `most` signs."""
    passage(prose(lesson_key, name), f"{lesson_key}_{name}", most)


def passage(words: str, key: str, most: float = LONG_PROSE) -> None:
    """Words in one column or, where it is long, in as many as there is room for (page.css)."""
    long = sum(2 if sign > "\u2e80" else 1 for sign in words) > most
    with st.container(key=f"{'columns' if long else 'prose'}_{key}"):
        st.markdown(words)


def picture_and_settings(name: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Places for a picture across the page and for its settings, in rows above it (page.css)."""
    with st.container(key=f"exhibit_{name}"):
        settings = st.container(horizontal=True, vertical_alignment="bottom", key=f"rows_{name}")
        return st.container(), settings


def glossary(lesson_key: str) -> None:
    """The terms of this page: where a tap on one of them leads."""
    title = tr("section.glossary")
    contents.note("glossary", title)
    st.header(title, anchor="glossary")
    passage("\n".join(f"- {tr(f'term.{term}')}" for term in terms(lesson_key)), f"{lesson_key}_glossary")


def _pages() -> dict[str, list]:
    pages: dict[str, list] = {}
    for entry in LESSONS:
        home = entry.key == "home"
        short = f"lesson.{entry.key}.short"
        described = {"title": tr(short if known(short) else f"lesson.{entry.key}.title"), "icon": entry.icon, "default": home}
        page = st.Page(entry.page, url_path=None if home else entry.key, **described)
        pages.setdefault(tr(f"navigation.{entry.section}"), []).append(page)
    return pages


def _language_switch() -> None:
    st.segmented_control(
        tr("app.language"),
        list(LANGUAGES),
        default=current(),
        format_func=LANGUAGES.get,
        key="lang",
        on_change=address.language_chosen,
        width="stretch",
    )
