"""Memory horizon: the longest gap that each cell still solves, measured by training at growing gaps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.data.recall import chance
from ann_core.exhibits import HorizonExhibit
from ann_core.lessons.lstm.racers import names_of, racer
from ann_core.spec import bounds
from ann_core.specs import RecallSpec
from ann_core.training.engine.tasks import Job, Snapshot
from ann_core.training.examples.recall import sequences_of
from ann_core.training.records import TrainingFailed
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench.panel import failure_words

EXHIBIT = "horizon"
SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
SOLVED = 0.9


@dataclass
class Measured:
    """What has been measured so far: by racer and gap the accuracies, one a seed, and which seeds. The job and its specs."""

    job: Job | None = None
    tasks: tuple[tuple[str, RecallSpec], ...] = ()
    accuracy: dict[str, dict[int, list[float]]] = field(default_factory=dict)
    base: RecallSpec | None = None
    seeds: tuple[int, ...] = ()
    complete: bool = False
    error: TrainingFailed | None = None


def current() -> Measured:
    return session.kept("_horizon", Measured)


def draw(lesson: Lesson) -> None:
    frame.section("lstm", "horizon")
    every = trainings.POLL_SECONDS_MANY if current().job is not None else None
    turns.fragment(_horizon, run_every=every)(lesson, every is not None)


def gaps(longest: int) -> tuple[int, ...]:
    """Growing gaps up to the longest one."""
    low = bounds(RecallSpec, "gap").low
    return tuple(sorted({max(int(low), round(share * longest)) for share in SHARES}))


def tasks_of(spec: RecallSpec, asked: HorizonExhibit) -> tuple[tuple[str, RecallSpec], ...]:
    """All trainings of a measurement, short gaps first: the name of the racer, and its spec."""
    top = bounds(RecallSpec, "seed").high
    seeds = [min(spec.seed + number, top - asked.seeds + 1 + number) for number in range(asked.seeds)]
    names = names_of(asked.cells)
    return tuple((name, racer(spec.changed(gap=gap, seed=seed), name)) for gap in gaps(asked.longest) for name in names for seed in seeds)


def _horizon(lesson: Lesson, live: bool) -> None:
    state = current()
    if state.job is not None and not live:
        st.rerun()
    controls.controls(EXHIBIT, ("cells",))
    picture, settings = frame.picture_and_settings("horizon")
    with settings:
        controls.controls(EXHIBIT, ("longest", "seeds"))
    with picture:
        _buttons(state)
        if state.job is not None:
            _follow(state)
        if state.error is not None:
            st.error(failure_words(state.error))
        if state.accuracy:
            _draw(state)
        else:
            asked = tasks_of(session.bench("recall").spec, session.bench(EXHIBIT).spec)
            st.caption(tr("horizon.how", n=len(asked), gaps=tr("list.comma").join(map(str, gaps(session.bench(EXHIBIT).spec.longest)))))
    address.write(lesson)


def _buttons(state: Measured) -> None:
    with st.container(horizontal=True, key="horizon_buttons"):
        described = {"icon": ":material/science:", "type": "primary", "on_click": _begin, "disabled": state.job is not None}
        st.button(tr("horizon.measure"), key="horizon_measure", **described)
        st.button(tr("panel.stop"), key="horizon_stop", icon=":material/stop:", on_click=_stop, disabled=state.job is None)


def _begin() -> None:
    state, spec = current(), session.bench("recall").spec
    state.tasks, state.base = tasks_of(spec, session.bench(EXHIBIT).spec), spec
    state.accuracy, state.error, state.complete = {}, None, False
    try:
        state.job = trainings.open_for([each for _, each in state.tasks])
    except TrainingFailed as error:
        state.error = error


def _stop() -> None:
    """End the measurement, and keep what was measured."""
    state = current()
    if state.job is None:
        return
    _keep(state, state.job.snapshot())
    if state.job.watchers - {session.watcher().id}:
        session.watcher().leave()
    else:
        state.job.cancel()
    state.job = None


def _keep(state: Measured, snapshot: Snapshot) -> None:
    """The accuracy of every training that has come to its end."""
    found: dict[str, dict[int, list[float]]] = {}
    seeds = set()
    for (name, spec), part in zip(state.tasks, snapshot.parts, strict=True):
        if len(part.rows) >= spec.epochs:
            seeds.add(spec.seed)
            found.setdefault(name, {}).setdefault(spec.gap, []).append(float(part.rows[-1, spec.metrics.index("val_accuracy")]))
    state.accuracy, state.seeds = found or state.accuracy, tuple(sorted(seeds)) or state.seeds


def _follow(state: Measured) -> None:
    snapshot = state.job.snapshot()
    _keep(state, snapshot)
    if snapshot.state in ("queued", "running") and session.watcher().job is state.job:
        done = sum(len(part.rows) >= part.spec.epochs for part in snapshot.parts)
        st.progress(min(snapshot.share, 1.0), text=tr("horizon.running", done=done, n=len(snapshot.parts)))
        return
    state.job, state.complete, state.error = None, snapshot.state == "finished", snapshot.error
    st.rerun()


def _draw(state: Measured) -> None:
    """The median accuracy by gap, and a dot for every seed."""
    task = state.base.task
    level = chance(task, sequences_of(state.base).y[state.base.examples :])
    names = names_of(state.accuracy)
    longest = max(gap for found in state.accuracy.values() for gap in found)
    lines = {tr(f"choice.{name}"): _medians(state.accuracy[name]) for name in names}
    dots = {tr(f"choice.{name}"): _dots(state.accuracy[name]) for name in names}
    guess = tr("race.chance")
    lines[guess] = (0, longest), (level, level)
    chart = functions.functions(
        tr("field.gap"), tr("metric.val_accuracy"), tuple(lines), (0, longest * 1.02), (0, 1.02), dashed=(guess,), whole=True
    )
    figure(chart, functions.function_rows(lines, dots), source_of(state.seeds), tr("horizon.alt"), "lstm_horizon")
    for name in names:
        st.markdown(f"- {reached(tr(f'choice.{name}'), state.accuracy[name], state.base.epochs)}")
    if not state.complete and state.job is None:
        st.caption(tr("horizon.partial"))


def source_of(seeds: tuple[int, ...]) -> Source:
    """The seeds that were measured with."""
    if len(seeds) == 1:
        return Source("run", tr("source.seed", seed=seeds[0]))
    return Source("run", tr("source.seeds", first=seeds[0], last=seeds[-1]))


def _medians(found: Mapping[int, list[float]]) -> tuple[np.ndarray, np.ndarray]:
    at = sorted(found)
    return np.array(at), np.array([np.median(found[gap]) for gap in at])


def _dots(found: Mapping[int, list[float]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(gap, value) for gap in sorted(found) for value in found[gap]]
    return np.array([gap for gap, _ in pairs]), np.array([value for _, value in pairs])


def horizon_of(found: Mapping[int, list[float]]) -> int:
    """The longest gap up to which the median accuracy stays above what counts as solved; 0 where there is none."""
    solved = 0
    for gap, median in zip(*_medians(found), strict=True):
        if round(median, 3) < SOLVED:
            break
        solved = int(gap)
    return solved


def reached(name: str, found: Mapping[int, list[float]], epochs: int) -> str:
    """How far a cell's memory reached in these trainings, in words: the last gap solved, and what came of the next one."""
    solved = horizon_of(found)
    beyond = min((gap for gap in found if gap > solved), default=solved)
    values = {"name": name, "epochs": tr("count.epochs", n=epochs), "share": f"{SOLVED:.0%}", "n": len(found[beyond])}
    if solved == beyond:
        return tr("horizon.all", gap=solved, **values)
    values |= {"beyond": beyond, "reached": f"{np.median(found[beyond]):.1%}"}
    return tr("horizon.up_to", gap=solved, **values) if solved else tr("horizon.none", **values)
