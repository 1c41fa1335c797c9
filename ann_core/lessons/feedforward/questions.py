"""Three questions with numbers from the learner's own settings."""

from itertools import pairwise

import numpy as np

from ann_core.data.images import SIDE
from ann_core.maths.networks.dense import parameter_counts
from ann_core.specs import FeedForwardSpec, PointsSpec
from ann_core.training.examples import OwnData, examples_of
from ann_core.training.examples.points import training_count
from ann_core.ui import session
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers


def draw() -> None:
    frame.section("feedforward", "questions")
    points, images = session.bench("points").spec, session.bench("feedforward").spec
    training = practised(points, session.own_data_for(points))
    quiz.quiz("feedforward", [parameters(points), steps(points, training), first_loss(images)])


def practised(spec: PointsSpec, own: OwnData) -> int:
    """How many points an epoch goes through, repeated ones counted each time; of own ones not there yet, as many as are usual."""
    missing = spec.dataset == "own" and own is None
    return training_count(spec, spec.points) if missing else len(examples_of(spec, own)[0].x)


def parameters(spec: PointsSpec) -> Question:
    """How many numbers training can turn in the network for points."""
    sizes = (len(spec.features), *(layer.units for layer in spec.layers), spec.outputs)
    weights = sum(parameter_counts(sizes, biased=False))
    biases = sum(sizes[1:]) if spec.bias else 0
    forgotten = sum(parameter_counts(sizes, not spec.bias))
    sums = " + ".join(f"{before}·{after}" for before, after in pairwise(sizes))
    values = {"sizes": " → ".join(map(str, sizes)), "sums": sums, "weights": weights, "biases": biases}
    return of_numbers("parameters", weights + biases, (forgotten, sum(sizes), 2 * weights + biases), **values)


def steps(spec: PointsSpec, training: int) -> Question:
    """How often the weights change in an epoch of so many training points."""
    right = -(-training // spec.batch_size)
    wrong = (training, 1, spec.epochs, right + 1)
    return of_numbers("steps.balanced" if spec.balance else "steps", right, wrong, count=f"{training:,}", batch=spec.batch_size)


def first_loss(spec: FeedForwardSpec) -> Question:
    """What the loss is of a network that knows nothing yet: the logarithm of the number of classes."""
    classes = spec.classes
    sizes = (SIDE * SIDE, *spec.hidden_units, classes)
    right, wrong = float(np.log(classes)), (1.0, 1 / classes, float(classes), 0.0)
    return of_numbers("first_loss", right, wrong, ".2f", sizes=" → ".join(map(str, sizes)), classes=classes, share=f"{1 / classes:.2f}")
