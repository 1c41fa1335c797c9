"""How a network with a cell begins, and what it says."""

from collections.abc import Sequence

import numpy as np

from ann_core.maths.learning.initialisers import Weights, glorot_uniform, orthogonal, zeros
from ann_core.maths.networks import recurrent as recurring
from ann_core.maths.networks.cells import first_biases
from ann_core.specs import RecurrentSpec
from ann_core.starts.base import dense, seed_of

INPUTS, RECURRENT, LAST = 0, 1, 2


def starting_weights(spec: RecurrentSpec) -> Weights:
    biases = first_biases(spec.cell, spec.units, "usual", 1, spec.seed)
    kernel, recurrent, *others = with_cell(spec.seed, 1, spec.units, biases, 1)
    return [kernel, recurrent if spec.recurrence else zeros(recurrent.shape), *others]


def with_cell(seed: int, inputs: int, units: int, biases: np.ndarray, outputs: int) -> Weights:
    """A cell with these biases, which has as many blocks of columns as they have, and the dense layer that answers."""
    columns = biases.shape[-1]
    kernel = glorot_uniform(seed_of(seed, INPUTS), (inputs, columns))
    recurrent = orthogonal(seed_of(seed, RECURRENT), (units, columns))
    return [kernel, recurrent, biases, *dense(seed, (units, outputs), LAST)]


def answers(spec: RecurrentSpec, weights: Sequence[np.ndarray], windows: np.ndarray) -> np.ndarray:
    """The next values (n, 1) from windows (n, window, 1)."""
    return recurring.answers(recurring.network(spec.cell, weights, spec.activation), windows)
