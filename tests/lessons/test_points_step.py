"""A step of training taken apart beside what the compiled loop of Keras makes of it, and beside differences."""

import numpy as np
import pytest

from ann_core.lessons.feedforward.slow.step import can_be_taken_apart, taken_apart
from ann_core.maths.networks import dense
from ann_core.specs import PointsSpec
from ann_core.training.examples import examples_of
from ann_core.training.moments import Moment
from ann_core.training.train import train
from ann_core.training.untrained import begun

SPECS = {
    "two classes": PointsSpec(),
    "four classes": PointsSpec(dataset="four", layers=("5-relu", "4-tanh"), l1=0.001, l2=0.01),
    "squared error": PointsSpec(dataset="three", loss="squared_error", layers=("4-sigmoid",)),
    "two, squared": PointsSpec(dataset="xor", loss="squared_error", bias=False),
    "a value": PointsSpec(dataset="hills", layers=("6-silu",), batch_size=7),
    "no hidden layer": PointsSpec(layers=(), batch_size=1),
    "balanced": PointsSpec(rare=0.2, balance=True),
    "a changed pace": PointsSpec(legs=("1~0.1~10~0~0.01",), learning_rate=0.003),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_the_new_weights_are_those_of_the_next_checkpoint(spec):
    run, examples = train(spec.changed(epochs=3)), examples_of(spec, None)[0]
    updates = [checkpoint.epoch * checkpoint.batches + checkpoint.batch for checkpoint in run.checkpoints]
    pairs = [run.checkpoints[place : place + 2] for place, update in enumerate(updates[:-1]) if updates[place + 1] == update + 1]
    assert pairs
    for before, after in pairs[:3] + pairs[-3:]:
        apart = taken_apart(run.spec, examples, before)
        for layer, expected in zip(apart.after, dense.layers(after.weights, spec.activations, spec.bias), strict=True):
            np.testing.assert_allclose(layer.kernel, expected.kernel, atol=1e-5)
            np.testing.assert_allclose(layer.bias, expected.bias, atol=1e-5)


@pytest.mark.parametrize("optimiser", ["momentum", "rmsprop", "adam"])
def test_the_first_step_of_optimisers_that_remember(optimiser):
    spec = PointsSpec(optimiser=optimiser, momentum=0.8, epochs=1)
    run = train(spec)
    apart = taken_apart(spec, examples_of(spec, None)[0], run.checkpoints[0])
    assert run.checkpoints[1].moment == Moment(0, 1)
    for layer, expected in zip(apart.after, dense.layers(run.checkpoints[1].weights, spec.activations, spec.bias), strict=True):
        np.testing.assert_allclose(layer.kernel, expected.kernel, atol=2e-5)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_gradients_are_differences(spec):
    """The other way: move one weight a little, and see what the mean loss does."""
    examples, checkpoint, little = examples_of(spec, None)[0], begun(spec), 1e-5
    apart, pace = taken_apart(spec, examples, checkpoint), spec.in_legs()[0][1]

    def loss(weights):
        moved = taken_apart(spec, examples, type(checkpoint)(0, tuple(weights), checkpoint.predicted, None))
        kernels = np.concatenate([layer.kernel.ravel() for layer in moved.network])
        return moved.losses.mean() + pace.l1 * np.abs(kernels).sum() + pace.l2 * (kernels**2).sum()

    for depth, gradient in enumerate(apart.gradients):
        array, place = depth * (2 if spec.bias else 1), (0, gradient.kernel.shape[1] - 1)
        ends = []
        for step in (little, -little):
            weights = [weight.astype(float) for weight in checkpoint.weights]
            weights[array][place] += step
            ends.append(loss(weights))
        np.testing.assert_allclose(gradient.kernel[place], (ends[0] - ends[1]) / (2 * little), atol=1e-6)


def test_what_is_not_kept_cannot_be_taken_apart():
    assert can_be_taken_apart(PointsSpec(), Moment(4, 2))
    assert can_be_taken_apart(PointsSpec(optimiser="adam"), Moment(0))
    assert not can_be_taken_apart(PointsSpec(optimiser="adam"), Moment(0, 1))
    assert not can_be_taken_apart(PointsSpec(dropout=0.2), Moment(0))
    assert not can_be_taken_apart(PointsSpec(epochs=5), Moment(5))
