"""Several trainings in one worker: at every pause a longer one lets the shorter ones go first."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Any

from ann_core.training import clock
from ann_core.training.records import Progress

BRIEF_SECONDS = 2.0
"""Who has trained for less goes before who has trained for longer."""
POLL_SECONDS = 0.1
TOLD_AFTER = 0.5


@dataclass(frozen=True)
class Held:
    """Whether a training waits for others to go first."""

    waiting: bool


@dataclass(eq=False)
class Place:
    """A training in the lane: when it came, of how many; for how long it has trained, at its last pause; since when it is at work again.

    While its loop is compiled it does not train yet; what goes ahead meanwhile lets those go first that do.
    """

    number: int
    worked: float = 0.0
    since: float | None = None
    stage: str = "training"

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The lower, the sooner."""
        return self.worked + self.at_work >= BRIEF_SECONDS, self.stage == "ahead", self.number

    @property
    def at_work(self) -> float:
        """Seconds of training since its last pause."""
        return time.perf_counter() - self.since if self.since is not None and self.stage == "training" else 0.0

    def hear(self, message: Any) -> None:
        """What is said of the training."""
        if isinstance(message, Progress):
            self.stage = message.stage


class Lane:
    """Of the trainings in it that are still short one is at work, else of the long ones the first, each until its next pause."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.places: list[Place] = []
        self.count = 0

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place in the lane, until the training is over."""
        with self.changed:
            self.count += 1
            place = Place(self.count)
            self.places.append(place)
        try:
            yield place
        finally:
            with self.changed:
                self.places.remove(place)
                self.changed.notify_all()

    def pause(self, place: Place, should_stop: Callable[[], bool], tell: Callable[[Held], None]) -> None:
        """Wait until it is this one's turn, or until it should stop; who waits for long is told so."""
        began, told = self._put_down(place), False
        while not self._taken_up(place) and not should_stop():
            if not told and time.perf_counter() - began > TOLD_AFTER:
                told = True
                tell(Held(True))
        with self.changed:
            place.since = time.perf_counter()
        clock.hold(place.since - began)
        if told:
            tell(Held(False))

    def _put_down(self, place: Place) -> float:
        with self.changed:
            place.worked += place.at_work
            place.since = None
            self.changed.notify_all()
        return time.perf_counter()

    def _taken_up(self, place: Place) -> bool:
        """Whether it is this one's turn, now or in a moment."""
        with self.changed:
            return self.changed.wait_for(lambda: min(self.places, key=lambda each: each.rank) is place, POLL_SECONDS)


LANE = Lane()
"""That of this process."""
