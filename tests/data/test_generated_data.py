"""Points and series: what their rules promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_core.data import points, recurrent
from ann_core.specs import CLASSES


@pytest.mark.parametrize("kind", points.KINDS)
@given(count=st.integers(20, 500), noise=st.floats(0, 0.5), seed=st.integers(0, 9999))
def test_points_are_as_many_as_asked_for_and_the_same_for_the_same_seed(kind, count, noise, seed):
    x, y = points.points(kind, count, noise, seed)
    classes = points.KINDS[kind].classes
    assert (x.shape, x.dtype) == ((count, 2), np.float32)
    assert (y.shape, y.dtype) == (((count,), np.uint8) if classes else ((count, 1), np.float32))
    again = points.points(kind, count, noise, seed)
    np.testing.assert_array_equal(x, again.x)
    np.testing.assert_array_equal(y, again.y)


@pytest.mark.parametrize("kind", [kind for kind, record in points.KINDS.items() if record.classes and kind != "admission"])
@given(count=st.integers(20, 500), seed=st.integers(0, 9999))
def test_classes_are_of_one_size(kind, count, seed):
    counts = np.bincount(points.points(kind, count, 0.0, seed).y, minlength=points.KINDS[kind].classes)
    assert counts.max() - counts.min() <= 1


def test_there_is_a_rule_for_every_set_of_points_that_a_spec_can_name():
    assert {name: record.classes for name, record in points.KINDS.items()} == {name: n for name, n in CLASSES.items() if name != "own"}


def test_without_luck_admission_follows_the_rule():
    x, y = points.points("admission", 500, 0.0, 1)
    marks = points.MARKS.from_plane(x)
    np.testing.assert_allclose(marks, np.rint(marks), atol=1e-4)
    assert marks.min() >= 0
    assert marks.max() <= 150
    np.testing.assert_array_equal(points.admitted(np.rint(marks)), y == 1)
    assert 0.3 < y.mean() < 0.7


def test_the_line_of_the_rule_parts_those_admitted_from_the_others():
    line = points.admission_line()
    middles = (line[1:] + line[:-1]) / 2
    assert points.admitted(middles + 1).all()
    assert not points.admitted(middles - 1).any()


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
    values = recurrent.series("sine", 100, 100.0).values
    np.testing.assert_allclose(values, np.sin(np.linspace(0, 100, 100)), rtol=1e-6)
    x, y = recurrent.windows(values, 10)
    assert (x.shape, y.shape) == ((90, 10, 1), (90, 1))
    np.testing.assert_array_equal(x[7, :, 0], values[7:17])
    assert y[7, 0] == values[17]


@given(length=st.integers(3, 300), window=st.integers(1, 300))
def test_every_window_is_followed_by_its_value(length, window):
    values = np.arange(length, dtype=np.float32)
    if window >= length:
        with pytest.raises(ValueError, match="shorter"):
            recurrent.windows(values, window)
        return
    x, y = recurrent.windows(values, window)
    assert len(x) == length - window
    np.testing.assert_array_equal(y[:, 0], x[:, -1, 0] + 1)
