"""The film of a training on a series: the forecast over the truth, the whole, a part from close by, each value over an earlier one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.forecast import HIGH, TOP, Names, Stretch, delay_panel, over, part_of, series_box, series_panel
from ann_core.lessons.recurrent import unrolled
from ann_core.lessons.recurrent.at_hand import AtHand
from ann_core.lessons.recurrent.over_time.alone import beside, over_earlier
from ann_core.lessons.recurrent.over_time.measured import over_time
from ann_core.lessons.recurrent.over_time.strips import Inner, close_by, places_of, strips
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui.figures.film import words
from ann_core.ui.language import digits, sentences, tr
from ann_core.ui.moments import headed

MOST_POINTS, MOST_DOTS = 800, 200
WHOLE_HIGH, CLOSE_HIGH = 84.0, 118.0
FINE = 5  # steps back, from which on points lie as close as those of a curve


def film_of(
    hand: AtHand,
    checkpoints: Sequence[Checkpoint],
    name: str,
    play: bool,
    place: int | None = None,
    step: int | None = None,
    row: int = 0,
) -> bytes:
    """The forecasts of these checkpoints; or, of the value at a place, how the cell comes to it through its window."""
    if place is not None:
        return _unrolled(hand, checkpoints, name, play, unrolled.place_in(hand, place), step, row)
    made, inner = over_time(hand, checkpoints)
    shown = [*_series(hand, checkpoints, made, inner, row), delays(hand, checkpoints, made)]
    captions = [caption(hand, each, alone) for each, alone in zip(checkpoints, made, strict=True)]
    return packed([replace(each, large=True) for each in shown], captions, words("series") | {"choice": tr("strip.choice")}, name, play)


def _series(hand: AtHand, checkpoints: Sequence[Checkpoint], made: np.ndarray, inner: Inner, row: int) -> list[Panel]:
    """The whole series, a part of it from close by, and one of the strips beneath that; any value of both can be picked."""
    (begin, end), count = close_by(hand), len(hand.series.values)
    draw = partial(_pickable, hand, checkpoints, made)
    if end - begin == count:
        shown = draw(tr("series.whole.pick"), 0, count, CLOSE_HIGH + WHOLE_HIGH)
    else:
        whole = draw(tr("series.both.pick"), 0, count, WHOLE_HIGH, swept=False)
        near = draw("", begin, end, CLOSE_HIGH, whole.height)
        part = part_of(series_box(WHOLE_HIGH), begin, end, count)
        shown = replace(whole, height=near.height, marks=[*whole.marks, part, *near.marks])
    first = places_of(hand)[0] - begin
    return [over(shown, strip, first, end - begin) for strip in strips(hand, checkpoints, inner, row)]


def _pickable(
    hand: AtHand,
    checkpoints: Sequence[Checkpoint],
    made: np.ndarray,
    title: str,
    begin: int,
    end: int,
    high: float,
    top: float = TOP,
    swept: bool = True,
) -> Panel:
    shown = panel(hand, checkpoints, title, begin, end, high, top, made, swept)
    return unrolled.pickable(shown, begin, end, min(end - begin, MOST_POINTS), high, top)


def _unrolled(hand: AtHand, checkpoints: Sequence[Checkpoint], name: str, play: bool, place: int, step: int | None, row: int) -> bytes:
    near = panel(hand, checkpoints, tr("unrolled.series"), *unrolled.stretch_of(hand, place), high=unrolled.SERIES)
    shown = [replace(unrolled.with_window(hand, near, place), alone=True), *unrolled.panels_of(hand, checkpoints, place, step, row)]
    said = [hand.predicted(each)[place - hand.spec.window] for each in checkpoints]
    truth = in_unit(hand, hand.series.values[place])
    captions = [
        tr("unrolled.caption", moment=headed(hand.spec, each.moment), place=place_name(hand, place), said=in_unit(hand, value), truth=truth)
        for each, value in zip(checkpoints, said, strict=True)
    ]
    return packed(shown, captions, words() | {"do.out": tr("unrolled.out")}, name, play)


def panel(
    hand: AtHand,
    checkpoints: Sequence[Checkpoint],
    title: str,
    begin: int = 0,
    end: int | None = None,
    high: float = HIGH,
    top: float = TOP,
    made: np.ndarray | None = None,
    swept: bool = True,
) -> Panel:
    """The series from one place to before another, the forecasts of these checkpoints over it, and what they have `made` on their own."""
    end = len(hand.series.values) if end is None else end
    first = max(begin, hand.spec.window)
    forecasts = [hand.predicted(checkpoint)[first - hand.spec.window : end - hand.spec.window] for checkpoint in checkpoints]
    forecasts = np.stack(forecasts)
    truth = hand.series.values[begin:end]
    unseen = hand.unseen - begin
    ends = hand.name(begin), hand.name(end - 1)
    stretch = Stretch(truth, forecasts, first - begin, unseen, ends, frame(hand, truth, forecasts), high, top)
    if made is not None:
        stretch = stretch._replace(alone=_joined(hand, made)[:, : end - hand.begins + 1], leaving=hand.begins - 1 - begin)
    stretch = coarser(stretch)
    every_value = len(stretch.truth) == end - begin
    window = hand.spec.window if swept and every_value and only_begun(checkpoints) else 0
    return series_panel(Titles(title, alt_of(stretch)), stretch, names(), hand.series.unit, window=window)


def _joined(hand: AtHand, made: np.ndarray) -> np.ndarray:
    """Continuations (moments, steps) with the value before them, from which their lines begin: (moments, steps + 1)."""
    before = np.full((len(made), 1), hand.series.values[hand.begins - 1], float)
    return np.concatenate([before, made], axis=1)


def alt_of(stretch: Stretch) -> str:
    """What is drawn of a stretch: the series, the forecast, where the part held out begins if that lies within."""
    held_out = [tr("series.alt.held_out")] * (0 < stretch.unseen < len(stretch.truth))
    alone = [tr("series.alt.alone")] * (stretch.alone is not None)
    return sentences(tr("series.alt"), tr("series.alt.predicted"), *held_out, *alone)


def coarser(stretch: Stretch) -> Stretch:
    """As many values as there is room for on a screen: of each few that lie side by side, the least and the greatest."""
    step = -(-len(stretch.truth) // (MOST_POINTS // 2))
    if len(stretch.truth) <= MOST_POINTS:
        return stretch
    first, forecasts = _from(stretch.first, stretch.forecasts, step)
    leaving, alone = (stretch.leaving, None) if stretch.alone is None else _from(stretch.leaving, stretch.alone, step)
    truth = extremes(stretch.truth[None], step)[0]
    unseen = min(2 * stretch.unseen // step, len(truth))
    return stretch._replace(truth=truth, forecasts=forecasts, first=first, unseen=unseen, alone=alone, leaving=leaving)


def _from(first: int, values: np.ndarray, step: int) -> tuple[int, np.ndarray]:
    """The extremes of values (rows, n) from the place `first` on, and the place of their first."""
    begin = first // step * step
    return 2 * begin // step, extremes(np.pad(values, ((0, 0), (first - begin, 0)), mode="edge"), step)


def extremes(values: np.ndarray, step: int) -> np.ndarray:
    """The least and the greatest of every `step` values (rows, n), in the order in which they come: (rows, 2 · ⌈n / step⌉)."""
    rows, count = values.shape
    if not count:
        return values
    parts = np.pad(values, ((0, 0), (0, -count % step)), mode="edge").reshape(rows, -1, step)
    at = np.sort(np.stack([parts.argmin(axis=2), parts.argmax(axis=2)], axis=2), axis=2)
    return np.take_along_axis(parts, at, axis=2).reshape(rows, -1)


def delays(hand: AtHand, checkpoints: Sequence[Checkpoint], made: np.ndarray | None = None) -> Panel:
    """Every value over the one so many steps before it; what was predicted in its place, of the part held out if there is one.

    And what the network has `made` on its own, (moments, steps).
    """
    values, back = hand.series.values, hand.back
    first = max(hand.training if hand.held_out else 0, back - hand.spec.window)
    shown = np.linspace(first, len(hand.truth) - 1, min(MOST_DOTS, len(hand.truth) - first)).astype(int)
    before = values[shown + hand.spec.window - back]
    predicted = [np.stack([before, hand.predicted(checkpoint)[shown]], axis=-1) for checkpoint in checkpoints]
    every = np.linspace(back, len(values) - 1, min(MOST_POINTS, len(values) - back)).astype(int)
    truth = np.stack([values[every - back], values[every]], axis=-1)
    axes = tr("delays.before", n=back), tr("delays.value")
    named = (tr("series.truth"), tr("delays.forecast"), tr("series.alone"))
    forecasts = np.stack(predicted)
    ends = frame(hand, values, forecasts)
    titles, curved = Titles(tr("delays.title", n=back), tr("delays.alt")), back >= FINE and hand.spec.series != "noisy"
    alone = None if made is None else over_earlier(hand, made)
    if alone is not None and not curved:
        alone = alone[:, np.linspace(0, alone.shape[1] - 1, min(MOST_DOTS, alone.shape[1])).astype(int)]
    return delay_panel(titles, truth, forecasts, ends, axes, named, hand.held_out, alone, curved)


def limits(hand: AtHand) -> tuple[float, float]:
    """Between which values a forecast is drawn where it is: three times the range of the series, around its middle."""
    low, high = bounds(hand.series.values)
    return 2 * low - high, 2 * high - low


def frame(hand: AtHand, truth: np.ndarray, forecasts: np.ndarray) -> tuple[float, float]:
    """What is at the foot and at the top: room for these values, and for forecasts within the limits."""
    low, high = limits(hand)
    return bounds(np.append(np.clip(np.nan_to_num(forecasts, nan=low, posinf=high, neginf=low), low, high), truth))


def bounds(values: np.ndarray) -> tuple[float, float]:
    """What is at the foot and at the top of a picture of these values: round numbers around their range."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return low - 1, high + 1
    step = 10 ** np.floor(np.log10(high - low)) / 2
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


def names() -> Names:
    return Names(tr("series.truth"), tr("series.training"), tr("series.unseen"), tr("series.alone"))


def caption(hand: AtHand, checkpoint: Checkpoint, made: np.ndarray | None = None) -> str:
    """The moment, how far off the forecast drawn is on average, in the series' own unit, and how many values are beyond the picture.

    And for how long what it has `made` on its own, (steps,), stays close to the series.
    """
    low, high = limits(hand)
    predicted = hand.predicted(checkpoint)
    beyond = int((~((predicted >= low) & (predicted <= high))).sum())
    outside = [tr("series.beyond", n=beyond)] if beyond else []
    alone = [] if made is None else [tr("series.beside", steps=beside(hand, made), all=len(made))]
    return " · ".join([*_scores(hand, checkpoint), *alone, *outside])


def _scores(hand: AtHand, checkpoint: Checkpoint) -> list[str]:
    if checkpoint.moment == Moment(0):
        return [tr("film.untrained")]
    off = np.abs(hand.predicted(checkpoint) - hand.truth)
    told = [tr("series.error.training", error=in_unit(hand, off[: hand.training].mean()))]
    if hand.held_out:
        told.append(tr("series.error.unseen", error=in_unit(hand, off[hand.training :].mean())))
    return [headed(hand.spec, checkpoint.moment), *told]


def in_unit(hand: AtHand, value: float) -> str:
    """A value with three digits and its unit."""
    return digits(value) + (f" {hand.series.unit}" if hand.series.unit else "")


def place_name(hand: AtHand, place: int) -> str:
    """What a place of the series is called in a sentence."""
    return tr("series.place", number=place + 1) if hand.series.days is None else hand.name(place)


def value_name(hand: AtHand) -> str:
    """What the axis of the series' values is called, with their unit."""
    return tr("series.value") + (f" ({hand.series.unit})" if hand.series.unit else "")
