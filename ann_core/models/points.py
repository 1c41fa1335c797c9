"""The network for points in the plane: a small stack of dense layers."""

from collections.abc import Callable

import keras
from keras import layers
from keras.initializers import GlorotUniform, HeNormal, Initializer, RandomNormal, Zeros

from ann_core.models.objectives import ONE_OF_MANY, ONE_OF_TWO, SQUARED, VALUE, Objective
from ann_core.specs import PointsSpec
from ann_core.starts.base import seed_of

INITIALISERS: dict[str, Callable[[int], Initializer]] = {
    "glorot": lambda seed: GlorotUniform(seed=seed),
    "he": lambda seed: HeNormal(seed=seed),
    "wide": lambda seed: RandomNormal(stddev=1.0, seed=seed),
    "zeros": lambda seed: Zeros(),
}


def build(spec: PointsSpec) -> keras.Model:
    """A network from features (batch, features) to probabilities or a value.

    (batch, 1): the probability of class 1 of two, or a value; (batch, classes): of more classes.
    """
    network = [keras.Input((len(spec.features),))]
    units = (*(layer.units for layer in spec.layers), spec.outputs)
    for depth, (width, activation) in enumerate(zip(units, spec.activations, strict=True)):
        start = INITIALISERS[spec.initialiser](seed_of(spec.seed, depth))
        network.append(layers.Dense(width, activation, use_bias=spec.bias, kernel_initializer=start))
        if spec.dropout and depth < len(spec.layers):
            network.append(layers.Dropout(spec.dropout, seed=spec.seed + depth))
    return keras.Sequential(network)


def objective(spec: PointsSpec) -> Objective:
    """A class by its probability or by the squared error, or a value."""
    if not spec.classes:
        return VALUE
    of_classes = ONE_OF_TWO if spec.classes == 2 else ONE_OF_MANY
    return SQUARED[of_classes] if spec.loss == "squared_error" else of_classes
