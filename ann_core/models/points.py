"""The network for points in the plane: a small stack of dense layers."""

import keras
from keras import layers

from ann_core.models.feedforward import initialiser
from ann_core.specs import PointsSpec


def build(spec: PointsSpec) -> keras.Model:
    """A network from points (batch, 2) to the probability of class 1 (batch, 1)."""
    network = [keras.Input((2,))]
    for depth, units in enumerate(spec.hidden_units):
        network.append(layers.Dense(units, spec.activation, kernel_initializer=initialiser(spec.seed, depth)))
    network.append(layers.Dense(1, "sigmoid", kernel_initializer=initialiser(spec.seed, len(spec.hidden_units))))
    return keras.Sequential(network)
