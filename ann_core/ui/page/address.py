"""The page's address: the only module that touches st.query_params."""

from typing import Any

import streamlit as st

from ann_core.catalogue import Lesson, lesson
from ann_core.exhibits import spec_class
from ann_core.spec import Spec
from ann_core.ui import session
from ann_core.ui.inputs import controls
from ann_core.ui.language import LANGUAGES, current, preferred

LONGEST_SHOWN = 40
SECTION = "section"


def read_language() -> None:
    """Take the language from `?lang=`, else from the browser, once a session; later the switch decides."""
    if session.has("_lang"):
        session.put("_lang", current())
        return
    asked = st.query_params.get("lang")
    session.put("_lang", asked if asked in LANGUAGES else preferred())
    session.put("_lang_in_address", asked in LANGUAGES)
    if asked is not None and asked not in LANGUAGES:
        session.visit().unreadable.append(f"lang={asked[:LONGEST_SHOWN]}")


def language_chosen() -> None:
    """The switch was used: from now on the address names the language."""
    if session.value("lang") not in LANGUAGES:
        session.put("lang", current())
    session.put("_lang_in_address", True)


def read_specs(opened: Lesson) -> None:
    """On opening a lesson: take its experiments' settings from the address, and note what could not be read."""
    visit = session.visit()
    if visit.lesson == opened.key:
        return
    if visit.lesson:
        visit.unreadable.clear()
    visit.lesson, visit.number, visit.wanted = opened.key, visit.number + 1, st.query_params.get(SECTION, "")
    query = {key: text for key, text in st.query_params.items() if key not in ("lang", SECTION)}
    known = set()
    for experiment in opened.settings:
        cls = spec_class(experiment)
        own = {cls.query_key(name) for name in (*cls.model_fields, "preset")}
        known |= own
        if own & query.keys():
            spec, unreadable = cls.read_query(query)
            controls.fill(spec)
            visit.unreadable += [f"{key}={token[:LONGEST_SHOWN]}" for key, token in unreadable]
    visit.unreadable += [f"{key}={query[key][:LONGEST_SHOWN]}"[: 2 * LONGEST_SHOWN] for key in query if key not in known]


def link(key: str, section: str = "", spec: Spec | None = None, icon: str = ":material/arrow_forward:", **described: Any) -> None:
    """A link to a lesson: to a section of it, which its page leads to (`contents.go`), or to these settings of an experiment."""
    way = {"lang": current()} | ({SECTION: section} if section else {}) | (spec.to_query() if spec else {})
    st.page_link(lesson(key).page, icon=icon, query_params=way, **described)


def write(opened: Lesson) -> None:
    """Let the address say what the learner has set, and nothing else."""
    wanted = {"lang": current()} if session.value("_lang_in_address") else {}
    for experiment in opened.settings:
        wanted |= session.bench(experiment).spec.to_query()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
