"""The doctor: what is wrong with a training, recognised from the run's own figures, and whether a remedy has helped.

One record a diagnosis. To add one, add a record to `DIAGNOSES`, and its words to the catalogues:
`doctor.<name>`, `doctor.<name>.evidence`, `doctor.<name>.remedy`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from ann_core.coaching.interventions.intervention import HELD_OUT_SCORE, Measure
from ann_core.maths.measures.classification import class_test, mean_recall, sign_test
from ann_core.training.records import Run

WORTH_A_REMEDY = 0.25
CHANCE = 0.05
SAME_ERROR = 0.02


@dataclass(frozen=True)
class OnCurve:
    """Evidence on the learning curves of a measure: the epochs from `first` to `last`."""

    metric: str
    first: int
    last: int


@dataclass(frozen=True)
class InBars:
    """Evidence in shares, 0 … 1, and the `striking` ones.

    Of a layer's units, counted from 1; or, where `layer` is 0, of the classes or whatever else there is a `kind` of.
    """

    shares: np.ndarray
    striking: np.ndarray
    layer: int = 0
    kind: str = "class"


@dataclass(frozen=True)
class Evidence:
    """Why a diagnosis is made: where to see it, and the figures that its words are filled with.

    `words` is what is added to the message id where there is more than one way to say it.
    """

    place: OnCurve | InBars
    values: dict[str, Any] = field(default_factory=dict)
    words: str = ""


class Examined(Protocol):
    """Whatever the doctor looks at: a run, and the diagnoses that it may have."""

    @property
    def run(self) -> Run: ...

    @property
    def diagnoses(self) -> "tuple[Diagnosis, ...]": ...


def _urgent(case: Examined) -> float:
    return np.inf


@dataclass(frozen=True)
class Diagnosis:
    """A name; the test, which gives evidence or nothing; the remedy, as a change of the spec; and what the illness costs.

    No evidence, no diagnosis. A remedy that changes nothing is not offered. `cost` is in losses of always giving the same answer.
    """

    name: str
    test: Callable[[Any], Evidence | None]
    remedy: Callable[[Any], dict[str, Any]]
    cost: Callable[[Any], float] = _urgent


@dataclass(frozen=True)
class Finding:
    """A diagnosis that was made: its name, the evidence, the changes that should help, and what it costs."""

    name: str
    evidence: Evidence
    remedy: dict[str, Any]
    cost: float = np.inf


def diagnose(case: Examined) -> list[Finding]:
    """All that there is evidence for, what costs most first, and of equals what comes first in the table; nothing for a healthy run.

    Where it costs next to nothing, no remedy is offered.
    """
    found = []
    for diagnosis in case.diagnoses if case.run.epochs else ():
        if evidence := diagnosis.test(case):
            cost = diagnosis.cost(case)
            remedy = _changes(case.run, diagnosis.remedy(case)) if cost >= WORTH_A_REMEDY else {}
            found.append(Finding(diagnosis.name, evidence, remedy, cost))
    return sorted(found, key=lambda finding: -finding.cost)


def _changes(run: Run, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a remedy really changes of a run's spec."""
    spec = run.spec
    once = {"legs": ()} if spec.pace() & set(wanted) else {}  # a pace from the beginning on
    cured = spec.changed(**once, **{name: value for name, value in wanted.items() if name in type(spec).model_fields})
    return {name: getattr(cured, name) for name in cured.differences(spec)}


Verdict = Literal["better", "perhaps_better", "same", "perhaps_worse", "worse"]


@dataclass(frozen=True)
class Effect:
    """What became of a remedy: a score before and after, and the loss where it belongs to the score.

    `now_right` examples were wrong before, `now_wrong` right; None where the two runs are not judged by the same examples.
    `recalls` are the means over the classes, by which it is judged where a class was overlooked.
    """

    verdict: Verdict
    scores: tuple[float, float]
    losses: tuple[float, float] | None = None
    now_right: int | None = None
    now_wrong: int | None = None
    recalls: tuple[float, float] | None = None


def effect(before: Run, after: Run, targets: np.ndarray | None = None, measure: Measure = HELD_OUT_SCORE, by_class: bool = False) -> Effect:
    """Whether the second run is better than the first, by its score on the examples held out, or by another measure, an error.

    `targets` are the classes (n,) of the examples held out, where both runs hold out the same ones: then a difference that
    may be chance, by a test of signs, is only perhaps one. `by_class` judges by the mean over the classes of what is recognised.
    """
    scores = measure.value(before), measure.value(after)
    gain = _gain(scores, not measure.name and after.metrics[-1].endswith("accuracy"))
    losses = None if measure.name else (before.value(before.metrics[-2]), after.value(after.metrics[-2]))
    if targets is None:
        return Effect(_verdict(gain), scores, losses)
    was, now = (run.final.predicted == targets for run in (before, after))
    right, wrong = int((now & ~was).sum()), int((was & ~now).sum())
    if by_class:
        recalls = tuple(mean_recall(targets, run.final.predicted, after.spec.classes) for run in (before, after))
        return Effect(_verdict(_gain(recalls, True), class_test(targets, now.astype(int) - was)), scores, losses, right, wrong, recalls)
    return Effect(_verdict(gain, sign_test(right, wrong)), scores, losses, right, wrong)


def _verdict(gain: float, chance: float = 0.0) -> Verdict:
    """What a gain says, where equals would differ as much with this chance."""
    if not gain:
        return "same"
    if chance > CHANCE:
        return "perhaps_better" if gain > 0 else "perhaps_worse"
    return "better" if gain > 0 else "worse"


def _gain(scores: tuple[float, float], more_is_better: bool) -> float:
    """How much better the second score is; an error that differs by a fiftieth is the same."""
    before, after = scores
    if not (np.isfinite(before) and np.isfinite(after)):
        return float(np.isfinite(after)) - float(np.isfinite(before))
    if more_is_better:
        return after - before
    return before - after if abs(after - before) > SAME_ERROR * before else 0.0
