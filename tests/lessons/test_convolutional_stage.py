"""The picture of the convolutional network, taken apart: every number is that of Keras, and what the hand does is done."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ann_core import models
from ann_core.charts.networks import images as images_chart
from ann_core.charts.networks.squares import next_to
from ann_core.data import images
from ann_core.lessons.convolutional import surgery
from ann_core.lessons.convolutional.drawn.units import Unit
from ann_core.lessons.convolutional.network import UNCHANGED, Changes, altered
from ann_core.lessons.convolutional.stage import hand, picture, zoom
from ann_core.lessons.convolutional.stage.hand import Hand
from ann_core.maths.networks.convolution import Convolution, Dense
from ann_core.models.convolutional import MaxPooling, build, one_by_one
from ann_core.specs import ConvolutionalSpec
from ann_core.training.examples.images import seen
from ann_core.training.train import train
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.workbench import looking
from ann_core.ui.workbench.looking import Example
from tests.charts.test_film import array_of, unpacked

pytestmark = pytest.mark.usefixtures("in_english")
SMALL = {"dataset": "digits", "training_images": 200, "epochs": 1}
SPECS = {
    "two layers": ConvolutionalSpec(**SMALL, filters=(3, 17), dense_units=6),
    "no convolution": ConvolutionalSpec(**SMALL, filters=(), dense_units=8),
    "nothing hidden": ConvolutionalSpec(**SMALL, filters=(), dense_units=0),
    "normalised": ConvolutionalSpec(**SMALL, filters=(4, 3), batch_norm=True, pooling="average", kernel_size=5),
    "no pooling": ConvolutionalSpec(**SMALL, filters=(2,), pooling="none", activation="tanh", dense_units=0),
}


def example(**described):
    return Example(images.load("digits").x_test[7], list("0123456789"), **described)


@pytest.fixture(scope="module", params=SPECS.values(), ids=SPECS.keys())
def trained(request):
    run = train(request.param)
    return run, (begun(request.param), run.final)


def cells(panel, body):
    """The numbers of all cells of a panel, by name: (moments, rows, columns)."""
    return {mark["name"]: array_of(mark["values"], body) for mark in panel["marks"] if mark["kind"] == "cells"}


def in_keras(spec, checkpoint, shown):
    """The outputs of all layers that have any, in order: without dropout, and without batch."""
    model = models.portable(spec)
    model.set_weights(checkpoint.weights)
    inner = [layer.output for layer in model.layers if not isinstance(layer, keras.layers.Reshape | keras.layers.Dropout)]
    made = keras.Model(model.inputs[0], inner)(seen(spec, shown.picture[None]), training=False)
    return [np.asarray(part)[0] for part in made]


def units_of(network, outputs):
    """The first and the last unit of every layer that has units of its own, and one between."""
    for place, (layer, made) in enumerate(zip(network, outputs, strict=True)):
        if isinstance(layer, Convolution | Dense):
            for share in (0, 0.4, 1):
                *where, number = (round(share * (size - 1)) for size in made[0].shape)
                yield Unit(place, number, *where)


def test_what_adds_up_to_a_unit_is_what_keras_computes(trained):
    run, moments = trained
    shown = example()
    theirs = [in_keras(run.spec, each, shown) for each in moments]
    first = picture.passed(run.spec, run.final, shown)
    for unit in units_of(first.layers, first.outputs):
        header, body = unpacked(picture.film_of(run.spec, moments, run.rows, "n", False, shown, unit))
        layer, panels = first.layers[unit.place], header["panels"]
        steps = cells(panels[2], body)
        total, bias, both, output = (values[:, 0, 0] for values in steps.values())
        where = (unit.row, unit.column, unit.filter) if isinstance(layer, Convolution) else (unit.filter,)
        np.testing.assert_allclose(output, [each[unit.place][where] for each in theirs], atol=1e-5)
        np.testing.assert_allclose(total + bias, both, atol=1e-5)
        if layer.activation in ("relu", "tanh"):
            np.testing.assert_allclose({"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[layer.activation](both), output, atol=1e-5)
        sums = {name: values[:, 0, 0] for name, values in cells(panels[1], body).items() if name.endswith(": sum")}
        count = len(first.inputs) if not unit.place else None
        assert 1 <= len(sums) <= 16
        if len(sums) < 16 or count == 1:
            np.testing.assert_allclose(np.sum(list(sums.values()), axis=0), total, atol=1e-5)
        if isinstance(layer, Convolution):
            whole = next(mark for mark in panels[3]["marks"] if mark["kind"] == "picture")
            np.testing.assert_allclose(array_of(whole["values"], body), [each[unit.place][..., unit.filter] for each in theirs], atol=1e-5)
        elif layer.activation == "softmax":
            table = cells(panels[3], body)
            growth, shares = table["exp(z − max z)"][..., 0], table["share"][..., 0]
            np.testing.assert_allclose(shares, [each[-1] for each in theirs], atol=1e-5)
            np.testing.assert_allclose(growth / table["sum"][..., 0], shares, atol=1e-5)
            np.testing.assert_allclose(np.exp(table["z"][..., 0] - table["z"][..., 0].max(axis=1, keepdims=True)), growth, atol=1e-5)
        else:
            np.testing.assert_allclose(cells(panels[3], body)["a × w"][..., 0], output[:, None] * moments_kernels(moments, unit), atol=1e-5)


def moments_kernels(moments, unit):
    """The weights of the last layer from a hidden unit, at every moment."""
    return np.stack([each.weights[-2][unit.filter] for each in moments])


def test_lines_between_layers_are_what_one_gives_to_the_other(trained):
    """Added up over all that comes in: a map's mean sum, a neuron's whole sum, without the bias."""
    run, moments = trained
    passes = [picture.passed(run.spec, each, example()) for each in moments]
    for place, layer in enumerate(passes[0].layers):
        if not isinstance(layer, Convolution | Dense):
            continue
        given = picture.given(passes, place)
        assert given.shape[2] == min(16, len(layer.bias))
        for moment, each in enumerate(passes):
            coming = each.outputs[place - 1] if place else each.inputs[..., None]
            own = each.layers[place]
            sums = own.sums(coming)[0] - own.bias
            means = sums.mean(axis=(0, 1)) if sums.ndim == 3 else sums
            if given.shape[1] < 16:
                np.testing.assert_allclose(given[moment].sum(axis=0), means[:16], atol=1e-4)


def test_gradients_are_drawn_for_the_class_that_the_image_has():
    run = train(SPECS["two layers"])
    shown = example(label=3)
    passed = picture.passed(run.spec, run.final, shown)
    header, body = unpacked(picture.film_of(run.spec, [run.final], run.rows, "n", False, shown, view=hand.SLOPES))
    tiles = [mark for mark in header["panels"][1]["marks"] if mark.get("scaled")]
    slopes = picture.loss_slopes(passed.layers, passed.inputs, passed.outputs, 3)[0][0]
    for number, mark in enumerate(tiles):
        drawn = (array_of(mark["frames"], body)[0].astype(float) - 128) / 127 * mark["greatest"]
        np.testing.assert_allclose(drawn, slopes[..., number], atol=0.51 * mark["greatest"] / 127)
    assert header["panels"][1]["title"].startswith("∂L/∂a")
    assert "do.outputs" in header["words"]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_gradients_beside_the_maps_are_those_of_tensorflow(spec):
    """At every moment of the film, of every layer with units: to 1e-5, and as near as colours can tell them."""
    shown = example(label=7)
    moments = (begun(spec), train(spec).final)
    theirs = [sloping_in_keras(spec, each, shown, 7) for each in moments]
    header, body = unpacked(picture.film_of(spec, moments, np.zeros((2, 4)), "n", False, shown, view=hand.BOTH))
    passes = [picture.passed(spec, each, shown) for each in moments]
    made = picture._made(passes, shown, hand.BOTH)
    units = [place for place, layer in enumerate(passes[0].layers[:-1]) if isinstance(layer, Convolution | Dense)]
    for place in units:
        np.testing.assert_allclose(made["∂L/∂a"][place], np.stack([each[place] for each in theirs]), atol=1e-5)
        np.testing.assert_allclose(made["a"][place], np.stack([in_keras(spec, each, shown)[place] for each in moments]), atol=1e-5)
    maps = [place for place in units if made["a"][place].ndim == 4]
    for place, panel in zip(maps, header["panels"][1:], strict=False):
        for kind in ("a", "∂L/∂a"):
            tiles = [mark for mark in panel["marks"] if mark.get("scaled") == kind]
            assert len(tiles) == min(16, made[kind][place].shape[-1])
            for number, mark in enumerate(tiles):
                whole = np.reshape(array_of(mark["greatest"], body) if isinstance(mark["greatest"], dict) else mark["greatest"], (-1, 1, 1))
                drawn = (array_of(mark["frames"], body).astype(float) - 128) / 127 * whole
                assert (np.abs(drawn - made[kind][place][..., number]) <= 0.51 * whole / 127 + 1e-9).all()


def sloping_in_keras(spec, checkpoint, shown, wanted):
    """∂L/∂a of the layers that `in_keras` tells of, by TensorFlow: each output is watched on its way.

    Where several are the largest of a square, they share, as in the network that trains; Keras' own pooling takes the first.
    """
    model = build(
        spec, lambda spec, filters, **options: one_by_one(spec, keras.layers.Conv2D(filters, spec.kernel_size, **options), MaxPooling)
    )
    model.set_weights(checkpoint.weights)
    with tf.GradientTape() as tape:
        made, watched = tf.convert_to_tensor(seen(spec, shown.picture[None])), []
        for layer in model.layers:
            if isinstance(layer, keras.layers.InputLayer | keras.layers.Dropout):
                continue
            made = layer(made) if not isinstance(layer, keras.layers.BatchNormalization) else layer(made, training=False)
            if not isinstance(layer, keras.layers.Reshape):
                tape.watch(made)
                watched.append(made)
        loss = keras.losses.sparse_categorical_crossentropy(np.array([wanted]), made)
    return [np.asarray(each)[0] for each in tape.gradient(loss, watched[:-1])]


def test_pairs_stand_in_their_panel_and_do_not_cover_each_other():
    for count in range(1, 17):
        for layers in (1, 2, 3):
            first = images_chart.maps_boxes(layers, count, paired=True)
            boxes = [box for each in first for box in (each, next_to(each))]
            assert min(box.width for box in boxes) > 8
            for number, one in enumerate(boxes):
                assert one.x >= images_chart.ENTRY
                assert one.x + one.width <= images_chart._wide(layers)
                assert one.y + one.height <= images_chart.HIGH
                for other in boxes[:number]:
                    apart = abs(one.x - other.x) >= one.width + images_chart.GLOW or abs(one.y - other.y) >= one.height + images_chart.GLOW
                    assert apart


def test_a_unit_that_another_network_lacks_is_the_nearest_one_or_none():
    wide, narrow = (picture.passed(SPECS[name], begun(SPECS[name]), example()) for name in ("no pooling", "normalised"))
    assert zoom.there([narrow], Unit(0, 1, 25, 3)) == Unit(0, 1, 23, 3)
    assert zoom.there([wide], Unit(0, 9, 0, 0)) is None
    assert zoom.there([wide], Unit(40, 0)) is None
    assert zoom.there([wide], Unit(1, 0)) is None, "a layer that only lays out in a row has no units"
    assert zoom.there([wide], None) is None


def test_a_filter_is_silenced_in_any_layer_and_a_kernel_turned_in_the_first():
    spec = SPECS["normalised"]
    weights = begun(spec).weights
    new = altered(spec, weights, Changes(silenced=((1, 2),), kernels=((3, tuple(range(25))),)))
    checkpoint = type("Checkpoint", (), {"weights": new})
    outputs = picture.passed(spec, checkpoint, example()).outputs
    last = max(place for place, made in enumerate(outputs) if made.ndim == 4)
    assert not np.abs(outputs[last][..., 2]).any()
    assert np.abs(outputs[last][..., 1]).any()
    np.testing.assert_array_equal(new[0][:, :, 0, 3].ravel(), np.arange(25))
    beyond = Changes(silenced=((1, 9), (4, 0)), kernels=((77, (1.0,) * 25), (0, (1.0, 2.0))))
    assert all((ours == theirs).all() for ours, theirs in zip(altered(spec, weights, beyond), weights, strict=True))


def test_what_is_said_after_surgery_is_said_beside_what_was_said_before():
    run = train(SPECS["two layers"])
    changes = Changes(silenced=((0, 0), (0, 1), (0, 2)))
    header, _ = unpacked(picture.film_of(run.spec, [run.final], run.rows, "n", False, example(), changes=changes))
    before, after = (picture.passed(run.spec, each, example()).outputs[-1][0].max() for each in (run.final, _cut(run, changes)))
    assert f"{after:.1%}; before your surgery: takes it for" in header["moments"][0]
    assert header["moments"][0].endswith(f"{before:.1%}")
    scissors = [mark for mark in header["panels"][1]["marks"] if mark["kind"] == "words" and "✂" in mark["texts"]]
    assert [len(mark["texts"]) for mark in scissors] == [3]


def _cut(run, changes):
    return type("Checkpoint", (), {"weights": altered(run.spec, run.final.weights, changes)})


@pytest.fixture
def at_hand(monkeypatch):
    """The hand of a learner."""
    mine, drawn = Hand(), looking.Drawing()
    monkeypatch.setattr(session, "kept", lambda key, make: mine if make is Hand else drawn)
    mine.drawn = drawn
    return mine


def test_the_hand_does_what_the_browser_says(at_hand):
    hand.take({"pick": "2.5", "cell": [3, 4], "moment": 0})
    assert at_hand.unit == Unit(2, 5, 3, 4)
    hand.take({"pick": "classes.6", "cell": [7, 0], "moment": 0})
    assert at_hand.unit == Unit(6, 7)
    hand.take({"pick": "0.1", "cell": [0, 0], "moment": 0})
    hand.take({"turned": [1, 2, 3, 1e9], "moment": 0})
    assert at_hand.changes.kernels == ((1, (1.0, 2.0, 3.0, hand.MOST)),)
    hand.take({"turned": [4, 3, 2, 1], "moment": 0})
    assert at_hand.changes.kernels == ((1, (4.0, 3.0, 2.0, 1.0)),)
    hand.take({"do": "silence 0 1", "moment": 0})
    assert at_hand.changes.silenced == ((0, 1),)
    hand.take({"do": "restore", "moment": 0})
    assert at_hand.changes == UNCHANGED
    hand.take({"do": "out", "moment": 0})
    assert at_hand.unit is None
    hand.take({"do": "slopes", "moment": 0})
    assert at_hand.view == hand.SLOPES
    hand.take({"do": "both", "moment": 0})
    assert at_hand.view == hand.BOTH
    hand.take({"do": "outputs", "moment": 0})
    assert at_hand.view == hand.OUTPUTS
    hand.take({"strokes": [[[0.3, 0.2], [0.6, 0.8]]], "moment": 0})
    assert at_hand.drawn.over.shape == (28, 28)
    hand.take({"do": "wipe", "moment": 0})
    assert at_hand.drawn.over is None
    hand.take(None)


@pytest.mark.parametrize(
    "said",
    [
        {"turned": ["a"]},
        {"turned": [[1, 2], [3, 4]]},
        {"turned": [float("nan")] * 9},
        {"strokes": [[["x", 1]]]},
        {"strokes": 7},
        {"strokes": [[[None, 1]]]},
        {"do": "silence"},
        {"do": "silence a b"},
        {"do": ""},
        {"pick": "nothing", "cell": [0, 0]},
        {"pick": "0.0", "cell": [1]},
        {"pick": "0.-3", "cell": [0, 0]},
    ],
)
def test_what_no_browser_of_ours_says_changes_nothing(at_hand, said):
    at_hand.unit = Unit(0, 0)
    hand.take(said)
    assert (at_hand.unit, at_hand.changes, at_hand.drawn.over) == (Unit(0, 0), UNCHANGED, None)


def test_surgery_below_the_picture_is_the_same():
    run = train(SPECS["two layers"])
    for ours, theirs in zip(surgery.silenced(run, 1), altered(run.spec, run.final.weights, Changes(((0, 1),))), strict=True):
        np.testing.assert_array_equal(ours, theirs)
