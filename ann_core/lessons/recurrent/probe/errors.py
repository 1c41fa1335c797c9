"""How far off it is, beside rules that need no network."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.charts import series
from ann_core.data.recurrent import LYAPUNOV
from ann_core.lessons.recurrent.at_hand import FORECASTS, AtHand
from ann_core.lessons.recurrent.picture import in_unit
from ann_core.maths.measures import forecasts
from ann_core.specs.recurrent import MAPS
from ann_core.training.records import Run
from ann_core.ui.figures.curves import measure_words
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import sentences, tr

DEVIATIONS = 2.0
EXACT = 1e-3
NEAR = 0.5
"""In standard deviations of a map: over many values no weighted sum comes so near."""


class Measured(NamedTuple):
    """The mean absolute errors of a forecast, in the series' unit: on what is trained on, on what is held out."""

    training: float
    unseen: float


def draw(run: Run, hand: AtHand) -> None:
    found = measured(run, hand)
    st.markdown(verdict(run, hand))
    labels = {name: tr(f"forecast.{name}") for name in found}
    kinds = tr("errors.kind.training"), tr("errors.kind.unseen")
    spec = series.error_bars(measure_words("mean_absolute_error", run.data), tuple(labels.values()), *kinds)
    rows = series.error_rows({labels[name]: pair for name, pair in found.items()}, kinds)
    figure(spec, rows, Source.run(run), tr("errors.alt"), "recurrent_errors")
    if not hand.held_out:
        st.info(tr("errors.nothing_held_out"), icon=":material/info:")
    st.caption(tr("errors.how.year" if "year" in found else "errors.how"))
    if run.spec.series == "sine" and found["straight"][hand.held_out] < EXACT * hand.deviation:
        st.caption(tr("errors.sine"))
    if run.spec.series in LYAPUNOV:
        st.caption(bent(hand, found["network"][hand.held_out], found["straight"][hand.held_out]))


def measured(run: Run, hand: AtHand) -> dict[str, Measured]:
    """The errors of the network and of the rules, by name."""
    truth, parts = hand.truth.astype(float), (slice(None, hand.training), slice(hand.training, None))
    expected = hand.expected(run.final)
    return {
        name: Measured(*(forecasts.absolute_error(expected[name][part], truth[part]) for part in parts))
        for name in FORECASTS
        if name in expected
    }


def verdict(run: Run, hand: AtHand) -> str:
    """Who is nearer on what was held out (where nothing was, on what was trained on), network or best rule; or that it may be chance."""
    part = slice(hand.training if hand.held_out else 0, None)
    truth = hand.truth[part].astype(float)
    away = {name: np.abs(values[part] - truth) for name, values in hand.expected(run.final).items()}
    means = {name: float(np.nanmean(errors)) for name, errors in away.items() if np.isfinite(errors).any()}
    order = sorted(means, key=means.__getitem__)
    rule = next(name for name in order if name != "network")
    told = {
        "part": tr("errors.part.unseen" if hand.held_out else "errors.part.training"),
        "rule": tr(f"forecast.{rule}"),
        "told": tr("list.comma").join(f"{tr(f'forecast.{name}')} {in_unit(hand, means[name])}" for name in order),
    }
    difference = away["network"] - away[rule]
    if np.isfinite(difference).sum() < 2:
        return tr("errors.too_few", **told)
    if forecasts.may_be_chance(difference, DEVIATIONS):
        return tr("errors.level", n=len(truth), **told)
    return tr("errors.won" if order[0] == "network" else "errors.lost", n=len(truth), **told)


def bent(hand: AtHand, network: float, straight: float) -> str:
    """Why a weighted sum cannot follow this series, where this one does not; whether the network has: from the mean errors of both."""
    spec, told = hand.spec, {"network": in_unit(hand, network), "straight": in_unit(hand, straight)}
    if spec.series in MAPS and straight < NEAR * hand.deviation:
        return tr("errors.bent.near", **told)
    sum_itself = spec.cell == "simple" and spec.activation == "linear"
    outcome = "cannot" if sum_itself else "followed" if network < straight / 2 else "not_yet"
    return sentences(tr(f"errors.bent.{spec.series}"), tr(f"errors.bent.{outcome}", **told))
