"""A run on a memory task as the cells of a notebook."""

import inspect

from ann_core.data import recall
from ann_core.takeaway.cells import Cells, compiled, fitted, sequential
from ann_core.takeaway.pen import source_of
from ann_core.training.examples import HELD_OUT_SEQUENCES
from ann_core.training.records import Run

NEAR_ENOUGH = 'keras.metrics.MeanMetricWrapper(near_enough, name="accuracy")'


def cells(run: Run, own: None) -> Cells:
    """The sequences, the network that remembers, its training."""
    spec = run.spec
    network = f"{sequential(spec)}\n{compiled(spec)}"
    if not spec.classes:
        score = f"CLOSE_ENOUGH, ops = {recall.CLOSE_ENOUGH}, keras.ops\n\n\n{source_of('objectives', 'near_enough')}"
        network = f"{score}\n\n\n{sequential(spec)}\n{compiled(spec, NEAR_ENOUGH)}"
    return Cells(_tasks(run), network, fitted(spec, run.epochs, "" if spec.classes else NEAR_ENOUGH))


def _tasks(run: Run) -> str:
    spec, count = run.spec, run.data.training
    arguments = f"{spec.examples + HELD_OUT_SEQUENCES}, {spec.gap}, np.random.default_rng([{spec.seed}, 5])"
    constants = "\n".join(f"{name} = {getattr(recall, name)!r}" for name in ("CUES", "DISTRACTORS", "BRACKETS", "OPEN", "CLOSED", "FILLER"))
    made = (recall.Sequences, recall.recall, recall.adding, recall.brackets, recall._balanced, recall._spoil, recall.one_hot)
    lines = ["from typing import NamedTuple", "", "import keras", "import numpy as np", "", constants, "", ""]
    lines += [inspect.getsource(part) + "\n" for part in made]
    lines.append(f"x, y = {spec.task}({arguments})")
    lines.append(f"x_train, y_train, x_test, y_test = x[:{count}], y[:{count}], x[{count}:], y[{count}:]")
    return "\n".join(lines)
