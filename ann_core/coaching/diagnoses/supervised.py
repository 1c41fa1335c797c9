"""What can be wrong with a training towards targets: tests, remedies, and their table."""

import numpy as np

from ann_core.coaching.diagnoses import remedies
from ann_core.coaching.diagnoses.remedies import FAR_BEYOND, usual_rate
from ann_core.coaching.diagnoses.trained import MOST_EXAMPLES, Hidden, Trained
from ann_core.coaching.doctor import Diagnosis, Evidence, InBars, OnCurve
from ann_core.maths.measures.classification import class_accuracy, confusion_matrix

__all__ = ["DIAGNOSES", "MOST_EXAMPLES", "Case", "Hidden"]

DEAD_SHARE = 0.75
SATURATED_SHARE = 0.5
NEARLY_ALWAYS = 0.75
NEAR_THE_END = 0.98
RARE_SHARE = 0.15
OVERLOOKED = 0.6
HARDLY_MOVED, LITTLE_MOVED = 0.1, 0.5
POOR_SKILL, MEDIOCRE_SKILL = 0.3, 0.8
STEADY = 0.4
STILL_FALLING = 0.05
LEAST_COUNT = 3
FLAT = 0.03
FLAT_SHARE = 0.25
WORSE_AGAIN = 1.2
WORTH_MENTIONING = 0.1
FEW_EPOCHS = 4
RISES = 0.25
THROWN_FAR = 10.0


class Case(Trained):
    """A trained network, with the diagnoses that it may have."""

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        return DIAGNOSES


def exploded(case: Trained) -> Evidence | None:
    """Figures beyond all numbers."""
    lost = ~np.isfinite(case.run.rows).all(axis=1)
    if not lost.any():
        return None
    epoch = int(lost.argmax()) + 1
    return Evidence(OnCurve("loss", epoch, case.run.epochs), {"epoch": epoch, "rate": case.run.spec.learning_rate})


def missing(case: Trained) -> Evidence | None:
    """A class that is asked for and was never practised."""
    if not case.classes or case.practised is None or not case.holds_out:
        return None
    practised, asked = (np.bincount(targets, minlength=case.classes) for targets in (case.practised, case.targets))
    absent = (practised == 0) & (asked > 0)
    if not absent.any():
        return None
    worst = int(np.where(absent, asked, 0).argmax())
    found = class_accuracy(confusion_matrix(case.targets, case.run.final.predicted, case.classes))
    return Evidence(InBars(found, absent), {"number": worst, "asked": int(asked[worst]), "training": case.run.data.training})


def dead(case: Trained) -> Evidence | None:
    """ReLU units that answer zero to every example: no gradient goes through them any more."""
    for number, layer in enumerate(case.hidden):
        if layer.activation == "relu":
            alive = (layer.outputs > 0).mean(axis=0)
            silent = alive == 0
            if silent.mean() >= DEAD_SHARE:
                return _of_units(case, number, alive, silent)
    return None


def thrown(case: Trained) -> Evidence | None:
    """A learning rate far beyond the usual; the weights were thrown far away, or the loss jumps up and down; and little is learned."""
    spec, epochs = case.run.spec, case.run.epochs
    if spec.learning_rate <= FAR_BEYOND * usual_rate(spec) or case.learned > MEDIOCRE_SKILL:
        return None
    rises = int((np.diff(case.loss) > 0).sum())
    thrown_far = np.isfinite(case.moved) and case.moved >= THROWN_FAR
    if rises < RISES * (epochs - 1) and not thrown_far:
        return None
    values = {"rate": spec.learning_rate, "usual": usual_rate(spec), "rises": rises, "epochs": epochs, "moved": case.moved}
    return Evidence(OnCurve("loss", 1, epochs), values, "" if np.isfinite(case.moved) else ".rises")


def saturated(case: Trained) -> Evidence | None:
    """Units that are at the ends of their range for most examples: there the slope is next to nothing."""
    for number, layer in enumerate(case.hidden):
        if layer.activation in ("tanh", "sigmoid"):
            centred = layer.outputs if layer.activation == "tanh" else 2 * layer.outputs - 1
            shares = (np.abs(centred) > NEAR_THE_END).mean(axis=0)
            stuck = shares > NEARLY_ALWAYS
            if stuck.mean() >= SATURATED_SHARE:
                return _of_units(case, number, shares, stuck)
    return None


def _of_units(case: Trained, number: int, shares: np.ndarray, striking: np.ndarray) -> Evidence:
    values = {"layer": number + 1, "count": int(striking.sum()), "units": len(striking)}
    values |= {"examples": len(case.hidden[number].outputs), "part": case.part}
    return Evidence(InBars(shares, striking, number + 1), values)


def overlooked(case: Trained) -> Evidence | None:
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
    values = {"number": worst, "share": float(share), "found": float(found[worst]), "score": float(whole), "part": case.part}
    return Evidence(InBars(found, rare), values)


def too_slow(case: Trained) -> Evidence | None:
    """The weights have hardly moved, and the loss goes on falling to the end: the steps are too small."""
    epochs, spec = case.run.epochs, case.run.spec
    if epochs < FEW_EPOCHS or case.learned > MEDIOCRE_SKILL:
        return None
    quarter = max(1, (epochs - 1) // 4)
    early, late = case.loss[0] - case.loss[quarter], case.loss[-1 - quarter] - case.loss[-1]
    steady = case.moved <= HARDLY_MOVED and late >= min(STEADY * early, STILL_FALLING * case.loss[-1])
    tiny = FAR_BEYOND * spec.learning_rate <= usual_rate(spec) and case.moved <= LITTLE_MOVED
    if not (early > 0 and late > 0 and (steady or tiny)):
        return None
    values = {"moved": case.moved, "first": case.loss[0], "last": case.loss[-1], "epochs": epochs, "rate": spec.learning_rate}
    return Evidence(OnCurve("loss", 1, epochs), values)


def stuck(case: Trained) -> Evidence | None:
    """Hardly better than always giving the same answer, on both sets, and no longer getting better."""
    epochs = case.run.epochs
    if epochs < FEW_EPOCHS or not case.learned < POOR_SKILL:
        return None
    since = still_since(case.judged)
    if epochs - since < max(FEW_EPOCHS - 1, FLAT_SHARE * epochs) or still_since(case.loss) > epochs - FLAT_SHARE * epochs:
        return None
    values = {"epoch": since, "epochs": epochs, "loss": float(case.judged[-1]), "skill": case.skill, "part": case.part}
    place = OnCurve("loss" if not case.holds_out else "val_loss", since, epochs)
    return Evidence(place, values, ".never" if since == 1 else "")


def still_since(loss: np.ndarray) -> int:
    """The first epoch after which a loss, (epochs,), never again gets better by more than a few per cent."""
    best = np.minimum.accumulate(loss)
    return int(np.argmax(best <= (1 + FLAT) * best[-1])) + 1


def by_heart(case: Trained) -> Evidence | None:
    """Better and better on what it trains on, and for long worse and worse on what is held out, by the loss, and by the score no better."""
    if not case.holds_out:
        return None
    held_out = case.judged
    epochs, best = case.run.epochs, int(np.argmin(held_out))
    late = slice(-max(2, (epochs - best - 1) // 4), None)  # a single bad epoch proves nothing
    if epochs - best - 1 < FEW_EPOCHS or not np.median(case.loss[late]) < min(case.loss[best], case.blind):
        return None
    least, lately = held_out[best], np.median(held_out[late])
    if not lately >= WORSE_AGAIN * least or lately - least < WORTH_MENTIONING * case.blind:
        return None
    if np.median(case.skills[late]) > case.skills[best] + WORTH_MENTIONING:  # more of them are right: only too sure of the others
        return None
    values = {
        "best": best + 1,
        "least": float(least),
        "end": float(held_out[-1]),
        "first": float(case.loss[best]),
        "last": float(case.loss[-1]),
    }
    return Evidence(OnCurve("val_loss", best + 1, epochs), values)


def _unlearned(case: Trained) -> float:
    return case.unlearned


def _overlooked_share(case: Trained) -> float:
    """The share of the rarest overlooked class that is not found, or what is not learned at all."""
    found = overlooked(case)
    return max(case.unlearned, 1 - found.values["found"]) if found else case.unlearned


def _forgotten(case: Trained) -> float:
    return case.by_heart


DIAGNOSES = (
    Diagnosis("explosion", exploded, remedies.calmer),
    Diagnosis("missing", missing, lambda case: {}, lambda case: 1.0),
    Diagnosis("dead", dead, remedies.learnable(remedies.revived), _unlearned),
    Diagnosis("thrown", thrown, remedies.alone(remedies.calmer), _unlearned),
    Diagnosis("saturation", saturated, remedies.learnable(remedies.unstuck), _unlearned),
    Diagnosis("imbalance", overlooked, remedies.alone(remedies.balanced), _overlooked_share),
    Diagnosis("slow", too_slow, remedies.alone(remedies.bolder), _unlearned),
    Diagnosis("plateau", stuck, remedies.freed, _unlearned),
    Diagnosis("overfitting", by_heart, remedies.stopped_early, _forgotten),
)
"""Of those that cost the same the first comes first: a cause before what follows from it."""
