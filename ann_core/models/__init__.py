"""From a spec to a Keras model: the only place that builds networks."""

import keras

from ann_core.models import feedforward
from ann_core.specs import FeedForwardSpec, Spec

BUILDERS = {FeedForwardSpec: feedforward.build}


def build(spec: Spec) -> keras.Model:
    """The untrained network of a spec; its initial weights depend on the seed alone."""
    return BUILDERS[type(spec)](spec)
