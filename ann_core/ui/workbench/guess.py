"""Guess, measure, explain: a question, two trainings side by side, and an answer that speaks to the guess."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.charts import comparison
from ann_core.coaching.interventions import interventions
from ann_core.coaching.interventions.intervention import HELD_OUT_SCORE, Intervention, Measure, measured
from ann_core.experiments import experiment_of
from ann_core.spec import Spec, bounds
from ann_core.training.engine.tasks import Job
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.curves import measure_words
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs.settings import change_words, score_words
from ann_core.ui.language import digits, labels, tr
from ann_core.ui.workbench.compare import SideBySide
from ann_core.ui.workbench.datasets import in_use
from ann_core.ui.workbench.panel import awaited, failure_words

SEEDS = 5
AT_ONCE_SECONDS = 20
"""Other seeds are trained without asking where that is to take less."""

Intact = Callable[[], Spec]
"""The learner's settings, as they are now."""


def break_it(experiment: str, intact: Intact, side_by_side: SideBySide, names: Sequence[str] = ()) -> None:
    """What can be broken in an experiment, or these things only, one at a time."""
    table = interventions(experiment)
    table = {name: table[name] for name in names or table}
    live = any(_busy(session.guess(name)) for name in table)
    every = trainings.POLL_SECONDS if live else None
    turns.fragment(_break_it, run_every=every)(table, intact, side_by_side, live)


def _break_it(table: dict[str, Intervention], intact: Intact, side_by_side: SideBySide, live: bool) -> None:
    if not live and any(_busy(session.guess(name)) for name in table):
        st.rerun()  # just asked for: only the whole page can start the polling
    name = _chosen(table)
    with st.container(border=True, key=f"guess_{name}"):
        _ask(table[name], intact(), side_by_side)


def _busy(state: dict) -> bool:
    """Whether something is trained for a question: its two networks, or those of other seeds."""
    return state.get("job") is not None or state.get("seeds_job") is not None


def _chosen(table: dict[str, Intervention]) -> str:
    """What is to be broken; where there is but one thing, that."""
    first = next(iter(table.values()))
    if len(table) == 1:
        return first.name
    described = {"format_func": labels("guess", table), "key": f"{first.experiment}_break", "required": True}
    return st.pills(tr("guess.choose"), list(table), default=first.name, **described)


def _ask(asked: Intervention, spec: Spec, side_by_side: SideBySide) -> None:
    if asked.needs and not getattr(spec, asked.needs):
        st.info(tr(f"guess.without.{asked.needs}"), icon=":material/info:")
        return
    intact, broken = asked.pair(spec)
    state, name = session.guess(asked.name), asked.name
    if state.get("runs") and not trainings.still_current(state["runs"][0]):
        state.clear()
    st.markdown(f"**{tr(f'guess.{name}.question')}**")
    if intact == broken:
        st.info(tr("guess.nothing_to_break"), icon=":material/info:")
        return
    _changes(spec, intact, broken)
    busy = state.get("job") is not None
    options, question = guess_words(asked, intact), _question(asked, intact)
    chosen = st.radio(
        question, asked.guesses, format_func=options.get, index=None, key=f"guess_{name}_answer", disabled=busy, horizontal=True
    )
    described = {"icon": ":material/science:", "disabled": chosen is None or busy, "on_click": _measure, "args": (name, (intact, broken))}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(tr("guess.measure"), key=f"guess_{name}_measure", **described)
        beside = st.container()
    if busy:
        _wait(state, state["job"])
    elif state.get("error") is not None:
        st.error(failure_words(state["error"]))
    elif state.get("runs"):
        _explain(asked, state, side_by_side)
        if state["runs"][0].spec != intact:
            st.caption(f":material/info: {tr('guess.outdated')}")
    elif chosen is None:
        beside.caption(tr("guess.choose_first"))


def _changes(spec: Spec, intact: Spec, broken: Spec) -> None:
    """In what the two networks differ, in what the intact one from the learner's settings, and what data both get."""
    st.caption(tr("guess.change", change=change_words(intact, broken)))
    if intact != spec:
        st.caption(tr("guess.setting", change=change_words(spec, intact)))
    if experiment_of(spec).images:
        in_use(intact)


def _question(asked: Intervention, spec: Spec) -> str:
    """What is to be guessed."""
    if not asked.by_number:
        return tr("guess.your_guess")
    metric = tr(f"metric.{asked.measure.name or spec.measures[1]}")
    return tr("guess.your_guess.share" if asked.in_shares(spec) else "guess.your_guess.ratio", metric=metric)


def guess_words(asked: Intervention, spec: Spec) -> dict[str, str]:
    """What the guesses are called: ranges of a number with their ends, or answers in words."""
    if not asked.by_number:
        return {answer: tr(f"guess.answer.{answer}") for answer in asked.answers}
    form, kind = ("{:.0%}", "share") if asked.in_shares(spec) else ("{:g}", "ratio")
    ends = [form.format(edge) for edge in asked.edges(spec)]
    said = [tr(f"guess.{kind}.below", most=ends[0])]
    said += [tr(f"guess.{kind}.between", least=least, most=most) for least, most in pairwise(ends)]
    return dict(zip(asked.guesses, [*said, tr(f"guess.{kind}.above", least=ends[-1])], strict=True))


def _measure(name: str, pair: tuple[Spec, Spec]) -> None:
    state = session.guess(name)
    state.update(runs=None, error=None, guess=session.value(f"guess_{name}_answer"), seeds=None, seeds_job=None)
    try:
        state["job"] = trainings.open_for(pair)
    except TrainingFailed as error:
        state["error"] = error


def _wait(state: dict, job: Job) -> None:
    if (came := awaited(job, "guess.measuring")) is not None:
        state["job"], (state["runs"], state["error"]) = None, came
        if state["runs"] and (SEEDS - 1) * sum(run.seconds for run in state["runs"]) < AT_ONCE_SECONDS:
            _measure_seeds(state)
        st.rerun()


def _measure_seeds(state: dict) -> None:
    """Train both networks with four more seeds."""
    intact, broken = (run.spec for run in state["runs"])
    seeds = [seed for seed in _seeds(intact) if seed != intact.seed]
    try:
        state["seeds_job"] = trainings.open_for([spec.changed(seed=seed) for seed in seeds for spec in (intact, broken)])
    except TrainingFailed as error:
        state["seeds_error"] = error


def _seeds(spec: Spec) -> list[int]:
    """Five seeds, the learner's own the first, or the last where there are no more."""
    first = min(spec.seed, bounds(type(spec), "seed").high - SEEDS + 1)
    return list(range(first, first + SEEDS))


def _over_seeds(asked: Intervention, state: dict) -> None:
    """How both networks do with five seeds; a button asks for it where it takes long."""
    if state.get("seeds_job") is not None:
        came = awaited(state["seeds_job"], "compare.studying", n=2 * (SEEDS - 1))
        if came is None:
            return
        state["seeds_job"], (runs, state["seeds_error"]) = None, came
        state["seeds"] = tuple(zip(runs[::2], runs[1::2], strict=True)) or None
        st.rerun()
    if state.get("seeds_error") is not None:
        st.error(failure_words(state["seeds_error"]))
    if state.get("seeds"):
        st.markdown(spread_words(asked, [tuple(state["runs"]), *state["seeds"]]))
    else:
        described = {"icon": ":material/casino:", "on_click": _measure_seeds, "args": (state,)}
        st.button(tr("guess.seeds", seeds=SEEDS), key=f"guess_{asked.name}_seeds", **described)


def spread_words(asked: Intervention, pairs: Sequence[tuple[Run, Run]]) -> str:
    """What came out over several seeds: median and spread of both, and with how many the answer is that of the first."""
    spec, truths = pairs[0][0].spec, [asked.truth(*pair) for pair in pairs]
    values = {}
    for name, runs in zip(("intact", "broken"), zip(*pairs, strict=True), strict=True):
        reached = [asked.measure.value(run) for run in runs]
        spread = {"median": np.median(reached), "least": np.min(reached), "most": np.max(reached)}
        values[name] = tr("compare.spread", **{key: score_words(spec, value) for key, value in spread.items()})
    metric = tr(f"metric.{asked.measure.name or spec.measures[1]}")
    return tr("guess.spread", metric=metric, seeds=len(pairs), same=sum(truth == truths[0] for truth in truths), **values)


def _explain(asked: Intervention, state: dict, side_by_side: SideBySide) -> None:
    intact, broken = state["runs"]
    truth, numbers = asked.truth(intact, broken), figures(intact, broken, asked.measure)
    verdict = "guess.right" if state["guess"] == truth else "guess.wrong"
    said = guess_words(asked, intact.spec)
    answers = {"guess": said.get(state["guess"], ""), "truth": said[truth]}
    named = asked.measure.name
    measures = tr(
        "guess.measured_once" if named else "guess.measured",
        metric=measure_words(named or intact.metrics[1], intact.data, broken.data),
        **numbers,
    )
    st.markdown(f"**{tr(verdict, **answers)}**")
    st.markdown(measures)
    st.markdown(tr(f"guess.{asked.name}.because.{asked.judge(intact, broken)}", **numbers))
    if (remark := asked.remark(broken, session.own_data_for(broken.spec))) is not None:
        words, values = remark
        st.markdown(tr(words, **values))
    _over_seeds(asked, state)
    _curves(asked, intact, broken)
    panel = st.expander(tr("guess.film"), icon=":material/view_column_2:", on_change="rerun", key=f"guess_{asked.name}_film")
    if panel.open:
        with panel:
            side_by_side(intact, broken, (tr("guess.intact"), tr(f"guess.{asked.name}")), f"guess_{asked.name}_film_of_two")


def figures(intact: Run, broken: Run, measure: Measure = HELD_OUT_SCORE) -> dict[str, str]:
    """What was measured, as it is written: scores by their kind, losses to three digits."""
    written = {}
    for name, value in measured(intact, broken, measure).items():
        if name == "epochs":
            written[name] = tr("count.epochs", n=value)
        elif name in ("images", "tested"):
            written[name] = f"{value:,}"
        elif name.endswith("_loss"):
            written[name] = digits(value)
        else:
            written[name] = score_words(intact.spec, value)
    return written


def _curves(asked: Intervention, intact: Run, broken: Run) -> None:
    """The measure of both by epoch; of a network that may learn by heart also on what it trains on."""
    score = intact.metrics[1]
    names = tr(f"guess.{asked.name}"), tr("guess.intact")
    histories = [_history(asked.measure, run) for run in (broken, intact)]
    metrics = (asked.measure.name,) if asked.measure.name else (f"val_{score}", score)
    for column, metric in zip(st.columns(2), metrics, strict=False):
        top = None if score == "accuracy" else comparison.calm_top([history[metric].to_numpy() for history in histories])
        said = measure_words(metric, intact.data, broken.data)
        spec = comparison.overlay(said, tr("curve.epoch"), names, (0, 1), intact.spec.epochs, top)
        rows = comparison.overlay_rows(dict(zip(names, histories, strict=True)), metric)
        alt = tr("alt.comparison", metric=said, first=names[0], second=names[1])
        with column:
            figure(spec, rows, Source.runs((intact, broken)), alt, key=f"{asked.name}_curve_{metric}")


def _history(measure: Measure, run: Run) -> pd.DataFrame:
    """What is drawn of a run: its own history, or the course of what is measured."""
    return run.told if measure.course is None else measure.course(run).to_frame(measure.name)
