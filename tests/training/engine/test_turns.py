"""Trainings that take turns learn what they learn alone, and none runs away."""

import numpy as np
import pytest

from ann_core.specs import RecallSpec
from ann_core.training import epochs
from ann_core.training.engine.jobs import Assignment, run_side_by_side, run_trainings
from ann_core.training.records import TrainingFailed
from ann_core.training.train import train

SPEC = RecallSpec(gap=8, units=4, examples=512, epochs=4)
RACERS = [SPEC.changed(cell="lstm"), SPEC.changed(cell="lstm", start="usual"), SPEC.changed(cell="simple")]


def never():
    return False


def test_what_is_learnt_in_turns_is_what_is_learnt_alone():
    """Two of them would share a compiled loop: the same rows, moments and weights, to the bit."""
    assignments = [Assignment(spec) for spec in RACERS]
    heard = []
    together = run_side_by_side(assignments, heard.append, never)
    for one, other in zip(together, run_trainings(assignments, lambda progress: None, never), strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)
        assert [checkpoint.moment for checkpoint in one.checkpoints] == [checkpoint.moment for checkpoint in other.checkpoints]
        for mine, its in zip(one.final.weights, other.final.weights, strict=True):
            np.testing.assert_array_equal(mine, its)
    assert {progress.attempt for progress in heard} == {heard[0].attempt}
    for index, run in enumerate(together):
        told = [progress.seconds for progress in heard if progress.index == index and progress.seconds is not None]
        assert told == sorted(told)
        assert run.seconds == told[-1]


def test_who_is_least_far_goes_on():
    """Whoever reports was not ahead of anybody when its turn began."""
    far, before = dict.fromkeys(range(len(RACERS)), 0.0), 0
    begun = dict(far)
    for progress in _heard([Assignment(spec) for spec in RACERS]):
        if progress.stage != "training":
            continue
        if progress.index != before:
            begun, before = dict(far), progress.index
        assert begun[progress.index] <= min(begun.values()) or progress.epochs == SPEC.epochs
        far[progress.index] = progress.epochs


def test_when_stopped_all_stop_at_full_epochs_and_go_on_from_there():
    heard = []
    longer = [Assignment(spec.changed(epochs=200, units=32, gap=60, examples=4_096)) for spec in RACERS]
    stopped = run_side_by_side(longer, heard.append, lambda: any(progress.epochs >= 1 for progress in heard))
    assert all(run.epochs < 200 and len(run.rows) == run.epochs for run in stopped)
    longer = max(run.epochs for run in stopped) + 1
    begun = [Assignment(run.spec.changed(epochs=longer), run) for run in stopped]
    assert [run.epochs for run in run_side_by_side(begun, lambda progress: None, never)] == [longer] * 3


def test_one_failure_ends_all():
    wrong = run_trainings([Assignment(RACERS[0])], lambda progress: None, never)[0]
    with pytest.raises(TrainingFailed):
        run_side_by_side([Assignment(SPEC.changed(epochs=200)), Assignment(RACERS[2].changed(seed=9), wrong)], lambda progress: None, never)


def _heard(assignments):
    heard = []
    run_side_by_side(assignments, heard.append, never)
    return heard


def test_what_was_stopped_before_its_first_epoch_goes_on_as_if_begun(monkeypatch):
    monkeypatch.setattr(epochs, "PAUSE_SECONDS", 0.0)
    spec = SPEC.changed(units=5)
    stopped = train(spec, should_stop=lambda: True)
    assert stopped.epochs == 0
    changed = Assignment(spec.changed(learning_rate=2 * spec.learning_rate), stopped)
    gone_on = run_side_by_side([changed, Assignment(SPEC)], lambda progress: None, never)
    np.testing.assert_array_equal(gone_on[0].rows, train(changed.spec).rows)
