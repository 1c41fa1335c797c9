"""Pages are drawn in turn."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ann_core.ui import turns
from tests.patience import PATIENCE, wait_for

LEARNERS = 8


def test_no_more_than_so_many_are_drawn_at_once_and_all_in_the_end():
    inside, most, enough = set(), [], threading.Event()

    @turns.in_turn
    def draw(learner):
        inside.add(learner)
        most.append(len(inside))
        enough.wait()
        inside.discard(learner)
        return learner

    with ThreadPoolExecutor(LEARNERS) as learners:
        drawn = [learners.submit(draw, number) for number in range(LEARNERS)]
        wait_for(lambda: len(most) == turns.AT_ONCE)
        enough.set()
        assert [each.result() for each in drawn] == list(range(LEARNERS))
    assert max(most) == turns.AT_ONCE


def test_whoever_has_a_turn_does_not_wait_for_another():
    draw = turns.in_turn(lambda depth: depth if depth == turns.AT_ONCE + 1 else draw(depth + 1))
    assert draw(0) == turns.AT_ONCE + 1


def test_a_turn_is_over_where_drawing_was_broken_off():
    @turns.in_turn
    def draw():
        raise ZeroDivisionError

    for _ in range(turns.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            draw()


def test_a_page_lets_its_first_picture_be_seen_but_holds_nobody_up(monkeypatch):
    """As long as nobody else wants a turn; whoever comes gets one at once."""
    monkeypatch.setattr(turns, "SEEN_FIRST", PATIENCE)
    events = []

    @turns.page
    def opened():
        events.append("picture")
        turns.let_be_seen()
        events.append("rest")

    @turns.page
    def another():
        events.append("another")

    with ThreadPoolExecutor(2) as learners:
        first = learners.submit(opened)
        wait_for(lambda: events == ["picture"])
        assert not first.done()
        learners.submit(another).result()
    assert events == ["picture", "rest", "another"]
