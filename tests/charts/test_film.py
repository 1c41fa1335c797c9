"""What is packed for the browser is what was drawn."""

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ann_core.charts import film
from ann_core.charts.networks import plane

FORMAT = json.loads((Path(film.__file__).parent / "format.json").read_text(encoding="utf-8"))
ARRAYS = {"u1", "i1", "u2", "f4"}
MARKS = (
    film.Picture,
    film.Dots,
    film.Lines,
    film.Links,
    film.Cursor,
    film.Cells,
    film.Window,
    film.Neuron,
    film.Words,
    film.Network,
    film.Spot,
    film.Sweep,
    film.Stroll,
    film.Place,
    film.Contours,
    film.Mesh,
    film.Tokens,
    film.Numbers,
    film.Labels,
    film.Hatch,
    film.Station,
)


def unpacked(content):
    """A record and what stands behind it; where it is a film, with what goes without saying."""
    length = int.from_bytes(content[:4], "little")
    described = json.loads(content[4 : 4 + length])
    for panel in described.get("panels", []):
        panel["marks"] = [json.loads(json.dumps(film.DEFAULTS["marks"].get(mark["kind"], {}))) | mark for mark in panel["marks"]]
        panel.update(json.loads(json.dumps(film.DEFAULTS["panel"])) | panel)
    return described, content[4 + length :]


def array_of(described, body):
    kind = np.dtype(described["type"])
    return np.frombuffer(body, kind, int(np.prod(described["shape"])), described["place"]).reshape(described["shape"])


def test_what_several_panels_show_is_sent_once():
    curve = film.Lines(film.Box(0, 0, 1, 1), film.places(np.random.default_rng(1).random((9, 1, 200, 2)), 0, 1))
    panels = [film.Panel("title", "alt", 5, 6, [curve], choice=name) for name in "abc"]
    header, body = unpacked(film.packed(panels, ["始"] * 9, {}, "name", play=True))
    assert len(body) == curve.places.nbytes
    for panel in header["panels"]:
        np.testing.assert_array_equal(array_of(panel["marks"][0]["places"], body), curve.places)


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


@given(arrays.arrays(np.float64, (1, 2, 5, 2), elements=st.floats(-9, 9)))
def test_lines_that_leave_their_frame_keep_their_places(points):
    lines = film.Lines.leaving(film.Box(10, 20, 30, 40), points, -3.0, 3.0)
    low, high = lines.corners
    np.testing.assert_allclose(low + (high - low) * lines.places / film.FINEST, points, atol=9.1 / film.FINEST)
    at = np.array([lines.box.x, lines.box.y]) + np.array([lines.box.width, lines.box.height]) * [0.5, 0.5]
    np.testing.assert_allclose(at, [25, 40])  # the middle stays where it was
    assert lines.frame == film.Box(10, 20, 30, 40)


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


def one_of_each():
    box, shades = film.Box(1, 2, 3.5, 4), np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    at = film.places(np.arange(8).reshape(2, 2, 2), 0, 7)
    return [
        film.Picture(box, shades, greatest=np.array([1, 2], np.float32), across=("a", "b", "c"), main=True, spanned=True),
        film.Dots.at(box, np.arange(8.0).reshape(2, 2, 2), 0, 7, np.array([0, 255], np.uint8), held_out=True, strays=True, numbered=True),
        film.Lines(box, at[:, None], dashed=True, headed=True),
        film.Lines.leaving(box, np.arange(8.0).reshape(1, 2, 2, 2), 0, 4),
        film.Links(np.ones((2, 4), np.float32), np.array([[-127, 127]], np.int8), 2, quiet=True),
        film.Links(np.ones((1, 4), np.float32), np.ones((1, 1), np.int8), 1, weights=np.ones((1, 1), np.float32)),
        film.Tokens(box, at, np.ones((2, 2), np.float32), 9.0, 2.0, round=True),
        film.Numbers(["f·c"], [(1, 2.5)], np.ones((2, 1), np.float32), "left"),
        film.Labels(box, at, ["始", ""], ["#123456", "#654321"]),
        film.Contours(box, shades, [10.0, 200.0]),
        film.Mesh(box, np.repeat(at[:, :, None], 2, axis=2), shades[:, :1, :1], box),
        film.Network(["x1"], ["tanh"], 6.0, ["x₁", "x₂"], np.ones((2, 2), np.float32), True, ["始"]),
        film.Spot(box, 1, np.ones((1, 2), np.float32), np.ones((2, 2), np.float32)),
        film.Place(box, "value", 1, 3),
        film.Place(box, "", 2, 3, leads=True),
        film.Cursor(box, np.array([0, film.FINEST], np.uint16)),
        film.Cells(box, shades.astype(np.float32), shades, digits=1, down=["始", ""]),
        film.Window(box, at, 2, 3),
        film.Sweep.over([box, box], 2, 3, 2),
        film.Stroll(box, at[:1]),
        in_the_hand((1.0, -2.0, 0.5)),
        film.Hatch(box, shades % 2),
        film.Station(box, 1, ["{0}", "始"], np.ones((2, 1), np.float32), "end"),
        film.Words(["←"], [(1, 2.5)], size=9, bound=True),
    ]


def in_the_hand(numbers, **options):
    """A tanh over the plane from -2 to 2, with two corners."""
    parts = {"most": 5.0, "step": 0.05, "reach": 2.0, "farthest": 25.0, "middle": 0.0, "full": None}
    parts |= {"corners": [(0.0, 0.0), (1.0, 1.0)], "wanted": [0.0, 1.0], "maps": ["a", "b"], "links": "w", "square": "c"}
    answers = np.tanh(np.linspace(-25, 25, 1001)).astype(np.float32)
    return film.Neuron(film.Box(0, 0, 100, 100), numbers, answers=answers, **(parts | {"inputs": (1.0, 0.5), "here": "z"} | options))


def packed_alone(*marks):
    return film.packed([film.Panel("t", "a", 1, 1, marks)], ["m", "n"], {"play": "▶"}, "n", play=False)


def test_the_format_has_every_field_of_every_mark_and_of_a_panel():
    assert {mark.kind: {field.name for field in fields(mark)} for mark in MARKS} == {
        kind: set(described) for kind, described in FORMAT["marks"].items()
    }
    assert {field.name for field in fields(film.Panel)} == set(FORMAT["panel"])
    assert {type(mark) for mark in one_of_each()} == set(MARKS)


def test_whoever_knows_the_format_can_read_a_film():
    def read(described, expected, body):
        assert set(described) == set(expected)
        stored = {name for name, types in expected.items() if ARRAYS & set(types.split("|")) and isinstance(described[name], dict)}
        assert all(described[name]["type"] in expected[name].split("|") for name in stored)
        return {name: array_of(part, body) if name in stored else part for name, part in described.items()}

    marks = one_of_each()
    header, body = unpacked(packed_alone(*marks))
    content = read(header, FORMAT["header"], body)
    assert (content["version"], content["begin"], content["moments"]) == (FORMAT["version"], 1, ["m", "n"])
    panel = read(content["panels"][0], FORMAT["panel"], body)
    for mark, described in zip(marks, panel["marks"], strict=True):
        found = read(described, {"kind": "text"} | FORMAT["marks"][mark.kind], body)
        for field in fields(mark):
            value = getattr(mark, field.name)
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(found[field.name], value, strict=True)
            else:
                assert found[field.name] == json.loads(json.dumps(value))


@dataclass(frozen=True)
class Blinking(film.Cursor):
    blinks: bool = True


class Unheard(film.Cursor):
    kind = "unheard"


PICTURE, *_, CURSOR, CELLS, WINDOW, _, _, _, _, _, WORDS = one_of_each()


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (replace(PICTURE, frames=PICTURE.frames.astype(int)), "mark picture, field frames: expected u1, came i8"),
        (replace(PICTURE, greatest=np.ones(2)), r"mark picture, field greatest: expected number\|f4, came f8"),
        (replace(PICTURE, across=np.array(["a"])), "mark picture, field across: expected texts, came U1"),
        (replace(PICTURE, box=(1, 2, 3)), r"mark picture, field box: expected box, came \(1, 2, 3\)"),
        (replace(PICTURE, main=1), "mark picture, field main: expected flag, came 1"),
        (replace(CELLS, values=CELLS.values.astype(">f4")), "mark cells, field values: expected f4, came >f4"),
        (replace(WINDOW, rows=True), "mark window, field rows: expected number, came True"),
        (replace(WORDS, texts="ab"), "mark words, field texts: expected texts, came 'ab'"),
        (Blinking(CURSOR.box, CURSOR.places), "mark cursor, field blinks: unknown"),
        (Unheard(CURSOR.box, CURSOR.places), "no mark of the kind unheard"),
    ],
)
def test_a_mark_that_is_not_as_the_format_says_is_refused(mark, said):
    with pytest.raises(ValueError, match=said):
        packed_alone(mark)
