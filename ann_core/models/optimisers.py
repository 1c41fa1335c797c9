"""From a spec to a Keras optimiser."""

import keras

from ann_core.spec import Spec

OPTIMISERS = {
    "sgd": lambda spec: keras.optimizers.SGD(spec.learning_rate),
    "momentum": lambda spec: keras.optimizers.SGD(spec.learning_rate, momentum=spec.momentum),
    "rmsprop": lambda spec: keras.optimizers.RMSprop(spec.learning_rate),
    "adam": lambda spec: keras.optimizers.Adam(spec.learning_rate),
}


def build(spec: Spec) -> keras.optimizers.Optimizer:
    """The optimiser that a spec names."""
    return OPTIMISERS[spec.optimiser](spec)
