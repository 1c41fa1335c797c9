"""Train it: a series, the network that is to continue it, the forecast as it comes about."""

from collections.abc import Sequence

import numpy as np

from ann_core.catalogue import Lesson
from ann_core.lessons.recurrent import beside, own, unrolled
from ann_core.lessons.recurrent.at_hand import at_hand
from ann_core.lessons.recurrent.picture import film_of
from ann_core.specs import RecurrentSpec
from ann_core.training.records import Checkpoint
from ann_core.ui import session
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "recurrent"
SETTINGS = Settings(
    ("series", "cell", "units", "learning_rate", "epochs"),
    {
        "data": ("length", "span", "noise", "window", "held_out"),
        "learning": ("optimiser", "momentum", "clip_norm", "batch_size"),
        "more": ("activation", "normalise", "shuffled_order", "recurrence", "seed"),
    },
    own=own.draw,
)
SEEN_AT_ONCE = {
    *("series", "length", "span", "noise", "window", "held_out", "normalise", "shuffled_order"),
    *("cell", "units", "activation", "recurrence", "seed"),
}


def draw(lesson: Lesson) -> None:
    workbench.experiment(lesson, EXPERIMENT, VIEWS, SETTINGS)
    frame.section("recurrent", "train")


def _film(spec: RecurrentSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool, *at: int | None) -> bytes:
    return film_of(at_hand(spec), checkpoints, name, play, *at)


def _picked() -> None:
    unrolled.take(session.value(REEL.key)["picked"])


REEL = Reel(EXPERIMENT, _film, SEEN_AT_ONCE, options=unrolled.options, beneath=draw_curves, on_picked=_picked)
VIEWS = Views(REEL.draw, beside.examine, lambda run: [], beside.side_by_side, REEL.preview)
