"""What a network is trained for, and what it is judged by."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import numpy as np
from keras import ops

from ann_core.data.recall import CLOSE_ENOUGH
from ann_core.experiments import experiment_of
from ann_core.maths.measures.verdicts import Verdict, of_class, of_side, of_value
from ann_core.spec import Spec


@dataclass(frozen=True)
class Objective:
    """The loss that training makes small, and the score beside it, for each example of a batch.

    `loss` and `score` take targets and outputs and give (batch,). `verdict` takes all outputs and gives what a
    checkpoint keeps of them: what was predicted, and how sure the network was (None for a value without a probability).
    `name` is what Keras calls the loss.
    """

    name: str
    loss: Callable
    score: Callable
    verdict: Callable[[np.ndarray], Verdict]


def _one_hot(targets, outputs):
    return ops.one_hot(targets, outputs.shape[-1], dtype="float32")


ONE_OF_MANY = Objective(
    "sparse_categorical_crossentropy", keras.losses.sparse_categorical_crossentropy, keras.metrics.sparse_categorical_accuracy, of_class
)
"""Targets: classes (batch,); outputs: probabilities (batch, classes)."""

SYMBOL_BY_SYMBOL = replace(
    ONE_OF_MANY,
    loss=lambda targets, outputs: ops.mean(keras.losses.sparse_categorical_crossentropy(targets, outputs), axis=-1),
    score=lambda targets, outputs: ops.mean(keras.metrics.sparse_categorical_accuracy(targets, outputs), axis=-1),
)
"""Targets: a class at each place, (batch, places); outputs: probabilities (batch, places, classes); the mean over the places."""

ONE_OF_TWO = Objective(
    "binary_crossentropy",
    lambda targets, outputs: keras.losses.binary_crossentropy(ops.expand_dims(targets, -1), outputs),
    lambda targets, outputs: ops.cast((outputs[:, 0] > 0.5) == ops.cast(targets, "bool"), "float32"),
    of_side,
)
"""Targets: 0 or 1, (batch,); outputs: the probability of 1, (batch, 1)."""

VALUE = Objective("mean_squared_error", keras.losses.mean_squared_error, keras.losses.mean_absolute_error, of_value)
"""Targets and outputs: values (batch, n)."""

SQUARED = {
    ONE_OF_MANY: replace(
        ONE_OF_MANY,
        name="mean_squared_error",
        loss=lambda targets, outputs: keras.losses.mean_squared_error(_one_hot(targets, outputs), outputs),
    ),
    ONE_OF_TWO: replace(
        ONE_OF_TWO,
        name="mean_squared_error",
        loss=lambda targets, outputs: keras.losses.mean_squared_error(ops.expand_dims(targets, -1), outputs),
    ),
}
"""The same with the squared error as the loss: of probabilities, against one for the true class and zero for the others."""


def near_enough(targets, outputs):
    """Whether each value is off by less than a tenth: (batch,)."""
    return ops.cast(ops.abs(targets - outputs)[:, 0] < CLOSE_ENOUGH, "float32")


NEAR_ENOUGH = replace(VALUE, score=near_enough)
"""A value that counts as right where it is off by less than a tenth."""


def objective_of(spec: Spec) -> Objective:
    """What the network of a spec is trained for."""
    return experiment_of(spec).objective(spec)
