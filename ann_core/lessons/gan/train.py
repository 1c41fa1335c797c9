"""Train it: two players in the plane, and the stage that shows both."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.gan import beside, own
from ann_core.lessons.gan.picture import film_of
from ann_core.probing.gan import whole
from ann_core.training.engine.tasks import Part
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.workbench import Views

EXPERIMENT, EXHIBIT = "gan", "stage"
GROUPS = {
    "game": ("target", "loss", "penalty"),
    "players": ("generator_layers", "discriminator_layers", "activation", "noise_size", "noise_kind"),
    "learning": ("generator_rate", "discriminator_rate", "discriminator_steps", "optimiser", "beta_1", "beta_2", "batch_size", "epochs"),
    "more": ("seed",),
}


def draw(lesson: Lesson) -> None:
    frame.section("gan", "train")
    workbench.experiment(lesson, EXPERIMENT, VIEWS, _settings, _layers_shown, wide=True)


def _settings() -> None:
    workbench.settings_of(EXPERIMENT, GROUPS, ("game",), {"game": own.draw})


def _layers_shown() -> None:
    controls.controls(EXHIBIT, ("layers_shown",))


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
        st.warning(tr("stage.exploded", round=shown[-1].epoch), icon=":material/whatshot:")


def _preview() -> None:
    """The real points, before anything is played."""
    spec = session.bench(EXPERIMENT).spec
    if spec.target == "own" and session.own_target().points is None:
        st.info(tr("failure.no_own_target"), icon=":material/brush:")
        return
    content = film_of(spec, (), np.zeros((0, 2)), "preview", False, *_options())
    film(content, Source.exact("source.own" if spec.target == "own" else "source.points"), REEL.key)


REEL = Reel(EXPERIMENT, film_of, _preview, ("target",), _options, beneath, whole)
VIEWS = Views(REEL.draw, beside.examine, beside.part_names, beside.side_by_side, _preview)
