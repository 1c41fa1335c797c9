"""The windows of a series."""

from dataclasses import replace

import numpy as np

from ann_core.data import recurrent
from ann_core.data.recurrent import Scale, Series
from ann_core.specs import RecurrentSpec
from ann_core.training.examples import Examples, split
from ann_core.training.records import DataSource, TrainingFailed

LEAST_WINDOWS = 8


def series_of(spec: RecurrentSpec, own: Series | None = None) -> Series:
    """The series of a spec. Raises `TrainingFailed` where it should be the learner's own and is not given, or is too short."""
    made = own if spec.series == "own" else recurrent.series(spec.series, spec.length, spec.span, spec.noise, spec.seed)
    if made is None:
        raise TrainingFailed("no_own_series")
    if len(made.values) < spec.window + LEAST_WINDOWS:
        raise TrainingFailed("series_too_short", {"n": len(made.values), "least": spec.window + LEAST_WINDOWS})
    return made


def training_windows(spec: RecurrentSpec, series: Series) -> int:
    """How many windows of the series are trained on; those behind them are held out."""
    count = len(series.values) - spec.window
    return count - round(count * spec.held_out)


def scale_of(spec: RecurrentSpec, series: Series) -> Scale:
    """How the values are scaled for the network: by those that the training windows and their targets contain."""
    return Scale.of(series.values[: training_windows(spec, series) + spec.window]) if spec.normalise else Scale()


def windows_of(spec: RecurrentSpec, series: Series) -> tuple[np.ndarray, np.ndarray]:
    """The windows of a series, (n, window, 1), and what follows each, (n, 1), as the network of a spec sees them."""
    x, y = recurrent.windows(scale_of(spec, series).scaled(series.values), spec.window)
    if spec.shuffled_order:
        x = np.random.default_rng([spec.seed, 3]).permuted(x, axis=1)
    return x, y


def find(spec: RecurrentSpec, own: Series | None) -> tuple[Examples, DataSource]:
    series = series_of(spec, own)
    examples, source = split(*windows_of(spec, series), training_windows(spec, series), spec.series)
    came = "package" if spec.series == "seattle" else source.source
    return replace(examples, watched=True), replace(source, source=came, unit=series.unit, deviation=scale_of(spec, series).deviation)
