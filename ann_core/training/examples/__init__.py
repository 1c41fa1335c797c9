"""The examples that a spec trains on, and where they come from. No Keras here."""

from dataclasses import dataclass

import numpy as np

from ann_core.data.fingerprint import fingerprint
from ann_core.data.points import Points
from ann_core.data.recurrent import Series
from ann_core.experiments import experiment_of
from ann_core.spec import Spec
from ann_core.training.records import DataSource

HELD_OUT_SEQUENCES = 2_000

OwnData = Points | Series | None
"""Data that a learner has brought: points, or a series."""


@dataclass(frozen=True)
class Examples:
    """Training and validation data as they are stored: inputs (n, …) of any type, targets (n, …).

    Inputs are divided by `divisor` when they are used: 255 scales pixels, 1 leaves them alone. Where nothing is
    held out, the validation arrays are empty. `watched` says that a run keeps the outputs for all examples, in this
    order, and not only for those held out.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    divisor: float = 1.0
    watched: bool = False

    @property
    def looked_at(self) -> tuple[np.ndarray, np.ndarray]:
        """The examples that the loop asks the network about after every epoch: inputs and targets; none where none are held out."""
        if not self.watched or not len(self.x_val):
            return self.x_val, self.y_val
        return np.concatenate([self.x, self.x_val]), np.concatenate([self.y, self.y_val])


def examples_of(spec: Spec, own: OwnData = None) -> tuple[Examples, DataSource]:
    """The examples of a spec, at most as many as there are, and their source.

    `own` are a learner's own data, for a spec that asks for them. Raises `TrainingFailed` where they are missing or too few.
    """
    return experiment_of(spec).examples(spec, own)


def split(x: np.ndarray, y: np.ndarray, training: int, name: str) -> tuple[Examples, DataSource]:
    """The first examples to train on, the rest held out."""
    examples = Examples(x[:training], y[:training], x[training:], y[training:])
    source = DataSource(name, name, "generated", fingerprint((x, y)), training, len(x) - training, variance=float(examples.y.var()))
    return examples, source
