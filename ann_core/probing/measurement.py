"""What all measurements on a whole data set have in common."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ann_core.spec import Spec
from ann_core.training.records import Run, TrainingFailed

BATCH = 500

Say = Callable[[Any], None]

ShouldStop = Callable[[], bool]

Weights = tuple[np.ndarray, ...]


class Share(NamedTuple):
    """How much of a measurement is done, 0 … 1."""

    share: float


def light(run: Run) -> Run:
    """A run without what a measurement does not need."""
    return replace(run, checkpoints=run.checkpoints[-1:], predictions=None, state=())


def go_on(should_stop: ShouldStop) -> None:
    if should_stop():
        raise TrainingFailed("stopped")


def model_with(spec: Spec, weights: Weights):
    from ann_core import models

    model = models.build(spec)
    model.set_weights(weights)
    return model


def answers_of(model, inputs: np.ndarray) -> np.ndarray:
    """A model's outputs for any number of inputs, a few hundred at a time."""
    return np.concatenate([np.asarray(model(part, training=False)) for part in batches(inputs)])


def batches(inputs: np.ndarray) -> Iterator[np.ndarray]:
    for first in range(0, len(inputs), BATCH):
        yield inputs[first : first + BATCH]
