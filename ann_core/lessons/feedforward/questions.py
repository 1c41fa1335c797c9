"""Three questions with numbers from the learner's own settings."""

from itertools import pairwise

import numpy as np

from ann_core.data.images import SIDE
from ann_core.maths.dense import parameter_counts
from ann_core.training.examples import training_count
from ann_core.ui import frame, quiz, session
from ann_core.ui.quiz import Question, of_numbers


def draw() -> None:
    frame.section("feedforward", "questions")
    quiz.quiz("feedforward", [_parameters(), _steps(), _first_loss()])


def _parameters() -> Question:
    """How many numbers the network for points can turn."""
    spec = session.bench("points").spec
    sizes = (len(spec.features), *(layer.units for layer in spec.layers), spec.outputs)
    weights = sum(before * after for before, after in pairwise(sizes))
    biases = sum(sizes[1:]) if spec.bias else 0
    wrong = (sum(parameter_counts(sizes)) if not spec.bias else weights, sum(sizes), int(np.prod(sizes)) + biases)
    sums = " + ".join(f"{before}·{after}" for before, after in pairwise(sizes))
    return of_numbers("parameters", weights + biases, wrong, sizes=" → ".join(map(str, sizes)), sums=sums, weights=weights, biases=biases)


def _steps() -> Question:
    """How often the weights change in an epoch."""
    spec = session.bench("points").spec
    own = session.own_points_for(spec)
    count = training_count(spec, len(own.x) if own is not None else spec.points)
    steps = -(-count // spec.batch_size)
    return of_numbers("steps", steps, (count, 1, spec.epochs, steps * spec.epochs), count=f"{count:,}", batch=spec.batch_size)


def _first_loss() -> Question:
    """What the loss is of a network that knows nothing yet: the logarithm of the number of classes."""
    spec = session.bench("feedforward").spec
    classes = spec.classes
    sizes = (SIDE * SIDE, *spec.hidden_units, classes)
    right, wrong = float(np.log(classes)), (1.0, 1 / classes, float(classes), 0.0)
    return of_numbers("first_loss", right, wrong, ".2f", sizes=" → ".join(map(str, sizes)), classes=classes, share=f"{1 / classes:.2f}")
