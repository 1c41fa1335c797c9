"""An experiment on the screen: training panel, doctor, pins. What is special to a lesson, it hands over as functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.ui import session
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address
from ann_core.ui.workbench import compare as comparison
from ann_core.ui.workbench import datasets, doctor, panel
from ann_core.ui.workbench.compare import SideBySide
from ann_core.ui.workbench.doctor import ClassNames, Examine
from ann_core.ui.workbench.panel import DrawPart, Preview

Draw = Callable[[], None]


@dataclass(frozen=True)
class Views:
    """What is special to an experiment.

    How a training is drawn, and what is seen before one; what the doctor looks at, and what the classes are called;
    how two runs are shown side by side.
    """

    draw: DrawPart
    examine: Examine
    class_names: ClassNames
    side_by_side: SideBySide
    preview: Preview = lambda: None


def train(experiment: str, views: Views) -> None:
    """The panel with its figures, and the doctor's finding beneath them."""
    panel.panel(experiment, views.draw, views.preview)
    doctor.doctor(experiment, views.examine, views.class_names)


def settings_of(
    experiment: str,
    groups: Mapping[str, Sequence[str]],
    opened: Sequence[str],
    own: Mapping[str, Draw] | None = None,
    notes: Mapping[str, Draw] | None = None,
) -> None:
    """The settings in groups, some of them opened.

    A group in `own` begins with a field that may say "own": then what the learner brings is drawn beneath it. A group in
    `notes` ends with one.
    """
    for name, fields in groups.items():
        with st.expander(tr(f"controls.{name}"), expanded=name in opened):
            if own and name in own:
                _with_own(experiment, fields, own[name])
            else:
                controls.controls(experiment, fields)
            if notes and name in notes:
                notes[name]()


def _with_own(experiment: str, fields: Sequence[str], draw: Draw) -> None:
    controls.controls(experiment, fields[:1])
    if getattr(session.bench(experiment).spec, fields[0]) == "own":
        draw()
    controls.controls(experiment, fields[1:])


def compare(experiment: str, views: Views) -> None:
    """The run beside those that are pinned. Not within the settings' fragment: moving a slider changes nothing here."""
    comparison.compare(experiment, views.side_by_side)


def experiment(
    lesson: Lesson, name: str, views: Views, settings: Draw, above: Draw = lambda: None, wide: bool = False, fragment: str | None = None
) -> None:
    """An experiment: the training, with what stands above it, beside its settings, in a fragment; then the comparison."""
    st.fragment(_training_and_settings, key=fragment)(lesson, name, views, settings, above, wide)
    compare(name, views)


def with_images(lesson: Lesson, experiment: str, groups: Mapping[str, Sequence[str]], views: Views) -> None:
    """An experiment on images: where its data stand, the training beside its settings in groups, the comparison."""
    datasets.data_status(session.bench(experiment).spec.dataset)
    st.fragment(_with_data_status)(lesson, experiment, groups, views)
    compare(experiment, views)


def _with_data_status(lesson: Lesson, experiment: str, groups: Mapping[str, Sequence[str]], views: Views) -> None:
    """The training and its settings; the data's status stands outside the fragment, and follows a change with the whole page."""
    dataset, opened = session.bench(experiment).spec.dataset, [name for name in groups if name != "more"]
    notes = {"data": lambda: datasets.in_use(session.bench(experiment).spec)}
    _training_and_settings(lesson, experiment, views, lambda: settings_of(experiment, groups, opened, notes=notes))
    if session.bench(experiment).spec.dataset != dataset:
        st.rerun()


def _training_and_settings(
    lesson: Lesson, experiment: str, views: Views, settings: Draw, above: Draw = lambda: None, wide: bool = False
) -> None:
    session.put_what_waits()
    controls.preset_choice(experiment)
    training, beside = st.columns([5, 2], gap="medium") if wide else st.columns([2, 1], gap="large")  # a phone shows the first one first
    with beside:
        settings()
    with training:
        above()
        train(experiment, views)
    address.write(lesson)
