"""What a training says while it goes on, and what it leaves behind. Arrays are read-only."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from ann_core.spec import Spec
from ann_core.training.moments import Moment, kept_moments

MOST_CHECKPOINTS = 60
MOST_CHECKPOINT_BYTES = 13_000_000


class Record:
    """A dataclass whose arrays cannot be changed, here or in another process."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)

    def __reduce__(self):
        return type(self), tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class DataSource(Record):
    """Which data a run saw: what was asked for, what was there, where it came from, and its fingerprint.

    Where values were scaled for the network, it saw them in `deviation` of their own `unit`; a series whose values have none
    may be scaled too. `variance` is that of the values trained on, the squared error of always giving their mean;
    pictures and games have no such values.
    """

    asked: str
    name: str
    source: str
    fingerprint: str
    training: int
    testing: int
    problem: str | None = None
    unit: str = ""
    deviation: float = 1.0
    variance: float | None = None

    def told(self, metrics: tuple[str, ...], rows: np.ndarray) -> np.ndarray:
        """Rows of a history as they are told: errors of values in the data's own unit, all else as it was trained."""
        return rows * [self.deviation if name.endswith("mean_absolute_error") else 1.0 for name in metrics]


@dataclass(frozen=True)
class Checkpoint(Record):
    """The network after so many epochs and so many batches of the next, of which an epoch has `batches`.

    `predicted`: its guesses for the examples held out, classes, uint8 (n, …), or values, float32 (n, …); `confidence`:
    float32 (n, …), the probability of the predicted class, None for values. All examples were asked about at the end of
    an epoch; within one it may have been only the first of them.
    """

    epoch: int
    weights: tuple[np.ndarray, ...]
    predicted: np.ndarray
    confidence: np.ndarray | None
    batch: int = 0
    batches: int = 1

    @property
    def moment(self) -> Moment:
        return Moment(self.epoch, self.batch)

    @property
    def time(self) -> float:
        """Epochs gone by, and the share of the one that is going on."""
        return self.epoch + self.batch / self.batches

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in (*self.weights, self.predicted, self.confidence) if array is not None)

    @property
    def finite(self) -> bool:
        """Whether all weights are finite numbers."""
        return all(np.isfinite(weight).all() for weight in self.weights)


@dataclass(frozen=True)
class Progress(Record):
    """A word from a running training: how far it is, and what has come since the last word.

    `attempt` tells a training from its repetition after a worker was lost; `rows` are new rows of the history. One that takes
    turns with others tells its own `seconds` of training. What is told "ahead" comes of plain steps, while the loop is compiled.
    """

    attempt: str
    index: int
    stage: Literal["starting", "compiling", "ahead", "training"]
    epochs: float = 0.0
    rows: np.ndarray | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    data: DataSource | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Run(Record):
    """A finished or stopped training.

    `rows` (epochs, metrics) is the history under the names in `metrics`; `predictions` (n, …) are the
    network's outputs for the examples held out at the end; `state` is what training further starts from: weights,
    then the optimiser's variables. A run taken out of a training that goes on for others has neither.
    `seconds` are spent training, `seconds_before` building and compiling.
    """

    spec: Spec
    data: DataSource
    metrics: tuple[str, ...]
    rows: np.ndarray
    checkpoints: tuple[Checkpoint, ...]
    predictions: np.ndarray | None
    state: tuple[np.ndarray, ...]
    seconds: float
    seconds_before: float

    @property
    def key(self) -> str:
        """The run as text: the same for equal runs."""
        return f"{self.spec.key()}|{self.data.fingerprint}|{self.epochs}"

    @property
    def epochs(self) -> int:
        """Epochs really trained."""
        return len(self.rows)

    @property
    def complete(self) -> bool:
        return self.epochs >= self.spec.epochs

    @property
    def exploded(self) -> bool:
        """Whether the history left the finite numbers."""
        return not np.isfinite(self.rows).all()

    @property
    def history(self) -> pd.DataFrame:
        """One row an epoch, numbered from 1; one column a metric."""
        return history_frame(self.metrics, self.rows)

    @property
    def told(self) -> pd.DataFrame:
        """The history as it is told: errors of values in the data's own unit."""
        return history_frame(self.metrics, self.data.told(self.metrics, self.rows))

    @property
    def final(self) -> Checkpoint:
        return self.checkpoints[-1]

    def value(self, metric: str, epoch: int = -1) -> float:
        """A metric after an epoch (from 1; the last one by default). `IndexError` where there is none."""
        return float(self.rows[epoch - 1 if epoch > 0 else epoch, self.metrics.index(metric)])

    def with_last(self, count: int) -> "Run":
        """This run with its first checkpoint and so many of its last ones."""
        first, *others = self.checkpoints
        return replace(self, checkpoints=(first, *others[-count:]))

    def extended(self, earlier: "Run") -> "Run":
        """This run, which went on from an earlier one, with that one's checkpoints and seconds."""
        known = {checkpoint.moment for checkpoint in self.checkpoints}
        older = tuple(checkpoint for checkpoint in earlier.checkpoints if checkpoint.moment not in known)
        return replace(self, checkpoints=thinned(older + self.checkpoints), seconds=self.seconds + earlier.seconds)


class TrainingFailed(Exception):
    """A training that could not be finished. `code` names the reason, `values` fill in its message."""

    def __init__(self, code: str, values: dict[str, Any] | None = None) -> None:
        super().__init__(code, values or {})
        self.code = code
        self.values = values or {}


def history_frame(metrics: tuple[str, ...], rows: np.ndarray) -> pd.DataFrame:
    """Rows of a history as a frame, one row an epoch, numbered from 1."""
    return pd.DataFrame(rows, columns=list(metrics), index=pd.RangeIndex(1, len(rows) + 1, name="epoch"))


def most_checkpoints(nbytes: int) -> int:
    """How many checkpoints of this size a training keeps."""
    return max(2, min(MOST_CHECKPOINTS, MOST_CHECKPOINT_BYTES // nbytes))


def together(*runs: Run) -> tuple[tuple[Checkpoint, ...], list[tuple[Checkpoint, ...]]]:
    """Runs side by side: the checkpoints of the longest one, and for each run those that were there by then.

    Where their batches differ, equal shares of an epoch count as the same moment.
    """
    leading = max(runs, key=lambda run: run.epochs).checkpoints
    times = [checkpoint.time for checkpoint in leading]
    shown = []
    for run in runs:
        places = np.searchsorted([checkpoint.time for checkpoint in run.checkpoints], times, side="right") - 1
        shown.append(tuple(run.checkpoints[place] for place in places))
    return leading, shown


def thinned(checkpoints: tuple[Checkpoint, ...]) -> tuple[Checkpoint, ...]:
    """As many of these checkpoints as a run may keep, the first and the last among them."""
    last = checkpoints[-1]
    most = most_checkpoints(last.nbytes)
    if len(checkpoints) <= most:
        return checkpoints
    wanted = kept_moments(last.epoch, last.batches, most)
    times = np.array([checkpoint.time for checkpoint in checkpoints])
    nearest = np.unique([np.abs(times - (epoch + batch / last.batches)).argmin() for epoch, batch in wanted])
    return tuple(checkpoints[place] for place in nearest)
