"""An experiment on the screen: training panel, doctor, pins. What is special to a lesson, it hands over as functions."""

from dataclasses import dataclass, replace

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.ui import session, trainings, turns
from ann_core.ui.page import address
from ann_core.ui.workbench import compare as comparison
from ann_core.ui.workbench import datasets, doctor, panel
from ann_core.ui.workbench.compare import SideBySide
from ann_core.ui.workbench.doctor import ClassNames, Examine
from ann_core.ui.workbench.panel import DrawPart, Preview
from ann_core.ui.workbench.stage import Draw, Settings, nothing, stage


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
    """The figures of the training, and the doctor's finding beneath them."""
    panel.figures(experiment, views.draw, views.preview)
    doctor.doctor(experiment, views.examine, views.class_names)


def compare(experiment: str, views: Views) -> None:
    """The run beside those that are pinned. Not within the settings' fragment: moving a slider changes nothing here."""
    comparison.compare(experiment, views.side_by_side)


def experiment(lesson: Lesson, name: str, views: Views, settings: Settings, above: Draw = nothing, fragment: str | None = None) -> None:
    """An experiment: its stage, in a fragment, with what stands above the picture; then the comparison."""
    turns.fragment(_stage, key=fragment)(lesson, name, views, settings, above)
    compare(name, views)


def with_images(
    lesson: Lesson, experiment: str, settings: Settings, views: Views, beside: Draw = nothing, fragment: str | None = None
) -> None:
    """An experiment on images: its stage, in a fragment, with what stands beside the buttons; where its data stand, the comparison."""
    found = trainings.preparation(session.bench(experiment).spec.dataset).done
    turns.fragment(_with_data_status, key=fragment)(lesson, experiment, settings, views, beside)
    datasets.data_status(session.bench(experiment).spec.dataset, found)
    compare(experiment, views)


def _with_data_status(lesson: Lesson, experiment: str, settings: Settings, views: Views, beside: Draw) -> None:
    """The stage; the data's status stands outside the fragment, and follows a change with the whole page."""
    dataset = session.bench(experiment).spec.dataset
    notes = {"data": lambda: datasets.in_use(session.bench(experiment).spec)}
    _stage(lesson, experiment, views, replace(settings, notes=notes), beside=beside)
    if session.bench(experiment).spec.dataset != dataset:
        st.rerun()


def _stage(lesson: Lesson, name: str, views: Views, settings: Settings, above: Draw = nothing, beside: Draw = nothing) -> None:
    def bar() -> None:
        panel.buttons(name)
        beside()

    stage(name, settings, bar, lambda: train(name, views), above)
    address.write(lesson)
