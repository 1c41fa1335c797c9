"""What did it learn: its errors beside rules that need no network, its own way on, its states, what each step counts."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from ann_core.charts import functions, series
from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.recurrent import Stretch, orbit_panel, series_panel, states_panel
from ann_core.lessons.recurrent.at_hand import FORECASTS, AtHand, at_hand, network_of
from ann_core.lessons.recurrent.picture import bounds, in_unit, names
from ann_core.maths.measures import forecasts
from ann_core.maths.networks.plane import directions
from ann_core.maths.networks.recurrent import answers, free_run, unroll
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, tr
from ann_core.ui.page import frame

EXPERIMENT = "recurrent"
STATES = 120
PACE = 12.0
LEAST_AHEAD, MOST_AHEAD = 20, 365
PATIENCE = {"simple": 5_000, "gru": 1_500, "lstm": 1_500}  # steps of a cell that a moved slider may take
BEFORE = 40
TRAIL = 12


def draw() -> None:
    frame.section("recurrent", "probe")
    run = session.bench(EXPERIMENT).run
    if run is None:
        st.info(tr("probe.train_first"), icon=":material/model_training:")
    elif not run.final.finite:
        st.warning(tr("probe.exploded"), icon=":material/whatshot:")
    else:
        st.fragment(_views)(run)


def _views(run: Run) -> None:
    hand = at_hand(run.spec)
    shown: dict[str, Callable[[Run, AtHand], None]] = {"errors": _errors, "ahead": _ahead, "states": _states, "influence": _influence}
    tabs = st.tabs([tr(f"probe.{view}") for view in shown], on_change="rerun", key="recurrent_probe_view")
    for tab, show in zip(tabs, shown.values(), strict=True):
        if tab.open:
            with tab:
                show(run, hand)


def errors(run: Run, hand: AtHand) -> dict[str, tuple[float, float]]:
    """The mean absolute error of the network and of the rules, in the series' unit: on what is trained on, on what is held out."""
    truth, parts = hand.truth.astype(float), (slice(None, hand.training), slice(hand.training, None))
    expected = hand.expected(run.final)
    return {
        name: tuple(forecasts.absolute_error(expected[name][part], truth[part]) for part in parts) for name in FORECASTS if name in expected
    }


def _errors(run: Run, hand: AtHand) -> None:
    measured = errors(run, hand)
    held_out = bool(run.spec.held_out)
    st.markdown(verdict(measured, hand))
    labels = {name: tr(f"forecast.{name}") for name in measured}
    kinds = tr("errors.kind.training"), tr("errors.kind.unseen")
    spec = series.error_bars(_measure(hand), tuple(labels.values()), *kinds)
    rows = series.error_rows({labels[name]: pair for name, pair in measured.items()}, kinds)
    figure(spec, rows, Source.run(run), tr("errors.alt"), "recurrent_errors")
    if not held_out:
        st.info(tr("errors.nothing_held_out"), icon=":material/info:")
    st.caption(tr("errors.how.year" if "year" in measured else "errors.how"))
    if run.spec.series == "sine" and run.spec.window > 1:
        st.caption(tr("errors.sine"))


def verdict(measured: dict[str, tuple[float, float]], hand: AtHand) -> str:
    """Who wins on what was held out, whoever it is; where nothing was, on what was trained on."""
    place = 1 if hand.spec.held_out else 0
    order = sorted(measured, key=lambda name: measured[name][place])
    told = tr("list.comma").join(f"{tr(f'forecast.{name}')} {in_unit(hand, measured[name][place])}" for name in order)
    won = "errors.won" if order[0] == "network" else "errors.lost"
    return tr(won, part=tr("errors.part.unseen" if place else "errors.part.training"), first=tr(f"forecast.{order[0]}"), told=told)


def _measure(hand: AtHand) -> str:
    unit = f" ({hand.series.unit})" if hand.series.unit else ""
    return f"{tr('metric.mean_absolute_error')}{unit}"


def _ahead(run: Run, hand: AtHand) -> None:
    """The network goes on by itself: its answer joins the window, and so on."""
    count, window = len(hand.series.values), run.spec.window
    settings = st.columns(2)
    place = settings[0].slider(tr("ahead.from"), window, count, hand.unseen if run.spec.held_out else window, key="recurrent_ahead_from")
    most = max(LEAST_AHEAD, min(MOST_AHEAD, count, PATIENCE[run.spec.cell] // window))
    steps = settings[1].slider(tr("ahead.steps"), 1, most, min(100, most), key="recurrent_ahead_steps")
    made = hand.scale.restored(free_run(network_of(run), _window_before(hand, place), steps))
    if run.spec.shuffled_order:
        st.caption(tr("ahead.shuffled"))
    begin, end = max(0, place - max(BEFORE, window)), place + steps
    truth = hand.series.values[begin : min(end, count)]
    known = made[: max(0, count - place)]
    lines = {
        tr("series.truth"): (np.arange(begin, begin + len(truth)), truth),
        tr("ahead.own"): (np.arange(place, end), made),
    }
    spec = series.lines(_axis(hand), _value(hand), tuple(lines), hand.series.days is not None)
    figure(spec, series.line_rows(lines, hand.series.days, place), Source.run(run), tr("ahead.alt"), "recurrent_ahead")
    if len(known):
        error = np.abs(known - hand.series.values[place : place + len(known)])
        told = {"first": in_unit(hand, error[0]), "all": in_unit(hand, error.mean()), "n": len(known)}
        flat = np.abs(hand.series.values[place - 1] - hand.series.values[place : place + len(known)]).mean()
        st.markdown(tr("ahead.said", flat=in_unit(hand, flat), **told))
    else:
        st.markdown(tr("ahead.beyond"))
    st.caption(tr("ahead.how"))


def _window_before(hand: AtHand, place: int) -> np.ndarray:
    """The scaled values before a place, as many as the network looks at, in double precision."""
    return hand.scale.scaled(hand.series.values[place - hand.spec.window : place]).astype(float)


def _named(hand: AtHand, place: int) -> str:
    """What a place of the series is called in a sentence."""
    return tr("series.place", number=place + 1) if hand.series.days is None else hand.name(place)


def _axis(hand: AtHand) -> str:
    return tr("series.step") if hand.series.days is None else tr("series.day")


def _value(hand: AtHand) -> str:
    return tr("series.value") + (f" ({hand.series.unit})" if hand.series.unit else "")


def _states(run: Run, hand: AtHand) -> None:
    """The state of every unit after each window of a part of the series, and the orbit that they run through together."""
    count = len(hand.truth)
    last = count - min(STATES, count)
    begin = st.slider(tr("states.from"), 0, last, min(hand.training, last), key="recurrent_states_from") if last else 0
    film(_film_of_states(run.key, begin, current(), run, hand), Source.run(run), "recurrent_states_film")
    st.caption(tr("states.how"))


@st.cache_resource(max_entries=12, show_spinner=False)
def _film_of_states(key: str, begin: int, language: str, _run: Run, _hand: AtHand) -> bytes:
    x, _ = _hand.windows
    part = slice(begin, begin + STATES)
    states = unroll(network_of(_run).cell, x[part].astype(float)).states[:, -1]  # (n, units)
    path = (states - states.mean(axis=0)) @ directions(states) if states.shape[1] > 1 else np.zeros((len(states), 2))
    share = float(path.var(axis=0).sum() / max(states.var(axis=0).sum(), 1e-12))
    truth, predicted = _hand.truth[part], _hand.predicted(_run.final)[part]
    moments, place = np.arange(len(states)), begin + _run.spec.window
    stretch = Stretch(
        truth,
        predicted[None],
        0,
        _hand.training - begin,
        (_hand.name(place), _hand.name(place + len(states) - 1)),
        bounds(_hand.truth[part]),
    )
    shown = [
        series_panel(Titles(tr("states.series"), tr("series.alt")), stretch, names(), _hand.series.unit, moments),
        states_panel(Titles(tr("states.title"), tr("states.alt")), states, moments),
    ]
    if states.shape[1] > 1:
        axes = tr("states.direction", number=1), tr("states.direction", number=2)
        shown.append(orbit_panel(Titles(tr("states.orbit", share=f"{share:.0%}"), tr("states.orbit.alt")), path, axes, TRAIL))
    told = [
        tr("states.moment", name=_named(_hand, place + step), truth=in_unit(_hand, truth[step]), predicted=in_unit(_hand, predicted[step]))
        for step in moments
    ]
    return packed(shown, told, words(), f"{key} {begin}", play=False, pace=PACE, begin=0)


def _influence(run: Run, hand: AtHand) -> None:
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
    st.markdown(tr("influence.said", n=back, change=in_unit(hand, change), name=_named(hand, target + window), **numbers))
    moved = hand.scale.restored(answers(network, nudged))[:, 0] - before
    looked, named = st.columns(2)
    steps = np.arange(window, 0, -1)
    lines = {
        tr("influence.window"): (steps, hand.scale.restored(x[:, 0])),
        tr("influence.changed"): (steps, hand.scale.restored(changed[:, 0])),
    }
    chart = functions.functions(
        tr("influence.steps"), _value(hand), tuple(lines), (window + 0.5, 0.5), bounds(hand.series.values), whole=True
    )
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
    st.caption(tr("influence.how"))


def bent(window: np.ndarray, step: int | None, change: float) -> np.ndarray:
    """A window (time, 1) with one value changed; without a step, one window for each of its values, (time, time, 1)."""
    every = window[None] + change * np.eye(len(window))[..., None]
    return every if step is None else every[step]
