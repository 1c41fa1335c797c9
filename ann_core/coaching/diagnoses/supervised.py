"""What can be wrong with a training towards targets: tests, remedies, and their table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ann_core.coaching.doctor import Diagnosis, Evidence, InBars, OnCurve
from ann_core.maths.learning.losses import skill
from ann_core.maths.measures.classification import class_accuracy, confusion_matrix
from ann_core.maths.networks import dense
from ann_core.spec import bounds
from ann_core.training.records import Run

MOST_EXAMPLES = 500

USUAL_RATE = {"sgd": 0.03, "momentum": 0.01, "rmsprop": 0.003, "adam": 0.003}
"""Learning rates that most small networks bear."""

DEAD_SHARE = 0.75
SATURATED_SHARE = 0.5
NEARLY_ALWAYS = 0.9
NEAR_THE_END = 0.98
RARE_SHARE = 0.15
OVERLOOKED = 0.6
HARDLY_MOVED = 0.1
POOR_SKILL, MEDIOCRE_SKILL = 0.3, 0.8
STEADY = 0.4
STILL_FALLING = 0.05
LEAST_COUNT = 3
FLAT = 0.03
WORSE_AGAIN = 1.2
WORTH_MENTIONING = 0.1
FEW_EPOCHS = 4


@dataclass(frozen=True)
class Hidden:
    """A hidden layer as some of the examples held out go through it: outputs (n, units), and its activation."""

    activation: str
    outputs: np.ndarray


@dataclass(frozen=True)
class Case:
    """What the doctor looks at: a run, its hidden layers, the targets of the examples held out, the number of classes (0: values)."""

    run: Run
    hidden: Sequence[Hidden]
    targets: np.ndarray
    classes: int

    @classmethod
    def of_dense(cls, run: Run, activations: Sequence[str], biased: bool, inputs: np.ndarray, targets: np.ndarray, classes: int) -> "Case":
        """A network of dense layers. `inputs` (n, …) as the network gets them; the first few hundred will do."""
        weights = [weight.astype(float) for weight in run.final.weights]
        network = dense.layers(weights, activations, biased)
        with np.errstate(all="ignore"):  # an exploded network is no reason to fall silent
            steps = dense.forward(network, inputs[:MOST_EXAMPLES].reshape(min(len(inputs), MOST_EXAMPLES), -1))
        hidden = [Hidden(layer.activation, step.outputs) for layer, step in zip(network[:-1], steps[:-1], strict=True)]
        return cls(run, tuple(hidden), targets, classes)

    @property
    def diagnoses(self) -> "tuple[Diagnosis, ...]":
        return DIAGNOSES

    @cached_property
    def loss(self) -> np.ndarray:
        """The training loss after each epoch: (epochs,)."""
        return self.run.rows[:, 0]

    @cached_property
    def skill(self) -> float:
        """How far the score on the training examples is beyond always giving the same answer: at most 1."""
        return skill(float(self.run.rows[-1, 1]), self.targets, self.classes)

    @cached_property
    def moved(self) -> float:
        """How far the weights have gone from their start, in lengths of that start."""
        first, last = (np.concatenate([weight.ravel() for weight in each.weights]) for each in (self.run.checkpoints[0], self.run.final))
        length = float(np.linalg.norm(first))
        return float(np.linalg.norm(last - first)) / length if length else np.inf


def exploded(case: Case) -> Evidence | None:
    """Figures beyond all numbers."""
    lost = ~np.isfinite(case.run.rows).all(axis=1)
    if not lost.any():
        return None
    epoch = int(lost.argmax()) + 1
    return Evidence(OnCurve("loss", epoch, case.run.epochs), {"epoch": epoch, "rate": case.run.spec.learning_rate})


def calmer(case: Case) -> dict[str, Any]:
    """Smaller steps, on inputs of a usual size."""
    spec = case.run.spec
    raw, usual = not getattr(spec, "scale_pixels", True), USUAL_RATE[spec.optimiser]
    changes = {"scale_pixels": True} if raw else {}
    if not raw or spec.learning_rate > 10 * usual:
        changes["learning_rate"] = max(min(spec.learning_rate / 10, usual), bounds(type(spec), "learning_rate").low)
    return changes


def dead(case: Case) -> Evidence | None:
    """ReLU units that answer zero to every example: no gradient goes through them any more."""
    for number, layer in enumerate(case.hidden):
        if layer.activation == "relu":
            alive = (layer.outputs > 0).mean(axis=0)
            silent = alive == 0
            if silent.mean() >= DEAD_SHARE:
                return _of_units(number, alive, silent)
    return None


def saturated(case: Case) -> Evidence | None:
    """Units that are at the ends of their range nearly always: there the slope is next to nothing."""
    for number, layer in enumerate(case.hidden):
        if layer.activation in ("tanh", "sigmoid"):
            centred = layer.outputs if layer.activation == "tanh" else 2 * layer.outputs - 1
            shares = (np.abs(centred) > NEAR_THE_END).mean(axis=0)
            stuck = shares > NEARLY_ALWAYS
            if stuck.mean() >= SATURATED_SHARE:
                return _of_units(number, shares, stuck)
    return None


def _of_units(number: int, shares: np.ndarray, striking: np.ndarray) -> Evidence:
    values = {"layer": number + 1, "count": int(striking.sum()), "units": len(striking)}
    return Evidence(InBars(shares, striking, number + 1), values)


def revived(case: Case) -> dict[str, Any]:
    """First weights that are not all alike, inputs of a usual size, or smaller steps."""
    if getattr(case.run.spec, "initialiser", "") == "zeros":
        return {"initialiser": "he"}
    return calmer(case)


def overlooked(case: Case) -> Evidence | None:
    """A class so rare that the network hardly ever says it."""
    if not case.classes:
        return None
    counts = np.bincount(case.targets, minlength=case.classes)
    predicted = case.run.final.predicted
    if len(predicted) != len(case.targets):
        return None
    matrix = confusion_matrix(case.targets, predicted, case.classes)
    found = class_accuracy(matrix)
    rare = (counts < RARE_SHARE * counts.sum() * 2 / case.classes) & (counts >= LEAST_COUNT) & (found < OVERLOOKED)
    if not rare.any():
        return None
    worst = int(np.where(rare, found, np.inf).argmin())
    share, whole = counts[worst] / counts.sum(), np.trace(matrix) / counts.sum()
    values = {"number": worst, "share": float(share), "found": float(found[worst]), "score": float(whole)}
    return Evidence(InBars(found, rare), values)


def balanced(case: Case) -> dict[str, Any]:
    """Every class as often as the largest."""
    return {"balance": True}


def too_slow(case: Case) -> Evidence | None:
    """The weights have hardly moved, and the loss goes on falling to the end: the steps are too small."""
    epochs = case.run.epochs
    if epochs < FEW_EPOCHS or case.moved > HARDLY_MOVED or case.skill > MEDIOCRE_SKILL:
        return None
    quarter = max(1, (epochs - 1) // 4)
    early, late = case.loss[0] - case.loss[quarter], case.loss[-1 - quarter] - case.loss[-1]
    if early <= 0 or late < min(STEADY * early, STILL_FALLING * case.loss[-1]):
        return None
    values = {"moved": case.moved, "first": case.loss[0], "last": case.loss[-1], "epochs": epochs, "rate": case.run.spec.learning_rate}
    return Evidence(OnCurve("loss", 1, epochs), values)


def bolder(case: Case) -> dict[str, Any]:
    """Larger steps."""
    spec = case.run.spec
    return {"learning_rate": max(USUAL_RATE[spec.optimiser], min(30 * spec.learning_rate, 1.0))}


def stuck(case: Case) -> Evidence | None:
    """No better than always giving the same answer, and no longer getting better."""
    epochs = case.run.epochs
    if epochs < FEW_EPOCHS or not case.skill < POOR_SKILL:
        return None
    half = epochs // 2
    before, after = np.median(case.loss[half : half + max(1, half // 4)]), np.median(case.loss[-max(1, half // 4) :])
    if before - after > FLAT * before:
        return None
    return Evidence(OnCurve("loss", half, epochs), {"epoch": half, "loss": float(after), "skill": max(case.skill, 0.0)})


def freed(case: Case) -> dict[str, Any]:
    """What most likely holds the network: its first weights, a penalty, no bends at all, or else the optimiser."""
    spec = case.run.spec
    layers = getattr(spec, "layers", None)
    if getattr(spec, "initialiser", "") == "zeros":
        return {"initialiser": "glorot"}
    if max(getattr(spec, "l1", 0.0), getattr(spec, "l2", 0.0)) > 0:
        return {"l1": 0.0, "l2": 0.0}
    if layers is not None and all(layer.activation == "linear" for layer in layers):
        units = [layer.units for layer in layers] or [8, 8]
        return {"layers": tuple(f"{count}-tanh" for count in units), "optimiser": "adam", "learning_rate": 0.01}
    if getattr(spec, "activation", "") == "sigmoid":
        return {"activation": "relu", "optimiser": "adam", "learning_rate": 0.001}
    return {"optimiser": "adam", "learning_rate": 0.01 if layers else 0.001}


def by_heart(case: Case) -> Evidence | None:
    """Better and better on what it trains on, and for long worse and worse on what is held out."""
    if len(case.run.metrics) < 3:  # nothing was held out
        return None
    held_out = case.run.rows[:, 2]
    epochs, best = case.run.epochs, int(np.argmin(held_out))
    since = held_out[best + 1 :]
    if len(since) < FEW_EPOCHS or not case.loss[-1] < case.loss[best]:
        return None
    least, lately = held_out[best], since[-max(2, len(since) // 4) :].min()  # a single bad epoch proves nothing
    if lately < WORSE_AGAIN * least or lately - least < WORTH_MENTIONING * held_out[0]:
        return None
    values = {
        "best": best + 1,
        "least": float(least),
        "end": float(held_out[-1]),
        "first": float(case.loss[best]),
        "last": float(case.loss[-1]),
    }
    return Evidence(OnCurve("val_loss", best + 1, epochs), values)


def stopped_early(case: Case) -> dict[str, Any]:
    """As many epochs as were good for the examples held out."""
    return {"epochs": int(np.argmin(case.run.rows[:, 2])) + 1}


DIAGNOSES = (
    Diagnosis("explosion", exploded, calmer),
    Diagnosis("dead", dead, revived),
    Diagnosis("saturation", saturated, calmer),
    Diagnosis("imbalance", overlooked, balanced),
    Diagnosis("slow", too_slow, bolder),
    Diagnosis("plateau", stuck, freed),
    Diagnosis("overfitting", by_heart, stopped_early),
)
"""The most urgent first: a cause before what follows from it."""
