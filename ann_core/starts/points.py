"""How a network for points begins, and what it says."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from ann_core.maths.learning.initialisers import Draw, Weights, glorot_uniform, he_normal, random_normal, zeros
from ann_core.maths.networks.dense import forward, layers
from ann_core.specs import PointsSpec
from ann_core.starts.base import dense

DRAWS: Mapping[str, Draw] = {
    "glorot": glorot_uniform,
    "he": he_normal,
    "wide": partial(random_normal, deviation=1.0),
    "zeros": lambda seed, shape: zeros(shape),
}


def starting_weights(spec: PointsSpec) -> Weights:
    sizes = len(spec.features), *(layer.units for layer in spec.layers), spec.outputs
    return dense(spec.seed, sizes, draw=DRAWS[spec.initialiser], biased=spec.bias)


def answers(spec: PointsSpec, weights: Sequence[np.ndarray], features: np.ndarray) -> np.ndarray:
    """Probabilities or values (n, outputs) from features (n, features)."""
    return forward(layers(weights, spec.activations, spec.bias), features)[-1].outputs
