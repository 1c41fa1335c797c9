"""Gate surgery: gates of the trained LSTM are held, and answer, memory and accuracy follow."""

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.lstm import race
from ann_core.lessons.lstm.asked import held_gates, written
from ann_core.lessons.lstm.inside import HOLDS
from ann_core.lessons.lstm.probe import EXAMPLES, film_of, said
from ann_core.probing import recall
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame

EXHIBIT = "operation"


def draw(lesson: Lesson) -> None:
    frame.section("lstm", "operate")
    runs = {name: run for name in ("lstm", "usual_lstm") if (run := race.trained(name)) is not None}
    if runs:
        st.fragment(_operate)(lesson, runs)
    else:
        st.info(tr("operate.train_first"), icon=":material/model_training:")


def _operate(lesson: Lesson, runs: dict[str, Run]) -> None:
    controls.preset_choice(EXHIBIT)
    picture, settings = st.columns([5, 2], gap="medium")
    with settings:
        if len(runs) > 1:
            described = {"format_func": {name: tr(f"choice.{name}") for name in runs}.get, "required": True, "wrap": True}
            name = st.segmented_control(tr("look.who"), list(runs), default=next(iter(runs)), key="operate_who", **described)
        else:
            name = next(iter(runs))
        controls.controls(EXHIBIT, (*HOLDS, "first", "last", "unit"))
    run = runs.get(name) or next(iter(runs.values()))
    with picture:
        _result(run)
    address.write(lesson)


def _result(run: Run) -> None:
    spec = run.spec
    held = held_gates(session.bench(EXHIBIT).spec, spec.gap + 1, spec.units)
    x, symbols = written(spec, EXAMPLES[spec.task])
    found = recall.way(recall.network_of(run), x[None], held)
    before, after = _accuracy(run.key, "", run, {}), _accuracy(run.key, session.bench(EXHIBIT).spec.key(), run, held)
    st.markdown(tr("operate.said", before=f"{before:.1%}", after=f"{after:.1%}", n=recall.JUDGED))
    st.markdown(said(spec, found.answers[0], symbols))
    name = f"{run.key} {session.bench(EXHIBIT).spec.key()} {current()}"
    film(film_of(spec, found, symbols, name, held), Source.run(run), "operate_film")


@st.cache_data(max_entries=256, show_spinner=False)
def _accuracy(run_key: str, operation: str, _run: Run, _held: dict) -> float:
    """The share of right answers on sequences held out while these gates are held."""
    x, y = recall.judged(_run.spec)
    return recall.accuracy(_run.spec, recall.way(recall.network_of(_run), x, _held).answers, y)
