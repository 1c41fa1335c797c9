"""What every network begins with is what Keras would begin with for the same seed, and what its training begins with."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core import models
from ann_core.experiments import EXPERIMENTS, experiment_of
from ann_core.models import gan
from ann_core.starts import starting_weights
from tests.specs.test_specs import specs_of

LAST_DIGITS = 8 * np.finfo(np.float32).eps
ORTHOGONAL = 1e-3
"""Keras makes the columns of a square matrix orthogonal in float32, which loses digits where the matrix is nearly singular."""


def begun_by_keras(spec):
    """The weights that the layers of a network are given by their own initialisers."""
    weights = experiment_of(spec).network(spec).get_weights()
    return [*weights, *gan.discriminator(spec).get_weights()] if experiment_of(spec).objective is None else weights


@pytest.mark.parametrize("name", EXPERIMENTS)
@settings(max_examples=20)
@given(data=st.data())
def test_the_weights_are_those_of_kerass_initialisers(name, data):
    spec = data.draw(specs_of(EXPERIMENTS[name].spec))
    ours, theirs = starting_weights(spec), begun_by_keras(spec)
    assert [(weight.shape, weight.dtype) for weight in ours] == [(weight.shape, weight.dtype) for weight in theirs]
    for our, their in zip(ours, theirs, strict=True):
        atol = ORTHOGONAL if is_orthogonal(our) else LAST_DIGITS * max(1, np.abs(their).max())
        np.testing.assert_allclose(our, their, rtol=0, atol=atol)


def is_orthogonal(weight):
    return weight.ndim == 2 and len(weight) > 1 and np.allclose(weight @ weight.T, np.eye(len(weight)), atol=1e-5)


@pytest.mark.parametrize("record", EXPERIMENTS.values(), ids=EXPERIMENTS.keys())
def test_a_model_begins_with_ours(record):
    for preset in record.spec.presets:
        spec = record.spec.preset(preset)
        for model in (models.build(spec), models.portable(spec)):
            for weight, start in zip(model.get_weights(), starting_weights(spec), strict=record.objective is not None):
                np.testing.assert_array_equal(weight, start)


@pytest.mark.parametrize("record", EXPERIMENTS.values(), ids=EXPERIMENTS.keys())
def test_another_seed_begins_elsewhere(record):
    spec = record.spec()
    for one, other in zip(starting_weights(spec), starting_weights(spec.changed(seed=spec.seed + 1)), strict=True):
        assert not np.array_equal(one, other) or len(np.unique(one)) <= 2, "biases and scales begin as they are"
