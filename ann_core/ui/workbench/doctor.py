"""The doctor on the screen: what is wrong with a run, where one sees it, and a button that applies the remedy."""

from collections.abc import Callable, Sequence

import streamlit as st

from ann_core.charts import comparison
from ann_core.coaching import doctor as diagnosis
from ann_core.coaching.doctor import Evidence, Examined, Finding, InBars, OnCurve
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, trainings
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.inputs.settings import change_words
from ann_core.ui.language import plain, tr
from ann_core.ui.workbench import compare, panel

Examine = Callable[[Run], Examined | None]
"""What the doctor is to look at in a run; None where this cannot be had."""

ClassNames = Callable[[Run], Sequence[str]]


def doctor(experiment: str, examine: Examine, class_names: ClassNames) -> None:
    """Say what is wrong with the run at hand, if anything is."""
    bench = session.bench(experiment)
    if bench.run is None or bench.busy or not _data_found(bench.run):
        return
    found = _finding(bench.run.key, bench.run, examine)
    if found is not None:
        _tell(experiment, bench.run, found, class_names)


def _data_found(run: Run) -> bool:
    """Whether the data of a run are at hand, for some of them are sent through its network."""
    try:
        return trainings.found(run.spec) is not None
    except TrainingFailed:
        return False


@st.cache_resource(max_entries=64, show_spinner=False)
def _finding(key: str, _run: Run, _examine: Examine) -> Finding | None:
    """The diagnosis of a run, made once."""
    case = _examine(_run)
    return None if case is None else diagnosis.diagnose(case)


def _tell(experiment: str, run: Run, found: Finding, class_names: ClassNames) -> None:
    names = list(class_names(run))
    values = dict(found.evidence.values)
    if "number" in values:
        values["name"] = plain(names[values.pop("number")])
    with st.container(border=True, key=f"{experiment}_doctor"):
        st.markdown(f":material/stethoscope: **{tr(f'doctor.{found.name}')}**")
        words, picture = st.columns([1, 1], gap="medium")
        with words:
            st.markdown(tr(f"doctor.{found.name}.evidence", **values))
            if found.remedy:
                cured = run.spec.changed(**found.remedy)
                st.markdown(f"{tr(f'doctor.{found.name}.remedy')} **{change_words(run.spec, cured)}**")
                described = {"icon": ":material/healing:", "on_click": _treat, "args": (experiment, found.remedy)}
                st.button(tr("doctor.treat"), key=f"{experiment}_treat", **described)
                st.caption(tr("doctor.treat.how"))
        with picture:
            _show(experiment, run, found.evidence, names)


def _treat(experiment: str, remedy: dict) -> None:
    """Pin the sick run, change the settings, and train again."""
    bench = session.bench(experiment)
    compare.pin(bench, bench.run)
    controls.fill(bench.run.spec.changed(**remedy), session.put_later)
    panel.train(experiment)


def _show(experiment: str, run: Run, evidence: Evidence, names: Sequence[str]) -> None:
    source, key = Source.run(run), f"{experiment}_evidence"
    if isinstance(evidence.place, OnCurve):
        _on_curve(run, evidence.place, source, key)
    else:
        _in_bars(evidence.place, names, source, key)


def _on_curve(run: Run, place: OnCurve, source: Source, key: str) -> None:
    metric = place.metric.removeprefix("val_")
    names = tr("curve.training"), tr("curve.validation")
    history = run.history
    top = comparison.calm_top([history[name].to_numpy() for name in (metric, f"val_{metric}") if name in history])
    spec = comparison.evidence_on_curve(tr(f"metric.{metric}"), tr("curve.epoch"), *names, tr("doctor.here"), max(run.epochs, 1), top)
    rows = comparison.evidence_on_curve_rows(history, metric, *names, place.first, place.last)
    figure(spec, rows, source, tr("alt.evidence_curve", metric=tr(f"metric.{metric}"), first=place.first, last=place.last), key)


def _in_bars(place: InBars, class_names: Sequence[str], source: Source, key: str) -> None:
    of_units = bool(place.layer)
    names = tuple(str(number + 1) for number in range(len(place.shares))) if of_units else tuple(class_names)
    kind = "unit" if of_units else place.kind
    title, across = tr(f"doctor.bars.{kind}"), tr(f"doctor.bars.{kind}.across")
    words = tr("doctor.bars.striking"), tr("doctor.bars.other")
    spec = comparison.evidence_in_bars(title, across, *words, names)
    rows = comparison.evidence_in_bars_rows(names, place.shares, place.striking, words)
    figure(spec, rows, source, tr("alt.evidence_bars", title=title, n=int(place.striking.sum())), key)
