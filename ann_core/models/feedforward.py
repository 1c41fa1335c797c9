"""The feed-forward network: layer after layer, one way."""

import keras
from keras import layers

from ann_core.data.images import CLASSES, SIDE
from ann_core.models.objectives import ONE_OF_MANY, Objective
from ann_core.spec import Spec
from ann_core.specs import FeedForwardSpec
from ann_core.starts.base import seed_of


def build(spec: FeedForwardSpec) -> keras.Model:
    """A network from images (batch, 28, 28) to the probabilities of the classes (batch, 10)."""
    network = [keras.Input((SIDE, SIDE)), layers.Flatten()]
    for depth, units in enumerate(spec.hidden_units):
        network.append(layers.Dense(units, spec.activation, kernel_initializer=initialiser(spec.seed, depth)))
        if spec.dropout:
            network.append(layers.Dropout(spec.dropout, seed=spec.seed + depth))
    last = initialiser(spec.seed, len(spec.hidden_units))
    network.append(layers.Dense(CLASSES, "softmax", kernel_initializer=last))
    return keras.Sequential(network)


def initialiser(seed: int, depth: int) -> keras.initializers.Initializer:
    """Keras' usual start for dense layers, with a seed of its own for each layer."""
    return keras.initializers.GlorotUniform(seed=seed_of(seed, depth))


def objective(spec: Spec) -> Objective:
    """One of ten classes, for all networks for images."""
    return ONE_OF_MANY
