"""The doctor on the screen: all that is wrong with a run, where one sees it, a button for each remedy, and whether one has helped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from ann_core.charts import comparison
from ann_core.coaching import doctor as diagnosis
from ann_core.coaching.doctor import Effect, Evidence, Examined, Finding, InBars, OnCurve
from ann_core.coaching.interventions import interventions
from ann_core.coaching.interventions.intervention import HELD_OUT_SCORE, Measure
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, trainings
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.inputs.settings import change_words, score_words
from ann_core.ui.language import digits, plain, sentences, tr
from ann_core.ui.workbench import compare, panel

Examine = Callable[[Run], Examined | None]
"""What the doctor is to look at in a run; None where this cannot be had."""

ClassNames = Callable[[Run], Sequence[str]]


@dataclass
class Treatment:
    """The remedy that a learner has applied last: to which run, and against what."""

    before: Run | None = None
    finding: Finding | None = None

    def led_to(self, run: Run) -> bool:
        """Whether a run is what came of it."""
        return self.before is not None and run.complete and run.spec == self.before.spec.changed(**self.finding.remedy)


@dataclass(frozen=True)
class Examination:
    """What was found in a run, the costliest first, and what it is judged by: classes of the examples held out, or nothing."""

    findings: tuple[Finding, ...]
    targets: object = None


def doctor(experiment: str, examine: Examine, class_names: ClassNames) -> None:
    """Say what became of a remedy, and what is wrong with the run at hand, if anything is."""
    bench = session.bench(experiment)
    if bench.run is None or bench.busy or not _data_found(bench.run):
        return
    found = _examined(bench.run.key, bench.run, examine)
    if found is None:
        return
    treatment = _treatment(experiment)
    if treatment.led_to(bench.run):
        _tell_effect(experiment, treatment, bench.run, found)
    if found.findings:
        with st.container(border=True, key=f"{experiment}_doctor"):
            for place, finding in enumerate(found.findings):
                _tell(experiment, bench.run, finding, class_names, place)


def _data_found(run: Run) -> bool:
    """Whether the data of a run are at hand, for some of them are sent through its network."""
    try:
        return trainings.found(run.spec) is not None
    except TrainingFailed:
        return False


@st.cache_resource(max_entries=64, show_spinner=False)
def _examined(key: str, _run: Run, _examine: Examine) -> Examination | None:
    """The findings of a run, made once."""
    case = _examine(_run)
    if case is None:
        return None
    return Examination(tuple(diagnosis.diagnose(case)), case.targets if getattr(case, "classes", 0) else None)


def _treatment(experiment: str) -> Treatment:
    return session.kept(f"_{experiment}_treatment", Treatment)


def _tell(experiment: str, run: Run, found: Finding, class_names: ClassNames, place: int) -> None:
    names = list(class_names(run))
    key = f"{experiment}_treat_{found.name}" if place else f"{experiment}_treat"
    st.markdown(f":material/stethoscope: **{tr(f'doctor.{found.name}')}**")
    words, picture = st.columns([1, 1], gap="medium")
    with words:
        st.markdown(evidence_words(found.name, found.evidence, names))
        if found.remedy:
            cured = run.spec.changed(**found.remedy)
            st.markdown(f"{tr(f'doctor.{found.name}.remedy')} **{change_words(run.spec, cured)}**")
            st.button(tr("doctor.treat"), key=key, icon=":material/healing:", on_click=_treat, args=(experiment, found))
            st.caption(tr("doctor.treat.how"))
        elif found.cost < diagnosis.WORTH_A_REMEDY:
            st.caption(tr("doctor.costs_little", cost=found.cost))
    with picture:
        _show(experiment, run, found, names)


def evidence_words(name: str, evidence: Evidence, class_names: Sequence[str]) -> str:
    """What a diagnosis is made from, in words."""
    values = dict(evidence.values)
    if "number" in values:
        values["name"] = plain(class_names[values.pop("number")])
    if "epochs" in values:
        values["epochs"] = tr("count.epochs", n=values["epochs"])
    if "part" in values:
        values["part"] = tr(f"doctor.part.{values['part']}")
    return tr(f"doctor.{name}.evidence{evidence.words}", **values)


def _treat(experiment: str, found: Finding) -> None:
    """Pin the sick run, change the settings, and train again."""
    bench, treatment = session.bench(experiment), _treatment(experiment)
    treatment.before, treatment.finding = bench.run, found
    compare.pin(bench, bench.run)
    controls.fill(bench.run.spec.changed(**found.remedy), session.put_later)
    panel.train(experiment)


def _tell_effect(experiment: str, treatment: Treatment, run: Run, found: Examination) -> None:
    """Whether the remedy has helped, with the figures of before and after; the way back where it has not."""
    before, name = treatment.before, treatment.finding.name
    measure = _measure(experiment)
    with st.container(border=True, key=f"{experiment}_effect"):
        st.markdown(f":material/monitor_heart: **{tr('doctor.effect', change=change_words(before.spec, run.spec))}**")
        verdict = None
        if measure is not None:
            same = (before.data.fingerprint, before.data.testing) == (run.data.fingerprint, run.data.testing)
            by_class = name == "imbalance"
            effect = diagnosis.effect(before, run, found.targets if same else None, measure, by_class)
            verdict = effect.verdict
            st.markdown(effect_words(run, effect, measure))
            if not same:
                st.caption(tr("doctor.effect.other_examples"))
        left = name in {finding.name for finding in found.findings}
        st.markdown(tr("doctor.effect.still" if left else "doctor.effect.gone", name=tr(f"doctor.{name}")))
        if verdict in ("same", "worse", "perhaps_worse"):
            st.button(tr("compare.back"), key=f"{experiment}_untreat", icon=":material/undo:", on_click=_untreat, args=(experiment,))


def effect_words(run: Run, effect: Effect, measure: Measure) -> str:
    """What became of a remedy, in words and figures."""
    metric = tr(f"metric.{measure.name or run.spec.measures[1]}")
    before, after = (score_words(run.spec, score) for score in effect.scores)
    said = [tr(f"doctor.effect.{effect.verdict}")]
    if effect.losses is None:
        said.append(tr("doctor.effect.measure", metric=metric, before=before, after=after))
    else:
        first, last = map(digits, effect.losses)
        part = tr(f"doctor.part.{'held_out' if run.metrics[-1].startswith('val_') else 'training'}")
        said.append(tr("doctor.effect.figures", part=part, metric=metric, before=before, after=after, first=first, last=last))
    if effect.recalls is not None:
        first, last = (f"{recall:.1%}" for recall in effect.recalls)
        said.append(tr("doctor.effect.by_class", before=first, after=last))
    if effect.now_right is not None:
        said.append(tr("doctor.effect.counted", right=effect.now_right, wrong=effect.now_wrong, all=run.data.testing))
    return sentences(*said)


def _measure(experiment: str) -> Measure | None:
    """What runs of an experiment are judged by; None where two of them cannot be told apart by a number."""
    table = interventions(experiment)
    if table:
        return next(iter(table.values())).measure
    return HELD_OUT_SCORE if session.bench(experiment).spec.measures[1] == "accuracy" else None


def _untreat(experiment: str) -> None:
    """Back to the settings before the remedy."""
    controls.fill(_treatment(experiment).before.spec, session.put_later)
    panel.train(experiment)


def _show(experiment: str, run: Run, found: Finding, names: Sequence[str]) -> None:
    source, key = Source.run(run), f"{experiment}_evidence_{found.name}"
    if isinstance(found.evidence.place, OnCurve):
        _on_curve(run, found.evidence.place, source, key)
    else:
        _in_bars(found.evidence.place, names, source, key)


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
