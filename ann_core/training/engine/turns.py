"""Several trainings in one worker that take turns, so that they are seen to learn side by side."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from queue import Empty, Queue
from threading import Condition, Event
from typing import Any

from ann_core.training import clock
from ann_core.training.records import Progress, Run

POLL_SECONDS = 0.05


class Turns:
    """Of several threads one goes on at a time: the one that is least far, of equals the first."""

    def __init__(self, far: Sequence[float]) -> None:
        self.far = dict(enumerate(far))
        self.changed = Condition()

    def take(self, index: int) -> None:
        """Wait until it is this one's turn."""
        with self.changed:
            self.changed.wait_for(lambda: min(self.far, key=self.far.get) == index)

    def give(self, index: int, far: float) -> None:
        """This one has come so far: another may go on, until it is its turn again."""
        with self.changed:
            self.far[index] = far
            self.changed.notify_all()
        self.take(index)

    def leave(self, index: int) -> None:
        with self.changed:
            del self.far[index]
            self.changed.notify_all()


def side_by_side(train: Callable[..., Run], assignments: Sequence[Any], say: Callable[[Progress], None], should_stop: Callable[[], bool]):
    """The runs of all assignments. Whoever is least far trains on until its next pause; the first failure ends all."""
    turns = Turns([each.start.epochs if each.start else 0 for each in assignments])
    messages, stopping = Queue(), Event()
    with ThreadPoolExecutor(len(assignments)) as threads:
        racing = [
            threads.submit(_train, train, assignment, index, turns, messages.put, stopping, should_stop)
            for index, assignment in enumerate(assignments)
        ]
        while not (all(each.done() for each in racing) and messages.empty()):
            with suppress(Empty):
                say(messages.get(timeout=POLL_SECONDS))
            if any(each.done() and each.exception() for each in racing):
                stopping.set()
    return [each.result() for each in racing]


def _train(
    train: Callable[..., Run],
    assignment: Any,
    index: int,
    turns: Turns,
    say: Callable[[Progress], None],
    stopping: Event,
    should_stop: Callable[[], bool],
) -> Run:
    """One of them. Its seconds are those of its own turns."""
    spent, since, far = assignment.start.seconds if assignment.start else 0.0, 0.0, 0.0

    def report(progress: Progress) -> None:
        nonlocal spent, since, far
        now = clock.seconds()
        spent += now - since if progress.stage == "training" else 0.0
        since, far = now, progress.epochs
        say(replace(progress, seconds=spent))

    def pause() -> bool:
        nonlocal since
        turns.give(index, far)
        if should_stop():  # asked by one at a time, for each has the turn
            stopping.set()
        since = clock.seconds()
        return stopping.is_set()

    turns.take(index)
    try:
        return replace(train(assignment.spec, report, pause, assignment.start, assignment.own, index), seconds=spent)
    finally:
        turns.leave(index)
