"""From a spec to a Keras model: the only place that builds networks."""

import sys

# Keras looks for scikit-learn, which nothing here needs and which takes a second and a half to import: hide it meanwhile
HIDE_SKLEARN = "sklearn" not in sys.modules
if HIDE_SKLEARN:
    sys.modules["sklearn"] = None
import keras  # noqa: E402

if HIDE_SKLEARN:
    del sys.modules["sklearn"]

from ann_core.experiments import experiment_of  # noqa: E402
from ann_core.spec import Spec  # noqa: E402
from ann_core.starts import starting_weights  # noqa: E402


def build(spec: Spec) -> keras.Model:
    """The untrained network of a spec, of a game its generator; its starting weights depend on the spec alone."""
    return _begun(experiment_of(spec).network(spec), spec)


def portable(spec: Spec) -> keras.Model:
    """The untrained network of a spec from Keras' own layers alone: equal, slower to train, and loaded by any Keras."""
    record = experiment_of(spec)
    return _begun((record.portable or record.network)(spec), spec)


def _begun(model: keras.Model, spec: Spec) -> keras.Model:
    """The model with the weights it should begin with, of a game those of the generator."""
    model.set_weights(starting_weights(spec)[: len(model.weights)])
    return model


def last_hidden(model: keras.Model) -> keras.Model:
    """The same network without its output layer."""
    return keras.Model(model.inputs[0], model.layers[-1].input)
