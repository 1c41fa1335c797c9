"""A training whose pace changes on the way."""

import numpy as np
import pytest

from ann_core.data.points import Points
from ann_core.specs import AttentionSpec, GanDigitsSpec, GanSpec, PointsSpec
from ann_core.specs.kinds import Leg
from ann_core.training.moments import Moment
from ann_core.training.records import TrainingFailed
from ann_core.training.train import train

SPEC = PointsSpec(epochs=12, optimiser="momentum")
FIRST = Leg(until=5, learning_rate=0.03, batch_size=10)


def test_up_to_the_change_nothing_is_otherwise_and_after_it_all():
    plain, changed = train(SPEC), train(SPEC.changed(legs=(FIRST,), learning_rate=0.3))
    np.testing.assert_array_equal(changed.rows[:5], plain.rows[:5])
    assert (changed.rows[5:] != plain.rows[5:]).all()


def test_a_leg_that_changes_nothing_is_none():
    np.testing.assert_array_equal(train(SPEC.changed(legs=(FIRST,))).rows, train(SPEC).rows)


def test_a_leg_equals_going_on_from_a_run_at_another_pace():
    """The other way: train the first leg alone, call its run one of the second leg's settings, and go on."""
    last = SPEC.changed(learning_rate=0.3, l2=0.01)
    begun = train(SPEC.changed(epochs=5))
    gone_on = train(last, start=type(begun)(**{**vars(begun), "spec": last.changed(epochs=5)}))
    np.testing.assert_array_equal(train(last.changed(legs=(FIRST,))).rows, gone_on.rows)


def test_another_batch_size_counts_from_its_leg_on():
    run = train(SPEC.changed(legs=(FIRST,), batch_size=50))
    np.testing.assert_array_equal(run.rows[:5], train(SPEC).rows[:5])
    assert all(not moment.batch for moment in (checkpoint.moment for checkpoint in run.checkpoints) if moment.epoch >= 5)
    assert run.final.moment == Moment(12)


@pytest.mark.parametrize("end", [3, 5, 8])
def test_a_shorter_training_is_the_beginning_of_a_longer_one(end):
    spec = SPEC.changed(legs=(FIRST,), learning_rate=0.3)
    whole, begun = train(spec), train(spec.changed(epochs=end))
    np.testing.assert_array_equal(begun.rows, whole.rows[:end])
    np.testing.assert_array_equal(train(spec, start=begun).rows, whole.rows)


def test_a_training_that_is_stopped_in_its_first_leg_ends_there():
    spec = SPEC.changed(legs=(FIRST,), learning_rate=0.3)
    assert train(spec, should_stop=lambda: True).epochs <= 5


def test_a_rate_that_warms_up_goes_on_with_its_steps():
    spec = AttentionSpec(examples=256, epochs=4, model_width=16, warm_up=6)
    leg = Leg(until=2, learning_rate=spec.learning_rate, batch_size=spec.batch_size)
    np.testing.assert_array_equal(train(spec.changed(legs=(leg,))).rows, train(spec).rows)


def test_legs_stand_in_order_and_each_end_once():
    spec = SPEC.changed(legs=("9~0.1~10~0~0", FIRST, "9~0.3~10~0~0"))
    assert [(leg.until, leg.learning_rate) for leg in spec.legs] == [(5, 0.03), (9, 0.3)]
    assert [(last, leg.learning_rate) for last, leg in spec.in_legs()] == [(5, 0.03), (9, 0.3), (12, 0.03)]


# --- games

GAME = GanSpec(generator_layers=(16,), discriminator_layers=(16,), batch_size=16, epochs=3)
CHANGES = {"target": "ring", "generator_rate": 0.003, "loss": "wasserstein", "penalty": 0.5}


def weights_after(run, epoch):
    """Those of the generator and of the discriminator at the end of a round."""
    kept = next(each for each in run.checkpoints if each.moment == Moment(epoch)).weights
    return [np.concatenate([weight.ravel() for weight in part]) for part in (kept[:4], kept[4:])]


@pytest.mark.parametrize("playing", ["generator", "discriminator"])
@pytest.mark.parametrize("spec", [GAME, GanDigitsSpec(epochs=3, generator_layers=(16,), discriminator_layers=(16,), batch_size=16)])
def test_where_one_player_is_alone_the_other_stays_as_it_is(spec, playing):
    alone = train(spec.changed(epochs=1).then(spec.changed(playing=playing), 1))
    before, after = weights_after(alone, 1), weights_after(alone, 3)
    changed = [not np.array_equal(*pair) for pair in zip(before, after, strict=True)]
    assert changed == [playing == "generator", playing == "discriminator"]
    np.testing.assert_array_equal(alone.rows[:1], train(spec.changed(epochs=1)).rows)


@pytest.mark.parametrize("changes", [CHANGES, {"discriminator_rate": 0.01}, {"playing": "generator"}])
def test_a_game_goes_on_from_a_run_as_in_one_go(changes):
    """The second leg follows on a run of the first: the same losses and points as where both are played at once."""
    begun = train(GAME.changed(epochs=2))
    whole = begun.spec.then(GAME.changed(**changes), 2).changed(epochs=5)
    further = train(whole, start=begun)
    at_once = train(whole)
    np.testing.assert_array_equal(further.rows, at_once.rows)
    np.testing.assert_array_equal(further.predictions, at_once.predictions)
    assert further.data.asked == changes.get("target", "eight_clouds")


def test_what_one_has_painted_is_neither_left_nor_taken_up_on_the_way():
    own = GAME.changed(target="own")
    assert GAME.may_turn_to(GAME.changed(target="ring", epochs=9))
    assert own.may_turn_to(own.changed(loss="minimax"))
    assert not own.may_turn_to(GAME)
    assert not GAME.may_turn_to(own)
    assert not GAME.may_turn_to(GAME.changed(seed=3, target="ring"))
    assert not GAME.may_turn_to(GAME.changed(epochs=9))


def test_a_painted_target_stays_through_all_legs():
    """Also where a link says otherwise."""
    own = Points(np.random.default_rng(1).normal(size=(200, 2)).astype(np.float32), np.zeros(200, np.uint8))
    spec = GAME.changed(target="own", epochs=1).then(GAME.changed(target="own", generator_rate=0.01), 1)
    assert train(spec, own=own).epochs == GAME.epochs
    for mixed in (spec.changed(target="ring"), GAME.changed(legs=("1~0.002~0.001~0.3~minimax~both~own",))):
        assert {leg.target for _, leg in mixed.in_legs()} == {mixed.target}
        assert train(mixed).epochs == GAME.epochs


def test_a_game_has_as_many_legs_as_a_link_may_hold():
    spec = GAME
    for until in range(1, 9):
        assert spec.may_turn_to(spec.changed(generator_rate=0.001 * (until + 1)))
        spec = spec.then(spec.changed(generator_rate=0.001 * (until + 1), epochs=20), until)
    assert GanSpec.from_query(spec.to_query()) == spec
    assert len(spec.in_legs()) == 9
    assert not spec.may_turn_to(spec.changed(generator_rate=0.5))


def test_before_the_first_round_there_is_no_leg():
    wanted = GAME.changed(generator_rate=0.01)
    assert GAME.then(wanted, 0) == wanted
    assert wanted.begins_as(GAME, 0)
    assert not wanted.begins_as(GAME.changed(seed=7), 0)


def test_another_beginning_is_refused():
    begun = train(GAME.changed(epochs=2))
    with pytest.raises(TrainingFailed) as caught:
        train(GAME.changed(epochs=1, generator_rate=0.01).then(GAME, 1).changed(epochs=4), start=begun)
    assert caught.value.code == "other_start"


def test_a_training_that_goes_on_keeps_moments_of_what_is_new():
    """However long it has gone on: about half as many as a whole one keeps, evenly, and the end."""
    begun = train(GAME.changed(epochs=60))
    further = train(GAME.changed(epochs=70), start=begun.with_last(5))
    new = [each.moment for each in further.checkpoints if each.moment > Moment(60)]
    assert new[-1] == Moment(70)
    assert len(new) >= 10
    assert further.checkpoints[0].moment == Moment(0)
    assert begun.with_last(5).checkpoints == (begun.checkpoints[0], *begun.checkpoints[-5:])
