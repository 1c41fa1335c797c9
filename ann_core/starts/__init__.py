"""Every network before it is trained, by NumPy: the weights it begins with, from its spec alone, and what it says with some weights."""

from ann_core.experiments import experiment_of
from ann_core.maths.learning.initialisers import Weights
from ann_core.spec import Spec


def starting_weights(spec: Spec) -> Weights:
    """The weights of a spec's network before any training, float32, in Keras' order; of a game those of the generator come first."""
    return experiment_of(spec).start(spec)
