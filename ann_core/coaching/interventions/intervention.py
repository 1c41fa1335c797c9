"""What it is to break something: one change of an experiment, a question, and how a measurement answers it.

What is guessed is a number, in one of four ranges; how it came out, in words, is one of the `answers`, and chooses the explanation.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ann_core.spec import Spec, bounds
from ann_core.training.examples import OwnData
from ann_core.training.records import Run

SAME = 0.01
SAME_ERROR = 0.1
HARDLY = 0.1
GETS_BETTER = 0.9
TINY = 1e-9

OUTCOMES = ("better", "same", "worse", "nothing")

RANGES = ("lowest", "low", "high", "highest")
STEPS_OF_SKILL = (0.2, 0.5, 0.8)
"""Where ranges of an accuracy meet, from guessing (0) to no mistakes (1)."""
RATIOS = (1.1, 2.0, 5.0)
"""Where ranges of an error meet, beside the intact network's."""


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
    """Whether a network ended about where guessing begins, on one set at least; for values, near always giving the mean."""
    if run.spec.classes:
        return not all(run.value(name) > 1 / run.spec.classes + HARDLY for name in ("accuracy", "val_accuracy"))
    return not run.value("loss") < GETS_BETTER * run.data.variance


def held_out(run: Run) -> float:
    """The score on the examples held out, or on all where none are."""
    return float(run.told[run.metrics[-1]].iloc[-1])


def accuracy_edges(classes: int) -> tuple[float, ...]:
    """The accuracies at which the ranges meet, in whole per cents: three, from above guessing to below perfect."""
    guessing = 1 / classes if classes else 0.0
    return tuple(round(guessing + step * (1 - guessing), 2) for step in STEPS_OF_SKILL)


class Measure(NamedTuple):
    """What is told of a run: its value in the end, and its course, by epoch.

    Without a name it is the run's own score, whose course is in the history.
    """

    value: Callable[[Run], float]
    name: str = ""
    course: Callable[[Run], pd.Series] | None = None


HELD_OUT_SCORE = Measure(held_out)


def _nothing_to_add(broken: Run, own: OwnData) -> None:
    return None


@dataclass(frozen=True)
class Intervention:
    """A change that breaks something, for the specs of one experiment.

    `change` gives the fields that differ in the broken spec; `setting` is changed in both, where the effect needs it.
    `judge(intact, broken)` says which of the `answers` was the true one; `measure` is what is told of both; `remark(broken, own)`
    is a message with its values that is added, if any. A test holds it to its known `effect`, on the default preset with the
    changes in `example`. Without the parts that the field `needs` counts there is nothing to ask.
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
    remark: Callable[[Run, OwnData], tuple[str, dict[str, Any]] | None] = _nothing_to_add
    needs: str = ""

    @property
    def by_number(self) -> bool:
        """Whether a number is guessed: where the outcomes are the usual ones."""
        return self.answers == OUTCOMES

    @property
    def guesses(self) -> tuple[str, ...]:
        """What may be guessed."""
        return RANGES if self.by_number else self.answers

    def edges(self, spec: Spec) -> tuple[float, ...]:
        """Where the ranges that may be guessed meet: accuracies, or how many times the intact network's error."""
        return accuracy_edges(spec.classes) if self.in_shares(spec) else RATIOS

    def in_shares(self, spec: Spec) -> bool:
        """Whether what is measured is a share of right answers, and not an error."""
        return not self.measure.name and spec.measures[1] == "accuracy"

    def truth(self, intact: Run, broken: Run) -> str:
        """Which of the guesses was right."""
        if not self.by_number:
            return self.judge(intact, broken)
        here, there = self.measure.value(intact), self.measure.value(broken)
        reached = there if self.in_shares(intact.spec) else there / max(here, TINY) if math.isfinite(there) else math.inf
        return RANGES[sum(reached >= edge for edge in self.edges(intact.spec))]

    def pair(self, spec: Spec) -> tuple[Spec, Spec]:
        """The intact spec and the broken one; equal where there is nothing left to break."""
        intact = spec.changed(**self.setting)
        return intact, intact.changed(**self.change(intact))


def times(spec: Spec, field: str, factor: float) -> dict[str, float]:
    """A number so many times as large, within its bounds."""
    low, high = bounds(type(spec), field)
    return {field: min(max(factor * getattr(spec, field), low), high)}


def hundredfold(spec: Spec) -> dict[str, Any]:
    return times(spec, "learning_rate", 100)


def hundredth(spec: Spec) -> dict[str, Any]:
    return times(spec, "learning_rate", 0.01)


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
