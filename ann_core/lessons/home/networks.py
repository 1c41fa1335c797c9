"""The six networks side by side."""

import streamlit as st

from ann_core.catalogue import NETWORKS, lesson
from ann_core.lessons.home import portraits
from ann_core.ui.language import tr
from ann_core.ui.page import frame

COLUMNS = 3
ASPECTS = ("takes", "remembers", "good_at")


def draw() -> None:
    frame.section("home", "networks")
    places = list(NETWORKS.items())
    for first in range(0, len(places), COLUMNS):
        for column, (key, icon) in zip(st.columns(COLUMNS), places[first : first + COLUMNS], strict=True):
            with column.container(border=True, height="stretch", key=f"network_{key}"):
                st.markdown(f"#### {icon} {tr(f'lesson.{key}.title')}")
                st.markdown(tr(f"lesson.{key}.summary"))
                portraits.draw(key)
                lines = [f"- **{tr(f'home.{aspect}')}** {tr(f'network.{key}.{aspect}')}" for aspect in ASPECTS]
                st.markdown("\n".join(lines))
                st.page_link(lesson(key).page, label=tr("home.open"), icon=":material/arrow_forward:")
