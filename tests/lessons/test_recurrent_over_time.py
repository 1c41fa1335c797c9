"""What a network does over the whole series while it is trained: its free run, its states, its surprise, what moves its answer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ann_core import models
from ann_core.charts.film import FINEST
from ann_core.lessons.recurrent import picture, unrolled
from ann_core.lessons.recurrent.over_time import alone, strips
from ann_core.specs import RecurrentSpec
from ann_core.training.train import train
from ann_core.training.untrained import untrained
from tests.charts.test_film import array_of, unpacked
from tests.lessons.test_recurrent import hand_of

pytestmark = pytest.mark.usefixtures("in_english")
SMALL = {"length": 120, "epochs": 2, "window": 9}
SPECS = {
    "simple": RecurrentSpec(**SMALL, cell="simple", units=5),
    "many units": RecurrentSpec(**SMALL, cell="simple", units=20, activation="relu"),
    "gru": RecurrentSpec(**SMALL, cell="gru", units=4, held_out=0.0),
    "lstm": RecurrentSpec(**SMALL, cell="lstm", units=3, normalise=False),
    "chaos": RecurrentSpec.preset("henon").changed(epochs=2),
    "weather": RecurrentSpec(series="seattle", epochs=1, units=3, window=6),
}
MOST_BYTES = {"default": 8_500, "logistic": 8_500, "mackey_glass": 11_000, "weather": 12_500}  # a moment


@pytest.fixture(scope="module", params=SPECS.values(), ids=SPECS.keys())
def trained(request):
    run = train(request.param)
    return hand_of(request.param), (untrained(request.param, None), *run.checkpoints[1:4])


def model_of(spec, checkpoint):
    model = models.build(spec)
    model.set_weights(checkpoint.weights)
    return model


def test_a_free_run_is_what_keras_goes_on_with_at_every_moment(trained):
    hand, checkpoints = trained
    made, window = alone.continuations(hand, checkpoints), hand.spec.window
    assert made.shape == (len(checkpoints), len(hand.series.values) - hand.begins)
    for each, ours in zip(checkpoints, made, strict=True):
        model, values = model_of(hand.spec, each), list(hand.window_before(hand.begins))
        for _ in range(12):
            values.append(float(model(np.reshape(values[-window:], (1, window, 1)).astype(np.float32))[0, 0]))
        theirs = hand.scale.restored(np.array(values[window:]))
        np.testing.assert_allclose(ours[:12], theirs, atol=1e-3 * hand.deviation)  # of single precision, and fed back
        np.testing.assert_allclose(ours[0], theirs[0], atol=1e-5 * max(1, np.abs(theirs).max()))


def test_states_surprise_and_slopes_are_those_of_keras(trained):
    hand, checkpoints = trained
    at, inner = strips.places_of(hand), strips.inner_of(hand, checkpoints)
    x = tf.constant(hand.windows[0][at - hand.spec.window])
    for moment, each in enumerate(checkpoints):
        model = model_of(hand.spec, each)
        cell = next(layer for layer in model.layers if isinstance(layer, keras.layers.RNN))
        with tf.GradientTape() as tape:
            tape.watch(x)
            said = model(x)
        slopes = tape.gradient(said, x).numpy()[:, ::-1, 0].T[: strips.MOST_ROWS]
        np.testing.assert_allclose(inner.slopes[moment], slopes, atol=1e-5)
        np.testing.assert_allclose(inner.states[moment], cell(x).numpy().T[: strips.MOST_ROWS], atol=1e-5)
        off = hand.scale.restored(said.numpy()[:, 0]) - hand.series.values[at]
        np.testing.assert_allclose(strips.surprise(hand, [each], at)[0], off, atol=1e-5 * max(1, hand.scale.deviation))


def film_of(hand, checkpoints, row=0):
    return unpacked(picture.film_of(hand, checkpoints, "n", False, row=row))


def marks(panel, kind):
    return [mark for mark in panel["marks"] if mark["kind"] == kind]


def test_the_film_shows_them_before_and_after_training(trained):
    hand, checkpoints = trained
    for moments in (checkpoints[:1], checkpoints):
        header, body = film_of(hand, moments, row=1)
        *choices, delays = header["panels"]
        assert all(panel["large"] for panel in header["panels"])
        assert [panel["choice"] for panel in choices][-1].startswith("the state of")
        assert not delays["choice"]
        found = [array_of(marks(panel, "picture")[0]["frames"], body) for panel in choices]
        inner = strips.inner_of(hand, moments)
        rows = (1, 1, min(hand.spec.window, strips.MOST_ROWS), min(hand.spec.units, strips.MOST_ROWS))
        assert [frames.shape for frames in found] == [(len(moments), count, len(strips.places_of(hand))) for count in rows]
        np.testing.assert_array_equal(found[0][:, 0], found[3][:, 1])
        np.testing.assert_allclose((found[2] - 128.0) / 127, np.clip(inner.slopes, -1, 1), atol=0.005)
        runs = [line for line in marks(choices[-1], "lines") if line["name"] == "on its own"]
        places = array_of(runs[-1]["places"], body)
        assert len(np.unique(places[:, 0, :, 1], axis=0)) == len(moments), "another curve at every moment"


def test_the_line_of_the_free_run_is_where_its_values_are(trained):
    hand, checkpoints = trained
    header, body = film_of(hand, checkpoints)
    near = [line for line in marks(header["panels"][0], "lines") if line["name"] == "on its own"][-1]
    low, high = array_of(near["corners"], body)[:, 1].astype(float)
    shown = array_of(near["places"], body)[:, 0, :, 1] / FINEST * (high - low) + low
    made = alone.continuations(hand, checkpoints)[:, : shown.shape[1] - 1]
    assert shown[:, 0] == pytest.approx(hand.series.values[hand.begins - 1], abs=1e-3 * (high - low))
    np.testing.assert_allclose(shown[:, 1:], np.clip(made, low, high), atol=1e-4 * (high - low))


def test_where_the_network_knows_the_rule_the_free_run_bends_into_the_shape():
    hand = hand_of(RecurrentSpec(series="henon", length=200, window=3))
    made = hand.series.values[None, hand.begins :].astype(float)
    shown = alone.over_earlier(hand, made)
    x, y = shown[0].T
    np.testing.assert_array_equal(y, made[0])
    np.testing.assert_array_equal(x, hand.series.values[hand.begins - 1 : -1])
    assert alone.beside(hand, made[0]) == made.shape[1]
    assert alone.beside(hand, made[0] + np.where(np.arange(made.shape[1]) < 7, 0, 9 * hand.deviation)) == 7


def test_values_are_picked_in_both_pictures():
    spec = RecurrentSpec()
    hand = hand_of(spec)
    header, _ = film_of(hand, [untrained(spec, None)])
    said = [mark["pick"] for mark in marks(header["panels"][0], "place")]
    begin, end = strips.close_by(hand)
    assert said == [f"{unrolled.VALUE}.0.400.400", f"{unrolled.VALUE}.{begin}.{end}.{end - begin}"]


@pytest.mark.parametrize("name", MOST_BYTES)
def test_a_film_is_not_heavy(name):
    spec = RecurrentSpec.preset(name)
    first = untrained(spec, None)
    one, many = (len(picture.film_of(hand_of(spec), [first] * count, "n", True)) for count in (1, 21))
    assert (many - one) / 20 < MOST_BYTES[name]


@pytest.mark.parametrize(
    "changes", [{"window": 1}, {"window": 100}, {"length": 50, "window": 40}, {"held_out": 0.0}, {"units": 64, "cell": "gru"}]
)
def test_a_film_is_made_at_the_ends_of_the_settings(changes):
    spec = RecurrentSpec(**changes)
    header, _ = film_of(hand_of(spec), [untrained(spec, None)], row=99)
    assert len(header["panels"]) == 5


def test_an_exploded_network_makes_a_film():
    spec = SPECS["simple"]
    first = untrained(spec, None)
    lost = type(first)(1, tuple(np.full_like(weight, np.nan) for weight in first.weights), first.predicted, None)
    grown = type(first)(2, tuple(1e30 * weight for weight in first.weights), first.predicted, None)
    header, _ = film_of(hand_of(spec), [first, lost, grown])
    assert "on its own close to it for 0 of" in header["moments"][1]
