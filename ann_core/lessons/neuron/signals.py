"""What goes through a stack of untrained layers, forward and back: how large it is, and what is said of that."""

from typing import NamedTuple

import numpy as np

from ann_core.exhibits import DepthExhibit
from ann_core.maths.learning.untrained import network
from ann_core.maths.networks.dense import backward, deltas, forward
from ann_core.ui.language import digits, sentences, tr

EXAMPLES, STACK_WIDTH = 100, 16
LEVEL = 10.0


class Sizes(NamedTuple):
    """Root mean squares by layer, the first layer first, (stack,) each: of its answers, of δ there, of its weights' gradient."""

    answers: np.ndarray
    deltas: np.ndarray
    gradients: np.ndarray


class Passed(NamedTuple):
    """The examples, and by layer, the first layer first: its answers, δ there, (examples, units), and its weights' gradient."""

    inputs: np.ndarray
    answers: list[np.ndarray]
    deltas: list[np.ndarray]
    gradients: list[np.ndarray]


def passed(function: str, initialiser: str, stack: int, seed: int) -> Passed:
    """What goes through a stack of untrained layers, forward and back."""
    random = np.random.default_rng(seed)
    layers = network([STACK_WIDTH] * (stack + 1), (function,) * stack, initialiser, seed)
    inputs, slope = random.normal(size=(EXAMPLES, STACK_WIDTH)), random.normal(size=(EXAMPLES, STACK_WIDTH)) / EXAMPLES
    steps = forward(layers, inputs)
    return Passed(inputs, [step.outputs for step in steps], deltas(layers, steps, slope), backward(layers, inputs, steps, slope))


def size(values: np.ndarray) -> float:
    """The root mean square."""
    return float(np.sqrt((values**2).mean()))


def sizes_of(function: str, initialiser: str, stack: int, seed: int) -> Sizes:
    """How large that is."""
    _, *parts = passed(function, initialiser, stack, seed)
    return Sizes(*(np.array([size(each) for each in part]) for part in parts))


def change(sizes: np.ndarray) -> tuple[str, float]:
    """What becomes of a signal whose sizes are given in the order of its way: whether it stays level, and the last over the first."""
    if not sizes[0] or not sizes[-1]:
        return "gone", 0.0
    times = float(sizes[-1] / sizes[0])
    return ("shrinks" if times < 1 / LEVEL else "grows" if times > LEVEL else "level"), times


def signals_said(spec: DepthExhibit, sizes: Sizes) -> str:
    """What the figures show for the learner's activation."""
    values = {"name": tr(f"choice.{spec.function}"), "stack": spec.stack}
    forward_kind, forward_times = change(sizes.answers)
    back_kind, back_times = change(sizes.deltas[::-1])
    kind, times = change(sizes.gradients[::-1])
    said = [
        tr(f"depth.deltas.{back_kind}", times=digits(back_times), **values),
        tr(f"depth.answers.{forward_kind}", times=digits(forward_times)),
        tr("depth.gradients.times", times=digits(times)) if times else tr("depth.gradients.gone"),
    ]
    if kind == "level" and back_kind == forward_kind != "level":
        said.append(tr("depth.gradients.hidden"))
    return sentences(*said)
