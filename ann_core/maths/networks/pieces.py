"""How many straight pieces a ReLU network draws: found exactly, for networks of one input and one output."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ann_core.maths.learning.untrained import network
from ann_core.maths.networks.dense import Layer

REACH = 3.0
BIASED = 1.0
ALIKE = 1e-9


def corners(layers: Sequence[Layer], low: float = -REACH, high: float = REACH) -> tuple[np.ndarray, np.ndarray]:
    """The corners of the function that a ReLU network draws between two inputs: places (n,) and values (n,), ends included.

    Between two neighbouring corners each layer is a straight line of the input; a new corner arises where a neuron's sum
    crosses zero.
    """
    places = np.array([low, high], dtype=float)
    values = places[:, None]  # (corners, units)
    for layer in layers:
        sums = values @ layer.kernel + layer.bias
        if layer.activation == "relu":
            places, sums = _with_crossings(places, sums)
            sums = np.maximum(sums, 0)
        values = sums
    return _without_idle(places, values[:, 0])


def _with_crossings(places: np.ndarray, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places at which a neuron's sum is zero, put between the others, with the sums there."""
    before, after = sums[:-1], sums[1:]
    rows, _ = crossing = np.nonzero(before * after < 0)
    shares = before[crossing] / (before[crossing] - after[crossing])
    found = places[rows] + shares * np.diff(places)[rows]
    merged = np.union1d(places, found)
    return merged, np.stack([np.interp(merged, places, column) for column in sums.T], axis=1)


def _without_idle(places: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Only those corners at which the slope changes."""
    slopes = np.diff(values) / np.diff(places)
    turns = np.abs(np.diff(slopes)) > ALIKE * max(1.0, float(np.abs(slopes).max()))
    kept = np.concatenate([[True], turns, [True]])
    return places[kept], values[kept]


def random_network(width: int, depth: int, seed: int) -> list[Layer]:
    """A ReLU network from one number to one, with `depth` hidden layers of `width` neurons, untrained."""
    return network((1, *[width] * depth, 1), ("relu",) * depth + ("linear",), "he", seed, BIASED)


def folding_network(depth: int) -> list[Layer]:
    """A network that folds the line from 0 to 1 in half with every layer: t ← max(0, 2t) − max(0, 4t − 2)."""
    fold, bias = np.array([[2.0, 4.0]]), np.array([0.0, -2.0])
    sign = np.array([[1.0], [-1.0]])
    layers = [Layer(fold if place == 0 else sign @ fold, bias, "relu") for place in range(depth)]
    return [*layers, Layer(sign, np.zeros(1), "linear")]


@lru_cache
def folded_pieces(depth: int) -> int:
    """How many straight pieces that one draws: twice as many with every layer."""
    return len(corners(folding_network(depth), 0.0, 1.0)[0]) - 1


@lru_cache
def typical_pieces(width: int, depth: int, seeds: int) -> float:
    """How many straight pieces such networks draw: the median over several seeds."""
    return float(np.median([len(corners(random_network(width, depth, seed))[0]) - 1 for seed in range(seeds)]))
