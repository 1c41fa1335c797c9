"""A trained convolutional network as this page asks it: from a run's weights to the layers of `maths`."""

from typing import NamedTuple

import numpy as np

from ann_core.maths.networks.convolution import Flatten, Layer, forward
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import seen
from ann_core.training.records import Checkpoint, Run


def at(run: Run, checkpoint: Checkpoint) -> list[Layer]:
    """The network of a run at a moment of its training."""
    return layers_of(run.spec, checkpoint.weights)


class Passed(NamedTuple):
    """A picture on its way through a network: the layers, the picture as the network sees it, (1, rows, columns), and all outputs."""

    layers: list[Layer]
    inputs: np.ndarray
    outputs: list[np.ndarray]


class Looked(NamedTuple):
    """A network that looks at a picture: the run, its layers, the picture uint8 (28, 28), as the network sees it, and all outputs."""

    run: Run
    layers: list[Layer]
    picture: np.ndarray
    inputs: np.ndarray
    outputs: list[np.ndarray]

    @property
    def probabilities(self) -> np.ndarray:
        return self.outputs[-1][0]

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.probabilities).all())


def coming_to(passed: Passed | Looked, place: int) -> np.ndarray:
    """What goes into a layer: maps (rows, columns, channels), also where a dense layer has them laid out in a row, or numbers (n,)."""
    while place and isinstance(passed.layers[place - 1], Flatten):
        place -= 1
    return passed.outputs[place - 1][0] if place else passed.inputs[0][..., None]


def look(run: Run, picture: np.ndarray) -> Looked:
    """Send a picture, uint8 (28, 28), through the network of a run."""
    layers, inputs = at(run, run.final), seen(run.spec, picture[None])
    return Looked(run, layers, picture, inputs, forward(layers, inputs))
