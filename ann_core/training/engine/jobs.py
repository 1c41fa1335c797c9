"""What a worker is asked to do. No Keras here: the parts that need it are imported when a worker runs them."""

import os
import pickle
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from ann_core.data import download, images
from ann_core.data.problem import DataProblem
from ann_core.spec import Spec
from ann_core.training.engine import heap, turns
from ann_core.training.engine.lane import LANE
from ann_core.training.examples import OwnData
from ann_core.training.records import DataSource, Progress, Run, TrainingFailed

STOP_POLL_SECONDS = 0.2
NICE = "ANN_WORKER_NICE"
MOST_LOST_WORKERS = 3


@dataclass(frozen=True)
class Assignment:
    """One training of a job: a spec; a run of it with fewer epochs to go on from; the learner's own data."""

    spec: Spec
    start: Run | None = None
    own: OwnData = None


Say = Callable[[Any], None]
"""Sends a message to whoever watches the task."""


def run_trainings(assignments: Sequence[Assignment], say: Say, should_stop: Callable[[], bool]) -> list[Run]:
    """Train one assignment after the other."""

    def in_order(train: Callable[..., Run], report: Say) -> list[Run]:
        return [train(each.spec, report, should_stop, each.start, each.own, index) for index, each in enumerate(assignments)]

    return _trained(in_order, say)


def run_side_by_side(assignments: Sequence[Assignment], say: Say, should_stop: Callable[[], bool]) -> list[Run]:
    """Train all assignments at the same time, in turns."""
    return _trained(lambda train, report: turns.side_by_side(train, assignments, report, should_stop), say)


def _trained(all_of: Callable[[Callable[..., Run], Say], list[Run]], say: Say) -> list[Run]:
    """What comes of trainings that report as one attempt. Every failure leaves as a plain `TrainingFailed`."""
    attempt = uuid4().hex
    say(Progress(attempt, 0, "starting"))
    try:
        from ann_core.training.train import train

        return all_of(train, lambda progress: say(replace(progress, attempt=attempt)))
    except TrainingFailed:
        raise
    except MemoryError as error:
        raise TrainingFailed("memory") from error
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:300]
        raise TrainingFailed("unexpected", {"detail": detail}) from None
    finally:
        heap.give_back()


@dataclass(frozen=True)
class Prepared:
    """The images a worker found: their test set for the pages, and why they are not those asked for."""

    data: DataSource
    x_test: Any
    y_test: Any
    problem: DataProblem | None = None


def prepare_images(name: str, say: Say, should_stop: Callable[[], bool]) -> Prepared:
    """Look for images of this name, download them where they are absent, and tell what is there in the end."""
    found = images.load_or_digits(name)
    if found.problem and found.problem.code == "absent":
        found = _downloaded(name, say)
    data = DataSource(
        asked=name,
        name=found.name,
        source=found.source,
        fingerprint=found.fingerprint,
        training=len(found.x_train),
        testing=len(found.x_test),
        problem=found.problem.code if found.problem else None,
    )
    return Prepared(data, found.x_test, found.y_test, found.problem)


def _downloaded(name: str, say: Say) -> images.ImageSet:
    said = 0.0

    def report(file: str, done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > STOP_POLL_SECONDS:
            said = time.monotonic()
            say(Download(file, done, total))

    try:
        download.fetch(name, report)
    except DataProblem as problem:
        return replace(images.load_or_digits("digits"), problem=problem)
    return images.load_or_digits(name)


@dataclass(frozen=True)
class Download:
    """How much of a file has come, in bytes; a total of 0 is unknown."""

    file: str
    done: int
    total: int


def warm_up(spec: Spec, say: Say, should_stop: Callable[[], bool]) -> None:
    """Import TensorFlow, and compile what the trainings of this spec need."""
    from ann_core.training.train import train

    train(spec, should_stop=lambda: True)


def keras_file(run: Run, say: Say, should_stop: Callable[[], bool]) -> bytes:
    """The trained network of a run as a .keras file; of a game, its generator."""
    from ann_core import models

    model = models.portable(run.spec)
    model.set_weights(run.final.weights[: len(model.weights)])  # of a game, the generator's come first
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        model.save(file)
        return file.read_bytes()


def on_worker(function: Callable, arguments: tuple, task: str, topic: str, heavy: bool) -> Any:
    """Run a task's function in a Dask worker, with a line to the engine that submitted it; what is heavy makes way for what is short."""
    from distributed import Event, get_worker

    step_back()
    worker, stop = get_worker(), Event(stop_name(task))
    polled, stopped = 0.0, False

    def say(message: Any) -> None:
        worker.log_event(topic, pickle.dumps((task, message)))

    def should_stop() -> bool:
        nonlocal polled, stopped
        if not stopped and time.monotonic() - polled > STOP_POLL_SECONDS:
            polled, stopped = time.monotonic(), stop.is_set()
        return stopped

    def pause() -> bool:
        LANE.pause(place, should_stop, say)
        return should_stop()

    if not heavy:
        return function(*arguments, say, should_stop)

    def tell(message: Any) -> None:
        place.hear(message)
        say(message)

    with LANE.place() as place:
        pause()
        return function(*arguments, tell, pause)


def as_failure(error: Exception) -> Exception:
    """What became of a task, as a failure that can be told."""
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return TrainingFailed("worker_lost", {"times": MOST_LOST_WORKERS + 1})
    if isinstance(error, TrainingFailed):
        return error
    return TrainingFailed("unexpected", {"detail": f"{type(error).__name__}: {error}"[:300]})


@cache
def step_back() -> None:  # once a worker
    """Let the server go first where both want the processor, if the engine wishes: a training takes a little longer, no slider does."""
    steps = int(os.environ.get(NICE, "0"))
    if steps and hasattr(os, "nice"):
        os.nice(steps)


def stop_name(task: str) -> str:
    return f"stop-{task}"
