"""The game on digits: its settings, and the sheet that is drawn anew as it learns."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel
from ann_core.coaching.diagnoses.gan import GameCase
from ann_core.data.images import CLASSES, DIGITS_TRAINING, centred, small_digits
from ann_core.lessons.gan import train as plane
from ann_core.lessons.gan.digits import sheet
from ann_core.probing.gan import whole
from ann_core.training.engine.tasks import Part
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.compare import film_of_two
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "gan_digits"
FILM_KEY = "gan_digits_film"
GROUPS = plane.GROUPS | {"game": ("loss", "penalty")}


def draw(lesson: Lesson) -> None:
    frame.section("gan", "digits")
    st.fragment(_experiment)(lesson)
    workbench.compare(EXPERIMENT, VIEWS)


def played() -> Run | None:
    """The run at hand, where it has been played and is all finite numbers."""
    run = session.bench(EXPERIMENT).run
    return run if run is not None and run.epochs and whole(run.final) else None


def _experiment(lesson: Lesson) -> None:
    session.put_what_waits()
    controls.preset_choice(EXPERIMENT)
    training, settings = st.columns([5, 2], gap="medium")
    with settings:
        workbench.settings_of(EXPERIMENT, GROUPS, ("game",))
    with training:
        workbench.train(EXPERIMENT, VIEWS)
    address.write(lesson)


def _draw(part: Part, live: bool) -> None:
    """The sheet at the latest moment while the game goes on, then the whole film."""
    run = session.bench(EXPERIMENT).run
    content = sheet.film_of(part.checkpoints[-1:], part.rows, "live", play=False) if live else _film(run.key, current(), run)
    film(content, Source.moment(part), FILM_KEY)
    st.caption(tr("sheet.how"))
    if not live and run.exploded:
        st.warning(tr("points.exploded"), icon=":material/whatshot:")


@st.cache_resource(max_entries=24, show_spinner=False)
def _film(key: str, language: str, _run: Run) -> bytes:
    """The film of a whole run, made once a run and language."""
    return sheet.film_of(_run.checkpoints, _run.rows, key, play=True)


def _preview() -> None:
    film(_real(current()), Source.exact("source.digits"), FILM_KEY)


@st.cache_resource(max_entries=4, show_spinner=False)
def _real(language: str) -> bytes:
    return sheet.preview()


def examine(run: Run) -> GameCase:
    """The run of a game on digits; the parts of its target are the mean images of the ten digits."""
    rows, labels = (part[:DIGITS_TRAINING] for part in small_digits())
    return GameCase(run, np.stack([centred(rows[labels == digit]).mean(axis=0) for digit in range(CLASSES)]))


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """Both sheets at the same moments."""

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        return sheet.panel(checkpoints, name)

    film_of_two(first, second, names, key, panel)


VIEWS = Views(_draw, examine, lambda run: [str(digit) for digit in range(CLASSES)], side_by_side, _preview)
