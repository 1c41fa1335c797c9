"""The page around every lesson: configuration, language, navigation, title."""

import gc

import streamlit as st
from threadpoolctl import threadpool_limits

from ann_core.catalogue import LESSONS, Lesson, lesson
from ann_core.training.engine import heap
from ann_core.ui import session, trainings
from ann_core.ui.language import ASSETS, LANGUAGES, current, known, prose, terms, tr
from ann_core.ui.page import address

PROSE_WIDTH = 760


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
    trainings.wake(chosen.url_path)
    chosen.run()
    _settle(chosen.url_path)


def _dress() -> None:
    """Title, icon and layout of the tab. Without an icon of its own Streamlit would fetch a page's from another host."""
    st.set_page_config(page_title=tr("app.title"), page_icon=ASSETS / "images" / "icon.png", layout="wide")


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
    st.title(tr(f"lesson.{key}.title"))
    if unreadable := session.visit().unreadable:
        parts = tr("list.comma").join(f"`{' '.join(part.replace('`', '').split())}`" for part in unreadable)
        st.caption(f":material/link_off: {tr('address.unreadable', parts=parts)}")
    return opened


def section(lesson_key: str, name: str) -> None:
    """A section's heading, the lesson's own or the usual one, and its prose."""
    own = f"section.{lesson_key}.{name}"
    st.header(tr(own if known(own) else f"section.{name}"), anchor=name)
    text(lesson_key, name)


def text(lesson_key: str, name: str) -> None:
    """A piece of a lesson's prose, at a width that reads well."""
    with st.container(width=PROSE_WIDTH):
        st.markdown(prose(lesson_key, name))


def glossary(lesson_key: str) -> None:
    """The terms of this page: where a tap on one of them leads."""
    st.header(tr("section.glossary"), anchor="glossary")
    with st.container(width=PROSE_WIDTH):
        st.markdown("\n".join(f"- {tr(f'term.{term}')}" for term in terms(lesson_key)))


def _pages() -> dict[str, list]:
    pages: dict[str, list] = {}
    for entry in LESSONS:
        home = entry.key == "home"
        described = {"title": tr(f"lesson.{entry.key}.title"), "icon": entry.icon, "default": home}
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
