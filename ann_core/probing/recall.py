"""Trained networks at memory tasks, by NumPy: what goes on in them, how many they get right, what they can do without."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ann_core.data.recall import CLOSE_ENOUGH, FILLER
from ann_core.maths.networks import dense
from ann_core.maths.networks.cells import CELLS
from ann_core.maths.networks.recurrent import (
    Network,
    Slopes,
    Unrolled,
    class_slopes,
    squared_error_slopes,
    through_time,
    unroll,
)
from ann_core.probing.measurement import Share
from ann_core.specs import RecallSpec
from ann_core.starts.recall import network
from ann_core.training.examples.recall import sequences_of
from ann_core.training.records import Checkpoint, Run, TrainingFailed

JUDGED = 500
FARTHER = 0.2


@dataclass(frozen=True)
class Way:
    """A network's way through some sequences: what its cell did, and its answers (n, outputs)."""

    unrolled: Unrolled
    answers: np.ndarray


def network_of(run: Run, checkpoint: Checkpoint | None = None) -> Network:
    """The network of a run, at its end or at another checkpoint."""
    return network(run.spec, (checkpoint or run.final).weights)


def way(made: Network, x: np.ndarray, held: Mapping[str, np.ndarray] | None = None) -> Way:
    """All that happens on the way through sequences (n, time, inputs), while some gates are held."""
    unrolled = unroll(made.cell, x.astype(np.float32), held)
    sums = unrolled.states[:, -1] @ made.readout.kernel + made.readout.bias
    return Way(unrolled, dense.activate(sums, made.readout.activation))


def judged(spec: RecallSpec) -> tuple[np.ndarray, np.ndarray]:
    """Sequences held out, and their answers: as many as are judged at once."""
    made = sequences_of(spec)
    return made.x[spec.examples :][:JUDGED], made.y[spec.examples :][:JUDGED]


def right(spec: RecallSpec, answers: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which answers (n, outputs) are right: (n,); a sum is right where it is off by less than a tenth."""
    if spec.classes:
        return chosen(spec, answers) == y
    return (np.abs(answers - y) < CLOSE_ENOUGH).ravel()


def chosen(spec: RecallSpec, answers: np.ndarray) -> np.ndarray:
    """The classes that answers (n, outputs) stand for: (n,)."""
    return answers.argmax(axis=1) if spec.classes > 2 else (answers[:, 0] > 0.5).astype(int)


def accuracy(spec: RecallSpec, answers: np.ndarray, y: np.ndarray) -> float:
    """The share of right answers."""
    return float(right(spec, answers, y).mean())


class Changed(NamedTuple):
    """What an operation changed in so many answers: how many are others than before, and how many of these were right, or are now."""

    count: int
    others: int
    lost: int
    gained: int


def changed(spec: RecallSpec, before: np.ndarray, after: np.ndarray, y: np.ndarray) -> Changed:
    """Answers (n, outputs) before and after, beside what is right. A sum is another where it has become right, or wrong."""
    was, now = right(spec, before, y), right(spec, after, y)
    others = chosen(spec, before) != chosen(spec, after) if spec.classes else was != now
    return Changed(len(y), int(others.sum()), int((was & ~now).sum()), int((now & ~was).sum()))


def asked_and_answered(spec: RecallSpec, answers: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How often each class was asked for, a row each, and what was answered: counts (classes, classes)."""
    counts = np.zeros((spec.classes, spec.classes), int)
    np.add.at(counts, (y.astype(int), chosen(spec, answers)), 1)
    return counts


def not_above(accuracy: float, level: float, count: int) -> bool:
    """Whether an accuracy over so many answers cannot be told from a level, or lies below: within two standard errors."""
    return accuracy <= level + 2 * np.sqrt(level * (1 - level) / count)


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
    """Slopes of the loss over so many sequences held out: for a sum of the squared error, for classes of the cross-entropy."""
    x, y = judged(run.spec)
    made, x, y = network_of(run), x[:count].astype(float), y[:count]
    if run.spec.classes > 2:
        return class_slopes(made, x, y)
    if run.spec.classes:
        return _yes_or_no_slopes(made, x, y.astype(float))
    return squared_error_slopes(made, x, y.astype(float).reshape(-1, 1))


@np.errstate(all="ignore")
def _yes_or_no_slopes(made: Network, x: np.ndarray, y: np.ndarray) -> Slopes:
    """Slopes of the mean cross-entropy of a sigmoid: ∂L/∂z = (p - y) / n."""
    unrolled, readout = unroll(made.cell, x), made.readout
    chances = dense.activate(unrolled.states[:, -1] @ readout.kernel + readout.bias, readout.activation)
    given = np.zeros_like(unrolled.states)
    given[:, -1] = (chances - y[:, None]) / len(x) @ readout.kernel.T
    return through_time(made.cell, unrolled, given)


@np.errstate(all="ignore")
def arriving(made: Network, unrolled: Unrolled, answer: int) -> np.ndarray:
    """How long the gradient of an answer's sum is at the state after every step, of an LSTM at its cell state: (n, time)."""
    given = np.zeros_like(unrolled.states)
    given[:, -1] = made.readout.kernel[:, answer]
    slopes = through_time(made.cell, unrolled, given)
    found = slopes.states if slopes.memory is None else slopes.memory
    return np.linalg.norm(found[:, 1:].astype(float), axis=-1)


def matters(spec: RecallSpec, x: np.ndarray) -> np.ndarray:
    """At which steps of sequences (n, time, inputs) something comes that the answer depends on: (n, time)."""
    if spec.task == "adding":
        return x[:, :, 1] == 1
    if spec.task == "brackets":
        return x.argmax(axis=2) != FILLER
    return np.broadcast_to(np.arange(x.shape[1]) == 0, x.shape[:2])


class Opened(NamedTuple):
    """How far a gate is open on average, 0 … 1, in every unit: at the steps that matter, and at the others; (units,) each."""

    there: np.ndarray
    elsewhere: np.ndarray

    @property
    def wider(self) -> int:
        """In how many units it is clearly farther open where something matters."""
        return int((self.there - self.elsewhere >= FARTHER).sum())

    @property
    def narrower(self) -> int:
        return int((self.elsewhere - self.there >= FARTHER).sum())

    @property
    def most(self) -> int:
        """The unit in which the difference is largest."""
        return int(np.abs(self.there - self.elsewhere).argmax())


def opened(unrolled: Unrolled, marks: np.ndarray, gate: str) -> Opened:
    """How far a gate is open at the marked steps (n, time) of sequences, and at the others."""
    values = unrolled.parts[gate]
    return Opened(values[marks].mean(axis=0), values[~marks].mean(axis=0))


def first_radii(run: Run) -> dict[str, float] | None:
    """The spectral radius of the weights U with which each part of a cell began; "state" in a cell without gates.

    None where the run does not begin at the start. An orthogonal matrix has 1: it turns and mirrors a state, and loses nothing.
    """
    begun = run.checkpoints[0]
    if begun.epoch:
        return None
    recurrent = begun.weights[1].astype(float)
    names = CELLS[run.spec.cell].blocks or ("state",)
    parts = np.split(recurrent, len(names), axis=1)
    return {name: float(np.abs(np.linalg.eigvals(part)).max()) for name, part in zip(names, parts, strict=True)}
