"""What it is to break something: one change of an experiment, a question, and how a measurement answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ann_core.spec import Spec, bounds
from ann_core.training.records import Run

SAME = 0.01
SAME_ERROR = 0.1
HARDLY = 0.1
GETS_BETTER = 0.9

OUTCOMES = ("better", "same", "worse", "nothing")


def outcome(intact: Run, broken: Run) -> str:
    """How the broken network does on the examples held out, beside the intact one: one of `OUTCOMES`."""
    if learned_nothing(broken):
        return "nothing"
    here, there = (held_out(run) for run in (intact, broken))
    gain, same = (there - here, SAME) if intact.spec.classes else (here - there, SAME_ERROR * here)
    if abs(gain) <= same:
        return "same"
    return "better" if gain > 0 else "worse"


def learned_nothing(run: Run) -> bool:
    """Whether a network ended about where guessing begins, on one set at least; for values, whether its loss never fell."""
    if run.spec.classes:
        return not all(run.value(name) > 1 / run.spec.classes + HARDLY for name in ("accuracy", "val_accuracy"))
    return not run.value("loss") < GETS_BETTER * run.value("loss", 1)


def held_out(run: Run) -> float:
    """The score on the examples held out, or on all where none are."""
    return float(run.told[run.metrics[-1]].iloc[-1])


class Measure(NamedTuple):
    """What is told of a run: its value in the end, and its course, by epoch.

    Without a name it is the run's own score, whose course is in the history.
    """

    value: Callable[[Run], float]
    name: str = ""
    course: Callable[[Run], pd.Series] | None = None


HELD_OUT_SCORE = Measure(held_out)


@dataclass(frozen=True)
class Intervention:
    """A change that breaks something, for the specs of one experiment.

    `change` gives the fields that differ in the broken spec; `setting` is changed in both, where the effect needs it.
    `judge(intact, broken)` says which of the `answers` was the true one; `measure` is what is told of both. A test holds it to
    its known `effect`, on the default preset with the changes in `example`.
    """

    name: str
    experiment: str
    change: Callable[[Spec], dict[str, Any]]
    effect: str
    example: Mapping[str, Any] = field(default_factory=dict)
    setting: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[str, ...] = OUTCOMES
    judge: Callable[[Run, Run], str] = outcome
    measure: Measure = HELD_OUT_SCORE

    def pair(self, spec: Spec) -> tuple[Spec, Spec]:
        """The intact spec and the broken one; equal where there is nothing left to break."""
        intact = spec.changed(**self.setting)
        return intact, intact.changed(**self.change(intact))


def times(spec: Spec, field: str, factor: float) -> dict[str, float]:
    """A number so many times as large, within its bounds."""
    return {field: min(factor * getattr(spec, field), bounds(type(spec), field).high)}


def hundredfold(spec: Spec) -> dict[str, Any]:
    return times(spec, "learning_rate", 100)


def measured(intact: Run, broken: Run, measure: Measure = HELD_OUT_SCORE) -> dict[str, Any]:
    """The figures that words about a comparison are filled with."""
    score = intact.metrics[1]
    return {
        "intact": measure.value(intact),
        "broken": measure.value(broken),
        "intact_training": float(intact.told[score].iloc[-1]),
        "broken_training": float(broken.told[score].iloc[-1]),
        "intact_loss": intact.value(intact.metrics[0], 1),
        "broken_loss": broken.value(intact.metrics[0], 1),
        "epochs": intact.epochs,
        "images": intact.data.training,
        "tested": intact.data.testing,
    }
