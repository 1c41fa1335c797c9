"""The doctor: what is wrong with a training, recognised from the run's own figures.

One record a diagnosis. To add one, add a record to `DIAGNOSES`, and its words to the catalogues:
`doctor.<name>`, `doctor.<name>.evidence`, `doctor.<name>.remedy`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ann_core.training.records import Run


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
    """Why a diagnosis is made: where to see it, and the figures that its words are filled with."""

    place: OnCurve | InBars
    values: dict[str, Any] = field(default_factory=dict)


class Examined(Protocol):
    """Whatever the doctor looks at: a run, and the diagnoses that it may have."""

    @property
    def run(self) -> Run: ...

    @property
    def diagnoses(self) -> "tuple[Diagnosis, ...]": ...


@dataclass(frozen=True)
class Diagnosis:
    """A name; the test, which gives evidence or nothing; the remedy, as a change of the spec.

    No evidence, no diagnosis. A remedy that changes nothing is not offered.
    """

    name: str
    test: Callable[[Any], Evidence | None]
    remedy: Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Finding:
    """A diagnosis that was made: its name, the evidence, and the changes that should help."""

    name: str
    evidence: Evidence
    remedy: dict[str, Any]


def diagnose(case: Examined) -> Finding | None:
    """The first diagnosis of the table that there is evidence for; None for a healthy run."""
    if not case.run.epochs:
        return None
    for diagnosis in case.diagnoses:
        if evidence := diagnosis.test(case):
            spec = case.run.spec
            changes = {name: value for name, value in diagnosis.remedy(case).items() if name in type(spec).model_fields}
            cured = spec.changed(**changes)
            return Finding(diagnosis.name, evidence, {name: getattr(cured, name) for name in cured.differences(spec)})
    return None
