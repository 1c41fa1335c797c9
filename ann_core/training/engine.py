"""Runs trainings in worker processes, by Dask, and tells how they go."""

import logging
import os
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

import numpy as np
import pandas as pd

from ann_core.specs import Spec
from ann_core.training import job as jobs
from ann_core.training.job import Assignment
from ann_core.training.records import METRICS, Checkpoint, DataSource, Progress, Run, TrainingFailed, history_frame

State = Literal["queued", "running", "finished", "stopped", "failed"]
FEW_CORES = 4
MOST_LOST_WORKERS = 3
HEAVY = {"training": 1}
"""Dask's resource of a worker's one place for trainings; light tasks (downloads, exports) run beside it."""

log = logging.getLogger(__name__)


class Task:
    """Something a worker does. Its messages come as it goes on; its result stays."""

    def __init__(self, engine: "Engine", function: Callable, arguments: tuple, heavy: bool) -> None:
        self.id = uuid4().hex
        self.engine, self.function, self.arguments, self.heavy = engine, function, arguments, heavy
        self.message: Any = None
        self.started = False
        self.stopping = False
        self.lock = threading.RLock()
        self.outcome: Future = Future()

    def hear(self, message: Any) -> None:
        """Take a message from the worker."""
        with self.lock:
            self.message, self.started = message, True

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
    """One training within a job, as far as it is known: the rows of its history, the checkpoints."""

    spec: Spec
    stage: str = "queued"
    epochs: float = 0.0
    rows: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    checkpoints: tuple[Checkpoint, ...] = ()
    data: DataSource | None = None

    @classmethod
    def of(cls, run: Run) -> "Part":
        """A run as the part it once was."""
        return cls(run.spec, "training", run.epochs, run.rows, run.checkpoints, run.data)

    @property
    def history(self) -> pd.DataFrame:
        return history_frame(METRICS, self.rows)

    def run(self, seconds: float) -> Run | None:
        """What is there up to the last checkpoint, as a stopped run; None before the first checkpoint."""
        if not self.checkpoints or self.data is None:
            return None
        last = self.checkpoints[-1]
        return Run(
            spec=self.spec,
            data=self.data,
            metrics=METRICS,
            rows=self.rows[: last.epoch],
            checkpoints=self.checkpoints,
            predictions=None,
            state=(),
            seconds=seconds,
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

    def __init__(self, engine: "Engine", assignments: Sequence[Assignment]) -> None:
        super().__init__(engine, jobs.run_trainings, (tuple(assignments),), heavy=True)
        self.assignments = tuple(assignments)
        self.watchers: set[str] = set()
        self.attempt = ""
        self.clock = engine.clock
        self.training_since: float | None = None
        self.parts: list[Part] = []
        self._clear()

    def _clear(self) -> None:
        self.parts = [_unstarted(assignment) for assignment in self.assignments]
        self.training_since = None

    def hear(self, progress: Progress) -> None:
        with self.lock:
            if progress.attempt != self.attempt:
                self.attempt = progress.attempt
                self._clear()
            if progress.stage == "training" and self.training_since is None:
                self.training_since = self.clock()
            self.parts[progress.index] = _advanced(self.parts[progress.index], progress)
            super().hear(progress)

    def watch(self, watcher: str) -> None:
        with self.lock:
            self.watchers.add(watcher)

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
            error = self.outcome.exception() if state == "failed" else None
            shares = [_share(part, assignment) for part, assignment in zip(self.parts, self.assignments, strict=True)]
            return Snapshot(
                state=state,
                position=self.engine.position(self) if state == "queued" else 0,
                stage=self.message.stage if self.message else "queued",
                share=sum(shares) / len(shares),
                seconds=self.clock() - self.training_since if self.training_since is not None else 0.0,
                parts=tuple(self.parts),
                error=error,
            )


def _unstarted(assignment: Assignment) -> Part:
    start = assignment.start
    if start is None:
        return Part(assignment.spec)
    return Part(assignment.spec, epochs=start.epochs, rows=start.rows, checkpoints=start.checkpoints, data=start.data)


def _advanced(part: Part, progress: Progress) -> Part:
    rows = part.rows if progress.rows is None else np.concatenate([part.rows, progress.rows])
    checkpoints = part.checkpoints if progress.checkpoint is None else (*part.checkpoints, progress.checkpoint)
    return Part(part.spec, progress.stage, max(progress.epochs, part.epochs), rows, checkpoints, progress.data or part.data)


def _share(part: Part, assignment: Assignment) -> float:
    first = assignment.start.epochs if assignment.start else 0
    return (part.epochs - first) / max(assignment.spec.epochs - first, 1)


class Engine:
    """Connects to `DASK_SCHEDULER_ADDRESS`, else to worker processes of its own on this machine.

    Starting takes a second or two and happens aside: tasks submitted before wait for it. `at_once=False` leaves
    it to `start`.
    """

    def __init__(self, address: str | None = None, at_once: bool = True) -> None:
        self.clock = time.monotonic
        self.address = address or os.environ.get("DASK_SCHEDULER_ADDRESS")
        self.topic = f"ann-{uuid4().hex}"
        self.tasks: dict[str, Task] = {}
        self.futures: dict[str, Any] = {}
        self.lock = threading.RLock()
        self.client = self.cluster = None
        self.failure: Exception | None = None
        self.ready = threading.Event()
        self.closed = False
        self.starter = threading.Thread(target=self._start, name="engine-start", daemon=True)
        if at_once:
            self.start()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to start, unless that was done before."""
        with self.lock:
            if self.starter.ident is None:
                self.starter.start()

    def submit(self, specs: Sequence[Spec | Assignment]) -> Job:
        """Train these specs, one after the other, as one job."""
        assignments = [spec if isinstance(spec, Assignment) else Assignment(spec) for spec in specs]
        return self._launch(Job(self, assignments))

    def call(self, function: Callable, *arguments: Any, heavy: bool = False) -> Task:
        """Run one of the functions of `job` in a worker."""
        return self._launch(Task(self, function, arguments, heavy))

    def position(self, job: Job) -> int:
        """How many jobs were submitted before this one and are not done."""
        with self.lock:
            waiting = [task.id for task in self.tasks.values() if isinstance(task, Job)]
            return waiting.index(job.id) if job.id in waiting else 0

    def stop(self, task: Task) -> None:
        """Set the stop flag of a task; cancel it at once where it has not begun."""
        threading.Thread(target=self._stop, args=(task,), daemon=True).start()

    def close(self) -> None:
        """End the client, and the workers where they are the engine's own."""
        self.closed = True
        if self.starter.ident is not None:
            self.ready.wait(30)
        for part in (self.client, self.cluster):
            if part is not None:
                part.close(timeout=5)

    def _start(self) -> None:
        try:
            self.client = self._connect()
            self.client.subscribe_topic(self.topic, self._hear)
        except Exception as error:
            log.exception("the engine could not start")
            self.failure = error
        self.ready.set()

    def _connect(self):
        import dask
        from distributed import Client, LocalCluster
        from distributed.security import Security

        dask.config.set({"distributed.admin.low-level-log-length": 50, "distributed.scheduler.allowed-failures": MOST_LOST_WORKERS})
        if self.address:
            return Client(self.address, timeout="10s", set_as_default=False)
        workers = 1 if (os.cpu_count() or 1) < FEW_CORES else os.cpu_count() // 2
        dask.config.set({f"distributed.nanny.environ.{name}": value for name, value in _worker_environment().items()})
        self.cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=2,  # one trains, one fetches and exports
            resources=HEAVY,
            processes=True,
            host="127.0.0.1",
            security=Security.temporary(),
            dashboard_address="127.0.0.1:0",
            memory_limit=None,
            silence_logs=logging.ERROR,
        )
        return Client(self.cluster, set_as_default=False)

    def _launch(self, task: Task) -> Task:
        with self.lock:
            self.tasks[task.id] = task
        threading.Thread(target=self._send, args=(task,), daemon=True).start()
        return task

    def _send(self, task: Task) -> None:
        self.ready.wait()
        if self.failure is not None:
            self._end(task, error=TrainingFailed("no_engine", {"detail": str(self.failure)[:300]}))
            return
        try:
            with self.lock:
                if task.stopping:
                    self._cancelled(task)
                    return
                resources = HEAVY if task.heavy and not self.address else None
                arguments = (task.function, task.arguments, task.id, self.topic)
                future = self.client.submit(jobs.on_worker, *arguments, key=f"ann-{task.id}", pure=False, resources=resources)
                self.futures[task.id] = future
            future.add_done_callback(lambda done: self._finished(task, done))
        except Exception as error:
            self._end(task, error=_as_failure(error))

    def _hear(self, event: tuple) -> None:
        name, message = pickle.loads(event[1])
        task = self.tasks.get(name)
        if task is not None:
            task.hear(message)

    def _finished(self, task: Task, future: Any) -> None:
        if future.status == "cancelled":
            self._cancelled(task)
            return
        try:
            self._end(task, future.result())
        except Exception as error:
            self._end(task, error=_as_failure(error))

    def _stop(self, task: Task) -> None:
        if self.failure is not None or not self.ready.wait(30) or self.closed:
            return
        from distributed import Event

        with self.lock:
            future = self.futures.get(task.id)
        if future is None or task.done:
            return
        Event(jobs.stop_name(task.id), client=self.client).set()  # it may have begun without a word yet
        if not task.started:
            future.cancel()

    def _cancelled(self, task: Task) -> None:
        self._forget(task)
        if not task.done:
            task.outcome.cancel()
            task.outcome.set_running_or_notify_cancel()

    def _end(self, task: Task, result: Any = None, error: Exception | None = None) -> None:
        self._forget(task)
        if task.done:
            return
        if error is not None:
            task.outcome.set_exception(error)
        else:
            task.outcome.set_result(result)

    def _forget(self, task: Task) -> None:
        with self.lock:
            self.tasks.pop(task.id, None)
            self.futures.pop(task.id, None)
            task.arguments = ()


def _as_failure(error: Exception) -> Exception:
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return TrainingFailed("worker_lost", {"times": MOST_LOST_WORKERS + 1})
    if isinstance(error, TrainingFailed):
        return error
    return TrainingFailed("unexpected", {"detail": f"{type(error).__name__}: {error}"[:300]})


def _worker_environment() -> dict[str, str]:
    # byte code kept: TensorFlow is imported in 6 s instead of 18
    return {"PYTHONDONTWRITEBYTECODE": "", "TF_CPP_MIN_LOG_LEVEL": "2", "OPENBLAS_NUM_THREADS": "1"}
