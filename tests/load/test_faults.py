"""What goes wrong in a room full of people: closed tabs, two tabs, sleeping phones, killed workers."""

import time

import pytest

from tests.load.client import Learner
from tests.patience import wait_for
from tests.server import Server

LONG = "lang=en&points_epochs=5000&points_points=5000&points_batch_size=1&points_layers=16-tanh.16-tanh.16-tanh"  # a minute
MIDDLE = "lang=en&points_epochs=3000&points_points=2000&points_batch_size=1"  # five seconds
SHORT = "lang=en&points_epochs=5"
FORGETFUL = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "3"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that forgets sessions soon after their connection has ended."""
    started = Server(tmp_path_factory.mktemp("server"), **FORGETFUL)
    yield started
    started.close()


def state(learner, experiment="points"):
    """How a training stands on a learner's page."""
    names = ("queued", "running", "finished", "stopped", "failed")
    return next((name for name in names if learner.shows(f"{experiment}_status_{name}")), "")


def wait_until(learner, *states, experiment="points", every=0.5):
    """Look at the page, every so many seconds, until its training stands so; the state."""
    wait_for(lambda: state(learner, experiment) in states, lambda: learner.wait(every))
    return state(learner, experiment)


def opened(learner, query, page="feedforward"):
    learner.open(page, query)
    learner.open(page, query)
    return learner


def test_a_closed_tab_ends_its_training(server):
    with Learner(server.address) as gone:
        opened(gone, LONG).press("points_train")
        wait_until(gone, "running")
    with Learner(server.address) as other:
        opened(other, SHORT).press("points_train")
        assert wait_until(other, "finished", "failed", "stopped") == "finished"
    with Learner(server.address) as third:
        opened(third, LONG).press("points_train")
        assert wait_until(third, "running", "finished", "failed") == "running", "it waited for a training that nobody wanted any more"


def test_a_second_tab_keeps_a_training_alive(server):
    with Learner(server.address) as first, Learner(server.address) as second:
        for learner in (first, second):
            opened(learner, MIDDLE).press("points_train")
        wait_until(first, "running")
        first.drop()
        assert wait_until(second, "finished", "failed", "stopped") == "finished"


def test_a_phone_that_slept_finds_its_training_done(server):
    with Learner(server.address) as phone:
        opened(phone, MIDDLE + "&points_seed=5").press("points_train")
        phone.drop()
    time.sleep(1)
    with phone:
        phone.open("feedforward", phone.query)
        assert wait_until(phone, "finished", "failed", "stopped") == "finished"


def test_a_phone_that_slept_too_long_starts_afresh_and_is_told_no_lie(server):
    phone = Learner(server.address)
    with phone:
        opened(phone, LONG).press("points_train")
        wait_until(phone, "running")
        phone.drop()
    time.sleep(8)
    with phone:
        phone.open("feedforward", phone.query)
        phone.open("feedforward", phone.query)
        assert state(phone) == ""
        assert "points_train" not in phone.disabled


def test_a_killed_worker_is_replaced_while_the_learner_waits(server):
    with Learner(server.address) as learner:
        opened(learner, MIDDLE + "&points_seed=7").press("points_train")
        wait_until(learner, "running")
        server.workers()[-1].kill()
        assert wait_until(learner, "finished", "failed") == "finished"


@pytest.mark.slow
def test_five_killed_workers_cost_five_repetitions_and_nothing_else(server):
    for seed in range(20, 25):
        with Learner(server.address) as learner:
            opened(learner, f"{MIDDLE}&points_seed={seed}").press("points_train")
            wait_until(learner, "running")
            server.workers()[-1].kill()
            assert wait_until(learner, "finished", "failed") == "finished"


@pytest.mark.slow
def test_a_training_that_loses_its_worker_again_and_again_is_given_up_with_a_word(server):
    with Learner(server.address) as learner:
        opened(learner, LONG + "&points_seed=30").press("points_train")
        for _ in range(10):
            if wait_until(learner, "running", "failed") == "failed":
                break
            learner.wait(4)
            server.workers()[-1].kill()
            learner.wait(2)
        assert state(learner) == "failed"
    with Learner(server.address) as learner:
        opened(learner, SHORT).press("points_train")
        assert wait_until(learner, "finished", "failed") == "finished"
