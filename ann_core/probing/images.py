"""What is measured on a whole data set, by a worker: networks under distortion, after surgery, and what is near a drawing.

Nothing heavy here at the top: pages name these functions, workers run them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ann_core.data import images
from ann_core.maths.inputs.distortions import DISTORTIONS
from ann_core.probing.measurement import BATCH, Say, Share, ShouldStop, Weights, answers_of, batches, go_on, light, model_with
from ann_core.spec import Spec
from ann_core.training.examples import examples_of
from ann_core.training.examples.images import WHITE, seen
from ann_core.training.records import Run

MOST_IMAGES = 1_000
TRAINING_SHARE = 0.4


@dataclass(frozen=True)
class Invariance:
    """Accuracy of two networks under each distortion: by its name, (networks, levels). `twin` is the dense network's run."""

    accuracy: dict[str, np.ndarray]
    twin: Run
    images: int


class Near(NamedTuple):
    """Training images near to another: uint8 (n, height, width), their labels and distances, (n,)."""

    images: np.ndarray
    labels: np.ndarray
    distances: np.ndarray


def invariance(run: Run, twin: Spec, say: Say, should_stop: ShouldStop) -> Invariance:
    """Train a dense network for comparison, and measure both on distorted test images."""
    from ann_core.training.train import train

    dense = train(twin, lambda progress: say(Share(TRAINING_SHARE * progress.epochs / twin.epochs)), should_stop)
    found = images.load_or_digits(run.spec.dataset)
    pictures, labels = found.x_test[:MOST_IMAGES] / np.float32(WHITE), found.y_test[:MOST_IMAGES]
    networks = [(each.spec, model_with(each.spec, each.final.weights)) for each in (run, dense)]
    tasks = [(name, place, level) for name, record in DISTORTIONS.items() for place, level in enumerate(record.levels)]
    accuracy = {name: np.empty((len(networks), len(record.levels))) for name, record in DISTORTIONS.items()}
    for number, (name, place, level) in enumerate(tasks):
        go_on(should_stop)
        say(Share(TRAINING_SHARE + (1 - TRAINING_SHARE) * number / len(tasks)))
        distorted = WHITE * DISTORTIONS[name].apply(pictures, level, run.spec.seed)
        for row, (spec, model) in enumerate(networks):
            accuracy[name][row, place] = (answers_of(model, seen(spec, distorted)).argmax(axis=1) == labels).mean()
    return Invariance(accuracy, light(dense), len(labels))


def predictions(run: Run, variants: Sequence[Weights], say: Say, should_stop: ShouldStop) -> np.ndarray:
    """What a run's network says of its test images with other weights: classes, uint8 (variants, n)."""
    found = images.load_or_digits(run.spec.dataset)
    inputs, model = seen(run.spec, found.x_test[:MOST_IMAGES]), model_with(run.spec, run.final.weights)
    said = []
    for number, weights in enumerate(variants):
        go_on(should_stop)
        say(Share(number / len(variants)))
        model.set_weights(weights)
        said.append(answers_of(model, inputs).argmax(axis=1).astype(np.uint8))
    return np.stack(said)


def nearest(run: Run, image: np.ndarray, count: int, say: Say, should_stop: ShouldStop) -> tuple[Near, Near]:
    """The training images nearest to an image, uint8 (height, width): by its pixels, and by the network's last hidden layer."""
    from ann_core import models

    examples, model = examples_of(run.spec)[0], model_with(run.spec, run.final.weights)
    say(Share(0.1))
    inside = models.last_hidden(model)
    inputs = examples.x.astype(np.float32) / examples.divisor
    own = seen(run.spec, image[None])
    parts = []
    for number, part in enumerate(batches(inputs)):
        go_on(should_stop)
        say(Share(0.1 + 0.9 * number * BATCH / len(inputs)))
        parts.append(np.asarray(inside(part, training=False)))
    found = images.load_or_digits(run.spec.dataset)
    by_pixels, by_network = (
        _near(space.reshape(len(space), -1), here.ravel(), found, count)
        for space, here in ((inputs, own), (np.concatenate(parts), np.asarray(inside(own, training=False))))
    )
    return by_pixels, by_network


def _near(space: np.ndarray, here: np.ndarray, found: images.ImageSet, count: int) -> Near:
    distances = np.sqrt(np.square(space - here).sum(axis=1))
    places = np.argsort(distances, kind="stable")[:count]
    return Near(found.x_train[places], found.y_train[places], distances[places])
