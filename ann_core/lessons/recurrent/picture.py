"""The film of a training on a series: the forecast over the truth, the whole, a part from close by, each value over an earlier one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.forecast import HIGH, Names, Stretch, delay_panel, series_panel
from ann_core.lessons.recurrent import unrolled
from ann_core.lessons.recurrent.at_hand import AtHand
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui.figures.film import words
from ann_core.ui.language import digits, sentences, tr
from ann_core.ui.moments import headed

CLOSE = 60
MOST_POINTS, MOST_DOTS = 800, 400


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
    count = len(hand.series.values)
    whole = unrolled.pickable(panel(hand, checkpoints, tr("series.whole.pick")), 0, count, min(count, MOST_POINTS))
    shown = [replace(whole, large=True)]
    begin, end = close_by(hand)
    if end - begin < len(hand.series.values):
        shown.append(panel(hand, checkpoints, tr("series.close"), begin, end))
    shown.append(delays(hand, checkpoints))
    captions = [caption(hand, checkpoint) for checkpoint in checkpoints]
    return packed(shown, captions, words("series"), name, play)


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


def close_by(hand: AtHand) -> tuple[int, int]:
    """A part of the series around the place where what is held out begins, or its end where nothing is."""
    end = min(len(hand.series.values), hand.unseen + CLOSE)
    return max(0, end - 2 * CLOSE), end


def panel(hand: AtHand, checkpoints: Sequence[Checkpoint], title: str, begin: int = 0, end: int | None = None, high: float = HIGH) -> Panel:
    """The series from one place to before another, and the forecasts of these checkpoints over it."""
    end = len(hand.series.values) if end is None else end
    first = max(begin, hand.spec.window)
    forecasts = [hand.predicted(checkpoint)[first - hand.spec.window : end - hand.spec.window] for checkpoint in checkpoints]
    forecasts = np.stack(forecasts)
    truth = hand.series.values[begin:end]
    unseen = hand.unseen - begin
    ends = hand.name(begin), hand.name(end - 1)
    stretch = coarser(Stretch(truth, forecasts, first - begin, unseen, ends, frame(hand, truth, forecasts), high))
    every_value = len(stretch.truth) == end - begin
    window = hand.spec.window if every_value and only_begun(checkpoints) else 0
    return series_panel(Titles(title, alt_of(stretch)), stretch, names(), hand.series.unit, window=window)


def alt_of(stretch: Stretch) -> str:
    """What is drawn of a stretch: the series, the forecast, where the part held out begins if that lies within."""
    held_out = [tr("series.alt.held_out")] * (0 < stretch.unseen < len(stretch.truth))
    return sentences(tr("series.alt"), tr("series.alt.predicted"), *held_out)


def coarser(stretch: Stretch) -> Stretch:
    """As many values as there is room for on a screen: of each few that lie side by side, the least and the greatest."""
    step = -(-len(stretch.truth) // (MOST_POINTS // 2))
    if len(stretch.truth) <= MOST_POINTS:
        return stretch
    places = stretch.first // step * step
    forecasts = np.pad(stretch.forecasts, ((0, 0), (stretch.first - places, 0)), mode="edge")
    truth = extremes(stretch.truth[None], step)[0]
    return stretch._replace(
        truth=truth, forecasts=extremes(forecasts, step), first=2 * places // step, unseen=min(2 * stretch.unseen // step, len(truth))
    )


def extremes(values: np.ndarray, step: int) -> np.ndarray:
    """The least and the greatest of every `step` values (rows, n), in the order in which they come: (rows, 2 · ⌈n / step⌉)."""
    rows, count = values.shape
    if not count:
        return values
    parts = np.pad(values, ((0, 0), (0, -count % step)), mode="edge").reshape(rows, -1, step)
    at = np.sort(np.stack([parts.argmin(axis=2), parts.argmax(axis=2)], axis=2), axis=2)
    return np.take_along_axis(parts, at, axis=2).reshape(rows, -1)


def delays(hand: AtHand, checkpoints: Sequence[Checkpoint]) -> Panel:
    """Every value over the one so many steps before it; and what was predicted in its place, of the part held out if there is one."""
    values, back = hand.series.values, hand.back
    first = max(hand.training if hand.held_out else 0, back - hand.spec.window)
    shown = np.linspace(first, len(hand.truth) - 1, min(MOST_DOTS, len(hand.truth) - first)).astype(int)
    before = values[shown + hand.spec.window - back]
    predicted = [np.stack([before, hand.predicted(checkpoint)[shown]], axis=-1) for checkpoint in checkpoints]
    every = np.linspace(back, len(values) - 1, min(MOST_POINTS, len(values) - back)).astype(int)
    truth = np.stack([values[every - back], values[every]], axis=-1)
    axes = tr("delays.before", n=back), tr("delays.value")
    told = names()
    named = (told.truth, told.unseen if hand.held_out else told.training)
    forecasts = np.stack(predicted)
    ends = frame(hand, values, forecasts)
    return delay_panel(Titles(tr("delays.title", n=back), tr("delays.alt")), truth, forecasts, ends, axes, named, hand.held_out)


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
    return Names(tr("series.truth"), tr("series.training"), tr("series.unseen"))


def caption(hand: AtHand, checkpoint: Checkpoint) -> str:
    """The moment, how far off the forecast drawn is on average, in the series' own unit, and how many values are beyond the picture."""
    low, high = limits(hand)
    predicted = hand.predicted(checkpoint)
    beyond = int((~((predicted >= low) & (predicted <= high))).sum())
    outside = [tr("series.beyond", n=beyond)] if beyond else []
    return " · ".join([*_scores(hand, checkpoint), *outside])


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
