"""What the tests share."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["ANN_DATA_URLS"] = "http://127.0.0.1:9/"  # nobody is there: no test downloads anything
os.environ["ANN_WARM_UP"] = "none"  # it would compile all day what no test asks for
os.environ["ANN_WORKER_NICE"] = "0"  # a training would wait for the tests beside it, and a test for the training

import pytest
from hypothesis import settings

from ann_core.specs import FeedForwardSpec
from ann_core.training.engine import Engine
from ann_core.ui import turns

turns.SEEN_FIRST = 0  # only a browser has to draw anything
settings.register_profile("patient", settings(), deadline=None)  # beside other work anything may take longer
settings.load_profile("patient")

STUDY_DATA = os.environ.pop("ANN_DATA_DIR", None)
LONG_FILES = (
    *("browser", "test_engine", "test_training", "test_notebook", "test_doctor", "test_bench"),
    *("test_interventions", "test_convolutional"),
)


def pytest_collection_modifyitems(items):
    """Files that take long come first, so that at the end no process waits for another."""
    places = {name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: min(places.get(part, len(places)) for part in (item.path.stem, item.path.parent.name)))


@pytest.fixture(scope="module")
def study_data():
    """The folder of data that a study was given; other tests do not see it."""
    with pytest.MonkeyPatch.context() as patch:
        if STUDY_DATA:
            patch.setenv("ANN_DATA_DIR", STUDY_DATA)
        yield


@pytest.fixture(autouse=True)
def no_downloads(monkeypatch, tmp_path):
    """No test depends on what was downloaded before, or on a network."""
    monkeypatch.setenv("ANN_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def small_spec():
    return FeedForwardSpec(dataset="digits", training_images=500, hidden_units=(16,), learning_rate=0.005, epochs=4)


@pytest.fixture(scope="session")
def small_run(small_spec):
    from ann_core.training.train import train

    return train(small_spec)


@pytest.fixture(scope="session")
def engine():
    with Engine() as started:
        yield started
