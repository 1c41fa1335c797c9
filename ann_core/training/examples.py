"""The examples that a spec trains on, and where they come from. No Keras here."""

from dataclasses import dataclass

import numpy as np

from ann_core.data import images, points, sequences
from ann_core.data.fingerprint import fingerprint
from ann_core.spec import Spec
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec, PointsSpec, RecurrentSpec
from ann_core.training.records import DataSource

WHITE = 255.0


@dataclass(frozen=True)
class Examples:
    """Training and validation data as they are stored: inputs (n, …) of any type, targets (n, …).

    Inputs are divided by `divisor` when they are used: 255 scales pixels, 1 leaves them alone. Where nothing is
    held out, the validation arrays are empty.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    divisor: float = 1.0


def examples_of(spec: Spec) -> tuple[Examples, DataSource]:
    """The examples of a spec, at most as many as there are, and their source."""
    return FINDERS[type(spec)](spec)


def _images(spec: FeedForwardSpec | ConvolutionalSpec) -> tuple[Examples, DataSource]:
    found = images.load_or_digits(spec.dataset)
    count = min(spec.training_images, len(found.x_train))
    problem = found.problem.code if found.problem else None
    source = DataSource(spec.dataset, found.name, found.source, found.fingerprint, count, len(found.x_test), problem)
    divisor = WHITE if spec.scale_pixels else 1.0
    return Examples(found.x_train[:count], found.y_train[:count], found.x_test, found.y_test, divisor), source


def _points(spec: PointsSpec) -> tuple[Examples, DataSource]:
    x, y = points.points(spec.dataset, spec.points, spec.noise, spec.seed)
    return _split(x, y, round(len(x) * spec.training_share), spec.dataset)


def _windows(spec: RecurrentSpec) -> tuple[Examples, DataSource]:
    x, y = sequences.windows(sequences.series(spec.series, spec.length, spec.span), spec.window)
    return _split(x, y, len(x) - round(len(x) * spec.held_out), spec.series)


def _split(x: np.ndarray, y: np.ndarray, training: int, name: str) -> tuple[Examples, DataSource]:
    """The first examples to train on, the rest held out."""
    examples = Examples(x[:training], y[:training], x[training:], y[training:])
    return examples, DataSource(name, name, "generated", fingerprint((x, y)), training, len(x) - training)


FINDERS = {FeedForwardSpec: _images, ConvolutionalSpec: _images, PointsSpec: _points, RecurrentSpec: _windows}
