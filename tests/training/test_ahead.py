"""What goes ahead while a loop is compiled: seen from the beginning, and no part of what comes out."""

import threading
from itertools import count

import numpy as np
import pytest

from ann_core.experiments import SPECS
from ann_core.training import gan, loop
from ann_core.training import train as supervised
from ann_core.training.ahead import compiled_meanwhile
from ann_core.training.forgetting import GRADIENTS
from ann_core.training.loop import Loops
from tests.patience import wait_for

LOOKS = 6
GAMES = ("gan", "gan_digits")
SMALL = {  # no Adam where slopes vanish: it makes a whole step of a rounding
    "points": {"points": 60, "epochs": 3},
    "feedforward": {"training_images": 100, "dropout": 0.3, "optimiser": "sgd", "epochs": 2},
    "convolutional": {"training_images": 100, "filters": (2, 3), "batch_norm": True, "dropout": 0.3, "optimiser": "sgd", "epochs": 2},
    "recurrent": {"units": 3, "window": 5, "epochs": 2},
    "recall": {"units": 3, "gap": 5, "epochs": 2},
    "attention": {"epochs": 2},
    "gan": {"epochs": 3},
    "gan_digits": {"epochs": 3},
}


@pytest.fixture
def seen(monkeypatch):
    """Whatever is trained goes ahead until it has been asked so many times whether that is over; nothing is compiled yet."""
    monkeypatch.setattr(supervised, "LOOPS", Loops())
    monkeypatch.setattr(gan, "DUELS", Loops())
    monkeypatch.setattr(supervised, "train_on", supervised.train_on.__wrapped__)

    def one_by_one(prepare, go_ahead, should_stop):
        looks = count(1)
        go_ahead(lambda: next(looks) >= LOOKS or should_stop())
        prepare()

    for module in (supervised, gan):
        monkeypatch.setattr(module, "compiled_meanwhile", one_by_one)


def heard_from(spec, **options):
    heard = []
    return supervised.train(spec, heard.append, **options), heard


@pytest.mark.parametrize("name", SPECS)
def test_what_goes_ahead_changes_nothing(seen, name):
    """The run is that of a compiled loop, bit for bit; what was told is its beginning, each row and moment once, to 1e-5."""
    spec = SPECS[name](**SMALL[name])
    run, heard = heard_from(spec)
    again, silent = heard_from(spec)
    ahead = [progress for progress in heard if progress.stage == "ahead" and progress.checkpoints]
    assert ahead
    assert not [progress for progress in silent if progress.stage == "ahead"]
    np.testing.assert_array_equal(run.rows, again.rows)
    for one, other in zip((*run.final.weights, run.predictions), (*again.final.weights, again.predictions), strict=True):
        np.testing.assert_array_equal(one, other)
    told = [checkpoint for progress in heard for checkpoint in progress.checkpoints]
    assert [checkpoint.moment for checkpoint in told] == [checkpoint.moment for checkpoint in run.checkpoints]
    for shown, kept in zip(told, run.checkpoints, strict=True):
        for one, other in zip(shown.weights, kept.weights, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5 * np.abs(other).max(initial=0.1))
    assert np.all(np.diff([progress.epochs for progress in heard]) >= 0)
    rows = np.concatenate([progress.rows for progress in heard if progress.rows is not None])
    np.testing.assert_allclose(rows, run.rows, rtol=1e-5)


@pytest.mark.parametrize("name", ["points", "gan"])
def test_who_stops_while_something_goes_ahead_keeps_what_was_seen(seen, name):
    """As many epochs as had been told, computed by the compiled loop."""
    stopping, heard = threading.Event(), []

    def hear(progress):
        heard.append(progress)
        if progress.rows is not None and len(progress.rows):
            stopping.set()

    spec = SPECS[name](**SMALL[name] | {"epochs": 400, **({"points": 20, "batch_size": 8} if name == "points" else {})})
    if name == "gan":
        stopping.set()
    run = supervised.train(spec, hear, stopping.is_set)
    told = sum(len(progress.rows) for progress in heard if progress.stage == "ahead" and progress.rows is not None)
    assert run.epochs < 400
    assert run.epochs >= told
    assert told or name == "gan"
    assert run.final.epoch == run.epochs == len(run.rows)


def test_one_waits_for_the_loop_and_is_asked_meanwhile():
    """Who has gone ahead to the end gives way to others until the loop is there."""
    compiled, asked = threading.Event(), []
    waiting = threading.Thread(target=compiled_meanwhile, args=(compiled.wait, lambda over: None, lambda: asked.append(1)))
    waiting.start()
    wait_for(lambda: len(asked) > 2)
    assert waiting.is_alive()
    compiled.set()
    waiting.join(10)
    assert not waiting.is_alive()


def test_nothing_goes_ahead_of_what_is_to_stop():
    gone = []
    compiled_meanwhile(lambda: None, lambda over: gone.append(over()), lambda: True)
    assert gone == []


@pytest.mark.parametrize("where", ["prepare", "go_ahead"])
def test_what_goes_wrong_is_raised(where):
    def wrong(*_):
        raise ValueError(where)

    right = {"prepare": lambda: None, "go_ahead": lambda over: None} | {where: wrong}
    with pytest.raises(ValueError, match=where):
        compiled_meanwhile(**right, should_stop=lambda: False)


def test_a_plain_one_is_ready_at_once():
    points, game = SPECS["points"](), SPECS["gan"]()
    examples = supervised.examples_of(points)[0]
    made = {plain: (supervised._loop(points, examples, plain), gan._duel(game, plain)) for plain in (True, False)}
    assert [each.ready for each in made[True]] == [True, True]
    assert [each.ready for each in made[False]] == [False, False]


@pytest.mark.parametrize("name", ["feedforward", "gan"])
def test_nothing_of_what_went_ahead_is_kept(monkeypatch, name):
    """TensorFlow would keep every function with a slope of its own."""
    monkeypatch.setattr(supervised, "LOOPS", Loops())
    monkeypatch.setattr(gan, "DUELS", Loops())
    before = set(GRADIENTS.registered)
    _, heard = heard_from(SPECS[name](**SMALL[name]))
    assert "ahead" in {progress.stage for progress in heard}
    assert set(GRADIENTS.registered) == before


def test_a_slow_look_at_what_is_held_out_is_broken_off(monkeypatch):
    """Between two batches of it."""
    monkeypatch.setattr(loop, "FEW_PICTURES", 100)
    spec = SPECS["convolutional"](dataset="digits", training_images=800)
    examples = supervised.examples_of(spec)[0]
    training = supervised._training(spec, examples, plain=True)
    batches = -(-len(examples.x_val) // training.loop.validation_batch)
    assert batches > 1
    asked = []
    assert not training.validate_slowly(lambda: asked.append(1) or True)
    assert len(asked) == 1
    assert training.validate_slowly(lambda: asked.append(1))
    assert len(asked) == batches
