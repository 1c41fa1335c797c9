"""On its own: the network's answer joins the window, and so on; what becomes of that, as measured."""

import numpy as np
import streamlit as st

from ann_core.charts import series
from ann_core.lessons.recurrent.at_hand import AtHand, network_of
from ann_core.lessons.recurrent.over_time.alone import TOLERANCE, most_ahead
from ann_core.lessons.recurrent.picture import in_unit, place_name, value_name
from ann_core.maths.measures.chaos import time_until
from ann_core.maths.measures.continuations import Ending, ending, steps_beside
from ann_core.maths.networks.recurrent import free_run
from ann_core.training.records import Run
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import digits, sentences, tr

BEFORE = 40
MIDDLE = 0.25
FREE = "ahead.own"


def draw(run: Run, hand: AtHand) -> None:
    count, window = len(hand.series.values), run.spec.window
    settings = st.columns(2)
    place = settings[0].slider(tr("ahead.from"), window, count, hand.begins, key="recurrent_ahead_from")
    most = most_ahead(hand)
    steps = settings[1].slider(tr("ahead.steps"), 1, most, min(100, most), key="recurrent_ahead_steps")
    made = hand.scale.restored(free_run(network_of(run), hand.window_before(place), steps))
    if run.spec.shuffled_order:
        st.caption(tr("ahead.shuffled"))
    _in_time(run, hand, place, made)
    st.markdown(sentences(*said(run, hand, place, made)))
    _over_earlier(run, hand, place, made)
    st.caption(tr("ahead.how"))


def _in_time(run: Run, hand: AtHand, place: int, made: np.ndarray) -> None:
    begin, end = max(0, place - max(BEFORE, run.spec.window)), place + len(made)
    truth = hand.series.values[begin:end]
    lines = {tr("series.truth"): (np.arange(begin, begin + len(truth)), truth), tr(FREE): (np.arange(place, end), _finite(made))}
    axis = tr("series.step") if hand.series.days is None else tr("series.day")
    spec = series.lines(axis, value_name(hand), tuple(lines), hand.series.days is not None)
    figure(spec, series.line_rows(lines, hand.series.days, place), Source.run(run), tr("ahead.alt"), "recurrent_ahead")


def _over_earlier(run: Run, hand: AtHand, place: int, made: np.ndarray) -> None:
    """Every value over the one so many steps before it: the shape that the series has, and that of the continuation."""
    back, values = hand.back, hand.series.values.astype(float)
    whole = np.concatenate([values[max(0, place - back) : place], _finite(made)])
    clouds = {tr("series.truth"): (values[:-back], values[back:]), tr(FREE): (whole[:-back], whole[back:])}
    spec = series.clouds(tr("delays.before", n=back), tr("delays.value"), tuple(clouds))
    figure(spec, series.cloud_rows(clouds), Source.run(run), tr("delays.alt"), "recurrent_ahead_delays")


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


def said(run: Run, hand: AtHand, place: int, made: np.ndarray) -> list[str]:
    """What was measured of a continuation: where it stays with the series, where it leaves it, what it ends in."""
    truth = hand.series.values[place : place + len(made)].astype(float)
    told = [*_beside(run, hand, place, made[: len(truth)], truth)] if len(truth) else [tr("ahead.beyond")]
    end = ending_words(hand, ending(made, hand.deviation))
    return [*told, end] if end else told


def _beside(run: Run, hand: AtHand, place: int, made: np.ndarray, truth: np.ndarray) -> list[str]:
    beside, tolerance = steps_beside(made, truth, TOLERANCE * hand.deviation), in_unit(hand, TOLERANCE * hand.deviation)
    words = {"tolerance": tolerance, "name": place_name(hand, min(place + beside, place + len(truth) - 1))}
    if beside:
        told = [tr("ahead.stays" if beside == len(truth) else "ahead.leaves", n=beside, **words)]
    else:
        told = [tr("ahead.leaves_at_once", **words)]
    error = np.abs(made - truth)
    flat = np.abs(hand.series.values[place - 1] - truth).mean()
    numbers = {"first": in_unit(hand, error[0]), "all": in_unit(hand, error.mean()), "flat": in_unit(hand, flat)}
    told.append(tr("ahead.said", n=len(truth), **numbers))
    return told if hand.lyapunov_time is None else [*told, chaos_words(run, hand, beside, beside == len(truth))]


def chaos_words(run: Run, hand: AtHand, beside: int, to_the_end: bool) -> str:
    """The horizon beside the Lyapunov time, and how long an error as large as the median one takes to grow by itself."""
    part = slice(hand.training if hand.held_out else 0, None)
    error = float(np.median(np.abs(hand.predicted(run.final)[part] - hand.truth[part])))
    tolerance = TOLERANCE * hand.deviation
    expected = time_until(error, tolerance, 1 / hand.lyapunov_time)
    numbers = {"time": digits(hand.lyapunov_time), "times": digits(beside / hand.lyapunov_time, 2)}
    far = {"error": in_unit(hand, error), "tolerance": in_unit(hand, tolerance), "expected": digits(expected, 2)}
    stayed = tr("ahead.chaos.at_least" if to_the_end else "ahead.chaos", n=beside, **numbers)
    return sentences(stayed, tr("ahead.chaos.grows" if expected else "ahead.chaos.beyond", **far))


def ending_words(hand: AtHand, end: Ending) -> str:
    """What a continuation ends in; nothing where it is too short to tell."""
    if end.kind == "short":
        return ""
    if end.kind == "rests":
        mean = float(hand.series.values.mean(dtype=float))
        where = "middle" if abs(end.figure - mean) <= MIDDLE * hand.deviation else "elsewhere"
        return tr(f"ahead.rests.{where}", value=in_unit(hand, end.figure), mean=in_unit(hand, mean))
    if end.kind == "circles":
        return tr("ahead.circles", n=int(end.figure))
    return tr(f"ahead.{end.kind}", share=f"{end.figure:.0%}", times=f"{end.figure:.2g}")
