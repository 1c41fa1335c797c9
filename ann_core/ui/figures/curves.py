"""Learning curves of an experiment, while it trains and after."""

import streamlit as st

from ann_core.charts.curves import curve_rows, learning_curve
from ann_core.training.engine.tasks import Part
from ann_core.training.records import DataSource
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import digits, tr


def draw_curves(part: Part, live: bool) -> None:
    """Loss and score, training and validation, as far as they go."""
    names = tr("curve.training"), tr("curve.validation")
    history, log = part.told, "accuracy" not in part.spec.measures
    for column, metric in zip(st.columns(len(part.spec.measures), gap="medium"), part.spec.measures, strict=True):
        named = measure_words(metric, part.data)
        title = tr("curve.log", metric=named) if log else named
        spec = learning_curve(title, tr("curve.epoch"), *names, part.spec.epochs, metric == "accuracy", log)
        rows, key = curve_rows(history, metric, *names), f"{part.spec.experiment}_curve_{metric}"
        rows = rows[rows["value"] > 0] if log else rows
        with column:
            figure(spec, rows, Source.progress(part), _alt(metric, part, live), key)
    if not live and history.filter(like="val_").notna().any(axis=None):
        st.caption(tr("curve.mean.dropout" if getattr(part.spec, "dropout", 0) else "curve.mean"))


def measure_words(metric: str, *sources: DataSource | None) -> str:
    """What a measure of runs is called, with the unit of their data: one, or each its own; of a loss, that it was scaled."""
    found = [source for source in sources if source is not None]
    named = tr(f"metric.{metric}")
    if metric.endswith("loss"):
        return tr("unit.scaled", name=named) if any(source.deviation != 1 for source in found) else named
    units = {source.unit or ("" if source.deviation == 1 else tr("unit.own")) for source in found}
    if not metric.endswith("mean_absolute_error") or not units - {""}:
        return named
    return tr("unit.of", name=named, unit=units.pop() if len(units) == 1 else tr("unit.each"))


def _alt(metric: str, part: Part, live: bool) -> str:
    if live or not len(part.rows):
        return tr("alt.curve_live", metric=measure_words(metric, part.data))
    last = part.told.iloc[-1]
    values = {"metric": measure_words(metric, part.data), "epoch": len(part.rows), "training": digits(last[metric])}
    held_out = f"val_{metric}"
    return tr("alt.curve", validation=digits(last[held_out]), **values) if held_out in last else tr("alt.curve.alone", **values)
