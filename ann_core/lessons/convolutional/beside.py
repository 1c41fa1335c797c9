"""What comparison and doctor need of convolutional networks: two runs in one film, and what goes through the network."""

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.pixels import tiles_panel
from ann_core.coaching.diagnoses.supervised import Case, Hidden
from ann_core.data.images import CLASSES
from ann_core.lessons.convolutional.network import at
from ann_core.maths.networks.convolution import Convolution, Dense, forward
from ann_core.training.examples.images import seen
from ann_core.training.records import Checkpoint, Run
from ann_core.ui.figures.images import test_images
from ann_core.ui.language import tr
from ann_core.ui.workbench.compare import film_of_two

EXAMINED = 60
COLUMNS = 8
MOST_UNITS = 64


def examine(run: Run) -> Case | None:
    """Test images on their way through the network; a filter answers at many places, and each counts."""
    images = test_images(run)
    if images is None:
        return None
    network = at(run, run.final)
    outputs = forward(network, seen(run.spec, images.x_test[:EXAMINED]))
    hidden = [
        Hidden(layer.activation, made.reshape(-1, made.shape[-1]))
        for layer, made in zip(network[:-1], outputs[:-1], strict=True)
        if isinstance(layer, Convolution | Dense)
    ]
    return Case(run, hidden, images.y_test, CLASSES)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """The kernels of both first layers at the same moments; where one has none, the weights of the layer that stands there."""
    film_of_two(first, second, names, key, _panel)


def _panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
    tiles = kernels(checkpoints)
    first = checkpoints[0].weights[0]
    kind = "kernels" if first.ndim == 4 else "weights"
    title = tr(f"compare.{kind}", name=name, n=tiles.shape[1], all=first.shape[-1])
    return tiles_panel(title, tr(f"alt.compare_{kind}", name=name), tiles, min(COLUMNS, tiles.shape[1]), crisp=True)


def kernels(checkpoints: tuple[Checkpoint, ...]) -> np.ndarray:
    """The kernels of the first layer at each moment, or the weights of its first units: (moments, filters, height, width)."""
    first = np.stack([checkpoint.weights[0] for checkpoint in checkpoints])
    if first.ndim == 3:  # a dense layer: (moments, pixels, units)
        side = round(first.shape[1] ** 0.5)
        first = first.reshape(len(first), side, side, 1, -1)
    return first[:, :, :, 0, :MOST_UNITS].transpose(0, 3, 1, 2)
