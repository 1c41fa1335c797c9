"""Tells which images there are, and looks for them again."""

import streamlit as st

from ann_core.spec import Spec
from ann_core.training.engine.jobs import Prepared
from ann_core.training.engine.tasks import Task
from ann_core.training.records import TrainingFailed
from ann_core.ui import trainings, turns
from ann_core.ui.figures.images import known
from ann_core.ui.language import sentences, tr
from ann_core.ui.workbench.panel import failure_words


def data_status(dataset: str, was_done: bool) -> Prepared | None:
    """Say where this data set stands: looked for, here, or replaced by the small digits, and why.

    What stands above it was drawn when the search `was_done`, or not: if it has ended meanwhile, that is drawn again.
    """
    task = trainings.preparation(dataset)
    done = task.done
    turns.fragment(_status, run_every=None if done else trainings.poll_seconds(None))(dataset, task, was_done)
    return task.result() if done and not task.outcome.exception() else None


def _status(dataset: str, search: Task, was_done: bool) -> None:
    """The status; the page was drawn with this search, which was done then or not, and follows where that has changed."""
    if trainings.preparation(dataset) is not search or (search.done and not was_done):
        st.rerun()
    with st.container(key=f"data_status_{dataset}"):
        try:
            found = trainings.prepared(dataset)
        except TrainingFailed as error:
            st.warning(failure_words(error), icon=":material/cloud_off:")
            _retry(dataset)
            return
        if found is None:
            message = search.message
            share = message.done / message.total if message and message.total else 0.0
            st.progress(share, text=trainings.search_words(dataset))
            return
        _found(found)


def _found(found: Prepared) -> None:
    values = {"asked": tr(f"choice.{found.data.asked}"), "name": tr(f"choice.{found.data.name}")}
    counts = {"training": f"{found.data.training:,}", "testing": f"{found.data.testing:,}"}
    if found.problem is None:
        st.caption(f":material/database: {tr(f'data.here.{found.data.source}', **values, **counts)}")
        return
    reason = tr(f"data.problem.{found.problem.code}", **found.problem.values)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(sentences(reason, tr("data.fallback", **values, **counts)), icon=":material/cloud_off:")
        _retry(found.data.asked)


def in_use(spec: Spec) -> None:
    """Where a training would use other images than the settings say, or fewer: which, and how many."""
    found = known(spec.dataset)
    if found and (found.data.name != spec.dataset or found.data.training < spec.training_images):
        count = min(found.data.training, spec.training_images)
        st.caption(f":material/info: {tr('data.in_use', name=tr(f'choice.{found.data.name}'), training=f'{count:,}')}")


def _retry(dataset: str) -> None:
    st.button(tr("data.retry"), key=f"data_retry_{dataset}", icon=":material/refresh:", on_click=trainings.prepare_again, args=(dataset,))
