"""How much work a training is, and how much this server lets one be."""

import os
from collections.abc import Sequence

from ann_core.spec import Spec
from ann_core.training.records import DataSource, TrainingFailed

VARIABLE = "ANN_MOST_EXAMPLES"


def effort(spec: Spec, source: DataSource, done: int = 0) -> int:
    """How many examples a training goes through, after `done` epochs of it: epochs times examples, in a game all that are drawn."""
    return max(spec.epochs - done, 0) * spec.examples_an_epoch(source.training)


def limit() -> int | None:
    """How many examples a job may go through on this server; None where nothing is set. Raises `TrainingFailed` where it is no number."""
    text = os.environ.get(VARIABLE, "").strip()
    try:
        return int(text) if text else None
    except ValueError:
        raise TrainingFailed("bad_limit", {"variable": VARIABLE, "value": text}) from None


def check(efforts: Sequence[int]) -> None:
    """Raise `TrainingFailed` where the trainings of a job, by their efforts, are more than this server allows."""
    most, asked = limit(), sum(efforts)
    if most is not None and asked > most:
        raise TrainingFailed("too_much", {"asked": f"{asked:,}", "most": f"{most:,}"})
