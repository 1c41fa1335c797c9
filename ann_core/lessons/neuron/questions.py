"""Three questions with the learner's own numbers."""

from itertools import pairwise

import numpy as np

from ann_core.exhibits import ActivationExhibit, LayersExhibit, NeuronExhibit
from ann_core.lessons.neuron.layers import sizes_of
from ann_core.lessons.neuron.one import computed
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.maths.networks.dense import parameter_counts
from ann_core.ui import session
from ann_core.ui.language import digits, tr
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers


def draw() -> None:
    frame.section("neuron", "questions")
    own = [session.bench(name).spec for name in ("neuron", "activation", "layers")]
    quiz.quiz("neuron", [weighted_sum(own[0]), slope_left(own[1]), parameters(own[2])])


def weighted_sum(spec: NeuronExhibit) -> Question:
    """The sum of the learner's neuron."""
    total, answer = computed(spec)
    without = total - spec.bias_value
    wrong = (without, spec.weight_1 + spec.weight_2 + spec.bias_value, -total, answer)
    given = {"x1": spec.x1, "x2": spec.x2, "w1": spec.weight_1, "w2": spec.weight_2, "b": spec.bias_value}
    values = {name: digits(value) for name, value in given.items()}
    return of_numbers("weighted_sum", total, (*wrong, total + 1), "z.2f", **values)


def slope_left(spec: ActivationExhibit) -> Question:
    """What a stack of layers leaves of a gradient, where every one of them has this slope."""
    slope = float(ACTIVATIONS[spec.function].derivative(np.array([spec.z]))[0])
    right = slope**spec.stack
    wrong = (slope, slope * spec.stack, 1.0, slope / spec.stack, 0.5)
    values = {"name": tr(f"choice.{spec.function}"), "z": digits(spec.z), "slope": digits(slope, 6), "stack": spec.stack}
    return of_numbers("slope_left", right, wrong, "z.2g", **values)


def parameters(spec: LayersExhibit) -> Question:
    """How many numbers the small network has to learn."""
    sizes = sizes_of(spec)
    right = sum(parameter_counts(sizes))
    weights = right - sum(sizes[1:])
    sums = " + ".join(f"({before} + 1)·{after}" for before, after in pairwise(sizes))
    return of_numbers("count", right, (weights, sum(sizes), right + sizes[0]), sizes=" → ".join(map(str, sizes)), sums=sums)
