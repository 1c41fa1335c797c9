"""Train it: two players in the plane, and the stage that shows both."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.gan import beside, own
from ann_core.lessons.gan.picture import film_of
from ann_core.training.engine.tasks import Part
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.workbench import Views

EXPERIMENT, EXHIBIT = "gan", "stage"
FILM_KEY = "gan_film"
GROUPS = {
    "game": ("target", "loss", "penalty"),
    "players": ("generator_layers", "discriminator_layers", "activation", "noise_size", "noise_kind"),
    "learning": ("generator_rate", "discriminator_rate", "discriminator_steps", "optimiser", "beta_1", "beta_2", "batch_size", "epochs"),
    "more": ("seed",),
}


def draw(lesson: Lesson) -> None:
    frame.section("gan", "train")
    st.fragment(_experiment)(lesson)
    workbench.compare(EXPERIMENT, VIEWS)


def _experiment(lesson: Lesson) -> None:
    session.put_what_waits()
    controls.preset_choice(EXPERIMENT)
    training, settings = st.columns([5, 2], gap="medium")
    with settings:
        workbench.settings_of(EXPERIMENT, GROUPS, ("game",), {"game": _game})
    with training:
        controls.controls(EXHIBIT, ("layers_shown",))
        workbench.train(EXPERIMENT, VIEWS)
    address.write(lesson)


def _game(fields: Sequence[str]) -> None:
    """What is imitated, with a canvas where it is the learner's own, and the rest."""
    controls.controls(EXPERIMENT, fields[:1])
    if session.bench(EXPERIMENT).spec.target == "own":
        own.draw()
    controls.controls(EXPERIMENT, fields[1:])


def _draw(part: Part, live: bool) -> None:
    """The stage at the latest moment while the game goes on, then the whole film."""
    bench, layers = session.bench(EXPERIMENT), session.bench(EXHIBIT).spec.layers_shown
    if not live and bench.spec.target != bench.run.spec.target:
        _preview()
        st.button(tr("points.back"), key="gan_back", icon=":material/undo:", on_click=controls.fill, args=(bench.run.spec,))
        return
    if live:
        content = film_of(part.spec, part.checkpoints[-1:], part.rows, "live", play=False, layers=layers)
    else:
        content = _whole(bench.run.key, layers, current(), bench.run)
    film(content, Source.moment(part), FILM_KEY)
    st.caption(tr("stage.how"))
    if not live and bench.run.exploded:
        st.warning(tr("points.exploded"), icon=":material/whatshot:")


@st.cache_resource(max_entries=24, show_spinner=False)
def _whole(key: str, layers: tuple[str, ...], language: str, _run: Run) -> bytes:
    """The film of a whole run, made once a run, choice of what is shown, and language."""
    return film_of(_run.spec, _run.checkpoints, _run.rows, key, play=True, layers=layers)


def _preview() -> None:
    """The real points, before anything is played."""
    spec = session.bench(EXPERIMENT).spec
    if spec.target == "own" and session.own_target().points is None:
        st.info(tr("failure.no_own_target"), icon=":material/brush:")
        return
    content = film_of(spec, (), np.zeros((0, 2)), "preview", play=False, layers=session.bench(EXHIBIT).spec.layers_shown)
    film(content, Source.exact("source.own" if spec.target == "own" else "source.points"), FILM_KEY)


VIEWS = Views(_draw, beside.examine, beside.part_names, beside.side_by_side, _preview)
