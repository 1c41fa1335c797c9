"""A racer at a moment of its training: how often it is right, and what its cell does on the way through one sequence."""

from typing import NamedTuple

import numpy as np

from ann_core.data.recall import CLOSE_ENOUGH
from ann_core.maths.measures.verdicts import verdict
from ann_core.probing import recall
from ann_core.specs import RecallSpec
from ann_core.starts.recall import answers, network
from ann_core.training.records import Checkpoint

FEW = 100
"""Of the sequences held out so many are asked about before a training and within its epochs."""
SHOWN = {"lstm": ("forget", "input", "output", "memory"), "gru": ("update", "reset", "state"), "simple": ("state",)}


LEAST = -6.0
"""Decades: where a gradient has become a millionth of what it was, nothing is seen of it any more."""


class Seen(NamedTuple):
    """The share of right answers; by name, (steps, units), what is shown of the cell, each between -1 and 1: of the memory, tanh c.

    `reach` is how long the answer's gradient is at every step, beside the last: (steps,), in decades, from `LEAST` on.
    """

    accuracy: float
    parts: dict[str, np.ndarray]
    reach: np.ndarray


@np.errstate(all="ignore")  # an exploded network has no finite parts
def look(spec: RecallSpec, checkpoint: Checkpoint) -> Seen:
    """A racer at a checkpoint; one that has been asked nothing yet is asked now."""
    x, _ = recall.judged(spec)
    made = network(spec, checkpoint.weights)
    way = recall.way(made, x[:1])
    predicted = checkpoint.predicted
    if not len(predicted):  # answers alone cost a third of a whole way
        predicted = verdict(answers(spec, checkpoint.weights, x[:FEW]), spec.classes)[0]
    parts = {name: values[0] for name, values in way.unrolled.parts.items()} | {"state": way.unrolled.states[0, 1:]}
    if way.unrolled.memory is not None:
        parts["memory"] = np.tanh(way.unrolled.memory[0, 1:])
    shown = {name: parts[name] for name in SHOWN[spec.cell]}
    return Seen(right(spec, checkpoint, predicted), shown, reach(recall.arriving(made, way.unrolled, int(way.answers[0].argmax()))[0]))


@np.errstate(all="ignore")
def reach(lengths: np.ndarray) -> np.ndarray:
    """Lengths (steps,) in decades beside the last one; what is no number is nothing."""
    return np.nan_to_num(np.maximum(np.log10(lengths / lengths[-1]), LEAST), nan=LEAST)


def right(spec: RecallSpec, checkpoint: Checkpoint, predicted: np.ndarray) -> float:
    """How often predictions (n, …) are right: at the end of an epoch of all held out, else of the first few."""
    count = len(predicted) if checkpoint.epoch and not checkpoint.batch else min(FEW, len(predicted))
    y = recall.sequences_of(spec).y[spec.examples :][:count].ravel()
    guessed = predicted[:count].reshape(count)
    return float((guessed == y).mean() if spec.classes else (np.abs(guessed - y) < CLOSE_ENOUGH).mean())


def strip(spec: RecallSpec) -> np.ndarray:
    """At which steps of the sequence shown something comes that the answer depends on: (steps,), 0 or 1."""
    x, _ = recall.judged(spec)
    return recall.matters(spec, x[:1])[0].astype(float)
