"""Forecasts that need no network: what a trained one has to beat."""

import numpy as np


def as_before(values: np.ndarray) -> np.ndarray:
    """Tomorrow is like today: (n,), NaN for the first value."""
    return np.concatenate([[np.nan], values[:-1]])


def as_then(values: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """Each value is like that at its `earlier` place (n,): (n,), NaN where that is -1."""
    return np.where(earlier >= 0, values[np.maximum(earlier, 0)], np.nan)


def straight(windows: np.ndarray, targets: np.ndarray, training: int) -> np.ndarray:
    """A weighted sum of the window and a constant, by least squares on the first windows: (n,).

    windows: (n, window); targets: (n,).
    """
    inputs = np.concatenate([windows, np.ones((len(windows), 1))], axis=1)
    weights, *_ = np.linalg.lstsq(inputs[:training], targets[:training], rcond=None)
    return inputs @ weights


def may_be_chance(differences: np.ndarray, deviations: float) -> bool:
    """Whether the mean of these is no further from 0 than so many of its standard errors; of one alone, always.

    What is no number is left out. The standard error takes them for independent of each other.
    """
    known = differences[np.isfinite(differences)]
    if len(known) < 2:
        return True
    return bool(abs(known.mean()) <= deviations * known.std(ddof=1) / np.sqrt(len(known)))


def absolute_error(forecast: np.ndarray, truth: np.ndarray) -> float:
    """The mean absolute error where there is a forecast; NaN where there is none at all."""
    known = np.isfinite(forecast)
    return float(np.abs(forecast[known] - truth[known]).mean()) if known.any() else float("nan")
