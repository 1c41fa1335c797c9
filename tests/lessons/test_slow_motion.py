"""Slow motion of a batch: what is drawn and said in every movement is what the step was."""

import numpy as np
import pytest

from ann_core import models
from ann_core.lessons.feedforward.plane import slow
from ann_core.lessons.feedforward.slow.step import taken_apart
from ann_core.maths.inputs.features import features
from ann_core.models.objectives import objective_of
from ann_core.specs import PointsSpec
from ann_core.training.examples import examples_of
from ann_core.training.untrained import begun
from ann_core.ui import language
from ann_core.ui.language import digits
from tests.charts.test_film import array_of, unpacked
from tests.claims.opened import at_page
from tests.claims.register import claim

SPECS = {
    "two classes": PointsSpec(),
    "four classes": PointsSpec(dataset="four", layers=("3-relu", "5-tanh"), batch_size=32),
    "balanced": PointsSpec(rare=0.1, balance=True, layers=("2-tanh",)),
    "a value": PointsSpec(dataset="hills", layers=(), batch_size=1),
}


@pytest.fixture(params=SPECS.values(), ids=SPECS.keys())
def filmed(request, monkeypatch):
    """A spec, its first step taken apart, and the film of that."""
    monkeypatch.setattr(language, "current", lambda: "en")
    spec = request.param
    examples, checkpoint = examples_of(spec, None)[0], begun(spec)
    header, body = unpacked(slow.film_of(spec, examples, checkpoint, "name"))
    return spec, taken_apart(spec, examples, checkpoint), header, body


def links(header):
    return [mark for mark in header["panels"][0]["marks"] if mark["kind"] == "links"]


def test_every_layer_goes_forward_and_back_once(filmed):
    spec, _, header, _ = filmed
    assert len(header["moments"]) == 2 * len(spec.activations) + 4


def test_the_links_are_weights_then_slopes_then_changes(filmed):
    spec, apart, header, body = filmed
    layers, found = len(spec.activations), links(header)
    assert len(found) == 3 * layers
    for layer, gradient in enumerate(apart.gradients):
        weights, slopes, changes = (array_of(mark["strengths"], body) for mark in found[3 * layer : 3 * layer + 3])
        begins, change = layers + 1 + layers - layer, 2 * layers + 2
        assert not slopes[:begins].any()
        assert not slopes[change:].any()
        assert not changes[:change].any()
        assert not changes[change + 1 :].any()
        assert not weights[begins : change + 1].any()
        assert weights[: begins - 1].any()
        assert weights[-1].any()
        greatest = found[3 * layer + 1]["greatest"]
        np.testing.assert_allclose(slopes[begins] / 127 * greatest, gradient.kernel.ravel(), atol=greatest / 127)
        moved = (apart.after[layer].kernel - apart.network[layer].kernel).ravel()
        greatest = found[3 * layer + 2]["greatest"]
        np.testing.assert_allclose(changes[change] / 127 * greatest, moved, atol=greatest / 127)


def test_the_batch_is_on_the_maps_as_far_as_it_has_come(filmed):
    spec, apart, header, body = filmed
    dots = [mark for mark in header["panels"][0]["marks"] if mark["kind"] == "dots"]
    units = [len(spec.features), *(len(layer.bias) for layer in apart.network)]
    assert len(dots) == sum(units)
    first = [int(np.flatnonzero(array_of(mark["shown"], body))[0]) for mark in dots]
    assert first == np.repeat(np.arange(len(units)), units).tolist()
    assert {int(array_of(mark["shown"], body).nonzero()[0][-1]) for mark in dots} == {len(spec.activations) + 1}


def test_the_points_drawn_are_those_whose_turn_it_is(filmed):
    spec, apart, header, body = filmed
    plane = [mark for mark in header["panels"][1]["marks"] if mark["kind"] == "dots"][-1]
    low, high = array_of(plane["corners"], body)
    places = low + array_of(plane["places"], body)[0] / 65_535 * (high - low)
    inputs = examples_of(spec, None)[0].x[apart.rows]
    inside = (np.abs(inputs) <= high).all(axis=1)
    assert inside.any()
    np.testing.assert_allclose(features(places, spec.features)[inside], inputs[inside], atol=2e-3)


@claim("feedforward", "slow.batch", "slow.loss", "slow.after", "slow.how")
def test_the_losses_told_are_those_of_keras(filmed):
    """The mean loss before the step is that of the Keras network with the starting weights; the bars are its examples."""
    spec, apart, header, body = filmed
    model, examples = models.build(spec), examples_of(spec, None)[0]
    model.set_weights(begun(spec).weights)
    said = header["moments"]
    assert f"{len(apart.rows)} " in said[0]
    assert digits(apart.losses.mean()) in said[len(spec.activations) + 1]
    assert digits(apart.losses_after.mean()) in said[-1]
    theirs = objective_of(spec).loss(examples.y[apart.rows], model(examples.x[apart.rows]))
    np.testing.assert_allclose(apart.losses, np.asarray(theirs), rtol=1e-4, atol=1e-6)
    before, after = [mark for mark in header["panels"][2]["marks"] if mark["kind"] == "lines"]
    heights = array_of(before["places"], body)[..., 1, 1]
    top = array_of(before["corners"], body)[1, 1]
    assert not heights[: len(spec.activations) + 1].any()
    np.testing.assert_allclose(heights[-1] / 65_535 * top, apart.losses[: slow.MOST_BARS], atol=1e-4 * top)
    assert array_of(after["places"], body)[:-1, :, 1, 1].any() == 0


def test_without_own_points_there_is_no_batch_to_be_seen():
    at = at_page("feedforward", "en", points_dataset="own")
    assert not [button for button in at.button if button.key == slow.MOTION.key]
