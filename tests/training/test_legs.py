"""A training whose pace changes on the way."""

import numpy as np
import pytest

from ann_core.specs import AttentionSpec, PointsSpec
from ann_core.specs.kinds import Leg
from ann_core.training.moments import Moment
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
