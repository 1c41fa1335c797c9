from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from ann_core import models
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanSpec, PointsSpec, RecurrentSpec
from ann_core.starts import starting_weights
from ann_core.training.examples import examples_of
from ann_core.training.examples.gan import watched_noise
from ann_core.training.gan import _kept_duel
from ann_core.training.moments import Moment, epoch_order, kept_moments
from ann_core.training.records import MOST_CHECKPOINT_BYTES, Checkpoint, most_checkpoints, thinned, together
from ann_core.training.train import train
from tests.training.test_training import DIGITS, _plain

STEPWISE = {
    "points": PointsSpec(epochs=8, l2=0.001),
    "images": ConvolutionalSpec(**DIGITS, filters=(4,), dense_units=8, learning_rate=0.0003),
    "dense": FeedForwardSpec(**DIGITS, hidden_units=(16,)),
    "recurrent": RecurrentSpec(epochs=3),
    "attention": AttentionSpec(examples=500, epochs=3),
}
GAME = GanSpec(epochs=3, batch_size=16, generator_layers=(8,), discriminator_layers=(8,))


@given(st.integers(1, 5000), st.integers(1, 2000), st.integers(1, 20_000_000), st.sampled_from((0.25, 0.5)))
def test_moments_are_few_and_keep_both_ends(epochs, batches, nbytes, early):
    most = most_checkpoints(nbytes)
    kept = kept_moments(epochs, batches, most, early)
    assert kept[0] == Moment(0)
    assert kept[-1] == Moment(epochs)
    assert len(kept) <= most
    assert most == 2 or most * nbytes <= MOST_CHECKPOINT_BYTES
    assert all(first < second for first, second in pairwise(kept))
    assert all(0 <= moment.batch < batches for moment in kept)


@given(st.integers(1, 5000), st.integers(1, 2000), st.integers(7, 60))
def test_half_of_the_moments_lie_within_the_first_hundred_updates(epochs, batches, most):
    kept = kept_moments(epochs, batches, most)
    updates = np.array([moment.epoch * batches + moment.batch for moment in kept])
    if epochs * batches < most:
        assert updates.tolist() == list(range(epochs * batches + 1))
        return
    early = np.count_nonzero((updates > 0) & (updates <= 100))
    assert early >= (most - 1) // 2
    gaps = np.diff(updates[updates <= 100])
    if batches > 100:
        assert (np.diff(gaps) >= -1).all(), "they grow apart, but for rounding"
    assert all(moment.batch == 0 for moment, update in zip(kept, updates, strict=True) if update > 100)


@pytest.mark.parametrize("spec", [FeedForwardSpec(), ConvolutionalSpec()], ids=lambda spec: spec.experiment)
def test_the_film_of_the_default_images_has_moments_enough(spec):
    """With a test set of 10,000, the largest there is: a byte and a float for each image."""
    nbytes = sum(weight.nbytes for weight in models.build(spec).get_weights()) + 5 * 10_000
    assert len(kept_moments(spec.epochs, -(-spec.training_images // spec.batch_size), most_checkpoints(nbytes))) >= 24


@pytest.mark.parametrize("spec", [pytest.param(spec, id=name) for name, spec in STEPWISE.items()])
def test_a_moment_within_an_epoch_is_that_of_keras_after_so_many_batches(spec):
    """Weights, and the answers to the examples held out, as far as they were asked for."""
    run = train(spec)
    model, examples = _plain(spec)
    kept = {checkpoint.moment: checkpoint for checkpoint in run.checkpoints if checkpoint.epoch < 2}
    assert sum(moment.batch > 0 for moment in kept) >= 5
    looked_at = examples.looked_at[0]
    for epoch in range(2):
        order = epoch_order(spec.seed, epoch, len(examples.x))
        for batch in range(run.checkpoints[0].batches):
            if checkpoint := kept.get(Moment(epoch, batch)):
                for found, expected in zip(checkpoint.weights, model.get_weights(), strict=True):
                    np.testing.assert_allclose(found, expected, atol=1e-5 * max(1, np.abs(expected).max()) * (1 + epoch))
                outputs = np.asarray(model(looked_at[: len(checkpoint.predicted)]))
                if checkpoint.confidence is None:
                    np.testing.assert_allclose(checkpoint.predicted, outputs, atol=1e-4)
                elif outputs.shape[-1] > 1:
                    np.testing.assert_allclose(checkpoint.confidence, outputs.max(axis=-1), atol=1e-4)
            rows = order[batch * spec.batch_size : (batch + 1) * spec.batch_size]
            model.train_on_batch(examples.x[rows], examples.y[rows])


def test_a_moment_within_a_round_is_that_of_so_many_turns():
    """Each turn a call of its own, by the same rules; compiled too, for else other numbers are drawn."""
    run, (examples, _) = train(GAME), examples_of(GAME)
    kept = {checkpoint.moment: checkpoint for checkpoint in run.checkpoints}
    assert sum(moment.batch > 0 for moment in kept) >= 5
    duel = _kept_duel(GAME)
    duel.begin(starting_weights(GAME), GAME)

    @tf.function(jit_compile=True, autograph=False)
    def play(turn):
        plays = tf.constant(True)
        for step in range(GAME.discriminator_steps):
            duel._discriminator_turn(examples.x, GAME.seed, turn * GAME.discriminator_steps + step, GAME.penalty, plays)
        duel._generator_turn(GAME.seed, turn, plays)

    for turn in range(12):
        if checkpoint := kept.get(Moment(0, turn)):
            still = duel.still(watched_noise(GAME))
            for found, expected in zip(checkpoint.weights, still.weights, strict=True):
                np.testing.assert_allclose(found, expected, atol=1e-5)
            np.testing.assert_allclose(checkpoint.predicted, still.outputs, atol=1e-4)
        play(tf.constant(turn))


def _bare(moments, batches):
    return tuple(Checkpoint(epoch, (np.zeros(9),), np.zeros(1), None, batch, batches) for epoch, batch in moments)


def test_runs_of_different_batches_are_shown_at_the_same_shares_of_an_epoch(small_run):
    fine = replace(small_run, checkpoints=_bare([(0, 0), (0, 5), (0, 10), (1, 0), (4, 0)], 20))
    coarse = replace(small_run, checkpoints=_bare([(0, 0), (0, 1), (1, 0), (2, 0), (4, 0)], 2))
    leading, (_, shown) = together(fine, coarse)
    assert leading == fine.checkpoints
    assert [checkpoint.moment for checkpoint in shown] == [(0, 0), (0, 0), (0, 1), (1, 0), (4, 0)]


def test_of_too_many_checkpoints_early_ones_and_ends_stay():
    moments = sorted({*(Moment(0, batch) for batch in range(1, 60)), *(Moment(epoch) for epoch in range(101))})
    left = [checkpoint.moment for checkpoint in thinned(_bare(moments, 80))]
    assert len(left) <= 60
    assert left[0] == Moment(0)
    assert left[-1] == Moment(100)
    assert sum(moment.epoch == 0 for moment in left) >= 20
