"""Optimisers: how a gradient becomes a change of the parameters, as one table of records."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MOMENTUM = 0.9
"""Share of its velocity that `momentum` and `nesterov` keep, and share of their mean squares that `rmsprop` keeps."""
ADAM_MEAN, ADAM_SQUARES = 0.9, 0.999
"""Shares of the mean gradient and of the mean squared gradient that `adam` keeps."""
LEAST = 1e-7
"""Keeps a denominator from zero: Keras's epsilon."""
FAR = 1e6
"""Parameters beyond this have exploded."""

Memory = tuple | None
"""What an optimiser remembers from step to step: arrays like the parameters, and Adam its count; None at the beginning."""
Step = Callable[[np.ndarray, np.ndarray, Memory, float], tuple[np.ndarray, Memory]]


@dataclass(frozen=True)
class Optimiser:
    """An optimiser: `step` (parameters, gradient, memory, learning_rate) -> (change, memory), and its formula in LaTeX.

    The new parameters are parameters + change.
    """

    name: str
    step: Step
    formula: str


@dataclass(frozen=True)
class Path:
    """A descent: places (steps + 1, n), and the gradient met and the change made at each but the last, both (steps, n).

    places[i + 1] = places[i] + changes[i]. After an explosion all rows are NaN.
    """

    places: np.ndarray
    gradients: np.ndarray
    changes: np.ndarray


def _sgd(parameters: np.ndarray, gradient: np.ndarray, memory: Memory, learning_rate: float) -> tuple[np.ndarray, Memory]:
    """Straight downhill: change = -η g."""
    return -learning_rate * gradient, ()


def _momentum(parameters: np.ndarray, gradient: np.ndarray, memory: Memory, learning_rate: float) -> tuple[np.ndarray, Memory]:
    """A rolling ball: v ← 0.9 v - η g, change = v."""
    (velocity,) = memory or (np.zeros_like(gradient),)
    velocity = MOMENTUM * velocity - learning_rate * gradient
    return velocity, (velocity,)


def _nesterov(parameters: np.ndarray, gradient: np.ndarray, memory: Memory, learning_rate: float) -> tuple[np.ndarray, Memory]:
    """A ball that looks ahead: v ← 0.9 v - η g, change = 0.9 v - η g."""
    velocity, memory = _momentum(parameters, gradient, memory, learning_rate)
    return MOMENTUM * velocity - learning_rate * gradient, memory


def _rmsprop(parameters: np.ndarray, gradient: np.ndarray, memory: Memory, learning_rate: float) -> tuple[np.ndarray, Memory]:
    """Each direction its own pace: s ← 0.9 s + 0.1 g², change = -η g / √(s + ε)."""
    (squares,) = memory or (np.zeros_like(gradient),)
    squares = MOMENTUM * squares + (1 - MOMENTUM) * gradient**2
    return -learning_rate * gradient / np.sqrt(squares + LEAST), (squares,)


def _adam(parameters: np.ndarray, gradient: np.ndarray, memory: Memory, learning_rate: float) -> tuple[np.ndarray, Memory]:
    """Mean gradient over its usual size: change = -α m / (√s + ε), with α = η √(1 - 0.999ᵏ) / (1 - 0.9ᵏ) at step k.

    m ← 0.9 m + 0.1 g and s ← 0.999 s + 0.001 g² begin at zero, too small; α makes up for it.
    """
    mean, squares, count = memory or (np.zeros_like(gradient), np.zeros_like(gradient), 0)
    mean = ADAM_MEAN * mean + (1 - ADAM_MEAN) * gradient
    squares = ADAM_SQUARES * squares + (1 - ADAM_SQUARES) * gradient**2
    count += 1
    pace = learning_rate * np.sqrt(1 - ADAM_SQUARES**count) / (1 - ADAM_MEAN**count)
    return -pace * mean / (np.sqrt(squares) + LEAST), (mean, squares, count)


OPTIMISERS = {
    record.name: record
    for record in (
        Optimiser("sgd", _sgd, r"w \leftarrow w - \eta\, g"),
        Optimiser("momentum", _momentum, r"v \leftarrow 0.9\, v - \eta\, g,\quad w \leftarrow w + v"),
        Optimiser("nesterov", _nesterov, r"v \leftarrow 0.9\, v - \eta\, g,\quad w \leftarrow w + 0.9\, v - \eta\, g"),
        Optimiser("rmsprop", _rmsprop, r"s \leftarrow 0.9\, s + 0.1\, g^2,\quad w \leftarrow w - \eta\, \frac{g}{\sqrt{s + \epsilon}}"),
        Optimiser(
            "adam",
            _adam,
            r"m \leftarrow 0.9\, m + 0.1\, g,\quad s \leftarrow 0.999\, s + 0.001\, g^2,\quad"
            r" w \leftarrow w - \eta\, \frac{\sqrt{1 - 0.999^k}}{1 - 0.9^k}\, \frac{m}{\sqrt{s} + \epsilon}",
        ),
    )
}
"""Optimisers by name, with the defaults and the arithmetic of Keras; `momentum` and `nesterov` are its SGD with momentum."""


def descend(optimiser_name: str, gradient: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int) -> Path:
    """The path of an optimiser from a start (n,), given the `gradient` (n,) at a place (n,)."""
    start = np.atleast_1d(np.asarray(start, float))
    path = Path(*(np.full((rows, len(start)), np.nan) for rows in (steps + 1, steps, steps)))
    path.places[0], memory = start, None
    with np.errstate(over="ignore", invalid="ignore"):
        for i in range(steps):
            slope = np.asarray(gradient(path.places[i]), float)
            change, memory = OPTIMISERS[optimiser_name].step(path.places[i], slope, memory, learning_rate)
            if not np.all(np.abs(path.places[i] + change) <= FAR):
                break
            path.gradients[i], path.changes[i], path.places[i + 1] = slope, change, path.places[i] + change
    return path
