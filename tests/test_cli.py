import json

import numpy as np
import pytest
from click.testing import CliRunner

from ann_core.__main__ import main
from ann_core.probing import recordings
from ann_core.specs import PointsSpec


def run(*arguments):
    return CliRunner().invoke(main, ["train", "feedforward", *arguments])


def test_the_run_is_printed_as_json_and_is_repeatable():
    arguments = ("--preset", "article", "--set", "epochs=2", "--set", "training_images=400", "--json")
    first, second = (json.loads(run(*arguments).stdout) for _ in range(2))
    assert first["history"] == second["history"]
    assert [row["epoch"] for row in first["history"]] == [1, 2]
    assert set(first["history"][0]) == {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}
    assert (first["spec"]["scale_pixels"], first["spec"]["epochs"]) == (False, 2)
    assert (first["data"]["name"], first["data"]["asked"], first["data"]["training"]) == ("digits", "fashion_mnist", 400)
    assert first["seconds"] > 0


def test_a_series_needs_no_images():
    done = CliRunner().invoke(main, ["train", "recurrent", "--preset", "article", "--set", "epochs=2", "--set", "cell=gru", "--json"])
    printed = json.loads(done.stdout)
    assert set(printed["history"][0]) == {"epoch", "loss", "mean_absolute_error"}
    assert (printed["data"]["name"], printed["data"]["source"], printed["data"]["training"]) == ("sine", "generated", 90)


def test_the_substitute_is_told_on_stderr():
    done = run("--set", "epochs=1", "--set", "training_images=100")
    assert done.exit_code == 0
    assert "digits" in done.stderr
    assert "val_accuracy" in done.stdout


def test_a_damaged_file_is_one_line_and_a_status(tmp_path, monkeypatch):
    monkeypatch.setenv("ANN_DATA_DIR", str(tmp_path))
    (tmp_path / "fashion_mnist.npz").write_bytes(b"PK\x03\x04 not all of it")
    done = run("--json")
    assert done.exit_code != 0
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "damaged" in done.stderr


@pytest.mark.parametrize("change", ["epochs=abc", "epochs=-1", "nothing=1", "learning_rate=nan", "epochs"])
def test_bad_settings_are_refused(change):
    done = run("--set", change)
    assert done.exit_code == 2
    assert "Error" in done.stderr


def test_numbers_beyond_all_numbers_are_null_in_json():
    settings = (
        "optimiser=sgd",
        "learning_rate=10",
        "scale_pixels=0",
        "activation=linear",
        "hidden_units=64.64",
        "epochs=3",
        "dataset=digits",
    )
    done = run("--json", *(part for setting in settings for part in ("--set", setting)))
    losses = [row["loss"] for row in json.loads(done.stdout, parse_constant=pytest.fail)["history"]]
    assert losses[-1] is None or np.isfinite(losses[-1])
    assert None in losses


def test_a_recording_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings, "KEPT", tmp_path / "recordings")
    spec = PointsSpec(points=40, epochs=3, layers=("2-tanh",))
    monkeypatch.setitem(recordings.RECORDINGS, "feedforward", recordings.Recording(spec, recordings.weights))
    done = CliRunner().invoke(main, ["record", "feedforward"])
    assert (done.exit_code, done.stdout.split(";")[0]) == (0, "feedforward: 3 epochs, 10 moments")
    assert [path.name for path in (tmp_path / "recordings").iterdir()] == ["feedforward.npz"]


def test_what_is_not_recorded_is_refused():
    done = CliRunner().invoke(main, ["record", "learning"])
    assert done.exit_code == 2
    assert "learning" in done.stderr
