"""An example in plain Keras, as the article writes it: build, compile, fit."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

import keras
import numpy as np

from ann_core import models
from ann_core.experiments import PLAIN_KERAS, Part
from ann_core.models import optimisers
from ann_core.models.objectives import objective_of
from ann_core.spec import Spec
from ann_core.training.examples import Examples


@dataclass(frozen=True)
class Case:
    """An example to be timed. Where all of it would take minutes, a part is: fewer epochs, a share of the examples."""

    spec: Spec
    epochs: int
    share: float = 1.0
    fit: Part = PLAIN_KERAS


@dataclass
class Timings:
    """What the rounds of a case took: of `model.fit` the start and each epoch, of PyTorch an epoch, of ours whole trainings, scaled up."""

    start_fit: list[float] = field(default_factory=list)
    epoch_fit: list[float] = field(default_factory=list)
    epoch_torch: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)


def fit(case: Case, examples: Examples, timings: Timings) -> Mapping[str, list[float]]:
    """Build, compile and fit as anybody would; the time of the first epoch beyond the others' counts as the start."""
    spec, score = case.spec, case.spec.measures[1]
    inputs, held_out = _scaled(examples.x, examples), None
    if len(examples.x_val):
        held_out = _scaled(examples.x_val, examples), examples.y_val
    began = time.perf_counter()
    model = models.portable(spec)
    model.compile(optimizer=optimisers.build(spec), loss=objective_of(spec).name, metrics=[score])
    clock = Clock()
    described = {"batch_size": spec.batch_size, "epochs": case.epochs, "validation_data": held_out, "verbose": 0}
    history = model.fit(inputs, examples.y, callbacks=[clock], **described).history
    note(timings, clock, began)
    return history


def note(timings: Timings, clock: "Clock", began: float) -> None:
    """Keep the start and an epoch of a training that began then."""
    epoch = median(np.diff(clock.ends))
    timings.epoch_fit.append(epoch)
    timings.start_fit.append(clock.ends[0] - began - epoch)


def _scaled(x: np.ndarray, examples: Examples) -> np.ndarray:
    return x / np.float32(examples.divisor)


class Clock(keras.callbacks.Callback):
    """When each epoch ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_epoch_end(self, epoch, logs=None) -> None:
        self.ends.append(time.perf_counter())
