"""Who of those that wait for one of the engine's own workers may go."""

from collections.abc import Sequence

from ann_core.training.engine import workers
from ann_core.training.engine.tasks import Task


def is_next(task: Task, waiting: Sequence[Task]) -> bool:
    """Whether nobody who waits goes before this one."""
    return max(waiting, key=lambda other: other.priority) is task


def has_place(task: Task, busy: Sequence[Task], places: int) -> bool:
    """Whether one of so many workers, each of which has one training, takes this task beside those that are busy.

    What a learner waits for does not count those that have become long, for they make way in the worker.
    """
    if task.priority < 0:
        return len(busy) < places
    long = sum(other.long for other in busy)
    return long <= places * workers.LONG and len(busy) - long < places
