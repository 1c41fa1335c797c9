"""Train it: a series, the network that is to continue it, the forecast as it comes about."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.recurrent import beside, own
from ann_core.lessons.recurrent.at_hand import at_hand
from ann_core.lessons.recurrent.picture import film_of
from ann_core.specs import RecurrentSpec
from ann_core.training.records import Checkpoint, TrainingFailed
from ann_core.ui import session
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.panel import failure_words
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "recurrent"
GROUPS = {
    "data": ("series", "length", "span", "noise", "window", "held_out"),
    "network": ("cell", "units", "activation"),
    "learning": ("optimiser", "learning_rate", "momentum", "clip_norm", "batch_size", "epochs"),
    "more": ("normalise", "shuffled_order", "recurrence", "seed"),
}
SEEN_AT_ONCE = {"series", "length", "span", "noise"}


def draw(lesson: Lesson) -> None:
    frame.section("recurrent", "train")
    workbench.experiment(lesson, EXPERIMENT, VIEWS, _settings)


def _settings() -> None:
    workbench.settings_of(EXPERIMENT, GROUPS, ("data", "network", "learning"), {"data": own.draw})


def _film(spec: RecurrentSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    return film_of(at_hand(spec), checkpoints, name, play)


def _preview() -> None:
    """The series, before anything is trained on it."""
    spec = session.bench(EXPERIMENT).spec
    try:
        hand = at_hand(spec)
    except TrainingFailed as problem:
        st.info(failure_words(problem), icon=":material/upload_file:")
        return
    source = Source.exact("source.series.own" if spec.series == "own" else "source.series", data=tr(f"choice.{spec.series}"))
    film(film_of(hand, (), "preview", play=False), source, REEL.key)


REEL = Reel(EXPERIMENT, _film, _preview, SEEN_AT_ONCE, beneath=draw_curves)
VIEWS = Views(REEL.draw, beside.examine, lambda run: [], beside.side_by_side, _preview)
