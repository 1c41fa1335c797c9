"""How a network for memory tasks begins, and what it says."""

from collections.abc import Sequence

import numpy as np

from ann_core.data.recall import TASKS
from ann_core.maths.learning.initialisers import Weights
from ann_core.maths.networks import recurrent as recurring
from ann_core.maths.networks.cells import first_biases
from ann_core.specs import RecallSpec
from ann_core.starts.recurrent import with_cell


def starting_weights(spec: RecallSpec) -> Weights:
    biases = first_biases(spec.cell, spec.units, spec.start, spec.gap, spec.seed)
    return with_cell(spec.seed, TASKS[spec.task].inputs, spec.units, biases, spec.outputs)


def network(spec: RecallSpec, weights: Sequence[np.ndarray]) -> recurring.Network:
    """The network of a spec with these weights."""
    return recurring.network(spec.cell, weights, "tanh", {0: "linear", 2: "sigmoid"}.get(spec.classes, "softmax"))


def answers(spec: RecallSpec, weights: Sequence[np.ndarray], sequences: np.ndarray) -> np.ndarray:
    """Probabilities or values (n, outputs) from sequences (n, gap + 1, inputs)."""
    return recurring.answers(network(spec, weights), sequences)
