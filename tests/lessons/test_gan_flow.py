"""One step of a game as a flow of data: what goes through its pictures is what Keras computes, before and after."""

from functools import cache

import keras
import numpy as np
import pytest

from ann_core.charts.games import flow as panels
from ann_core.exhibits import StepExhibit
from ann_core.lessons.gan import picture, step
from ann_core.maths.networks import gan
from ann_core.models.gan import LOSSES, discriminator, generator
from ann_core.specs import GanSpec
from ann_core.training.train import train
from ann_core.training.untrained import untrained

SMALL = GanSpec(generator_layers=(16,), discriminator_layers=(12, 8), batch_size=16, epochs=2)
CHANGES = [
    {},
    {"loss": "minimax", "activation": "tanh"},
    {"loss": "least_squares", "noise_size": 1},
    {"loss": "wasserstein", "penalty": 0.5},
]


@cache
def taken(player, number, played):
    """A step of a small game: its spec, the learners before it, the step, and its flow."""
    spec = SMALL.changed(**CHANGES[number])
    checkpoint = train(spec).final if played else untrained(spec)
    asked = StepExhibit(player=player, step_rate=0.3, points_drawn=7)
    both, made = step.turn_of(spec, checkpoint, asked, picture.real_points(spec))
    return spec, checkpoint, both, made, step.flow_of(spec, both, made, player)


def weights_of(layers):
    return [part for layer in layers for part in (layer.kernel, layer.bias)]


@pytest.mark.parametrize("played", [False, True])
@pytest.mark.parametrize("number", range(len(CHANGES)))
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_points_scores_and_costs_are_those_of_keras_before_and_after(player, number, played):
    spec, checkpoint, _, made, flow = taken(player, number, played)
    forger, judge = generator(spec), discriminator(spec)
    count = len(forger.weights)
    forger.set_weights(checkpoint.weights[:count])
    judge.set_weights(checkpoint.weights[count:])
    losses = LOSSES[spec.loss]
    for moment, (forged, real) in enumerate(((made.generated, made.real), (made.generated_after, made.real_after))):
        if moment:
            forger.set_weights(weights_of(made.players.generator))
            judge.set_weights(weights_of(made.players.discriminator))
        made_by_keras = np.asarray(forger(made.noise))
        np.testing.assert_allclose(forged.points, made_by_keras, atol=1e-5)
        np.testing.assert_array_equal(flow.forged.points[moment], forged.points)
        for cloud, shown in ((forged, flow.forged), (real, flow.real)):
            scores = np.asarray(judge(cloud.points))[:, 0]
            np.testing.assert_allclose(cloud.scores, scores, atol=1e-5)
            if spec.loss in ("minimax", "non_saturating"):
                np.testing.assert_allclose(shown.beliefs[moment], np.asarray(keras.ops.sigmoid(scores)), atol=1e-5)
        told = made.loss_after if moment else made.loss
        paid = forged.costs.mean() + (real.costs.mean() if player == "discriminator" else 0)
        if player == "generator":
            assert float(losses.generator(judge(forged.points))) == pytest.approx(told, abs=1e-5)
            assert paid == pytest.approx(told, abs=1e-5)
        elif spec.loss != "wasserstein":
            asked = judge(real.points), judge(made.generated.points)
            assert float(losses.discriminator(*asked)) == pytest.approx(told, abs=1e-5)


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_the_player_who_does_not_learn_stays_and_the_other_goes_against_its_slopes(number):
    for player, resting in (("discriminator", "generator"), ("generator", "discriminator")):
        _, _, both, made, flow = taken(player, number, True)
        assert getattr(made.players, resting) is getattr(both, resting)
        assert getattr(made.players, player)[0].kernel.shape == getattr(both, player)[0].kernel.shape
        assert (flow.pulls is None) == (player == "discriminator")
        assert np.array_equal(flow.field.colours[0], flow.field.colours[1]) == (player == "generator")
        assert np.array_equal(flow.lattice.lines[0], flow.lattice.lines[1]) == (player == "discriminator")


def test_points_go_from_the_noise_over_the_field_to_the_scale_of_beliefs():
    """A numbered point is in the noise first, then among the forged ones; in the field where it is judged, then beside its belief."""
    *_, flow = taken("discriminator", 0, True)
    panel = panels.judged_panel(("t", "a"), flow, ("d", "b", "c"), ("before", "after"))
    count = flow.forged.points.shape[1]
    marks = [mark for mark in panel.marks if mark.kind == "dots" and mark.shown is None]
    assert [len(mark.values) for mark in marks] == [count, count]
    for mark, cloud in zip(marks, (flow.forged, flow.real), strict=True):
        box = mark.box
        across = box.x + box.width * mark.places[..., 0] / panels.places(np.ones(1), 0, 1)[0]
        assert (across[: panels.JUDGE] < 0).all()
        inside = panels._within(panels.FIELD, cloud.points / flow.reach)[0, :, 0]
        np.testing.assert_allclose(across[panels.JUDGE], inside, atol=0.05)
        for moment, beliefs in ((panels.LOSS, cloud.beliefs[0]), (panels.UPDATE, cloud.beliefs[1])):
            np.testing.assert_allclose(across[moment], panels.BELIEFS.x + beliefs * panels.BELIEFS.width, atol=0.05)


def test_the_table_fills_as_the_numbers_come_about():
    """Nothing is in it before it is computed; in the end there is a row for every quantity, before and after."""
    spec, _, _, made, _ = taken("generator", 0, True)
    panel = step._numbers(spec, made, "generator")
    rows = [mark for mark in panel.marks if mark.kind == "cells"]
    assert [int(row.shown.argmax()) for row in rows] == sorted(int(row.shown.argmax()) for row in rows)
    assert all(row.shown[-1] for row in rows)
    values = [row.values[0, 0] for row in rows]
    belief = gan.GAMES[spec.loss].belief
    expected = [*made.noise.T, *made.generated.points.T, made.generated.scores, belief(made.generated.scores), made.generated.costs]
    expected += [
        *made.generated_after.points.T,
        made.generated_after.scores,
        belief(made.generated_after.scores),
        made.generated_after.costs,
    ]
    np.testing.assert_allclose(np.array(values), np.array(expected), atol=1e-6)


def test_a_step_beyond_all_numbers_is_drawn():
    spec = SMALL.changed(loss="least_squares")
    asked = StepExhibit(player="discriminator", step_rate=10.0)
    content = step.film_of(spec, untrained(spec), asked, picture.real_points(spec), "name")
    assert len(content) > 1_000
