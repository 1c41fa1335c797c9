"""Points and series: what their rules promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_core.data import points, sequences


@pytest.mark.parametrize("kind", points.KINDS)
@given(count=st.integers(20, 500), noise=st.floats(0, 0.5), seed=st.integers(0, 9999))
def test_points_are_as_many_as_asked_for_and_of_both_classes(kind, count, noise, seed):
    x, y = points.points(kind, count, noise, seed)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((count, 2), np.float32, (count,), np.uint8)
    assert abs(int(y.sum()) - count / 2) <= 1
    again, _ = points.points(kind, count, noise, seed)
    np.testing.assert_array_equal(x, again)


def test_without_noise_a_rule_tells_the_classes_apart():
    x, y = points.points("circle", 400, 0.0, 1)
    np.testing.assert_array_equal(np.hypot(*x.T) > 3, y == 1)
    x, y = points.points("xor", 400, 0.0, 1)
    np.testing.assert_array_equal(x[:, 0] * x[:, 1] < 0, y == 1)


def test_the_arms_of_the_spiral_mirror_each_other():
    x, y = points.points("spiral", 200, 0.0, 1)
    first, second = x[y == 0], x[y == 1]
    distance = np.abs(first[:, None] + second[None]).sum(axis=2).min(axis=1)
    assert distance.max() < 1e-5


def test_the_series_of_the_article():
    values = sequences.series("sine", 100, 100.0)
    np.testing.assert_allclose(values, np.sin(np.linspace(0, 100, 100)), rtol=1e-6)
    x, y = sequences.windows(values, 10)
    assert (x.shape, y.shape) == ((90, 10, 1), (90, 1))
    np.testing.assert_array_equal(x[7, :, 0], values[7:17])
    assert y[7, 0] == values[17]


@given(length=st.integers(3, 300), window=st.integers(1, 300))
def test_every_window_is_followed_by_its_value(length, window):
    values = np.arange(length, dtype=np.float32)
    if window >= length:
        with pytest.raises(ValueError, match="shorter"):
            sequences.windows(values, window)
        return
    x, y = sequences.windows(values, window)
    assert len(x) == length - window
    np.testing.assert_array_equal(y[:, 0], x[:, -1, 0] + 1)
