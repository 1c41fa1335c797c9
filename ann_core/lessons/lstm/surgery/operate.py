"""Gate surgery: gates of the trained LSTM are held, and answer, memory and accuracy follow."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import classes
from ann_core.charts.sequences.lstm import Cells
from ann_core.data.recall import chance
from ann_core.exhibits import OperationExhibit
from ann_core.exhibits.sequences import MOST_HOLDS
from ann_core.lessons.lstm import race
from ann_core.lessons.lstm.asked import LETTERS, held_gates, holds_of, placed
from ann_core.lessons.lstm.inside import HOLDS
from ann_core.lessons.lstm.probe import film_of, panels_of, said, typed
from ann_core.lessons.lstm.surgery import goals, hand
from ann_core.maths.networks.recurrent import answered, end
from ann_core.probing import recall
from ann_core.specs import RecallSpec
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, labels, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = hand.EXHIBIT
PRESET = OperationExhibit.query_key("preset")
LEANING = 0.25
OPERABLE = ("lstm", "usual_lstm")


def draw(lesson: Lesson) -> None:
    frame.section("lstm", "operate")
    runs = {name: run for name in OPERABLE if (run := race.trained(name)) is not None}
    if runs:
        turns.fragment(_operate)(lesson, runs)
    else:
        not_yet("operate.train_first", race.begun(OPERABLE))


def _operate(lesson: Lesson, runs: dict[str, Run]) -> None:
    name = next(iter(runs))
    if len(runs) > 1:
        described = {"format_func": {name: tr(f"choice.{name}") for name in runs}.get, "required": True, "wrap": True}
        name = st.segmented_control(tr("look.who"), list(runs), default=name, key="operate_who", **described)
    run = runs.get(name) or next(iter(runs.values()))
    steps = run.spec.gap + 1
    left, right = st.columns(2)
    with left:
        _presets(steps)
    with right:
        goal = goals.choose(run)
    above = st.container()
    with st.expander(tr("operate.by_sliders"), icon=":material/tune:", key="operation_sliders"):
        controls.row(EXHIBIT, HOLDS)
        for column, (field, low, high) in zip(
            st.columns(3), (("first", 1, steps), ("last", 1, steps), ("unit", 0, run.spec.units)), strict=True
        ):
            with column:
                _slider(field, low, high)
    operation = session.bench(EXHIBIT).spec
    held = held_gates(operation, steps, run.spec.units)
    with above:
        about = goals.draw(run, goal, held, _key(operation)) if goal != goals.NONE else {}
        _picture(run, operation, held, goal, about)
    _answered(run, operation, held)
    address.write(lesson)


def _key(operation: OperationExhibit) -> str:
    """What is held, as text."""
    return operation.changed(goal=goals.NONE).key()


def _presets(steps: int) -> None:
    """What can be done at a touch, at steps that these sequences have; what equals the settings is marked."""
    now = session.bench(EXHIBIT).spec.changed(goal=goals.NONE)
    same = [name for name in OperationExhibit.presets if placed(name, steps) == now]
    session.put(PRESET, same[0] if same else None)
    listed = list(OperationExhibit.presets)
    described = {"format_func": labels("preset.operation", listed), "key": PRESET, "on_change": _place, "args": (steps,)}
    st.pills(tr("controls.preset"), listed, **described)


def _place(steps: int) -> None:
    name = session.value(PRESET)
    if name in OperationExhibit.presets:
        controls.fill(placed(name, steps).changed(goal=session.bench(EXHIBIT).spec.goal))


def _slider(field: str, low: int, high: int) -> None:
    """A slider that ends where this network ends."""
    bench, key = session.bench(EXHIBIT), OperationExhibit.query_key(field)
    before = session.value(key, getattr(bench.spec, field))
    now = min(max(before, low), high)
    if now != before:
        session.put(key, now)
    bench.spec = bench.spec.changed(**{field: st.slider(tr(f"field.{field}"), low, high, now, key=key)})


def _picture(run: Run, operation: OperationExhibit, held: dict[str, np.ndarray], goal: str, about: dict[str, list[Cells]]) -> None:
    """The learner's own sequence on its way, and the gates of the network, over which rectangles are dragged; framed, what it is about."""
    spec = run.spec
    asked = typed(spec, f"operate_text_{goal}", goals.EXAMPLES.get(goal, ""))
    if asked is None:
        return
    x, symbols, text = asked
    found = recall.way(recall.network_of(run), x[None], held)
    st.markdown(said(spec, found.answers[0], x, symbols))
    frames = about | hand.frames_of(holds_of(operation, spec.gap + 1, spec.units))
    panels = panels_of(spec, found, symbols, frames, hand.is_free(operation))
    content = film_of(spec, symbols, panels, f"{run.key} {text} {current()}", hand.offered(operation))
    film(content, Source.run(run), "operate_film", lambda: hand.take(session.value("operate_film")["picked"]))
    st.caption(tr("operate.drag") if hand.is_free(operation) else tr("operate.full", n=MOST_HOLDS))


def _answered(run: Run, operation: OperationExhibit, held: dict[str, np.ndarray]) -> None:
    """What becomes of the answers to many sequences."""
    spec = run.spec
    _, y = recall.judged(spec)
    before, after = _answers(run.key, "", run, {}), _answers(run.key, _key(operation), run, held)
    st.markdown(sentences(*(tr(message, **values) for message, values in outcome(spec, before, after, y, bool(held)))))
    if spec.classes:
        _asked_and_answered(run, after, y)


@st.cache_data(max_entries=128, show_spinner=False)
def _answers(run_key: str, operation: str, _run: Run, _held: dict) -> np.ndarray:
    """The answers to sequences held out while these gates are held."""
    x, _ = recall.judged(_run.spec)
    made = recall.network_of(_run)
    return answered(made, end(made.cell, x.astype(np.float32), _held))


def outcome(spec: RecallSpec, before: np.ndarray, after: np.ndarray, y: np.ndarray, held: bool) -> list[tuple[str, dict]]:
    """What an operation did to the answers (n, outputs) to many sequences, as messages with their values."""
    count, others, lost, gained = recall.changed(spec, before, after, y)
    accuracy = recall.accuracy(spec, after, y)
    if not held:
        return [("operate.untouched", {"n": count, "share": f"{accuracy:.1%}"})]
    told = [("operate.said", {"n": count, "before": f"{recall.accuracy(spec, before, y):.1%}", "after": f"{accuracy:.1%}"})]
    if not others:
        return [*told, ("operate.unnoticed" if spec.classes else "operate.unnoticed_sums", {})]
    told.append(("operate.changed" if spec.classes else "operate.changed_sums", {"n": others, "lost": lost, "gained": gained}))
    if spec.classes:
        told += _leaning(spec, after, y)
    level = chance(spec.task, y)
    if recall.not_above(accuracy, level, count):
        told.append(("operate.no_better" if spec.classes else "operate.no_better_sums", {"level": f"{level:.1%}"}))
    return told


def _leaning(spec: RecallSpec, answers: np.ndarray, y: np.ndarray) -> list[tuple[str, dict]]:
    """Whether one answer is given to all, or far more often than it is asked for."""
    counts = recall.asked_and_answered(spec, answers, y)
    often = int(counts.sum(axis=0).argmax())
    given, asked = int(counts[:, often].sum()), int(counts[often].sum())
    values = {"answer": names_of(spec)[often], "asked": asked, "n": given}
    if given == len(y):
        return [("operate.always", values)]
    return [("operate.mostly", values)] if given >= asked + LEANING * len(y) else []


def names_of(spec: RecallSpec) -> tuple[str, ...]:
    """What the answers of a task with classes are called."""
    return tuple(LETTERS) if spec.classes > 2 else (tr("look.no"), tr("look.yes"))


def _asked_and_answered(run: Run, answers: np.ndarray, y: np.ndarray) -> None:
    """Everything that can be asked for, and what was answered."""
    counts = recall.asked_and_answered(run.spec, answers, y)
    chart = classes.confusion(tr("operate.asked"), tr("operate.answered"), names_of(run.spec), tr("operate.sequences"))
    alt = tr("operate.table.alt", n=len(y), right=int(np.trace(counts)))
    figure(chart, classes.confusion_rows(counts, names_of(run.spec)), Source.run(run), alt, "operate_table")
