"""The ten building blocks, each with the way to where the learner does it by hand."""

import streamlit as st

from ann_core.catalogue import BLOCKS
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame

COLUMNS = 2


def draw() -> None:
    frame.section("home", "blocks")
    for first in range(0, len(BLOCKS), COLUMNS):
        for column, (number, block) in zip(st.columns(COLUMNS), list(enumerate(BLOCKS, 1))[first : first + COLUMNS], strict=False):
            with column.container(border=True, height="stretch", key=f"block_{block.key}"):
                st.markdown(f"**{number} · {tr(f'block.{block.key}')}**  \n{tr(f'block.{block.key}.what')}")
                if block.lesson == "home":
                    st.markdown(f"[{tr('home.below')}](#{block.section})")
                else:
                    where = {"label": tr(f"section.{block.section}"), "help": tr(f"lesson.{block.lesson}.title")}
                    address.link(block.lesson, block.section, **where)
