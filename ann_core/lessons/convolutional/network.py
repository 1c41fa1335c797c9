"""A trained convolutional network as this page asks it: from a run's weights to the layers of `maths`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.maths.networks.convolution import Flatten, Layer, forward
from ann_core.specs import ConvolutionalSpec
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import seen
from ann_core.training.records import Checkpoint, Run


def at(run: Run, checkpoint: Checkpoint) -> list[Layer]:
    """The network of a run at a moment of its training."""
    return layers_of(run.spec, checkpoint.weights)


class Changes(NamedTuple):
    """What a learner has changed: filters that are silenced, by layer and number; kernels of the first layer, by number, row by row."""

    silenced: tuple[tuple[int, int], ...] = ()
    kernels: tuple[tuple[int, tuple[float, ...]], ...] = ()


UNCHANGED = Changes()


def altered(spec: ConvolutionalSpec, weights: Sequence[np.ndarray], changes: Changes) -> list[np.ndarray]:
    """Weights with these changes, as far as such a network has what was changed; a bias stays, unless its filter is silenced."""
    new, parts, side = [weight.copy() for weight in weights], 6 if spec.batch_norm else 2, spec.kernel_size
    for filter_, kernel in changes.kernels:
        if spec.filters and filter_ < spec.filters[0] and len(kernel) == side**2:
            new[0][:, :, 0, filter_] = np.reshape(kernel, (side, side))
    for layer, filter_ in changes.silenced:
        if layer < len(spec.filters) and filter_ < spec.filters[layer]:
            for part in new[parts * layer : parts * layer + min(parts, 4)]:  # the mean and variance of a batch scale nothing now
                part[..., filter_] = 0
    return new


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
