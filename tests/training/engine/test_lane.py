"""Who goes first among the trainings of one worker."""

from threading import Event, Thread

import pytest

from ann_core.training import clock
from ann_core.training.engine import lane
from ann_core.training.engine.lane import Held, Lane
from ann_core.training.records import Progress
from tests.patience import PATIENCE, wait_for


@pytest.fixture(autouse=True)
def brief(monkeypatch):
    monkeypatch.setattr(lane, "BRIEF_SECONDS", 0.2)
    monkeypatch.setattr(lane, "TOLD_AFTER", 0.0)


class Worker:
    """A training that does nothing but pause, a thread of its own, until it is told to end."""

    def __init__(self, among):
        self.pauses, self.told, self.worked, self.ending, self.stopping = 0, [], None, Event(), Event()
        self.thread = Thread(target=self._work, args=(among,), daemon=True)
        self.thread.start()

    def _work(self, among):
        with among.place() as self.place:
            begun = clock.seconds()
            while not (self.ending.is_set() or self.stopping.is_set()):
                among.pause(self.place, self.stopping.is_set, self.told.append)
                self.pauses += 1
                self.ending.wait(0.01)
            self.worked = clock.seconds() - begun

    def end(self):
        self.ending.set()
        self.thread.join(PATIENCE)

    @property
    def long(self):
        return self.place.rank[0]

    def goes_on(self):
        before = self.pauses
        wait_for(lambda: self.pauses > before + 3)

    def is_held(self):
        wait_for(lambda: self.told and self.told[-1] == Held(True))
        before = self.pauses
        return self.pauses == before


def test_what_is_short_goes_before_what_is_long_until_it_is_long_itself():
    among = Lane()
    first = Worker(among)
    wait_for(lambda: first.pauses > 5 and first.long)
    second = Worker(among)
    assert first.is_held()
    second.goes_on()
    wait_for(lambda: second.long)
    first.goes_on()
    assert second.is_held()
    first.end()
    second.goes_on()
    assert second.told[-1] == Held(False)
    second.end()


def test_equals_go_in_the_order_in_which_they_came():
    among = Lane()
    first = Worker(among)
    first.goes_on()
    second = Worker(among)
    wait_for(lambda: first.long)
    second.goes_on()
    wait_for(lambda: second.long)
    first.goes_on()
    assert second.is_held()
    for worker in (first, second):
        worker.end()
    assert not among.places


def test_who_waits_can_be_stopped():
    among = Lane()
    first = Worker(among)
    wait_for(lambda: first.pauses and first.long)
    second, third = Worker(among), Worker(among)
    wait_for(lambda: second.pauses and second.long and third.pauses and third.long)
    assert third.is_held()
    third.stopping.set()
    third.thread.join(PATIENCE)
    assert not third.thread.is_alive()
    first.end()
    second.end()


def test_a_clock_stands_still_while_others_go_first():
    among = Lane()
    first = Worker(among)
    wait_for(lambda: first.pauses and first.long)
    second = Worker(among)
    assert first.is_held()
    wait_for(lambda: second.long)
    second.end()
    first.end()
    assert first.worked == pytest.approx(first.place.worked, rel=0.3)


def saying(stage):
    return Progress("", 0, stage)


def test_what_is_compiled_has_not_trained_yet_and_is_short():
    """However long that takes; what trains goes before what only goes ahead meanwhile."""
    among = Lane()
    compiled = Worker(among)
    wait_for(lambda: compiled.pauses)
    compiled.place.hear(saying("ahead"))
    pauses = compiled.pauses
    wait_for(lambda: compiled.pauses > pauses + 60)  # of a hundredth of a second and more each: three times as long as what is brief
    assert not compiled.long
    other = Worker(among)
    other.goes_on()
    assert compiled.is_held()
    wait_for(lambda: other.long)
    compiled.goes_on()
    compiled.place.hear(saying("training"))
    wait_for(lambda: compiled.long)
    compiled.place.hear(Held(True))
    assert compiled.place.stage == "training"
    for worker in (compiled, other):
        worker.end()
