"""Guess, measure, explain: a question, two trainings side by side, and an answer that speaks to the guess."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from ann_core.spec import Spec
from ann_core.training.records import Run, TrainingFailed
from ann_core.training.tasks import Job
from ann_core.ui import session, trainings
from ann_core.ui.language import labels, sentences, tr
from ann_core.ui.panel import failure_words


@dataclass(frozen=True)
class Question:
    """An intervention: a change of the spec, the answers to choose from, and how to read the true one off two runs."""

    name: str
    change: dict
    answers: Sequence[str]
    judge: Callable[[Run, Run], str]


def ask(question: Question, intact: Spec, draw: Callable[[Run, Run], None], values: Callable[[Run, Run], dict]) -> None:
    """Draw the question, measure when asked to, and explain. `values` fill in the words of the explanation."""
    state = session.guess(question.name)
    if state.get("runs") and not trainings.still_current(state["runs"][0]):
        state.clear()
    live = state.get("job") is not None
    st.fragment(_ask, run_every=trainings.POLL_SECONDS if live else None)(question, intact, draw, values, live)


def _ask(question: Question, intact: Spec, draw, values, live: bool) -> None:
    state, name = session.guess(question.name), question.name
    if state.get("job") is not None and not live:
        st.rerun()  # just asked for: only the whole page can start the polling
    with st.container(border=True, key=f"guess_{name}"):
        st.markdown(f"**{tr(f'guess.{name}.question')}**")
        chosen = st.radio(
            tr("guess.your_guess"),
            question.answers,
            format_func=labels(f"guess.{name}", question.answers),
            index=None,
            key=f"guess_{name}_answer",
            disabled=state.get("job") is not None,
        )
        pair = (intact, intact.changed(**question.change))
        disabled = chosen is None or state.get("job") is not None
        st.button(
            tr("guess.measure"),
            key=f"guess_{name}_measure",
            icon=":material/science:",
            disabled=disabled,
            on_click=_measure,
            args=(name, pair),
        )
        if chosen is None and not state.get("runs"):
            st.caption(tr("guess.choose_first"))
        if state.get("job") is not None:
            _wait(state, state["job"])
        elif state.get("error") is not None:
            st.error(failure_words(state["error"]))
        elif state.get("runs"):
            _explain(question, state, draw, values)


def _measure(name: str, pair: tuple[Spec, Spec]) -> None:
    state = session.guess(name)
    state.update(runs=None, error=None, guess=session.value(f"guess_{name}_answer"))
    try:
        source = trainings.found(pair[0])
    except TrainingFailed as error:
        state["error"] = error
        return
    if source is None:
        st.toast(tr("data.looking"))
        return
    state["job"] = trainings.open_job(tuple(trainings.assignment_to(spec, None) for spec in pair), (source.fingerprint,))


def _wait(state: dict, job: Job) -> None:
    snapshot = job.snapshot()
    if snapshot.state in ("queued", "running") and session.watcher().job is job:
        st.progress(min(snapshot.share, 1.0), text=tr("guess.measuring", share=f"{snapshot.share:.0%}"))
        return
    state["job"] = None
    if snapshot.error is not None:
        state["error"] = snapshot.error
    elif snapshot.state == "finished":
        state["runs"] = tuple(job.result())
    else:
        state["error"] = TrainingFailed("stopped")
    st.rerun()


def _explain(question: Question, state: dict, draw, values) -> None:
    intact, broken = state["runs"]
    truth = question.judge(intact, broken)
    numbers = values(intact, broken)
    verdict = "guess.right" if state["guess"] == truth else "guess.wrong"
    answers = {"guess": tr(f"guess.{question.name}.{state['guess']}"), "truth": tr(f"guess.{question.name}.{truth}")}
    st.markdown(sentences(f"**{tr(verdict, **answers)}**", tr(f"guess.{question.name}.measured", **numbers)))
    draw(intact, broken)
    st.markdown(tr(f"guess.{question.name}.because.{truth}", **numbers))
