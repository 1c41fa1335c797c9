"""The idea: a conveyor belt of memory with three valves, and what it carries in the learner's own network."""

from ann_core.lessons.lstm.belt import picture
from ann_core.ui import turns
from ann_core.ui.page import frame


def draw() -> None:
    frame.section("lstm", "idea")
    turns.fragment(picture.draw)()
    frame.text("lstm", "adding")
