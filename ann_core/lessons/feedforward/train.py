"""Train it: the training beside its settings."""

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.curves import curve_rows, learning_curve
from ann_core.lessons.feedforward import beside
from ann_core.training.tasks import Part
from ann_core.ui import address, controls, datasets, frame, session, workbench
from ann_core.ui.figure import Source, figure
from ann_core.ui.language import tr
from ann_core.ui.workbench import Views

EXPERIMENT = "feedforward"
GROUPS = {
    "data": ("dataset", "training_images", "scale_pixels"),
    "network": ("hidden_units", "activation"),
    "learning": ("optimiser", "learning_rate", "momentum", "batch_size", "epochs"),
    "more": ("dropout", "l2", "shuffled_labels", "seed"),
}


def draw(lesson: Lesson) -> None:
    frame.section("feedforward", "train")
    datasets.data_status(session.bench(EXPERIMENT).spec.dataset)
    st.fragment(_experiment)(lesson)
    workbench.compare(EXPERIMENT, VIEWS)


def _experiment(lesson: Lesson) -> None:
    session.put_what_waits()
    dataset = session.bench(EXPERIMENT).spec.dataset
    controls.preset_choice(EXPERIMENT)
    training, settings = st.columns([2, 1], gap="large")  # a phone shows the first one first
    with settings:
        for name, fields in GROUPS.items():
            with st.expander(tr(f"controls.{name}"), expanded=name != "more"):
                controls.controls(EXPERIMENT, fields)
    with training:
        workbench.train(EXPERIMENT, VIEWS)
    address.write(lesson)
    if session.bench(EXPERIMENT).spec.dataset != dataset:
        st.rerun()


def draw_curves(part: Part, live: bool) -> None:
    """Loss and accuracy, training and validation, as far as they go."""
    names = tr("curve.training"), tr("curve.validation")
    history = part.history
    for metric in ("loss", "accuracy"):
        spec = learning_curve(tr(f"metric.{metric}"), tr("curve.epoch"), *names, part.spec.epochs, share=metric == "accuracy")
        figure(spec, curve_rows(history, metric, *names), _source(part), _alt(metric, part, live), key=f"{EXPERIMENT}_curve_{metric}")


def _source(part: Part) -> Source:
    if part.data is None:
        return Source("run", tr("source.waiting"))
    return Source.training(part.data, part.spec.seed, len(part.rows))


def _alt(metric: str, part: Part, live: bool) -> str:
    if live or not len(part.rows):
        return tr("alt.curve_live", metric=tr(f"metric.{metric}"))
    last = part.history.iloc[-1]
    values = {"training": f"{last[metric]:.3g}", "validation": f"{last[f'val_{metric}']:.3g}"}
    return tr("alt.curve", metric=tr(f"metric.{metric}"), epoch=len(part.rows), **values)


VIEWS = Views(draw_curves, beside.examine, beside.class_names, beside.side_by_side)
