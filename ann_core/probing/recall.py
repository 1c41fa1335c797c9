"""Trained networks at memory tasks, by NumPy: what goes on in them, how many they get right, what they can do without."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ann_core.data.recall import CLOSE_ENOUGH
from ann_core.maths.networks import dense
from ann_core.maths.networks.recurrent import Network, Slopes, Unrolled, class_slopes, network, squared_error_slopes, unroll
from ann_core.probing.measurement import Share
from ann_core.specs import RecallSpec
from ann_core.training.examples.recall import sequences_of
from ann_core.training.records import Checkpoint, Run, TrainingFailed

JUDGED = 500


@dataclass(frozen=True)
class Way:
    """A network's way through some sequences: what its cell did, and its answers (n, outputs)."""

    unrolled: Unrolled
    answers: np.ndarray


def network_of(run: Run, checkpoint: Checkpoint | None = None) -> Network:
    """The network of a run, at its end or at another checkpoint."""
    weights = (checkpoint or run.final).weights
    return network(run.spec.cell, weights, "tanh", {0: "linear", 2: "sigmoid"}.get(run.spec.classes, "softmax"))


def way(made: Network, x: np.ndarray, held: Mapping[str, np.ndarray] | None = None) -> Way:
    """All that happens on the way through sequences (n, time, inputs), while some gates are held."""
    unrolled = unroll(made.cell, x.astype(np.float32), held)
    sums = unrolled.states[:, -1] @ made.readout.kernel + made.readout.bias
    return Way(unrolled, dense.activate(sums, made.readout.activation))


def judged(spec: RecallSpec) -> tuple[np.ndarray, np.ndarray]:
    """Sequences held out, and their answers: as many as are judged at once."""
    made = sequences_of(spec)
    return made.x[spec.examples :][:JUDGED], made.y[spec.examples :][:JUDGED]


def accuracy(spec: RecallSpec, answers: np.ndarray, y: np.ndarray) -> float:
    """The share of right answers; a sum is right where it is off by less than a tenth."""
    if spec.classes > 2:
        return float((answers.argmax(axis=1) == y).mean())
    if spec.classes:
        return float(((answers[:, 0] > 0.5) == y).mean())
    return float((np.abs(answers - y) < CLOSE_ENOUGH).mean())


def asleep(spec: RecallSpec, unit: int) -> dict[str, np.ndarray]:
    """Gates that keep a unit's memory at zero: for an LSTM nothing comes in, a GRU keeps what it began with."""
    values = np.full((spec.gap + 1, spec.units), np.nan, np.float32)
    values[:, unit] = 0.0 if spec.cell == "lstm" else 1.0
    return {"input" if spec.cell == "lstm" else "update": values}


def without_each(run: Run, say: Callable[[Any], None], should_stop: Callable[[], bool]) -> np.ndarray:
    """The accuracy with all units, then without each of them in turn: (units + 1,). For cells with gates."""
    made, (x, y) = network_of(run), judged(run.spec)
    found = [accuracy(run.spec, way(made, x).answers, y)]
    for unit in range(run.spec.units):
        if should_stop():
            raise TrainingFailed("stopped")
        say(Share(unit / run.spec.units))
        found.append(accuracy(run.spec, way(made, x, asleep(run.spec, unit)).answers, y))
    return np.array(found)


def slopes(run: Run, count: int) -> Slopes:
    """Slopes of the loss over so many sequences held out: of the error, or for classes of the cross-entropy."""
    x, y = judged(run.spec)
    made, x = network_of(run), x[:count].astype(float)
    if run.spec.classes > 2:
        return class_slopes(made, x, y[:count])
    return squared_error_slopes(made, x, y[:count].astype(float).reshape(-1, 1))
