"""How weights begin, before any training: Keras' initialisers, float32, each from a seed of its own."""

from collections.abc import Callable, Sequence
from math import prod, sqrt

import numpy as np

from ann_core.maths.learning import draws

Draw = Callable[[int, Sequence[int]], np.ndarray]
"""Weights of a shape from a seed."""

Weights = list[np.ndarray]

CUT_DEVIATION = 0.87962566103423978
"""The deviation of a normal distribution cut off at two deviations."""


def glorot_uniform(seed: int, shape: Sequence[int]) -> np.ndarray:
    """Even between ±√(6 / (inputs + outputs)). Glorot, Bengio (2010)."""
    limit = np.float32(sqrt(3 * (1 / (sum(fans(shape)) / 2))))
    return draws.uniform(seed, shape) * (limit + limit) - limit


def he_normal(seed: int, shape: Sequence[int]) -> np.ndarray:
    """Normal, cut off at two deviations, with deviation √(2 / inputs) after that. He et al. (2015)."""
    return draws.truncated_normal(seed, shape) * np.float32(sqrt(2 / fans(shape)[0]) / CUT_DEVIATION)


def random_normal(seed: int, shape: Sequence[int], deviation: float) -> np.ndarray:
    """Normal with this deviation."""
    return draws.normal(seed, shape) * np.float32(deviation)


def orthogonal(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """Columns, or rows where there are fewer of these, of length 1 and at right angles. Saxe et al. (2014)."""
    q, r = np.linalg.qr(draws.normal(seed, (max(shape), min(shape))).astype(float))
    q = (q * np.sign(np.diag(r))).astype(np.float32)
    return q if q.shape == tuple(shape) else np.ascontiguousarray(q.T)


def zeros(shape: Sequence[int]) -> np.ndarray:
    return np.zeros(shape, np.float32)


def ones(shape: Sequence[int]) -> np.ndarray:
    return np.ones(shape, np.float32)


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """How many inputs a unit has, and how many outputs an input goes to: the last two axes, times what a kernel covers."""
    covered = prod(shape[:-2])
    return covered * shape[-2], covered * shape[-1]
