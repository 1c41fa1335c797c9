"""A whole room presses Train at once."""

import threading
import time

import pytest

from tests.load.client import Learner
from tests.load.test_faults import opened, wait_until
from tests.patience import PATIENCE
from tests.server import Server

LEARNERS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.close()


def room(server, query_of):
    """All press Train; how each training ended, and when, by the learners' numbers."""
    ends, begun, together = {}, time.monotonic(), threading.Barrier(LEARNERS)

    def learn(number):
        with Learner(server.address) as learner:
            opened(learner, query_of(number))
            together.wait(PATIENCE)
            time.sleep(number * 0.05)
            learner.press("points_train")
            ends[number] = wait_until(learner, "finished", "failed", "stopped"), time.monotonic() - begun

    threads = [threading.Thread(target=learn, args=(number,)) for number in range(LEARNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return ends


@pytest.mark.slow
def test_sixty_who_want_the_same_get_one_training(server):
    ends = room(server, lambda number: "lang=en&points_epochs=3000&points_points=2000&points_batch_size=1")
    assert [state for state, _ in ends.values()] == ["finished"] * LEARNERS
    times = sorted(moment for _, moment in ends.values())
    assert times[-1] - times[0] < 15, "sixty trainings of five seconds would take minutes"


@pytest.mark.slow
def test_sixty_different_trainings_all_come_to_their_end_in_turn(server):
    ends = room(server, lambda number: f"lang=en&points_epochs=200&points_seed={number + 100}")
    assert [state for state, _ in ends.values()] == ["finished"] * LEARNERS
    order = sorted(ends, key=lambda number: ends[number][1])
    late = [abs(place - number) for place, number in enumerate(order)]
    assert sorted(late)[len(late) // 2] <= LEARNERS / 4, order  # a page looks at its place in the line every other second
