"""How much work a training is, and a server that limits it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ann_core.specs import FeedForwardSpec, GanSpec, PointsSpec
from ann_core.training.engine import effort
from ann_core.training.examples import examples_of
from ann_core.training.records import TrainingFailed
from ann_core.ui import trainings
from ann_core.ui.language import catalogue
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


def of(spec, done=0):
    return effort.effort(spec, examples_of(spec)[1], done)


def test_effort_is_epochs_times_examples():
    assert of(FeedForwardSpec(dataset="digits", training_images=1_000, epochs=7)) == 7_000
    assert of(FeedForwardSpec(dataset="digits", training_images=1_000, epochs=7), done=5) == 2_000
    assert of(PointsSpec(points=200, training_share=0.5, epochs=10), done=20) == 0


def test_in_a_game_all_that_is_drawn_counts():
    assert of(GanSpec(epochs=2, batch_size=10, discriminator_steps=3)) == 2 * 50 * 10 * 4


def test_without_a_limit_all_is_allowed(monkeypatch):
    monkeypatch.delenv(effort.VARIABLE, raising=False)
    effort.check([10**12])


def test_all_trainings_of_a_job_count(monkeypatch):
    monkeypatch.setenv(effort.VARIABLE, "1000")
    effort.check([600, 400])
    with pytest.raises(TrainingFailed) as caught:
        effort.check([600, 401])
    assert caught.value.code == "too_much"
    assert caught.value.values == {"asked": "1,001", "most": "1,000"}


def test_a_limit_that_is_no_number_is_not_taken_for_none(monkeypatch):
    monkeypatch.setenv(effort.VARIABLE, "many")
    with pytest.raises(TrainingFailed) as caught:
        effort.check([1])
    assert (caught.value.code, caught.value.values["value"]) == ("bad_limit", "many")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_too_much_is_told_on_the_page_and_nothing_runs(monkeypatch, language):
    monkeypatch.setenv(effort.VARIABLE, "100")
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = language
    at.run()
    at.switch_page("screens/feedforward.py").run()
    at.button(key="points_train").click().run()
    assert not at.exception
    words = catalogue(language).gettext("failure.too_much").split("{")[0]
    assert words in " ".join(element.value for element in at.markdown)
    assert at.session_state["_points_bench"].job is None
