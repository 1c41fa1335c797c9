import gc
import pickle
import weakref
from dataclasses import replace

import keras
import numpy as np
import pytest

from ann_core import models
from ann_core.bench.bench import CASES
from ann_core.data import images
from ann_core.models import optimisers
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, PointsSpec, RecurrentSpec
from ann_core.training import train as training
from ann_core.training.examples import examples_of
from ann_core.training.loop import Loop, Loops
from ann_core.training.moments import Moment, epoch_order
from ann_core.training.records import Run, TrainingFailed
from ann_core.training.train import train


def test_a_run_tells_all(small_run, small_spec):
    assert small_run.spec == small_spec
    assert small_run.complete
    assert list(small_run.history.columns) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert list(small_run.history.index) == [1, 2, 3, 4]
    assert small_run.value("val_accuracy") > 0.7, "chance is 0.1"
    assert [checkpoint.epoch for checkpoint in small_run.checkpoints if not checkpoint.batch] == [0, 1, 2, 3, 4]
    assert (small_run.data.name, small_run.data.training, small_run.data.testing) == ("digits", 500, 382)


def test_predictions_belong_to_the_last_checkpoint(small_run):
    labels = images.load("digits").y_test
    np.testing.assert_array_equal(small_run.predictions.argmax(axis=1), small_run.final.predicted)
    np.testing.assert_allclose(small_run.predictions.max(axis=1), small_run.final.confidence)
    assert (small_run.final.predicted == labels).mean() == pytest.approx(small_run.value("val_accuracy"), abs=1e-6)


def test_the_same_spec_gives_the_same_run(small_run, small_spec):
    again = train(small_spec)
    np.testing.assert_array_equal(again.rows, small_run.rows)
    np.testing.assert_array_equal(again.predictions, small_run.predictions)


def test_another_seed_gives_another_run(small_run, small_spec):
    assert not np.array_equal(train(small_spec.changed(seed=2)).rows, small_run.rows)


def test_dropout_is_repeatable(small_spec):
    spec = small_spec.changed(dropout=0.3, epochs=2)
    np.testing.assert_array_equal(train(spec).rows, train(spec).rows)


DIGITS = {"dataset": "digits", "training_images": 500, "epochs": 3}
FIT_CASES = {
    "dense": FeedForwardSpec(**DIGITS, hidden_units=(16,), learning_rate=0.005),
    "dense, tanh, sgd": FeedForwardSpec(**DIGITS, optimiser="sgd", learning_rate=0.03, activation="tanh"),
    "dense, l2": FeedForwardSpec(**DIGITS, optimiser="momentum", learning_rate=0.01, l2=0.01, hidden_units=(12, 8)),
    "dense, raw pixels": FeedForwardSpec(**DIGITS, hidden_units=(16,), optimiser="rmsprop", scale_pixels=False, batch_size=64),
    "no hidden layer": FeedForwardSpec(**DIGITS, hidden_units=(), batch_size=500),
    "spiral": CASES["points"].spec.changed(epochs=3),
    "points, l2, short batch": PointsSpec(dataset="spiral", epochs=3, batch_size=16, l2=0.01, optimiser="adam"),
    "points, l1, features, wide, no bias": PointsSpec(
        dataset="xor", epochs=3, l1=0.01, l2=0.003, features=("x1", "product", "sin_x2"), initialiser="wide", bias=False
    ),
    "points, four classes": PointsSpec(dataset="four", epochs=3, layers=("6-relu", "3-elu")),
    "points, four classes, squared error": PointsSpec(dataset="four", epochs=3, loss="squared_error", initialiser="he"),
    "points, two classes, squared error": PointsSpec(epochs=3, loss="squared_error"),
    "points, a value": PointsSpec(dataset="hills", epochs=3),
    "convolution": ConvolutionalSpec(**DIGITS, learning_rate=0.0003),  # larger steps magnify what two orders of summing differ in
    "one layer, 5 by 5, average": ConvolutionalSpec(**DIGITS, filters=(6,), kernel_size=5, pooling="average", dense_units=0),
    "batch norm, no pooling": ConvolutionalSpec(**DIGITS, filters=(8,), batch_norm=True, pooling="none", optimiser="sgd"),
    "simple cell": RecurrentSpec.preset("article").changed(epochs=3),
    "gru": RecurrentSpec(cell="gru", epochs=3),
    "lstm": RecurrentSpec(cell="lstm", epochs=3, window=12),
    "gradients clipped": RecurrentSpec(epochs=3, window=12, clip_norm=0.05, learning_rate=0.02, series="noisy", held_out=0.4),
    "attention": AttentionSpec(examples=500, epochs=3),
    "dates, warm-up, two heads": AttentionSpec(
        task="dates", examples=500, epochs=3, heads=2, warm_up=10, clip_norm=0.5, learning_rate=0.002
    ),
    "connection cut": RecurrentSpec(epochs=3, window=12, recurrence=False, series="walk", shuffled_order=True),
}


DOUBLES = ("dense, tanh, sgd", "one layer, 5 by 5, average", "gradients clipped")
"""What the loop does for these it does for others too."""


def loss_of(spec):
    """The loss by the name that anybody would give to `model.compile`."""
    classes = getattr(spec, "classes", 0 if spec.experiment == "recurrent" else 10)
    if not classes or getattr(spec, "loss", "") == "squared_error":
        return "mean_squared_error"
    return "binary_crossentropy" if classes == 2 else "sparse_categorical_crossentropy"


@pytest.mark.parametrize(
    "spec", [pytest.param(spec, id=name, marks=pytest.mark.slow if name in DOUBLES else ()) for name, spec in FIT_CASES.items()]
)
def test_the_loop_trains_as_model_fit_does(spec):
    """Same seed, same initial weights, same order. 500 examples in batches of 32: the last batch is short, and trained all the same."""
    model, examples = _plain(spec)
    held_out = (examples.x_val, examples.y_val) if len(examples.x_val) else None
    rows = []
    for epoch in range(spec.epochs):
        order = epoch_order(spec.seed, epoch, len(examples.x))
        fitted = model.fit(examples.x[order], examples.y[order], spec.batch_size, shuffle=False, validation_data=held_out, verbose=0)
        rows.append([fitted.history[name][0] for name in spec.metrics])
    np.testing.assert_allclose(train(spec).rows, rows, rtol=1e-4)


def _plain(spec):
    """The network as anybody would train it with Keras, and its examples, scaled."""
    model = models.portable(spec)
    for layer in model.layers:
        if (getattr(spec, "l1", 0) or getattr(spec, "l2", 0)) and hasattr(layer, "kernel"):
            layer.kernel.regularizer = keras.regularizers.L1L2(getattr(spec, "l1", 0.0), spec.l2)
    optimiser = optimisers.build(spec)
    optimiser.global_clipnorm = getattr(spec, "clip_norm", 0) or None
    model.compile(optimizer=optimiser, loss=loss_of(spec), metrics=[spec.measures[1]])
    examples, _ = examples_of(spec)
    divisor = np.float32(examples.divisor)
    if getattr(spec, "loss", "") == "squared_error" and spec.classes > 2:
        y = np.eye(spec.classes, dtype=np.float32)
        examples = replace(examples, y=y[examples.y], y_val=y[examples.y_val])
    return model, replace(examples, x=examples.x / divisor, x_val=examples.x_val / divisor)


@pytest.mark.parametrize("optimiser", ["adam", "momentum"])
def test_training_further_equals_training_longer(small_spec, optimiser):
    spec = small_spec.changed(optimiser=optimiser)
    half = train(spec.changed(epochs=2))
    further = train(spec, start=half)
    np.testing.assert_array_equal(further.rows, train(spec).rows)
    assert {Moment(epoch) for epoch in range(5)} <= {checkpoint.moment for checkpoint in further.checkpoints}
    assert {each.moment for each in half.checkpoints} <= {each.moment for each in further.checkpoints}
    times = [checkpoint.time for checkpoint in further.checkpoints]
    assert times == sorted(set(times))


def test_training_further_needs_the_same_settings(small_spec, small_run):
    with pytest.raises(TrainingFailed) as caught:
        train(small_spec.changed(learning_rate=0.1, epochs=9), start=small_run)
    assert caught.value.code == "other_start"


def test_stop_goes_back_to_a_full_epoch_and_can_go_on(small_spec):
    spec = small_spec.changed(epochs=100, batch_size=1)
    heard = []
    stopped = train(spec, heard.append, lambda: heard[-1].epochs > 1)
    assert 1 <= stopped.epochs < 100
    assert not stopped.complete
    assert stopped.final.moment == Moment(stopped.epochs)
    shorter = spec.changed(epochs=stopped.epochs)
    np.testing.assert_array_equal(stopped.rows, train(shorter).rows)
    on = train(spec.changed(epochs=stopped.epochs + 1), start=stopped)
    np.testing.assert_array_equal(on.rows, train(spec.changed(epochs=stopped.epochs + 1)).rows)


def test_progress_tells_every_epoch_once(small_spec):
    heard = []
    run = train(small_spec.changed(epochs=7, seed=5), heard.append)
    rows = np.concatenate([progress.rows for progress in heard if progress.rows is not None])
    np.testing.assert_array_equal(rows, run.rows)
    checkpoints = [checkpoint.moment for progress in heard for checkpoint in progress.checkpoints]
    assert checkpoints == [checkpoint.moment for checkpoint in run.checkpoints]


def test_the_portable_network_is_the_same_made_of_keras_layers():
    spec = ConvolutionalSpec(**DIGITS, filters=(4, 6), batch_norm=True)
    run = train(spec)
    network = models.portable(spec)
    network.set_weights(run.final.weights)
    assert all(type(layer).__module__.startswith("keras.") for layer in network.layers)
    outputs = network.predict(images.load("digits").x_test / np.float32(255), verbose=0)
    np.testing.assert_allclose(outputs, run.predictions, atol=1e-5)


CHANGES = {
    FeedForwardSpec(**DIGITS, hidden_units=(11,)): ({"l2": 0.1}, {"scale_pixels": False}),
    PointsSpec(layers=("7-tanh",), epochs=3): (
        *({"l2": 0.1}, {"l1": 0.1}, {"dataset": "xor"}, {"noise": 0.2}, {"initialiser": "he"}, {"features": ("x1", "product")}),
    ),
    ConvolutionalSpec(**DIGITS, filters=(5,)): ({"scale_pixels": False},),
    RecurrentSpec(units=5, epochs=3, clip_norm=1.0): (
        {"span": 50.0, "clip_norm": 0.5, "normalise": False},
        {"series": "noisy", "noise": 0.4, "shuffled_order": True},
    ),
}


@pytest.mark.parametrize("spec", CHANGES, ids=lambda spec: spec.experiment)
def test_numbers_that_may_change_freely_compile_nothing(spec):
    train(spec)
    loop = next(reversed(training.LOOPS.kept.values()))
    traces = loop.advance.experimental_get_tracing_count()
    for change in ({"learning_rate": 0.1}, {"seed": 9}, {"epochs": 5}, *CHANGES[spec]):
        train(spec.changed(**change))
        assert next(reversed(training.LOOPS.kept.values())) is loop, change
    assert loop.advance.experimental_get_tracing_count() == traces == 1


def test_loops_that_are_not_used_for_long_are_given_up():
    loops = Loops(most=2)
    made = [weakref.ref(loops.get(key, _Nothing)) for key in (1, 2, 1, 3)]
    assert [loop() is None for loop in made] == [False, True, False, False]
    assert [key for key, _ in loops.kept] == [1, 3]


class _Nothing:
    def __init__(self):
        self.itself = self


def test_no_graph_outlives_its_loop(monkeypatch):
    """TensorFlow's own registry of gradients would keep every one of them."""
    monkeypatch.setattr(training, "LOOPS", Loops(most=1))
    for units in (31, 32, 33):
        train(PointsSpec(layers=(f"{units % 16 + 1}-silu",), epochs=1))
    gc.collect()
    graphs = [thing for thing in gc.get_objects() if type(thing).__name__ == "FuncGraph" and thing.name == "_advance"]
    owned = [loop for loop in gc.get_objects() if isinstance(loop, Loop)]
    assert len(graphs) == len(owned)


def test_a_network_without_held_out_examples_has_a_history_without_them():
    run = train(RecurrentSpec.preset("article").changed(epochs=4))
    assert list(run.history.columns) == ["loss", "mean_absolute_error"]
    assert (run.data.training, run.data.testing) == (90, 0)
    assert run.predictions.shape == (90, 1), "of a series all is predicted"
    assert run.value("loss") < run.value("loss", 1)


def test_stopped_in_the_middle_of_many_epochs_a_run_is_whole():
    """Checkpoints are fewer than epochs here: the last one is made when the training stops."""
    spec = RecurrentSpec(epochs=2_000)
    heard = []
    stopped = train(spec, heard.append, lambda: heard[-1].epochs > 3)
    assert 3 < stopped.epochs < 2_000
    assert stopped.final.moment == Moment(stopped.epochs)
    shorter = train(spec.changed(epochs=stopped.epochs))
    np.testing.assert_array_equal(stopped.predictions, shorter.predictions)
    np.testing.assert_array_equal(stopped.final.predicted, stopped.predictions)


def test_an_explosion_is_a_result(small_spec):
    run = train(
        small_spec.changed(optimiser="sgd", learning_rate=10.0, scale_pixels=False, epochs=5, activation="linear", hidden_units=(64, 64))
    )
    assert run.epochs == 5
    assert run.exploded


def test_runs_travel_and_stay_unchangeable(small_run):
    there = pickle.loads(pickle.dumps(small_run))
    for run in (small_run, there):
        for array in (run.rows, run.predictions, run.final.predicted, *run.final.weights, *run.state):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
    assert isinstance(there, Run)
    np.testing.assert_array_equal(there.rows, small_run.rows)


def test_each_epoch_has_an_order_of_its_own():
    orders = [tuple(epoch_order(1, epoch, 50)) for epoch in range(3)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len(set(orders)) == 3
