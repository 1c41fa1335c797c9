"""Distorted images: what is known about them without looking."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_core.data.images import load
from ann_core.maths.inputs.distortions import DISTORTIONS

IMAGES = (load("digits").x_test[:30] / 255).astype(np.float32)


def distorted(name, level, images=IMAGES, seed=1):
    return DISTORTIONS[name].apply(images, level, seed)


def blob(side=28, width=3.0):
    """A round hill in the middle of an image: (1, side, side)."""
    squares = (np.arange(side) - (side - 1) / 2) ** 2
    return np.exp(-(squares[:, None] + squares) / (2 * width**2))[None].astype(np.float32)


@pytest.mark.parametrize("name", DISTORTIONS)
def test_the_table_is_in_order_and_its_neutral_level_changes_nothing(name):
    record = DISTORTIONS[name]
    assert record.name == name
    assert list(record.levels) == sorted(set(record.levels))
    assert record.neutral in record.levels
    found = distorted(name, record.neutral)
    np.testing.assert_array_equal(found, IMAGES)
    assert not np.shares_memory(found, IMAGES)


@pytest.mark.parametrize("name", DISTORTIONS)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2, 28, 28), (3, 5, 9), (1, 1, 1), (0, 4, 4)])
def test_shape_and_type_are_kept_and_the_images_too(name, kind, shape):
    images = np.random.default_rng(0).random(shape).astype(kind)
    before = images.copy()
    for level in (*DISTORTIONS[name].levels, np.float64(0.7)):
        found = distorted(name, level, images)
        assert (found.shape, found.dtype) == (shape, kind)
    np.testing.assert_array_equal(images, before)


@given(st.sampled_from(sorted(DISTORTIONS)), st.floats(0, 1), st.integers(0, 2**32))
def test_values_stay_between_zero_and_one(name, share, seed):
    low, *_, high = DISTORTIONS[name].levels
    for images in (IMAGES[:3], np.ones((1, 28, 28), np.float32)):
        found = distorted(name, low + share * (high - low), images, seed)
        assert found.min() >= 0
        assert found.max() <= 1


@pytest.mark.parametrize("level", [-28, -8, -3, 0, 1, 5, 40])
def test_a_whole_shift_moves_columns_and_fills_with_zeros(level):
    expected = np.zeros_like(IMAGES)
    if abs(level) < 28:
        rolled = np.roll(IMAGES, level, axis=2)
        kept = slice(max(level, 0), 28 + min(level, 0))
        expected[..., kept] = rolled[..., kept]
    np.testing.assert_array_equal(distorted("shift", level), expected)


def test_half_a_shift_averages_neighbours():
    expected = (IMAGES + distorted("shift", 1)) / 2
    np.testing.assert_allclose(distorted("shift", 0.5), expected, atol=1e-6)


@given(st.integers(0, 8))
def test_there_and_back(level):
    padded = np.pad(IMAGES[:3, 4:24, 4:24], ((0, 0), (8, 8), (8, 8)))
    np.testing.assert_array_equal(distorted("shift", -level, distorted("shift", level, padded)), padded)


@pytest.mark.parametrize("quarters", [-2, -1, 0, 1, 2, 3])
def test_quarter_turns_go_counter_clockwise(quarters):
    expected = np.rot90(IMAGES, quarters, axes=(1, 2))
    np.testing.assert_allclose(distorted("rotation", 90 * quarters), expected, atol=1e-6)


@given(st.floats(-90, 90))
def test_a_blob_in_the_middle_looks_the_same_from_all_sides(angle):
    found = distorted("rotation", angle, blob())
    np.testing.assert_allclose(found.sum(), blob().sum(), rtol=0.01)
    np.testing.assert_allclose(found, blob(), atol=0.03)


@given(st.floats(0.4, 1.6))
def test_scaling_multiplies_the_area(factor):
    found = distorted("scale", factor, blob(61))
    np.testing.assert_allclose(found.sum(), factor**2 * blob(61).sum(), rtol=0.03)


def test_twice_as_large_by_pixels():
    images = np.zeros((1, 9, 9), np.float32)
    images[0, 4, 5] = 1
    found = distorted("scale", 2, images)
    assert np.unravel_index(found.argmax(), found.shape) == (0, 4, 6)
    np.testing.assert_allclose(found[0, 4, 5:8], [0.5, 1, 0.5])


def test_thicker_is_brighter_step_by_step():
    found = [distorted("thickness", level) for level in DISTORTIONS["thickness"].levels]
    for thinner, thicker in pairwise(found):
        assert (thicker >= thinner - 1e-6).all()
        assert thicker.sum() > thinner.sum()


def test_a_dot_grows_to_a_cross_and_a_line_at_the_border_vanishes():
    dot = np.zeros((1, 5, 5), np.float32)
    dot[0, 2, 2] = 1
    cross = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.float32)
    np.testing.assert_array_equal(distorted("thickness", 1, dot)[0], np.pad(cross, 1))
    np.testing.assert_allclose(distorted("thickness", 0.5, dot)[0], (np.pad(cross, 1) + dot[0]) / 2)
    np.testing.assert_array_equal(distorted("thickness", -1, distorted("thickness", 1, dot)), dot)
    line = np.zeros((1, 5, 5), np.float32)
    line[0, 0] = 1
    assert not distorted("thickness", -1, line).any()


def test_equal_seeds_give_equal_noise():
    np.testing.assert_array_equal(distorted("noise", 0.3, seed=4), distorted("noise", 0.3, seed=4))
    assert (distorted("noise", 0.3, seed=4) != distorted("noise", 0.3, seed=5)).any()


def test_noise_has_the_deviation_asked_for():
    grey = np.full((20, 28, 28), 0.5, np.float32)
    noise = distorted("noise", 0.1, grey) - grey
    assert abs(noise.mean()) < 0.005
    np.testing.assert_allclose(noise.std(), 0.1, rtol=0.03)


@pytest.mark.parametrize("name", DISTORTIONS)
def test_a_thousand_images_take_a_moment(name):
    images = np.resize(IMAGES, (1000, 28, 28))
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        distorted(name, DISTORTIONS[name].levels[0], images)
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.05
