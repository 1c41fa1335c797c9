"""What comparison and doctor need of points: two runs in one film, and what goes through the network."""

import streamlit as st

from ann_core.coaching.diagnoses.supervised import Case
from ann_core.lessons.feedforward.plane.picture import film_of_two
from ann_core.lessons.feedforward.plane.scene import scene_of
from ann_core.training.examples import examples_of
from ann_core.training.records import Run, together
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.language import current
from ann_core.ui.workbench.compare import captions_of_two


def examine(run: Run) -> Case:
    """The points held out, on their way through the network."""
    spec = run.spec
    examples, _ = examples_of(spec, session.own_data_for(spec))
    return Case.of_dense(run, spec.activations, spec.bias, examples.x_val, examples.y_val, spec.classes, examples.y)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """Two runs at the same moments."""
    film(_film(first.key, second.key, names, current(), (first, second)), Source.runs((first, second)), key)


@st.cache_resource(max_entries=12, show_spinner=False)
def _film(first: str, second: str, names: tuple[str, str], language: str, _runs: tuple[Run, Run]) -> bytes:
    leading, shown = together(*_runs)
    scenes = tuple(scene_of(run.spec, checkpoints, run.rows) for run, checkpoints in zip(_runs, shown, strict=True))
    return film_of_two(scenes, names, captions_of_two(_runs, names, leading), f"{first} {second}")
