"""What is packed for the browser is what was drawn."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ann_core.charts import film
from ann_core.charts.networks import plane


def unpacked(content):
    length = int.from_bytes(content[:4], "little")
    return json.loads(content[4 : 4 + length]), content[4 + length :]


def array_of(described, body):
    kind = np.dtype(described["type"])
    return np.frombuffer(body, kind, int(np.prod(described["shape"])), described["place"]).reshape(described["shape"])


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=3, max_dims=3, max_side=5)), st.integers(1, 3))
def test_arrays_survive_the_packing(frames, count):
    marks = [film.Picture(film.Box(1, 2, 3, 4), frames) for _ in range(count)]
    marks.append(film.Lines(film.Box(0, 0, 1, 1), film.places(np.array([[[[0.25, 1.0]]]]), 0, 1)))
    header, body = unpacked(film.packed([film.Panel("title", "alt", 5, 6, marks)], ["始"], {"play": "▶"}, "name", play=True))
    for mark in header["panels"][0]["marks"][:count]:
        np.testing.assert_array_equal(array_of(mark["frames"], body), frames)
        assert mark["frames"]["place"] % 4 == 0
    np.testing.assert_array_equal(array_of(header["panels"][0]["marks"][-1]["places"], body).ravel(), [16384, 65535])
    assert header["moments"] == ["始"]


def test_the_hash_tells_films_apart():
    def hash_of(value):
        picture = film.Picture(film.Box(0, 0, 1, 1), np.full((1, 1, 1), value, np.uint8))
        return unpacked(film.packed([film.Panel("t", "a", 1, 1, [picture])], ["m"], {}, "n", play=False))[0]["hash"]

    assert hash_of(1) == hash_of(1) != hash_of(2)


def test_signed_values_end_at_the_greatest_and_zero_is_the_middle():
    values = film.signed_values(np.array([-9.0, -1, 0, 0.5, 1, np.nan]), 1.0)
    assert values.tolist() == [1, 1, 128, 192, 255, 128]
    assert film.signed_values(np.zeros(3), 0.0).tolist() == [128] * 3
    assert film.strengths(np.array([-2.0, 0, 2]), 2.0).tolist() == [-127, 0, 127]


@given(arrays.arrays(np.float64, (3, 2, 2), elements=st.floats(-9, 9)), st.floats(0.1, 9))
def test_colours_can_be_told_in_numbers_again(values, greatest):
    picture = film.Picture.signed(film.Box(0, 0, 1, 1), values, np.full((3, 1, 1), greatest))
    told = (picture.frames - 128.0) / 127 * picture.greatest[:, None, None]
    assert picture.greatest.shape == (3,)
    np.testing.assert_allclose(told, np.clip(values, -greatest, greatest), atol=greatest / 127)


@given(arrays.arrays(np.float64, (2, 5, 2), elements=st.floats(-3, 4)))
def test_places_can_be_told_in_coordinates_again(points):
    dots = film.Dots.at(film.Box(0, 0, 1, 1), points, -3.0, np.array([4.0, 5.0]), np.zeros(5, np.uint8))
    low, high = dots.corners
    np.testing.assert_allclose(low + (high - low) * dots.places / film.FINEST, points, atol=8 / film.FINEST)


def test_a_greatest_that_is_no_number_does_not_break_the_film():
    picture = film.Picture.signed(film.Box(0, 0, 1, 1), np.full((1, 1, 1), np.nan), np.nan)
    header, _ = unpacked(film.packed([film.Panel("t", "a", 1, 1, [picture])], ["m"], {}, "n", play=False))
    assert header["panels"][0]["marks"][0]["greatest"] == 0.0


def test_class_values_tell_the_class_and_how_sure():
    probabilities = np.array([[1.0, 0, 0], [0, 0, 1], [1 / 3, 1 / 3, 1 / 3], [0, 0.75, 0.25]])
    assert film.class_values(probabilities).tolist() == [63, 191, 0, 64 + 39]


@pytest.mark.parametrize("sizes", [(2, 1), (2, 4, 2, 1), (7, *[16] * 6, 4)])
def test_no_neuron_lies_on_another_and_all_on_the_panel(sizes):
    columns = [plane.Column("", np.zeros((1, size, 1, 1), np.uint8), pick="h") for size in sizes]
    panel = plane.network_panel("t", "a", columns)
    boxes = [mark.box for mark in panel.marks if isinstance(mark, film.Picture)]
    assert len(boxes) == sum(sizes)
    for number, box in enumerate(boxes):
        assert 0 <= box.x <= box.x + box.width <= panel.width
        assert 0 <= box.y <= box.y + box.height <= panel.height
        for other in boxes[:number]:
            assert abs(box.x - other.x) >= box.width or abs(box.y - other.y) >= box.height
