"""How a convolutional network begins, and what it says."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ann_core.data.images import CLASSES, SIDE
from ann_core.maths.learning.initialisers import Weights, glorot_uniform, ones, zeros
from ann_core.maths.networks.convolution import Layer, forward, network
from ann_core.specs import ConvolutionalSpec
from ann_core.starts.base import dense, seed_of


def starting_weights(spec: ConvolutionalSpec) -> Weights:
    """The filters of all layers, then the dense layers."""
    side, depth = SIDE, len(spec.filters)
    for _ in spec.filters:
        side = (side - spec.kernel_size + 1) // (1 if spec.pooling == "none" else 2)
    inputs = side**2 * (1, *spec.filters)[-1]
    hidden = dense(spec.seed, (inputs, spec.dense_units), depth) if spec.dense_units else []
    return _filters(spec) + hidden + dense(spec.seed, (spec.dense_units or inputs, CLASSES), depth + 1)


def _filters(spec: ConvolutionalSpec) -> Weights:
    """Kernels with their biases, and where batches are normalised scales, shifts, means and variances."""
    weights = []
    for place, (channels, count) in enumerate(pairwise((1, *spec.filters))):
        kernel = glorot_uniform(seed_of(spec.seed, place), (spec.kernel_size, spec.kernel_size, channels, count))
        weights += [kernel, zeros((count,))]
        if spec.batch_norm:
            weights += [ones((count,)), zeros((count,)), zeros((count,)), ones((count,))]
    return weights


def layers_of(spec: ConvolutionalSpec, weights: Sequence[np.ndarray]) -> list[Layer]:
    """The layers of a spec's network with these weights."""
    parts = len(spec.filters), spec.activation, spec.pooling, spec.batch_norm, spec.dense_units > 0
    return network(weights, *parts)


def answers(spec: ConvolutionalSpec, weights: Sequence[np.ndarray], images: np.ndarray) -> np.ndarray:
    """The probabilities of the classes, (n, classes), from images (n, height, width) as the network sees them."""
    return forward(layers_of(spec, weights), images)[-1]
