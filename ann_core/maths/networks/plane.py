"""Networks seen from the plane: what each neuron makes of every place, and how a layer bends the plane."""

from collections.abc import Sequence

import numpy as np

from ann_core.maths.inputs.features import features
from ann_core.maths.networks.dense import Layer, forward


def grid(cells: int, reach: float) -> np.ndarray:
    """The centres of cells × cells squares that fill the plane from -reach to reach, row by row from the upper left: (cells², 2)."""
    edge = (np.arange(cells) + 0.5) / cells * 2 * reach - reach
    right, up = np.meshgrid(edge, edge[::-1])
    return np.stack([right.ravel(), up.ravel()], axis=1)


def lattice(lines: int, points: int, reach: float) -> np.ndarray:
    """Lines across and upward through the plane: (2 · lines, points, 2)."""
    places, along = np.linspace(-reach, reach, lines), np.linspace(-reach, reach, points)
    across = np.stack(np.broadcast_arrays(along[None, :], places[:, None]), axis=-1)
    return np.concatenate([across, across[..., ::-1]])


def outputs(networks: Sequence[Sequence[Layer]], names: Sequence[str], points: np.ndarray) -> list[np.ndarray]:
    """What every neuron makes of points (n, 2): for each layer (networks, n, units).

    The networks are those of several moments, of one shape; `names` are the features they see.
    """
    inputs = features(points, names)
    with np.errstate(over="ignore", invalid="ignore"):  # an exploded network has no finite outputs, and that is told elsewhere
        steps = [forward(network, inputs) for network in networks]
    return [np.stack([step.outputs for step in layer]) for layer in zip(*steps, strict=True)]


def answers(networks: Sequence[Sequence[Layer]], names: Sequence[str], points: np.ndarray) -> np.ndarray:
    """What the networks say of points (n, 2): the outputs of their last layers, (networks, n, outputs)."""
    inputs = features(points, names)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack([forward(network, inputs)[-1].outputs for network in networks])


def directions(values: np.ndarray) -> np.ndarray:
    """The two directions in which values (n, units) differ most, their first two principal components: (units, 2).

    Two units or one are directions already.
    """
    units = values.shape[1]
    if units <= 2:
        return np.eye(units, 2)
    return np.linalg.svd(values - values.mean(axis=0), full_matrices=False)[2][:2].T
