"""What moves on the first page, and where it comes from."""

import numpy as np
import pytest

from ann_core.charts.film import FORMAT
from ann_core.probing import recordings
from ann_core.probing.recordings import RECORDINGS
from ann_core.training.train import train
from ann_core.ui import trainings
from ann_core.ui.language import LANGUAGES
from tests.charts.test_film import unpacked
from tests.claims.opened import at_page, elements
from tests.patience import PATIENCE

ALIKE = 5
"""After so many moments the last digits of two processors may have grown."""


@pytest.mark.parametrize("lesson", RECORDINGS)
def test_a_recording_is_what_the_code_computes_today(lesson):
    kept, run = recordings.kept(lesson), train(RECORDINGS[lesson].spec)
    now = recordings.recorded_of(lesson, run)
    assert (kept.spec, kept.data, kept.moments, kept.batches) == (now.spec, now.data, now.moments, now.batches)
    assert kept.arrays.keys() == now.arrays.keys()
    for name, array in kept.arrays.items():
        assert array.shape == now.arrays[name].shape
        np.testing.assert_allclose(array[:ALIKE], now.arrays[name][:ALIKE], rtol=1e-2, atol=1e-3, err_msg=name)
    np.testing.assert_allclose(kept.rows[-1], now.rows[-1], atol=0.1)


def test_a_recording_comes_back_as_it_was_kept(small_run, tmp_path, monkeypatch):
    monkeypatch.setattr(recordings, "KEPT", tmp_path)
    monkeypatch.setitem(RECORDINGS, "feedforward", recordings.Recording(small_run.spec, recordings.weights))
    recordings.save("feedforward", recordings.recorded_of("feedforward", small_run))
    back = recordings.kept.__wrapped__("feedforward")
    assert (back.spec, back.data) == (small_run.spec, small_run.data)
    assert [checkpoint.moment for checkpoint in back.checkpoints] == [checkpoint.moment for checkpoint in small_run.checkpoints]
    np.testing.assert_array_equal(back.rows, small_run.rows.astype(np.float32))
    for old, new in zip(small_run.checkpoints, back.checkpoints, strict=True):
        for before, after in zip(old.weights, new.weights, strict=True):
            np.testing.assert_array_equal(before, after)


def films(at):
    return [element.proto for element in elements(at) if element.type == "bidi_component" and element.proto.component_name == "film"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_seven_pictures_move_before_anything_is_clicked(language):
    """The large one and the six small ones, each with more than one moment and playing by itself."""
    found = films(at_page("home", language))
    assert len(found) == 7
    for proto in found:
        header, _ = unpacked(unpacked(proto.bytes)[1])
        assert header["version"] == FORMAT["version"]
        assert header["play"]
        assert header["small"] == (len(header["panels"]) == 1), "the large one alone has a bar"
        assert len(header["moments"]) > 1
        assert all(panel["alt"] for panel in header["panels"])


def test_the_servers_own_training_takes_the_recordings_place(monkeypatch):
    monkeypatch.setenv("ANN_WARM_UP", "opened")
    run = train(RECORDINGS["feedforward"].spec)
    monkeypatch.setattr(trainings, "aside", lambda spec: run)
    monkeypatch.setattr(trainings, "wake", lambda page: None)
    (source, _), *_ = (unpacked(proto.bytes) for proto in films(at_page("home", "en")))
    assert source["text"].startswith("Trained by this server · Spiral, 250 training examples · seed 1")


def test_the_page_does_not_change_under_a_learner_when_the_servers_training_is_there(monkeypatch):
    run = train(RECORDINGS["feedforward"].spec.changed(epochs=2))
    at = at_page("home", "en")
    monkeypatch.setattr(trainings, "aside", lambda spec: run)
    at.run()
    (source, _), *_ = (unpacked(proto.bytes) for proto in films(at))
    assert source["text"].startswith("Recorded beforehand")


def test_a_training_aside_waits_for_learners_until_one_of_them_asks_for_it(engine):
    job = engine.submit([RECORDINGS["feedforward"].spec], priority=-1)
    assert job.priority == -1
    job.watch("learner")
    assert job.priority == 0
    assert job.result(PATIENCE)[0].complete
