"""Pin and compare: runs kept beside the learner's own, their curves in one chart, two of them in one film, and five seeds."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from ann_core.charts import comparison
from ann_core.charts.film import Panel, packed
from ann_core.spec import bounds
from ann_core.training.engine.tasks import Part
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint, Run, TrainingFailed, together
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.curves import measure_words
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.inputs.settings import difference_words, score_words
from ann_core.ui.language import current, tr
from ann_core.ui.moments import headed
from ann_core.ui.session import Bench, Study
from ann_core.ui.workbench.panel import awaited, failure_words

LETTERS = ("A", "B", "C", "D")
SEEDS = 5

SideBySide = Callable[[Run, Run, tuple[str, str], str], None]
"""Draws two runs at the same moments, under these names, as a film with this key."""


def compare(experiment: str, side_by_side: SideBySide) -> None:
    """What a learner has pinned, beside the run at hand."""
    bench = session.bench(experiment)
    for letter in [letter for letter, run in bench.pins.items() if not trainings.still_current(run)]:
        del bench.pins[letter]
    busy = bench.study_job is not None or (bench.job is not None and bool(bench.pins))
    every = trainings.poll_seconds(bench.study_job or bench.job) if busy else None
    turns.fragment(_compare, run_every=every)(experiment, side_by_side, every)


def pin(bench: Bench, run: Run) -> None:
    """Keep a run for comparison; where there is no letter left, in the place of the oldest."""
    same = [letter for letter, pinned in bench.pins.items() if pinned.key == run.key]
    if same:
        return
    if len(bench.pins) == len(LETTERS):
        del bench.pins[next(iter(bench.pins))]
    letter = next(letter for letter in LETTERS if letter not in bench.pins)
    bench.pins[letter] = replace(run, state=(), predictions=None)  # what only training further needs


def _compare(experiment: str, side_by_side: SideBySide, every: float | None) -> None:
    bench = session.bench(experiment)
    if bench.study_job is not None and every is None:
        st.rerun()  # just begun from here: only the whole page can start the polling
    part = _current(bench)
    if part is None and not bench.pins and not bench.studies and bench.study_job is None:
        return
    with st.container(key=f"{experiment}_compare"):
        _buttons(experiment, bench)
        if bench.pins:
            _pins(experiment, bench, part)
            _curves(experiment, bench, part)
            _two(experiment, bench, side_by_side)
        else:
            st.caption(tr("compare.how"))
        _seeds(experiment, bench)


def _current(bench: Bench) -> Part | None:
    """The learner's own training: the run, or as far as it has come."""
    if bench.job is not None:
        return bench.job.snapshot().parts[0]
    return Part.of(bench.run) if bench.run is not None else None


def _buttons(experiment: str, bench: Bench) -> None:
    run = bench.run
    pinned = run is not None and run.key in {each.key for each in bench.pins.values()}
    with st.container(horizontal=True, vertical_alignment="center", key=f"{experiment}_compare_buttons"):
        st.markdown(f"**{tr('compare.title')}**", width="content")
        nothing = run is None or not run.epochs or bench.busy or pinned or len(bench.pins) == len(LETTERS)
        _button(experiment, "pin", ":material/keep:", _pin, nothing)
        _button(experiment, "seeds", ":material/casino:", _study, bench.busy or bench.study_job is not None)
        _button(experiment, "unpin_all", ":material/keep_off:", _clear, not bench.pins and not bench.studies)


def _button(experiment: str, name: str, icon: str, action: Callable, disabled: bool) -> None:
    st.button(tr(f"compare.{name}"), key=f"{experiment}_{name}", icon=icon, on_click=action, args=(experiment,), disabled=disabled)


def _pin(experiment: str) -> None:
    bench = session.bench(experiment)
    pin(bench, bench.run)


def _clear(experiment: str) -> None:
    bench = session.bench(experiment)
    bench.pins.clear()
    bench.studies.clear()


def _pins(experiment: str, bench: Bench, part: Part | None) -> None:
    """A line for each pinned run: what differs from the settings at hand, what it came to, and what can be done with it."""
    reference = part.spec if part is not None else bench.spec
    if part is not None and len(part.rows):
        st.markdown(f"**{tr('compare.current')}** · {_score(part)}")
    for letter, run in bench.pins.items():
        differs = difference_words(run.spec, reference) or tr("compare.same")
        with st.container(horizontal=True, vertical_alignment="center", key=f"{experiment}_pinned_{letter}"):
            st.markdown(f"**{tr('compare.pinned', letter=letter)}** · {_score(Part.of(run))} · {differs}")
            _small_button(experiment, "back", letter, ":material/settings_backup_restore:", _take_settings)
            _small_button(experiment, "unpin", letter, ":material/close:", _unpin)
    differing = [run for run in bench.pins.values() if len(run.spec.differences(reference)) > 1]
    if differing:
        st.caption(f":material/info: {tr('compare.several')}")


def _small_button(experiment: str, name: str, letter: str, icon: str, action: Callable) -> None:
    described = {"icon": icon, "type": "tertiary", "on_click": action, "args": (experiment, letter)}
    st.button(tr(f"compare.{name}"), key=f"{experiment}_{name}_{letter}", **described)


def _score(part: Part) -> str:
    """How a run does on the examples held out, or where there are none, on those it trains on."""
    score = part.spec.measures[1]
    words = "compare.score_training" if part.spec.metrics[-1] == score else "compare.score"
    return tr(words, metric=measure_words(score, part.data), value=score_words(part.spec, part.told.iloc[-1, -1]))


def _unpin(experiment: str, letter: str) -> None:
    session.bench(experiment).pins.pop(letter, None)


def _take_settings(experiment: str, letter: str) -> None:
    """Back to the settings of a pinned run."""
    bench = session.bench(experiment)
    controls.fill(bench.pins[letter].spec, session.put_later)
    st.rerun()


def _curves(experiment: str, bench: Bench, part: Part | None) -> None:
    """The measures of all these runs on the same axes, for the examples held out or for those trained on."""
    kinds = {"val_": tr("compare.held_out"), "": tr("compare.training")}
    kind = st.segmented_control(
        tr("compare.measured_on"), list(kinds), format_func=kinds.get, default="val_", key=f"{experiment}_compare_on", required=True
    )
    histories = {tr("compare.current"): part.told} if part is not None else {}
    histories |= {tr("compare.pinned", letter=letter): run.told for letter, run in bench.pins.items()}
    sources = [each.data for each in (part, *bench.pins.values()) if each is not None]
    colours = ([0] if part is not None else []) + [LETTERS.index(letter) + 1 for letter in bench.pins]
    specs = [*([part.spec] if part is not None else []), *(run.spec for run in bench.pins.values())]
    epochs = max(max(spec.epochs, len(history)) for spec, history in zip(specs, histories.values(), strict=True))
    names = tuple(histories)
    for column, measure in zip(st.columns(2), specs[0].measures, strict=True):
        metric = f"{kind}{measure}"
        shown = {name: history for name, history in histories.items() if metric in history}
        if not shown:
            column.info(tr("compare.nothing_held_out"), icon=":material/info:")
            continue
        finished = [*bench.pins.values(), *([bench.run] if bench.job is None and bench.run is not None else [])]
        ended = [run.told[metric].to_numpy() for run in finished if metric in run.metrics]
        top = None if measure == "accuracy" else comparison.calm_top(ended)
        named = measure_words(metric, *sources)
        spec = comparison.overlay(named, tr("curve.epoch"), names, tuple(colours), epochs, top)
        with column:
            rows = comparison.overlay_rows(shown, metric)
            figure(
                spec,
                rows,
                Source.runs([*bench.pins.values(), *([part] if part is not None else [])]),
                tr("alt.compare", metric=named, n=len(names)),
                f"{experiment}_compare_{measure}",
            )


def _two(experiment: str, bench: Bench, side_by_side: SideBySide) -> None:
    """Two runs at the same moment of their training; opened when asked for."""
    panel = st.expander(tr("compare.film"), icon=":material/view_column_2:", on_change="rerun", key=f"{experiment}_compare_film")
    if not panel.open:
        return
    with panel:
        if bench.run is None:
            st.caption(tr("compare.film_later"))
            return
        letters = list(bench.pins)
        key = f"{experiment}_compare_with"
        if session.value(key) not in letters:
            session.put(key, letters[-1])
        letter = st.segmented_control(tr("compare.with"), letters, key=key, required=True) if len(letters) > 1 else letters[0]
        names = tr("compare.current"), tr("compare.pinned", letter=letter)
        side_by_side(bench.run, bench.pins[letter], names, f"{experiment}_film_of_two")


def film_of_two(first: Run, second: Run, names: tuple[str, str], key: str, panel: Callable[[str, tuple[Checkpoint, ...]], Panel]) -> None:
    """Two runs at the same moments, with a panel for each, made from its name and its checkpoints."""
    film(_film_of_two(first.key, second.key, names, current(), (first, second), panel), Source.runs((first, second)), key)


@st.cache_resource(max_entries=12, show_spinner=False)
def _film_of_two(first: str, second: str, names: tuple[str, str], language: str, _runs: tuple[Run, Run], _panel: Callable) -> bytes:
    leading, shown = together(*_runs)
    panels = [_panel(name, checkpoints) for name, checkpoints in zip(names, shown, strict=True)]
    return packed(panels, captions_of_two(_runs, names, leading), words(), f"{first} {second}", play=False, columns=len(names))


def captions_of_two(runs: tuple[Run, Run], names: tuple[str, str], leading: Sequence[Checkpoint]) -> list[str]:
    """What a film of two runs says at each moment: which one it is; after an epoch, the score of both on the examples held out."""
    spec = max(runs, key=lambda run: run.epochs).spec
    return [" · ".join([headed(spec, each.moment), *_scores_at(runs, names, each.moment)]) for each in leading]


def _scores_at(runs: tuple[Run, Run], names: tuple[str, str], moment: Moment) -> list[str]:
    epoch, within = moment
    scores = []
    for run, name in zip(runs, names, strict=True):
        if epoch and not within and run.epochs:
            value = run.told[run.metrics[-1]].iloc[min(epoch, run.epochs) - 1]
            scores.append(tr("film.score", name=name, value=score_words(run.spec, value)))
    return scores


def _study(experiment: str) -> None:
    """Begin the trainings of the settings at hand with several seeds, the learner's own first."""
    bench = session.bench(experiment)
    bench.study_error = None
    first = min(bench.spec.seed, bounds(type(bench.spec), "seed").high - SEEDS + 1)
    specs = [bench.spec.changed(seed=seed) for seed in range(first, first + SEEDS)]
    try:
        bench.study_job = trainings.open_for(specs)
    except TrainingFailed as error:
        bench.study_error = error


def _seeds(experiment: str, bench: Bench) -> None:
    """The experiment over several seeds: how far it is, what it came to."""
    if bench.study_job is not None:
        _wait(bench)
    if bench.study_error is not None:
        st.error(failure_words(bench.study_error))
    if bench.studies:
        _bands(experiment, bench)


def _wait(bench: Bench) -> None:
    came = awaited(bench.study_job, "compare.studying", n=SEEDS)
    if came is None:
        return
    bench.study_job, (runs, bench.study_error) = None, came
    if runs:
        specs = tuple(run.spec for run in runs)
        bench.studies.pop(specs[0].key(), None)
        while len(bench.studies) >= len(LETTERS):
            del bench.studies[next(iter(bench.studies))]
        bench.studies[specs[0].key()] = Study(specs, np.stack([run.told.to_numpy() for run in runs]), runs[0].data)
    st.rerun()


def _bands(experiment: str, bench: Bench) -> None:
    """Median and spread of every experiment that was studied over several seeds."""
    studies = list(bench.studies.values())
    score = studies[-1].specs[0].metrics[-1]
    shown = [study for study in studies if score in study.specs[0].metrics]
    named = {_study_name(number, study, shown[-1]): study for number, study in enumerate(shown, 1)}
    values = {name: study.rows[:, :, study.specs[0].metrics.index(score)] for name, study in named.items()}
    top = None if score.endswith("accuracy") else comparison.calm_top(list(values.values()))
    epochs = max(study.specs[0].epochs for study in shown)
    named_score = measure_words(score, *(study.data for study in shown))
    spec = comparison.band(named_score, tr("curve.epoch"), tuple(values), tuple(range(len(values))), epochs, top)
    st.markdown(f"**{tr('compare.over_seeds', n=SEEDS)}**")
    for name, study in named.items():
        last = values[name][:, -1]
        spread = {"median": np.median(last), "least": last.min(), "most": last.max()}
        figures = {key: score_words(study.specs[0], value) for key, value in spread.items()}
        st.markdown(f"- {tr('film.score', name=name, value=tr('compare.spread', **figures))}")
    seeds = [study_spec.seed for study_spec in shown[-1].specs]
    source = Source("run", tr("source.seeds", first=seeds[0], last=seeds[-1]))
    figure(spec, comparison.band_rows(values), source, tr("alt.seeds", metric=named_score), f"{experiment}_compare_seeds")
    st.caption(tr("compare.seeds_how"))


def _study_name(number: int, study: Study, latest: Study) -> str:
    """What a study is called: the latest by that, the others by what differs from it."""
    if study is latest:
        return tr("compare.latest")
    return f"{number} · {difference_words(study.specs[0], latest.specs[0])}"
