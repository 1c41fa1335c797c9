"""From a spec to a Keras model: the only place that builds networks."""

import sys

# Keras looks for scikit-learn, which nothing here needs and which takes a second and a half to import: hide it meanwhile
HIDE_SKLEARN = "sklearn" not in sys.modules
if HIDE_SKLEARN:
    sys.modules["sklearn"] = None
import keras  # noqa: E402

if HIDE_SKLEARN:
    del sys.modules["sklearn"]

from ann_core.models import attention, convolutional, feedforward, gan, points, recall, recurrent  # noqa: E402
from ann_core.spec import Spec  # noqa: E402
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanDigitsSpec, GanSpec, PointsSpec, RecallSpec, RecurrentSpec  # noqa: E402

BUILDERS = {
    PointsSpec: points.build,
    FeedForwardSpec: feedforward.build,
    ConvolutionalSpec: convolutional.build,
    RecurrentSpec: recurrent.build,
    RecallSpec: recall.build,
    AttentionSpec: attention.build,
    GanSpec: gan.generator,
    GanDigitsSpec: gan.generator,
}


def build(spec: Spec) -> keras.Model:
    """The untrained network of a spec, of a game its generator; initial weights depend on the seed alone."""
    return BUILDERS[type(spec)](spec)


def portable(spec: Spec) -> keras.Model:
    """The untrained network of a spec from Keras' own layers alone: equal, slower to train, and loaded by any Keras."""
    return convolutional.build(spec, *convolutional.KERAS_LAYERS) if isinstance(spec, ConvolutionalSpec) else build(spec)


def last_hidden(model: keras.Model) -> keras.Model:
    """The same network without its output layer."""
    return keras.Model(model.inputs[0], model.layers[-1].input)
