"""What the engine has been asked to do, and how it stands: tasks, and jobs of trainings."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol
from uuid import uuid4

import numpy as np
import pandas as pd

from ann_core.spec import Spec
from ann_core.training.engine import jobs
from ann_core.training.engine.jobs import Assignment
from ann_core.training.engine.lane import BRIEF_SECONDS, Held
from ann_core.training.moments import Moment, kept_moments
from ann_core.training.records import Checkpoint, DataSource, Progress, Run, TrainingFailed, history_frame, most_checkpoints

State = Literal["queued", "running", "finished", "stopped", "failed"]


class Runner(Protocol):
    """What tasks ask of their engine."""

    def position(self, job: "Job") -> int: ...

    def stop(self, task: "Task") -> None: ...


class Task:
    """Something a worker does. Its messages come as it goes on; its result stays."""

    def __init__(self, engine: Runner, function: Callable, arguments: tuple, heavy: bool, priority: int = 0) -> None:
        self.id = uuid4().hex
        self.engine, self.function, self.arguments = engine, function, arguments
        self.heavy, self.priority = heavy, priority
        self.message: Any = None
        self.since: float | None = None
        self.held = False
        self.stopping = False
        self.lock = threading.RLock()
        self.outcome: Future = Future()

    def hear(self, message: Any) -> None:
        """Take a message from the worker."""
        with self.lock:
            self.since = self.since or time.monotonic()
            if isinstance(message, Held):
                self.held = message.waiting
            else:
                self.message = message

    @property
    def started(self) -> bool:
        return self.since is not None

    @property
    def long(self) -> bool:
        """Whether it has gone on for longer than what is short."""
        return self.since is not None and time.monotonic() - self.since > BRIEF_SECONDS

    @property
    def done(self) -> bool:
        return self.outcome.done()

    def result(self, timeout: float | None = None) -> Any:
        """What the task returned. Raises what it raised, or `TimeoutError` after `timeout` seconds."""
        return self.outcome.result(timeout)

    def cancel(self) -> None:
        """Ask a running task to stop soon; take a waiting one out of the queue."""
        with self.lock:
            self.stopping = True
        self.engine.stop(self)


@dataclass(frozen=True)
class Part:
    """One training within a job, as far as it is known: the rows of its history, the checkpoints.

    `seconds` of training went by up to the last word of it, which was `heard` then.
    """

    spec: Spec
    rows: np.ndarray
    stage: str = "queued"
    epochs: float = 0.0
    checkpoints: tuple[Checkpoint, ...] = ()
    data: DataSource | None = None
    seconds: float = 0.0
    heard: float | None = None

    @classmethod
    def of(cls, run: Run) -> "Part":
        """A run as the part it once was."""
        return cls(run.spec, run.rows, "training", run.epochs, run.checkpoints, run.data, run.seconds)

    @property
    def history(self) -> pd.DataFrame:
        return history_frame(self.spec.metrics, self.rows)

    @property
    def told(self) -> pd.DataFrame:
        """The history as it is told: errors of values in the data's own unit."""
        rows = self.rows if self.data is None else self.data.told(self.spec.metrics, self.rows)
        return history_frame(self.spec.metrics, rows)

    def turned(self, wanted: Spec, moment: Moment) -> "Part | None":
        """What a training begins with that goes as this one up to the next full epoch, then as is wanted; None where none is left."""
        first = self.checkpoints[0]
        marks = {
            *kept_moments(self.spec.epochs, first.batches, most_checkpoints(first.nbytes)),
            *(each.moment for each in self.checkpoints),
        }
        until = min((mark.epoch for mark in marks if mark >= moment and mark.epoch and not mark.batch), default=self.spec.epochs)
        if until >= self.spec.epochs:
            return None
        kept = tuple(checkpoint for checkpoint in self.checkpoints if checkpoint.moment <= Moment(until))
        return replace(self, spec=self.spec.then(wanted, until).changed(epochs=self.spec.epochs), rows=self.rows[:until], checkpoints=kept)

    def run(self) -> Run | None:
        """What is there up to the last checkpoint of a full epoch, as a stopped run; None before the first checkpoint."""
        if not self.checkpoints or self.data is None:
            return None
        *_, last = (checkpoint for checkpoint in self.checkpoints if not checkpoint.batch)
        return Run(
            spec=self.spec,
            data=self.data,
            metrics=self.spec.metrics,
            rows=self.rows[: last.epoch],
            checkpoints=tuple(checkpoint for checkpoint in self.checkpoints if checkpoint.moment <= last.moment),
            predictions=None,
            state=(),
            seconds=self.seconds,
            seconds_before=0.0,
        )


@dataclass(frozen=True)
class Snapshot:
    """How a job stands. `position`: jobs before it in the queue. `share`: how much is done, 0 … 1."""

    state: State
    position: int
    stage: str
    share: float
    seconds: float
    parts: tuple[Part, ...]
    error: TrainingFailed | None = None

    @property
    def seconds_left(self) -> float | None:
        """By the pace so far; None before there is one."""
        return self.seconds * (1 - self.share) / self.share if self.share > 0 and self.seconds > 1 else None


class Job(Task):
    """One or more trainings that count as one. Whoever watches keeps it alive."""

    def __init__(self, engine: Runner, assignments: Sequence[Assignment], priority: int = 0, together: bool = False) -> None:
        function = jobs.run_side_by_side if together else jobs.run_trainings
        super().__init__(engine, function, (tuple(assignments),), heavy=True, priority=priority)
        self.assignments = tuple(assignments)
        self.watchers: set[str] = set()
        self.attempt = ""
        self.training_since: float | None = None
        self.parts: list[Part] = []
        self._clear()

    def _clear(self) -> None:
        self.parts = [_unstarted(assignment) for assignment in self.assignments]
        self.training_since = None

    def hear(self, progress: Progress | Held) -> None:
        with self.lock:
            if isinstance(progress, Progress):
                self._go_on(progress)
            super().hear(progress)

    def _go_on(self, progress: Progress) -> None:
        if progress.attempt != self.attempt:
            self.attempt = progress.attempt
            self._clear()
        if progress.stage == "training" and self.training_since is None:
            self.training_since = time.monotonic()
        self.parts[progress.index] = _advanced(self.parts[progress.index], progress)

    def watch(self, watcher: str) -> None:
        """Somebody waits for it: what was to be done aside takes its turn like any other."""
        with self.lock:
            self.watchers.add(watcher)
            self.priority = max(self.priority, 0)

    def leave(self, watcher: str) -> None:
        """A watcher goes; the job ends when nobody is left."""
        with self.lock:
            self.watchers.discard(watcher)
            abandoned = not self.watchers and not self.done
        if abandoned:
            self.cancel()

    @property
    def state(self) -> State:
        if not self.done:
            return "running" if self.started else "queued"
        if self.outcome.cancelled():
            return "stopped"
        if self.outcome.exception():
            return "failed"
        return "finished" if all(run.complete for run in self.outcome.result()) else "stopped"

    @property
    def reusable(self) -> bool:
        """Whether another learner may be given this job: it goes on, or it came to its end."""
        return self.state == "finished" or (not self.done and not self.stopping)

    def snapshot(self) -> Snapshot:
        with self.lock:
            state = self.state
            if self.done and state != "failed" and not self.outcome.cancelled():
                self.parts = [Part.of(run) for run in self.outcome.result()]  # the last words may come after the result
            error = self.outcome.exception() if state == "failed" else None
            shares = [_share(part, assignment) for part, assignment in zip(self.parts, self.assignments, strict=True)]
            return Snapshot(
                state=state,
                position=self.engine.position(self) if state == "queued" else 0,
                stage="held" if self.held else self.message.stage if self.message else "queued",
                share=sum(shares) / len(shares),
                seconds=time.monotonic() - self.training_since if self.training_since is not None else 0.0,
                parts=tuple(self.parts),
                error=error,
            )


def _unstarted(assignment: Assignment) -> Part:
    start = assignment.start
    if start is None:
        return Part(assignment.spec, np.empty((0, len(assignment.spec.metrics))))
    return Part(assignment.spec, start.rows, epochs=start.epochs, checkpoints=start.checkpoints, data=start.data, seconds=start.seconds)


def _advanced(part: Part, progress: Progress) -> Part:
    rows = part.rows if progress.rows is None else np.concatenate([part.rows, progress.rows])
    checkpoints = (*part.checkpoints, *progress.checkpoints)
    heard = time.monotonic() if progress.stage == "training" else None
    seconds = progress.seconds or part.seconds + (heard - part.heard if heard and part.heard else 0.0)
    epochs, data = max(progress.epochs, part.epochs), progress.data or part.data
    return Part(part.spec, rows, progress.stage, epochs, checkpoints, data, seconds, heard)


def _share(part: Part, assignment: Assignment) -> float:
    first = assignment.start.epochs if assignment.start else 0
    return (part.epochs - first) / max(assignment.spec.epochs - first, 1)
