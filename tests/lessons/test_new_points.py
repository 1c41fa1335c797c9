"""Other points and another start are two things; as long as the data have no seed of their own, all is as it was."""

import numpy as np
import pytest

from ann_core.data import points
from ann_core.lessons.feedforward.plane.anew import with_other_data, with_other_start
from ann_core.spec import bounds
from ann_core.specs import PointsSpec
from ann_core.starts.points import starting_weights
from ann_core.training.examples.points import points_of
from ann_core.training.train import train
from ann_core.ui.language import LANGUAGES
from tests.claims.opened import at_page

TOP = int(bounds(PointsSpec, "seed").high)
OWN = points.Points(np.random.default_rng(1).random((40, 2), np.float32), np.arange(40, dtype=np.uint8) % 2)
SPECS = [
    PointsSpec(seed=3),
    PointsSpec(seed=0, rare=0.2, dataset="four"),
    PointsSpec(seed=TOP, dataset="hills"),
    PointsSpec(seed=4, data_seed=TOP),
    PointsSpec(seed=4, data_seed=0),
    PointsSpec(seed=2, dataset="own"),
]


def drawn(spec):
    return np.column_stack(points_of(spec, OWN if spec.dataset == "own" else None))


def alike(first, second):
    return all(np.array_equal(one, other) for one, other in zip(starting_weights(first), starting_weights(second), strict=True))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key()[-60:])
def test_new_data_are_other_points_and_nothing_else(spec):
    other = with_other_data(spec)
    assert not np.array_equal(drawn(other), drawn(spec))
    assert other.differences(spec) == ("data_seed",)
    assert alike(other, spec)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key()[-60:])
def test_a_new_start_has_other_weights_on_the_same_points(spec):
    other = with_other_start(spec)
    np.testing.assert_array_equal(drawn(other), drawn(spec))
    assert other.seed != spec.seed
    assert not alike(other, spec)
    again = with_other_start(other)
    np.testing.assert_array_equal(drawn(again), drawn(spec))


def test_without_a_seed_of_their_own_points_follow_the_seed():
    """Links, presets, and figures from before keep their numbers."""
    for seed in (1, 2):
        np.testing.assert_array_equal(points_of(PointsSpec(seed=seed)).x, points.points("admission", 500, 0.1, seed).x)
        np.testing.assert_array_equal(points_of(PointsSpec(seed=9, data_seed=seed)).x, points.points("admission", 500, 0.1, seed).x)
    assert PointsSpec(seed=5).to_query() == {"points_seed": "5"}


def test_a_run_follows_the_seed_of_its_data():
    spec = PointsSpec(points=60, layers=("3-tanh",), epochs=2)
    first, same, other = (train(spec.changed(**changes)) for changes in ({}, {"data_seed": spec.seed}, {"data_seed": 8}))
    np.testing.assert_array_equal(first.rows, same.rows)
    assert first.data.fingerprint == same.data.fingerprint != other.data.fingerprint
    for begun, also in zip(first.checkpoints[0].weights, other.checkpoints[0].weights, strict=True):
        np.testing.assert_array_equal(begun, also)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_set_the_settings_at_once(language):
    at = at_page("feedforward", language, points_seed="6")
    at.button("points_new_start").click().run()
    assert (at.number_input("points_seed").value, at.number_input("points_data_seed").value) == (7, 6)
    at.button("points_new_data").click().run()
    assert (at.number_input("points_seed").value, at.number_input("points_data_seed").value) == (7, 7)
    assert not at.exception
    assert at.query_params["points_data_seed"] == "7"
