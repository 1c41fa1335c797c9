"""Runs trainings in worker processes, by Dask, and tells how they go."""

import logging
import os
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from ann_core.spec import Spec
from ann_core.training.engine import jobs, line, workers
from ann_core.training.engine.jobs import Assignment, as_failure
from ann_core.training.engine.tasks import Job, Task
from ann_core.training.records import TrainingFailed

MOST_WORKER_BYTES = 1_700_000_000  # the defaults of all lessons, compiled, take 1.45
BEHIND_LEARNERS, BEHIND_ALL_JOBS = -1, -2
RENEWAL_POLL_SECONDS = 0.05
LOOK_SECONDS = 0.25
BEYOND_MEASURE = 1.3

log = logging.getLogger(__name__)


class Engine:
    """Connects to `DASK_SCHEDULER_ADDRESS`, else to worker processes of its own on this machine.

    Starting takes a second or two and happens aside: tasks submitted before wait for it. `at_once=False` leaves
    it to `start`; `awake` tells whether a worker has TensorFlow ready. A worker that has grown beyond
    `most_worker_bytes` is renewed between two jobs.
    """

    def __init__(self, address: str | None = None, at_once: bool = True, most_worker_bytes: int = MOST_WORKER_BYTES) -> None:
        self.address = address or os.environ.get("DASK_SCHEDULER_ADDRESS")
        self.topic = f"ann-{uuid4().hex}"
        self.tasks: dict[str, Task] = {}
        self.futures: dict[str, Any] = {}
        self.lock = threading.RLock()
        self.turn = threading.Condition(self.lock)
        self.waiting: list[Task] = []
        self.places = 0
        self.client = self.cluster = None
        self.scheduler = ""
        self.joining = threading.Lock()
        self.failure: Exception | None = None
        self.ready = threading.Event()
        self.closed = False
        self.most_worker_bytes = most_worker_bytes
        self.warm: tuple[Spec, ...] = ()
        self.awake = False
        self.renewals = 0
        self.renewing = threading.Lock()
        self.starter = threading.Thread(target=self._start, name="engine-start", daemon=True)
        if at_once:
            self.start()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> bool:
        """Begin to start, and tell whether that was not done before."""
        with self.lock:
            first = self.starter.ident is None
            if first:
                self.starter.start()
            return first

    def submit(self, specs: Sequence[Spec | Assignment], priority: int = 0, together: bool = False) -> Job:
        """Train these specs, one after the other or in turns, as one job."""
        assignments = [spec if isinstance(spec, Assignment) else Assignment(spec) for spec in specs]
        return self._launch(Job(self, assignments, priority, together))

    def call(self, function: Callable, *arguments: Any, heavy: bool = False) -> Task:
        """Run one of the functions of `job` in a worker."""
        return self._launch(Task(self, function, arguments, heavy))

    def warm_up(self, specs: Sequence[Spec]) -> None:
        """Compile what these specs need, one after the other, when there is nothing else to do; again in a new worker."""
        self.warm = tuple(dict.fromkeys((*specs, *self.warm)))
        for spec in specs:
            self._launch(Task(self, jobs.warm_up, (spec,), heavy=True, priority=BEHIND_ALL_JOBS))

    def position(self, job: Job) -> int:
        """How many jobs were submitted before this one and are not done."""
        with self.lock:
            waiting = [task.id for task in self.tasks.values() if isinstance(task, Job)]
            return waiting.index(job.id) if job.id in waiting else 0

    def deserted(self) -> bool:
        """Whether a cluster elsewhere has no worker now, by what its scheduler said last."""
        return bool(self.address) and self.client is not None and self.client._scheduler_identity.get("n_workers") == 0

    def stop(self, task: Task) -> None:
        """Set the stop flag of a task; cancel it at once where it has not begun."""
        threading.Thread(target=self._stop, args=(task,), daemon=True).start()

    def close(self) -> None:
        """End the client, the workers where they are the engine's own, and all tasks that are still open."""
        self.closed = True
        with self.turn:
            self.turn.notify_all()
        if self.starter.ident is not None:
            self.ready.wait(30)
        for part in (self.client, self.cluster):
            if part is not None:
                part.close(timeout=5)
        for task in tuple(self.tasks.values()):
            self._cancelled(task)

    def _start(self) -> None:
        try:
            self._join()
        except Exception as error:
            log.exception("the engine could not start")
            self.failure = error
        self.ready.set()

    def _join(self) -> None:
        """Connect, and listen to what workers say."""
        self.client = self._connect()
        self.client.subscribe_topic(self.topic, self._hear)
        self.scheduler = self._scheduler_now()

    def _scheduler_now(self) -> str:
        """Which scheduler there is; empty where it does not answer."""
        try:
            return self.client.scheduler_info(n_workers=0)["id"] if self.client.status == "running" else ""
        except Exception:
            return ""

    def _join_again(self) -> None:
        """A scheduler elsewhere may have been restarted since: it knows nothing of this client then, nor of what to tell it."""
        with self.joining:
            if not self.address or self._scheduler_now() == self.scheduler:
                return
            self.client.close(timeout=1)
            self._join()

    def _connect(self):
        import dask
        from distributed import Client

        dask.config.set({"distributed.admin.low-level-log-length": 50, "distributed.scheduler.allowed-failures": jobs.MOST_LOST_WORKERS})
        if self.address:
            return Client(self.address, timeout="10s", set_as_default=False)
        self.cluster, self.places = workers.own_cluster()
        return Client(self.cluster, set_as_default=False)

    def _launch(self, task: Task) -> Task:
        with self.lock:
            self.tasks[task.id] = task
            if task.heavy:
                self.waiting.append(task)
        threading.Thread(target=self._send, args=(task,), daemon=True).start()
        return task

    def _send(self, task: Task) -> None:
        self.ready.wait()
        if self.failure is not None:
            self._end(task, error=TrainingFailed("no_engine", {"detail": str(self.failure)[:300]}))
            return
        try:
            self._join_again()
        except Exception as error:
            self._end(task, error=TrainingFailed("no_engine", {"detail": str(error)[:300]}))
            return
        try:
            with self.turn:
                while not self.turn.wait_for(lambda: task.stopping or self.closed or self._may_go(task), LOOK_SECONDS):
                    pass  # with time alone, what is at work becomes a long one
                if task.stopping or self.closed:
                    self._cancelled(task)
                    return
                future = self.futures[task.id] = self._submitted(task)
                if task.heavy:
                    self.waiting.remove(task)
            future.add_done_callback(lambda done: self._finished(task, done))
        except Exception as error:
            self._end(task, error=as_failure(error))

    def _may_go(self, task: Task) -> bool:
        """Whether a task's turn has come. The others wait here, in line."""
        if not task.heavy or self.cluster is None:
            return True
        busy = [self.tasks[name] for name in self.futures if self.tasks[name].heavy]
        return not self.renewals and line.is_next(task, self.waiting) and line.has_place(task, busy, self.places)

    def _submitted(self, task: Task) -> Any:
        arguments = (task.function, task.arguments, task.id, self.topic, task.heavy)
        placed = {"resources": workers.HEAVY if task.heavy and not self.address else None, "priority": task.priority}
        return self.client.submit(jobs.on_worker, *arguments, key=f"ann-{task.id}", pure=False, **placed)

    def _hear(self, event: tuple) -> None:
        name, message = pickle.loads(event[1])
        self.awake = self.awake or getattr(message, "stage", None) in ("ahead", "training")
        task = self.tasks.get(name)
        if task is not None:
            task.hear(message)

    def _finished(self, task: Task, future: Any) -> None:
        self.awake = self.awake or task.heavy
        if task.heavy and task.priority != BEHIND_ALL_JOBS:
            self._renew_soon(task)
        if future.status == "cancelled":
            if task.stopping or self.closed:
                self._cancelled(task)
            else:
                self._end(task, error=TrainingFailed("scheduler_lost"))
            return
        try:
            self._end(task, future.result())
        except Exception as error:
            self._end(task, error=as_failure(error))

    def _renew_soon(self, done: Task) -> None:
        """Renew what has grown too large; where other trainings go on meanwhile, only if it is beyond all measure."""
        with self.lock:
            others = any(self.tasks[name].heavy for name in self.futures if name != done.id)
            if not self._grown(BEYOND_MEASURE if others else 1.0):
                return
            self.renewals += 1  # nobody goes before it is done
        threading.Thread(target=self._renew, name="engine-renew", daemon=True).start()

    def _grown(self, measure: float = 1.0) -> list[str]:
        """The addresses of the engine's own workers that have grown too large by this measure."""
        return workers.grown(self.cluster, measure * self.most_worker_bytes) if self.cluster is not None else []

    def _renew(self) -> None:
        """Restart the workers that have grown too large, once what they do has been done.

        XLA never frees what it has compiled: ten megabytes and more for each new architecture.
        """
        with self.renewing:
            try:
                while self._training() and not self.closed:
                    time.sleep(RENEWAL_POLL_SECONDS)
                full = self._grown()
                if not full:
                    return
                self.client.restart_workers(full, timeout=60)
            except Exception:
                if not self.closed:
                    log.exception("a worker could not be renewed")
                return
            finally:
                with self.turn:
                    self.renewals -= 1
                    self.turn.notify_all()
        self.warm_up(self.warm)

    def _training(self) -> bool:
        with self.lock:
            return any(task.heavy for task in self.tasks.values() if task.id in self.futures)

    def _stop(self, task: Task) -> None:
        if self.failure is not None or not self.ready.wait(30) or self.closed:
            return
        with self.turn:
            self.turn.notify_all()
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
            if task in self.waiting:
                self.waiting.remove(task)
            task.arguments = ()
            self.turn.notify_all()
