"""Train it: two players in the plane, and the stage that shows both."""

from functools import partial

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.gan import beside, own
from ann_core.lessons.gan.picture import film_of
from ann_core.probing.gan import whole
from ann_core.training.engine.tasks import Part
from ann_core.ui import session
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.moments import moment_words
from ann_core.ui.page import frame
from ann_core.ui.workbench import panel, workbench
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT, EXHIBIT = "gan", "stage"
GROUPS = {
    "players": ("generator_layers", "discriminator_layers", "activation"),
    "noise": ("noise_size", "noise_kind", "seed"),
    "learning": ("penalty", "discriminator_steps", "batch_size"),
    "optimiser": ("optimiser", "beta_1", "beta_2"),
}
SETTINGS = Settings(("target", "loss", "playing", "generator_rate", "discriminator_rate", "epochs"), GROUPS, beside=True)

STARTS = {"generator_layers", "discriminator_layers", "activation", "noise_size", "noise_kind", "seed"}
"""Settings that both players begin with."""


def draw(lesson: Lesson) -> None:
    workbench.experiment(lesson, EXPERIMENT, VIEWS, SETTINGS, _layers_shown)
    frame.section("gan", "train")


def _layers_shown() -> None:
    panel.endless(EXPERIMENT)
    controls.controls(EXHIBIT, ("layers_shown",))


def _picked() -> None:
    own.take(session.value(REEL.key)["picked"])


def _options() -> tuple[tuple[str, ...]]:
    return (session.bench(EXHIBIT).spec.layers_shown,)


def beneath(part: Part, live: bool, how: str = "stage.how") -> None:
    """How the film of a game is to be read, and whether the game went beyond all numbers."""
    st.caption(tr(how))
    if live:
        return
    run = session.bench(part.spec.experiment).run
    shown = [checkpoint for checkpoint in run.checkpoints if whole(checkpoint)]
    if run.exploded or len(shown) < len(run.checkpoints):
        st.warning(tr("stage.exploded", moment=moment_words(run.spec, shown[-1].moment)), icon=":material/whatshot:")


def preview(reel: Reel, how: str) -> None:
    """The game before its first round, and how its film is to be read."""
    reel.preview()
    st.caption(tr(how))


REEL = Reel(EXPERIMENT, film_of, {"target", "loss", *STARTS}, options=_options, beneath=beneath, kept=whole, on_picked=_picked)
VIEWS = Views(REEL.draw, beside.examine, beside.part_names, beside.side_by_side, partial(preview, REEL, "stage.how"))
