"""Train it: images, and what the filters find in one of them as they come about."""

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.convolutional import beside
from ann_core.lessons.convolutional.stage import hand
from ann_core.lessons.convolutional.stage.picture import film_of
from ann_core.training.engine.tasks import Part
from ann_core.ui import session
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.figures.images import class_names
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import looking, workbench
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "convolutional"
SETTINGS = Settings(
    ("dataset", "filters", "kernel_size", "learning_rate", "epochs"),
    {
        "data": ("training_images", "scale_pixels"),
        "network": ("activation", "pooling", "dense_units"),
        "learning": ("optimiser", "momentum", "batch_size"),
        "more": ("dropout", "batch_norm", "shuffled_pixels", "seed"),
    },
)
SEEN_AT_ONCE = {
    *("dataset", "scale_pixels", "shuffled_pixels", "seed"),
    *("filters", "kernel_size", "activation", "pooling", "batch_norm", "dense_units"),
}


def draw(lesson: Lesson) -> None:
    workbench.with_images(lesson, EXPERIMENT, SETTINGS, VIEWS, lambda: looking.choose(EXPERIMENT))
    frame.section(EXPERIMENT, "train")


def _beneath(part: Part, live: bool) -> None:
    st.caption(f"{tr('zoom.how')} {tr('looking.maps.legend')}")
    draw_curves(part, live)


def _picked() -> None:
    hand.take(session.value(REEL.key)["picked"])


REEL = looking.reel(EXPERIMENT, film_of, SEEN_AT_ONCE, hand.options, _beneath, _picked, hand.touched)
VIEWS = Views(REEL.draw, beside.examine, class_names, beside.side_by_side, REEL.preview)
