"""The film of a training on a series: the forecast over the truth, the whole and a part from close by."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.recurrent import Names, Stretch, series_panel
from ann_core.lessons.recurrent.at_hand import AtHand
from ann_core.training.records import Checkpoint
from ann_core.ui.figures.film import words
from ann_core.ui.language import tr

CLOSE = 60
MOST_POINTS = 800


def film_of(hand: AtHand, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    """The forecasts of these checkpoints; of none, the series alone."""
    shown = [panel(hand, checkpoints, tr("series.whole"))]
    begin, end = close_by(hand)
    if end - begin < len(hand.series.values):
        shown.append(panel(hand, checkpoints, tr("series.close"), begin, end))
    captions = [caption(hand, checkpoint.epoch, rows) for checkpoint in checkpoints] or [tr("series.untouched")]
    return packed(shown, captions, words(), name, play, columns=1)


def close_by(hand: AtHand) -> tuple[int, int]:
    """A part of the series around the place where what is held out begins, or its end where nothing is."""
    end = min(len(hand.series.values), hand.unseen + CLOSE)
    return max(0, end - 2 * CLOSE), end


def panel(hand: AtHand, checkpoints: Sequence[Checkpoint], title: str, begin: int = 0, end: int | None = None) -> Panel:
    """The series from one place to before another, and the forecasts of these checkpoints over it."""
    end = len(hand.series.values) if end is None else end
    first = max(begin, hand.spec.window)
    forecasts = [hand.predicted(checkpoint)[first - hand.spec.window : end - hand.spec.window] for checkpoint in checkpoints]
    forecasts = np.stack(forecasts) if forecasts else np.zeros((1, 0))
    truth = hand.series.values[begin:end]
    unseen = hand.unseen - begin
    if end - begin > MOST_POINTS:
        return _coarser(hand, Titles(title, tr("series.alt")), truth, forecasts, first - begin, unseen)
    stretch = Stretch(truth, forecasts, first - begin, unseen, (hand.name(begin), hand.name(end - 1)), bounds(truth))
    return series_panel(Titles(title, tr("series.alt")), stretch, names(), hand.series.unit)


def _coarser(hand: AtHand, titles: Titles, truth: np.ndarray, forecasts: np.ndarray, first: int, unseen: int) -> Panel:
    """Only as many values as there is room for on a screen."""
    step = -(-len(truth) // MOST_POINTS)
    kept = np.arange(0, len(truth), step)
    of_forecast = kept[kept >= first] - first
    places = int((kept < first).sum()), int((kept < unseen).sum())
    ends = hand.name(0), hand.name(int(kept[-1]))
    stretch = Stretch(truth[kept], forecasts[:, of_forecast] if forecasts.size else forecasts, *places, ends, bounds(truth))
    return series_panel(titles, stretch, names(), hand.series.unit)


def bounds(values: np.ndarray) -> tuple[float, float]:
    """What is at the foot and at the top of a picture of these values: round numbers around their range."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return low - 1, high + 1
    step = 10 ** np.floor(np.log10(high - low)) / 2
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


def names() -> Names:
    return Names(tr("series.truth"), tr("series.training"), tr("series.unseen"))


def caption(hand: AtHand, epoch: int, rows: np.ndarray) -> str:
    """The epoch, and how far the forecast is off on average, in the series' own unit."""
    if not epoch or epoch > len(rows):
        return tr("film.untrained")
    values = dict(zip(hand.spec.metrics, rows[epoch - 1], strict=True))
    score = hand.spec.measures[1]
    told = [tr("series.error.training", error=written(hand, values[score]))]
    if f"val_{score}" in values:
        told.append(tr("series.error.unseen", error=written(hand, values[f"val_{score}"])))
    return " · ".join([tr("film.epoch", epoch=epoch), *told])


def written(hand: AtHand, scaled_error: float) -> str:
    """An error of scaled values as it is written: in the series' own unit."""
    return in_unit(hand, scaled_error * hand.scale.deviation)


def in_unit(hand: AtHand, value: float) -> str:
    """A value with three digits and its unit."""
    if not np.isfinite(value):
        return "∞"
    return f"{value:.3g}".replace("-", "−") + (f" {hand.series.unit}" if hand.series.unit else "")
