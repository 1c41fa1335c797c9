"""A step of training on images taken apart beside what the compiled loop of Keras makes of it, and beside differences."""

from dataclasses import replace

import numpy as np
import pytest

from ann_core.lessons.feedforward.slow.step import can_be_taken_apart, taken_apart
from ann_core.maths.networks import dense
from ann_core.specs import FeedForwardSpec
from ann_core.training.examples import examples_of
from ann_core.training.moments import Moment
from ann_core.training.train import train
from ann_core.training.untrained import begun

PLAIN = {"dataset": "digits", "optimiser": "sgd", "learning_rate": 0.1, "training_images": 200, "epochs": 2}
SPECS = {
    "one hidden layer": FeedForwardSpec(**PLAIN, hidden_units=(20,)),
    "three": FeedForwardSpec(**PLAIN, hidden_units=(12, 9, 7), activation="tanh", l2=0.01),
    "none": FeedForwardSpec(**PLAIN, hidden_units=(), batch_size=7),
    "shuffled": FeedForwardSpec(**PLAIN, hidden_units=(8,), shuffled_pixels=True, shuffled_labels=True, activation="silu"),
    "raw pixels": FeedForwardSpec(**PLAIN | {"learning_rate": 0.0001}, hidden_units=(8,), scale_pixels=False),
    "a changed pace": FeedForwardSpec(**PLAIN, hidden_units=(8,), legs=("1~0.02~10~0~0.01",)),
}


def the_same(layers, weights, spec, atol):
    for layer, expected in zip(layers, dense.layers(weights, spec.activations), strict=True):
        np.testing.assert_allclose(layer.kernel, expected.kernel, atol=atol)
        np.testing.assert_allclose(layer.bias, expected.bias, atol=atol)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_the_new_weights_are_those_of_the_next_checkpoint(spec):
    run, examples = train(spec), examples_of(spec)[0]
    updates = [checkpoint.epoch * checkpoint.batches + checkpoint.batch for checkpoint in run.checkpoints]
    pairs = [run.checkpoints[place : place + 2] for place, update in enumerate(updates[:-1]) if updates[place + 1] == update + 1]
    assert pairs
    for before, after in pairs[:3] + pairs[-3:]:
        the_same(taken_apart(run.spec, examples, before).after, after.weights, spec, 1e-5)


@pytest.mark.parametrize("optimiser", ["momentum", "rmsprop", "adam"])
def test_the_first_step_of_optimisers_that_remember(optimiser):
    spec = FeedForwardSpec(dataset="digits", optimiser=optimiser, momentum=0.8, epochs=1, hidden_units=(16,))
    run = train(spec)
    assert run.checkpoints[1].moment == Moment(0, 1)
    the_same(taken_apart(spec, examples_of(spec)[0], run.checkpoints[0]).after, run.checkpoints[1].weights, spec, 1e-5)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_gradients_are_differences(spec):
    """The other way: move one weight a little, and see what the mean loss does."""
    examples, checkpoint, little = examples_of(spec)[0], begun(spec), 1e-6
    apart, pace = taken_apart(spec, examples, checkpoint), spec.in_legs()[0][1]

    def loss(weights):
        moved = taken_apart(spec, examples, replace(checkpoint, weights=tuple(weights)))
        return moved.losses.mean() + pace.l2 * sum((layer.kernel**2).sum() for layer in moved.network)

    for depth, gradient in enumerate(apart.gradients):
        place = np.unravel_index(np.abs(gradient.kernel).argmax(), gradient.kernel.shape)
        for array, at, expected in ((2 * depth, place, gradient.kernel[place]), (2 * depth + 1, (1,), gradient.bias[1])):
            ends = []
            for step in (little, -little):
                weights = [weight.astype(float) for weight in checkpoint.weights]
                weights[array][at] += step
                ends.append(loss(weights))
            np.testing.assert_allclose(expected, (ends[0] - ends[1]) / (2 * little), rtol=1e-4, atol=1e-6)


def test_what_is_not_kept_cannot_be_taken_apart():
    assert can_be_taken_apart(SPECS["three"], Moment(1, 2))
    assert can_be_taken_apart(FeedForwardSpec(), Moment(0))
    assert not can_be_taken_apart(FeedForwardSpec(), Moment(0, 1))
    assert not can_be_taken_apart(FeedForwardSpec(dropout=0.2), Moment(0))
