"""First weights: networks as they are before any training, drawn with a seed."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ann_core.maths.networks.dense import Layer

Draw = Callable[[np.random.Generator, int, int], np.ndarray]

INITIALISERS: dict[str, Draw] = {
    "glorot": lambda random, inputs, units: random.uniform(-1, 1, (inputs, units)) * np.sqrt(6 / (inputs + units)),
    "he": lambda random, inputs, units: random.normal(0, np.sqrt(2 / inputs), (inputs, units)),
    "wide": lambda random, inputs, units: random.normal(0, 1, (inputs, units)),
    "small": lambda random, inputs, units: random.normal(0, 0.01, (inputs, units)),
    "zeros": lambda random, inputs, units: np.zeros((inputs, units)),
}
"""Kernels (inputs, units) by the name of the initialiser. Glorot: ±√(6 / (inputs + units)); He: deviation √(2 / inputs)."""


def network(sizes: Sequence[int], activations: Sequence[str], initialiser: str, seed: int, biased: float = 0.0) -> list[Layer]:
    """A network with these layer sizes, inputs first; biases are drawn between -`biased` and `biased`."""
    random = np.random.default_rng(seed)
    layers = []
    for (inputs, units), activation in zip(pairwise(sizes), activations, strict=True):
        kernel = INITIALISERS[initialiser](random, inputs, units)
        layers.append(Layer(kernel, random.uniform(-biased, biased, units), activation))
    return layers
