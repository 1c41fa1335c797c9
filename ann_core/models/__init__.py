"""From a spec to a Keras model: the only place that builds networks."""

import keras

from ann_core.models import convolutional, feedforward, points, recurrent
from ann_core.spec import Spec
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec, PointsSpec, RecurrentSpec

BUILDERS = {
    PointsSpec: points.build,
    FeedForwardSpec: feedforward.build,
    ConvolutionalSpec: convolutional.build,
    RecurrentSpec: recurrent.build,
}


def build(spec: Spec) -> keras.Model:
    """The untrained network of a spec; its initial weights depend on the seed alone."""
    return BUILDERS[type(spec)](spec)


def portable(spec: Spec) -> keras.Model:
    """The untrained network of a spec from Keras' own layers alone: equal, slower to train, and loaded by any Keras."""
    return convolutional.build(spec, *convolutional.KERAS_LAYERS) if isinstance(spec, ConvolutionalSpec) else build(spec)
