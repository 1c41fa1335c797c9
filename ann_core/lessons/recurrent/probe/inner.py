"""Its memory: the states after each window; and which of the values before it really uses."""

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.forecast import Stretch, series_panel
from ann_core.charts.sequences.recurrent import orbit_panel, states_panel
from ann_core.lessons.recurrent.at_hand import AtHand, network_of
from ann_core.lessons.recurrent.picture import alt_of, bounds, frame, in_unit, names, place_name, value_name
from ann_core.maths.measures.continuations import reach_of, turns
from ann_core.maths.networks.plane import directions
from ann_core.maths.networks.recurrent import answers, unroll
from ann_core.training.records import Run
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, sentences, tr

STATES = 120
PACE = 12.0
TRAIL = 12
MOST_OF_IT = 0.9


def states_of(run: Run, hand: AtHand) -> None:
    """The state of every unit after each window of a part of the series, and the orbit that they run through together."""
    count = len(hand.truth)
    last = count - min(STATES, count)
    begin = st.slider(tr("states.from"), 0, last, min(hand.training, last), key="recurrent_states_from") if last else 0
    film(_film_of_states(run.key, begin, current(), run, hand), Source.run(run), "recurrent_states_film")
    rounds, count = turns(path_of(states(run, hand, begin))) if run.spec.units > 1 else 0.0, min(STATES, count)
    st.caption(sentences(tr("states.how"), *([tr("states.rounds", n=count, turns=f"{rounds:.2g}")] if rounds >= 1 else [])))


def states(run: Run, hand: AtHand, begin: int) -> np.ndarray:
    """The state after each of some windows, (n, units)."""
    return unroll(network_of(run).cell, hand.windows[0][begin : begin + STATES].astype(float)).states[:, -1]


def path_of(states: np.ndarray) -> np.ndarray:
    """States (n, units) in the two directions in which they differ most: (n, 2)."""
    return (states - states.mean(axis=0)) @ directions(states)


@st.cache_resource(max_entries=12, show_spinner=False)
def _film_of_states(key: str, begin: int, language: str, _run: Run, _hand: AtHand) -> bytes:
    part, found = slice(begin, begin + STATES), states(_run, _hand, begin)
    path = path_of(found) if found.shape[1] > 1 else np.zeros((len(found), 2))
    share = float(path.var(axis=0).sum() / max(found.var(axis=0).sum(), 1e-12))
    truth, predicted = _hand.truth[part], _hand.predicted(_run.final)[part]
    moments, place = np.arange(len(found)), begin + _run.spec.window
    stretch = Stretch(
        truth,
        predicted[None],
        0,
        _hand.training - begin,
        (_hand.name(place), _hand.name(place + len(found) - 1)),
        frame(_hand, truth, predicted),
    )
    shown = [
        series_panel(Titles(tr("states.series"), alt_of(stretch)), stretch, names(), _hand.series.unit, moments),
        states_panel(Titles(tr("states.title"), tr("states.alt")), found, moments),
    ]
    if found.shape[1] > 1:
        axes = tr("states.direction", number=1), tr("states.direction", number=2)
        shown.append(orbit_panel(Titles(tr("states.orbit", share=f"{share:.0%}"), tr("states.orbit.alt")), path, axes, TRAIL))
    told = [
        tr(
            "states.moment",
            name=place_name(_hand, place + step),
            truth=in_unit(_hand, truth[step]),
            predicted=in_unit(_hand, predicted[step]),
        )
        for step in moments
    ]
    return packed(shown, told, words(), f"{key} {begin}", play=False, pace=PACE, begin=0)


def _moment(hand: AtHand, place: int, truth: float, predicted: float) -> str:
    return tr("states.moment", name=place_name(hand, place), truth=in_unit(hand, truth), predicted=in_unit(hand, predicted))


def influence_of(run: Run, hand: AtHand) -> None:
    """One past value is changed: the answer moves, and how much each step of the window counts."""
    window, count = run.spec.window, len(hand.truth)
    settings = st.columns(3)
    target = settings[0].slider(tr("influence.target"), 0, count - 1, min(hand.training, count - 1), key="recurrent_influence_target")
    back = settings[1].slider(tr("influence.back"), 1, window, 1, key="recurrent_influence_back") if window > 1 else 1
    reach = float(f"{2 * float(np.std(hand.series.values)) or 1.0:.2g}")
    change = settings[2].slider(
        tr("influence.change"), -reach, reach, reach / 2, reach / 20, format="%.3g", key=f"recurrent_influence_{reach}"
    )
    network, x = network_of(run), hand.windows[0][target].astype(float)
    changed, nudged = (bent(x, step, change / hand.scale.deviation) for step in (window - back, None))
    before, after = (float(hand.scale.restored(answers(network, each))[0, 0]) for each in (x[None], changed[None]))
    numbers = {"before": in_unit(hand, before), "after": in_unit(hand, after), "truth": in_unit(hand, float(hand.truth[target]))}
    st.markdown(tr("influence.said", place=back, change=in_unit(hand, change), name=place_name(hand, target + window), **numbers))
    moved = hand.scale.restored(answers(network, nudged))[:, 0] - before
    looked, named = st.columns(2)
    steps = np.arange(window, 0, -1)
    lines = {
        tr("influence.window"): (steps, hand.scale.restored(x[:, 0])),
        tr("influence.changed"): (steps, hand.scale.restored(changed[:, 0])),
    }
    upward = bounds(np.append(hand.series.values, hand.scale.restored(changed)))
    chart = functions.functions(tr("influence.steps"), value_name(hand), tuple(lines), (window + 0.5, 0.5), upward, whole=True)
    with looked:
        figure(
            chart,
            functions.function_rows(lines, {}, [back]),
            Source.exact("source.influence"),
            tr("influence.window.alt"),
            "influence_window",
        )
    bars = {tr("influence.moved"): (steps, moved)}
    extreme = max(float(np.abs(moved).max()) * 1.1, 1e-9)
    chart = functions.functions(
        tr("influence.steps"), tr("influence.moves"), tuple(bars), (window + 0.5, 0.5), (-extreme, extreme), whole=True
    )
    with named:
        figure(chart, functions.function_rows(bars, bars, [back]), Source.run(run), tr("influence.alt"), "influence_steps")
    needed = reach_of(moved, MOST_OF_IT)
    spread = tr("influence.spread", n=needed, window=window, share=f"{MOST_OF_IT:.0%}") if needed else tr("influence.nothing")
    st.caption(sentences(tr("influence.how"), spread))


def bent(window: np.ndarray, step: int | None, change: float) -> np.ndarray:
    """A window (time, 1) with one value changed; without a step, one window for each of its values, (time, time, 1)."""
    every = window[None] + change * np.eye(len(window))[..., None]
    return every if step is None else every[step]
