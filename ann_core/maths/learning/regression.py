"""A small regression: a polynomial fitted to noisy points of a curve, at once or by gradient descent in batches."""

from dataclasses import dataclass

import numpy as np

from ann_core.maths.learning.optimisers import FAR

Examples = tuple[np.ndarray, np.ndarray]
"""Features (n, k) and targets (n,)."""


@dataclass(frozen=True)
class Descent:
    """A descent in batches: what was measured after every epoch, row 0 before the first.

    `training` and `held_out` are losses (epochs + 1,), `coefficients` (epochs + 1, k); `steps` are those of all epochs
    together. From the epoch of an explosion on, all rows are NaN.
    """

    training: np.ndarray
    held_out: np.ndarray
    coefficients: np.ndarray
    steps: int


def true_curve(x: np.ndarray) -> np.ndarray:
    """What the points are taken from: sin πx."""
    return np.sin(np.pi * x)


def noisy_curve(count: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of the curve: x (n,) anywhere in [-1, 1], in order, and y (n,), off by normal noise of this standard deviation."""
    random = np.random.default_rng(seed)
    x = np.sort(random.uniform(-1, 1, count))
    return x, true_curve(x) + noise * random.standard_normal(count)


def polynomial(x: np.ndarray, degree: int) -> np.ndarray:
    """Features of x (..., n) in [-1, 1]: the Legendre polynomials P₀(x) … P_degree(x), (..., n, degree + 1).

    Unlike the powers of x they hardly overlap, so that gradient descent gets anywhere.
    """
    return np.polynomial.legendre.legvander(np.asarray(x, float), degree)


def least_squares(x: np.ndarray, y: np.ndarray, degree: int) -> np.ndarray:
    """The coefficients (..., degree + 1) with the least mean squared error on points x (..., n), y (..., n); of several, the shortest."""
    features = polynomial(x, degree)
    least = np.finfo(float).eps * max(features.shape[-2:])
    return (np.linalg.pinv(features, rcond=least) @ np.asarray(y, float)[..., None])[..., 0]


def mean_squared_error(targets: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """The mean of (prediction - target)² over the last axis: predictions (..., n) give (...)."""
    return ((predictions - targets) ** 2).mean(axis=-1)


def gradient(features: np.ndarray, targets: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """The gradient of the mean squared error along the coefficients c (k,): 2/n Xᵀ(X c - y), (k,)."""
    return 2 / len(targets) * features.T @ (features @ coefficients - targets)


def descend_in_batches(
    features: np.ndarray, targets: np.ndarray, batch_size: int, learning_rate: float, epochs: int, seed: int, held_out: Examples
) -> Descent:
    """Gradient descent from zero coefficients, the examples (n, k), (n,) shuffled every epoch and taken batch by batch."""
    random = np.random.default_rng(seed)
    coefficients = np.full((epochs + 1, features.shape[1]), np.nan)
    coefficients[0] = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs):
            order = random.permutation(len(targets))
            after = _epoch(features[order], targets[order], batch_size, learning_rate, coefficients[epoch])
            if not np.all(np.abs(after) <= FAR):
                break
            coefficients[epoch + 1] = after
    training = mean_squared_error(targets, coefficients @ features.T)
    steps = epochs * -(-len(targets) // batch_size)
    return Descent(training, mean_squared_error(held_out[1], coefficients @ held_out[0].T), coefficients, steps)


def _epoch(features: np.ndarray, targets: np.ndarray, batch_size: int, learning_rate: float, coefficients: np.ndarray) -> np.ndarray:
    """The coefficients after one pass over the examples."""
    for first in range(0, len(targets), batch_size):
        x, y = features[first : first + batch_size], targets[first : first + batch_size]
        coefficients = coefficients - learning_rate * gradient(x, y, coefficients)
    return coefficients


def best_epoch(descent: Descent) -> int:
    """The epoch after which the held-out loss was least: where early stopping would have stopped."""
    return int(np.nanargmin(descent.held_out))
