"""What helps against what can be wrong with a training towards targets: one change each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ann_core.coaching.diagnoses.trained import Trained
from ann_core.spec import Spec, bounds

USUAL_RATE = {"sgd": 0.03, "momentum": 0.1, "rmsprop": 0.003, "adam": 0.003}
"""Learning rates that most small networks bear; with momentum m, the part 1 - m of it."""

FAR_BEYOND = 10
MANY_UNITS = 8
NEAR_THE_LEAST = 0.25
LIGHT_PENALTY, LIGHT_DROPOUT = 0.002, 0.2
SMALL_STEPS = 3
MANY_FLAT = 3
"""Through so many sigmoids, each with a slope of a quarter at most, little of a gradient comes back."""


def usual_rate(spec: Spec) -> float:
    """A learning rate that most small networks bear under this optimiser."""
    usual = USUAL_RATE[spec.optimiser]
    usual = usual * (1 - spec.momentum) if spec.optimiser == "momentum" else usual
    return max(float(f"{usual:.2g}"), bounds(type(spec), "learning_rate").low)


def calmer(case: Trained) -> dict[str, Any]:
    """Steps of the usual size where they are far too large; else inputs of a usual size, or steps far below the usual ones."""
    spec = case.run.spec
    if spec.learning_rate > FAR_BEYOND * usual_rate(spec):
        return {"learning_rate": usual_rate(spec)}
    if not getattr(spec, "scale_pixels", True):
        return {"scale_pixels": True}
    return {"learning_rate": max(spec.learning_rate / 30, bounds(type(spec), "learning_rate").low)}


def revived(case: Trained) -> dict[str, Any]:
    """First weights that are not all alike, inputs of a usual size, smaller steps, or neurons that cannot die."""
    spec = case.run.spec
    if getattr(spec, "initialiser", "") == "zeros":
        return {"initialiser": "he"}
    if not getattr(spec, "scale_pixels", True) or spec.learning_rate > FAR_BEYOND * usual_rate(spec):
        return calmer(case)
    return {} if hindrances(spec) else _bent(spec, "leaky_relu", {"relu"})


def unstuck(case: Trained) -> dict[str, Any]:
    """First weights of a usual size, inputs of a usual size, smaller steps, or neurons that do not saturate."""
    spec = case.run.spec
    if getattr(spec, "initialiser", "") == "wide":
        return {"initialiser": "glorot"}
    if not getattr(spec, "scale_pixels", True) or spec.learning_rate > FAR_BEYOND * usual_rate(spec):
        return calmer(case)
    return {} if hindrances(spec) else _bent(spec, "silu", {"tanh", "sigmoid"})


def balanced(case: Trained) -> dict[str, Any]:
    """Every class as often as the largest."""
    return {"balance": True}


def bolder(case: Trained) -> dict[str, Any]:
    """Larger steps."""
    spec = case.run.spec
    usual = usual_rate(spec)
    return {"learning_rate": max(usual, min(30 * spec.learning_rate, FAR_BEYOND * usual))}


def alone(remedy: Callable[[Trained], dict[str, Any]]) -> Callable[[Trained], dict[str, Any]]:
    """A remedy that is offered only where nothing else in the settings holds the network: else this one change would not help."""

    def only(case: Trained) -> dict[str, Any]:
        changes = remedy(case)
        return changes if all(other.keys() <= changes.keys() for other in hindrances(case.run.spec)) else {}

    return only


def learnable(remedy: Callable[[Trained], dict[str, Any]]) -> Callable[[Trained], dict[str, Any]]:
    """A remedy that is offered only where there is a rule to learn: with shuffled labels nothing helps on other examples."""
    return lambda case: {} if getattr(case.run.spec, "shuffled_labels", False) else remedy(case)


def hindrances(spec: Spec) -> list[dict[str, Any]]:
    """What in the settings may hold a network, each with the change that takes it away: labels, start, penalty, bends, dropout, steps."""
    found, usual = [], usual_rate(spec)
    layers = getattr(spec, "layers", None)
    if getattr(spec, "shuffled_labels", False):
        found.append({"shuffled_labels": False})
    if not getattr(spec, "scale_pixels", True):
        found.append({"scale_pixels": True})
    if getattr(spec, "initialiser", "") == "zeros":
        found.append({"initialiser": "glorot"})
    found += [{name: 0.0} for name in ("l1", "l2") if getattr(spec, name, 0.0) > LIGHT_PENALTY]
    if layers is not None and all(layer.activation == "linear" for layer in layers):
        found.append({"layers": tuple(f"{units}-tanh" for units in [layer.units for layer in layers] or [MANY_UNITS] * 2)})
    if getattr(spec, "dropout", 0.0) > LIGHT_DROPOUT:
        found.append({"dropout": 0.0})
    if spec.learning_rate > FAR_BEYOND * usual:
        found.append({"learning_rate": usual})
    if FAR_BEYOND * spec.learning_rate <= usual:
        found.append({"learning_rate": max(usual, min(30 * spec.learning_rate, 1.0))})
    return found


def freed(case: Trained) -> dict[str, Any]:
    """What holds the network, where one thing does; nothing where several do, for one change would not help; else other bends or steps."""
    spec = case.run.spec
    if found := hindrances(spec):
        return found[0] if len(found) == 1 else {}
    if tuple(getattr(spec, "activations", ()))[:-1].count("sigmoid") >= MANY_FLAT:
        return _bent(spec, "tanh", {"sigmoid"})
    if spec.learning_rate < usual_rate(spec) / SMALL_STEPS:
        return bolder(case)
    return _bent(spec, "tanh", {"sigmoid", "relu", "linear"})


def stopped_early(case: Trained) -> dict[str, Any]:
    """As many epochs as were good for the examples held out: of those with about the least loss the best score, if it is a better one."""
    least = case.judged.min()
    good = case.judged <= least + NEAR_THE_LEAST * (case.judged[-1] - least)
    best = int(np.lexsort((case.judged, -np.where(good, case.skills, -np.inf)))[0])
    return {"epochs": best + 1} if case.skills[best] > case.skill else {}


def _bent(spec: Spec, activation: str, instead_of: set[str]) -> dict[str, Any]:
    """Another activation in place of these."""
    if "activation" in type(spec).model_fields:
        return {"activation": "relu"} if spec.activation in instead_of else {}
    layers = getattr(spec, "layers", ())
    return {"layers": tuple(f"{each.units}-{activation if each.activation in instead_of else each.activation}" for each in layers)}
