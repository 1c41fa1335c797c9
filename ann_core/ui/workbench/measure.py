"""Something that a worker measures on a whole data set: a button, how far it is, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ann_core.training.engine.tasks import Task
from ann_core.training.records import TrainingFailed
from ann_core.ui import session, trainings, turns
from ann_core.ui.language import tr
from ann_core.ui.workbench.panel import failure_words

MOST_TASKS = 16


@dataclass
class Measurement:
    """A learner's measurement: what of (`key`), the task while it goes on, then its result or the reason why there is none."""

    key: str = ""
    task: Task | None = None
    result: Any = None
    error: TrainingFailed | None = None


@st.cache_resource(max_entries=MOST_TASKS, show_spinner=False)
def _task(key: str, _function: Callable, _arguments: tuple) -> Task:
    """The task of a measurement, one for all learners who ask for the same."""
    return trainings.engine().call(_function, *_arguments, heavy=True)


def fragment(name: str, section: Callable, *arguments: Any) -> None:
    """Draw a section with a measurement, a fragment of that name; it is looked after while one goes on."""
    live = measurement(name).task is not None
    turns.fragment(section, key=name, run_every=trainings.POLL_SECONDS if live else None)(*arguments, live)


def measurement(name: str) -> Measurement:
    return session.kept(f"_measured_{name}", Measurement)


def measured(name: str, key: str, function: Callable, arguments: Callable[[], tuple], live: bool, at_once: bool = False) -> Any:
    """The result of a measurement, None before it is there: a button asks for it, or nobody need ask, and a bar tells how far it is.

    `key` says what is measured: a result of something else is not shown. `function` is run by a worker with the
    `arguments`, and tells its `share`.
    """
    state = measurement(name)
    if state.key != key:
        state.key, state.task, state.result, state.error = key, None, None, None
    if at_once and state.task is None and state.result is None and state.error is None:
        _begin(state, function, arguments)
    if state.task is not None and not live:
        st.rerun()  # just asked for: only the whole page can start the polling
    with st.container(key=f"{name}_measure"):
        if state.task is not None:
            _wait(state)
        elif state.result is None:
            described = {"icon": ":material/science:", "on_click": _begin, "args": (state, function, arguments)}
            st.button(tr(f"measure.{name}"), key=f"{name}_measure_button", type="primary", **described)
        if state.error is not None:
            st.error(failure_words(state.error))
    return state.result


def _begin(state: Measurement, function: Callable, arguments: Callable[[], tuple]) -> None:
    state.error = None
    given = arguments()
    state.task = _task(f"{function.__name__} {state.key}", function, given)
    if state.task.done and (state.task.outcome.cancelled() or state.task.outcome.exception()):
        _task.clear(f"{function.__name__} {state.key}", function, given)
        state.task = _task(f"{function.__name__} {state.key}", function, given)


def _wait(state: Measurement) -> None:
    task = state.task
    if not task.done:
        share = getattr(task.message, "share", 0.0)
        st.progress(min(share, 1.0), text=tr("measure.running", share=f"{share:.0%}"))
        return
    state.task = None
    if task.outcome.cancelled():
        state.error = TrainingFailed("stopped")
    elif isinstance(error := task.outcome.exception(), TrainingFailed):
        state.error = error
    elif error is not None:
        state.error = TrainingFailed("unexpected", {"detail": str(error)[:300]})
    else:
        state.result = task.result()
    st.rerun()
