"""How a dense network for images begins, and what it says."""

from collections.abc import Sequence

import numpy as np

from ann_core.data.images import CLASSES, SIDE
from ann_core.maths.learning.initialisers import Weights
from ann_core.maths.networks.dense import forward, layers
from ann_core.specs import FeedForwardSpec
from ann_core.starts.base import dense


def starting_weights(spec: FeedForwardSpec) -> Weights:
    return dense(spec.seed, (SIDE**2, *spec.hidden_units, CLASSES))


def answers(spec: FeedForwardSpec, weights: Sequence[np.ndarray], images: np.ndarray) -> np.ndarray:
    """The probabilities of the classes, (n, classes), from images (n, height, width) as the network sees them."""
    return forward(layers(weights, spec.activations), images.reshape(len(images), -1))[-1].outputs
