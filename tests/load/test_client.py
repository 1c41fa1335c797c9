import pytest

from tests.load.client import Learner
from tests.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.close()


def test_a_slider_moves_and_only_its_part_of_the_page_is_drawn_again(server):
    with Learner(server.address) as learner:
        learner.open("feedforward", "lang=en&feedforward_dataset=digits")
        learner.open("feedforward", "lang=en&feedforward_dataset=digits")
        _, fragment = learner.widgets["feedforward_hidden_units"]
        assert fragment
        assert "feedforward_hidden_units_3" not in learner.widgets
        assert learner.slide("feedforward_hidden_units", 3) > 0
        assert "feedforward_hidden_units_3" in learner.widgets
        assert learner.exceptions == []


def test_two_learners_have_settings_of_their_own(server):
    with Learner(server.address) as first, Learner(server.address) as second:
        for learner in (first, second):
            learner.open("feedforward", "lang=en&feedforward_dataset=digits")
        first.slide("feedforward_hidden_units", 4)
        second.slide("feedforward_hidden_units", 2)
        assert "feedforward_hidden_units_4" in first.widgets
        assert "feedforward_hidden_units_4" not in second.widgets


def test_only_this_machine_is_ever_measured():
    with pytest.raises(ValueError, match="address of this machine"):
        Learner("http://192.0.2.1:8501")


def test_a_slider_moves_while_a_training_runs(server):
    with Learner(server.address) as learner:
        query = "lang=en&points_epochs=5000&points_points=5000&points_batch_size=1"
        learner.open("feedforward", query)
        learner.open("feedforward", query)
        learner.press("points_train")  # the whole page is drawn again, at the page's own request
        assert learner.slide("points_layers", 3) > 0
        assert "points_layers_3" in learner.widgets
        learner.press("points_stop")
        assert learner.exceptions == []
