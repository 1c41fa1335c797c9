"""Loss landscapes: surfaces over two parameters as one table of records, a curve over one, and a real loss of two weights."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Landscape:
    """A surface over the plane: `value` of places (..., 2) is (...), `gradient` (..., 2); formula in LaTeX.

    `low` and `high` are opposite corners of the part to draw, `start` a place to begin a descent, `lowest` all minima.
    """

    name: str
    value: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    low: tuple[float, float]
    high: tuple[float, float]
    start: tuple[float, float]
    lowest: tuple[tuple[float, float], ...]
    formula: str


def _coordinates(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    places = np.asarray(places, float)
    return places[..., 0], places[..., 1]


def _bowl(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return x**2 + y**2


def _bowl_gradient(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return np.stack([2 * x, 2 * y], axis=-1)


def _ravine(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return x**2 / 2 + 15 * y**2


def _ravine_gradient(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return np.stack([x, 30 * y], axis=-1)


def _saddle(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return x**2 - y**2 + y**4 / 4


def _saddle_gradient(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return np.stack([2 * x, y**3 - 2 * y], axis=-1)


def _himmelblau(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def _himmelblau_gradient(places: np.ndarray) -> np.ndarray:
    x, y = _coordinates(places)
    first, second = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * first + 2 * second, 2 * first + 4 * y * second], axis=-1)


HIMMELBLAU_LOWEST = (
    (3.0, 2.0),
    (-2.805118086952745, 3.131312518250573),
    (-3.779310253377747, -3.283185991286170),
    (3.584428340330492, -1.848126526964404),
)
ROOT = 2**0.5

LANDSCAPES = {
    record.name: record
    for record in (
        Landscape("bowl", _bowl, _bowl_gradient, (-3, -3), (3, 3), (-2.4, 1.8), ((0, 0),), "w_1^2 + w_2^2"),
        Landscape(
            "ravine", _ravine, _ravine_gradient, (-3, -1.5), (3, 1.5), (-2.6, 0.9), ((0, 0),), r"\frac{1}{2}\,w_1^2 + \frac{30}{2}\,w_2^2"
        ),
        Landscape(
            "saddle",
            _saddle,
            _saddle_gradient,
            (-2.5, -2.5),
            (2.5, 2.5),
            (-2.0, 0.02),  # nearly on the ridge: the way leads to the saddle at (0, 0) first
            ((0, -ROOT), (0, ROOT)),
            r"w_1^2 - w_2^2 + \frac{1}{4}\,w_2^4",
        ),
        Landscape(
            "himmelblau",
            _himmelblau,
            _himmelblau_gradient,
            (-5, -5),
            (5, 5),
            (-0.5, -4.0),
            HIMMELBLAU_LOWEST,
            r"(w_1^2 + w_2 - 11)^2 + (w_1 + w_2^2 - 7)^2",
        ),
    )
}
"""Landscapes by name."""


CURVE_FORMULA = r"\frac{1}{4}\,x^4 - 1.395\,x^2 + 0.81\,x"
CURVE_VALLEYS, CURVE_HILL = (-1.8, 1.5), 0.3
"""Where the curve is level: its valleys, the deeper one first, and the hill between them."""
CURVE_LOW, CURVE_HIGH = -2.7, 2.4


def curve(x: np.ndarray) -> np.ndarray:
    """A loss over one parameter, with two valleys of different depth; any shape."""
    return x**4 / 4 - 1.395 * x**2 + 0.81 * x


def curve_slope(x: np.ndarray) -> np.ndarray:
    """The derivative of `curve`: (x + 1.8) (x - 0.3) (x - 1.5)."""
    return (x + 1.8) * (x - 0.3) * (x - 1.5)


def fit_loss(weights: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The loss of one neuron that fits points (n, 2), mean of (tanh(w x + b) - y)²: for weights (w, b) (..., 2) it is (...)."""
    return (_fit_errors(weights, points) ** 2).mean(axis=-1)


def fit_gradient(weights: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The gradient of `fit_loss` along (w, b), means of 2 e (1 - a²) x and 2 e (1 - a²) with a = tanh(w x + b), e = a - y: (..., 2)."""
    x, y = _coordinates(points)
    errors = _fit_errors(weights, points)  # (..., n)
    slopes = 2 * errors * (1 - (errors + y) ** 2)
    return np.stack([(slopes * x).mean(axis=-1), slopes.mean(axis=-1)], axis=-1)


def _fit_errors(weights: np.ndarray, points: np.ndarray) -> np.ndarray:
    w, b = _coordinates(weights)
    x, y = _coordinates(points)
    return np.tanh(w[..., None] * x + b[..., None]) - y
