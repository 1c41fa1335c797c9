"""Breaking things: one change each, measured for real, and read without prejudice."""

from collections import Counter
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from ann_core.coaching.interventions import INTERVENTIONS, interventions
from ann_core.coaching.interventions.intervention import OUTCOMES, measured, outcome
from ann_core.experiments import SPECS
from ann_core.specs import PointsSpec
from ann_core.training.train import train

LONG = (
    *("ten_times", "no_scale", "strong_detective", "one_head", "no_penalty", "thread", "no_input_gate", "usual_start"),
    *("no_places", "longer", "no_bend", "permuted", "no_way_around", "one_filter", "no_pooling"),
    *("few_images", "hundredth"),
)
"""Seven to thirty seconds each."""


def example(record):
    """A setting in which the intervention has its known effect."""
    return SPECS[record.experiment]().changed(**record.example)


@lru_cache
def run_of(spec):
    return train(spec)


@pytest.mark.parametrize(
    "record", [pytest.param(each, id=each.name, marks=pytest.mark.slow if each.name in LONG else ()) for each in INTERVENTIONS]
)
def test_an_intervention_has_its_known_effect(record):
    intact, broken = record.pair(example(record))
    assert record.effect in record.answers
    assert record.judge(run_of(intact), run_of(broken)) == record.effect


@pytest.mark.slow
@pytest.mark.parametrize("experiment", sorted({record.experiment for record in INTERVENTIONS}))
def test_no_answer_is_right_in_more_than_half_of_the_questions(experiment):
    """Who always says the same guesses at most every other question of a lesson right."""
    truths = Counter(record.truth(*map(run_of, record.pair(example(record)))) for record in interventions(experiment).values())
    assert max(truths.values()) <= truths.total() / 2, truths


@pytest.mark.parametrize("record", INTERVENTIONS, ids=lambda record: record.name)
def test_only_what_is_named_differs(record):
    spec = example(record)
    intact, broken = record.pair(spec)
    assert set(broken.differences(intact)) == set(record.change(intact))
    assert set(intact.differences(spec)) <= set(record.setting)
    assert type(spec) is type(broken)


def test_what_is_broken_already_is_not_broken_again():
    intact, broken = interventions("points")["no_bias"].pair(PointsSpec(bias=False))
    assert intact == broken


def test_a_hundredfold_rate_stays_within_bounds():
    _, broken = interventions("points")["hundredfold"].pair(PointsSpec(learning_rate=3.0))
    assert broken.learning_rate == 10.0


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.2, "better"), (0.005, "same"), (-0.005, "same"), (-0.1, "worse"), (-0.4, "nothing"), (np.nan, "nothing")]
)
def test_an_outcome_is_read_off_the_scores(gain, expected):
    intact = run_of(PointsSpec(epochs=3))
    good, other = intact.rows.copy(), intact.rows.copy()
    good[-1, 3], other[-1, 3] = 0.75, 0.75 + gain
    assert outcome(replace(intact, rows=good), replace(intact, rows=other)) == expected


@pytest.mark.parametrize(("factor", "expected"), [(0.5, "better"), (1.05, "same"), (2.0, "worse")])
def test_of_an_error_less_is_better(factor, expected):
    run = run_of(PointsSpec.preset("hills").changed(epochs=50))
    rows = run.rows.copy()
    rows[-1, 3] *= factor
    assert outcome(run, replace(run, rows=rows)) == expected
    assert expected in OUTCOMES


def test_figures_are_those_of_the_runs():
    intact, broken = run_of(PointsSpec(epochs=3)), run_of(PointsSpec(epochs=3, layers=()))
    found = measured(intact, broken)
    assert found["intact"] == intact.history["val_accuracy"].iloc[-1]
    assert found["broken_training"] == broken.history["accuracy"].iloc[-1]
    assert found["intact_loss"] == intact.history["loss"].iloc[0]
    assert (found["epochs"], found["images"]) == (3, 350)
