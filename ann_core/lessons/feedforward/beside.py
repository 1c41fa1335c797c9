"""What comparison and doctor need of the networks for images: two runs in one film, and what goes through the network."""

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.pixels import tiles_panel
from ann_core.coaching.diagnoses.supervised import MOST_EXAMPLES, Case
from ann_core.data.images import CLASSES, SIDE
from ann_core.training.examples.images import seen
from ann_core.training.records import Checkpoint, Run
from ann_core.ui.figures.images import test_images
from ann_core.ui.language import tr
from ann_core.ui.workbench.compare import film_of_two

UNITS, COLUMNS = 18, 6


def examine(run: Run) -> Case | None:
    """Test images on their way through the network."""
    images = test_images(run)
    if images is None:
        return None
    inputs = seen(run.spec, images.x_test[:MOST_EXAMPLES])
    return Case.of_dense(run, run.spec.activations, True, inputs, images.y_test, CLASSES)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """The weights of both first layers at the same moments."""
    film_of_two(first, second, names, key, _panel)


def _panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
    """The weights into the first units, laid out like the pixels they multiply."""
    kernels = np.stack([checkpoint.weights[0][:, :UNITS] for checkpoint in checkpoints])  # (moments, 784, units)
    tiles = kernels.transpose(0, 2, 1).reshape(len(kernels), -1, SIDE, SIDE)
    title = tr("compare.weights", name=name, n=tiles.shape[1], all=checkpoints[0].weights[0].shape[1])
    return tiles_panel(title, tr("alt.compare_weights", name=name), tiles, min(COLUMNS, tiles.shape[1]))
