"""A learner's own points: what works works, the rest is told."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_core.data.own.points import LEAST_ROWS, MOST_BYTES, MOST_ROWS, numeric_columns, own_points, placed_points, read_table
from ann_core.data.points import RADIUS
from ann_core.data.problem import DataProblem
from ann_core.specs import PointsSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.points import points_of
from ann_core.training.records import TrainingFailed

PUPILS = "数学,语文,录取\n" + "\n".join(f"{40 + 9 * n},{130 - 7 * n},{'是' if n % 2 else '否'}" for n in range(10))


def problem_of(content):
    with pytest.raises(DataProblem) as caught:
        read_table(content)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_header_in_chinese_is_read(encoding):
    table = read_table(PUPILS.encode(encoding))
    assert list(table.cells) == ["数学", "语文", "录取"]
    assert numeric_columns(table) == ["数学", "语文"]
    own = own_points(table, ("数学", "语文"), "录取", as_value=False)
    assert (own.labels, own.classes, len(own.points.x)) == (("否", "是"), 2, 10)
    np.testing.assert_array_equal(own.points.y, np.arange(10) % 2)


def test_the_points_fill_the_plane_and_find_their_way_back():
    own = own_points(read_table(PUPILS.encode()), ("数学", "语文"), "录取", as_value=False)
    np.testing.assert_allclose(np.abs(own.points.x).max(axis=0), RADIUS, rtol=1e-6)
    np.testing.assert_allclose(own.axes.from_plane(own.points.x)[:, 0], 40 + 9 * np.arange(10), rtol=1e-5)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_other_separators_are_read(separator):
    table = read_table(PUPILS.replace(",", separator).encode())
    assert len(table.cells.columns) == 3


def test_a_broken_row_is_left_out_and_named_by_its_line():
    lines = PUPILS.split("\n")
    lines[3] = "12,abc,是"
    lines[5] = "only one cell"
    lines[7] = "1,2,"
    own = own_points(read_table("\n".join(lines).encode()), ("数学", "语文"), "录取", as_value=False)
    assert own.dropped == (4, 6, 8)
    assert len(own.points.x) == 7


def test_five_thousand_rows_are_read_and_more_are_cut():
    text = "a,b,c\n" + "\n".join(f"{n},{n % 7},{n % 3}" for n in range(MOST_ROWS + 1))
    own = own_points(read_table(text.encode()), ("a", "b"), "c", as_value=False)
    assert (len(own.points.x), own.cut, own.classes) == (MOST_ROWS, True, 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "own_empty"),
        (b"  \n \n", "own_empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100), "own_not_text"),
        (bytes(range(128, 256)) * 3, "own_not_text"),
        (b"a,b\n1,2\n", "own_few_columns"),
        (b"1" * (MOST_BYTES + 1), "own_too_large"),
    ],
)
def test_other_files_are_refused(content, code):
    assert problem_of(content) == code


def test_columns_without_names_or_with_the_same_get_their_own():
    assert list(read_table(b"a,,a\n1,2,3\n").cells) == ["a", "#2", "a (3)"]


@pytest.mark.parametrize(
    ("text", "as_value", "code"),
    [
        ("a,b,c\n1,2,x\n2,3,y\n", False, "own_few_rows"),
        ("a,b,c\n" + "1,2,x\n" * 9, False, "own_classes"),
        ("a,b,c\n" + "\n".join(f"{n},{n},k{n}" for n in range(9)), False, "own_classes"),
        ("a,b,c\n" + "1,2,x\n" * 9, True, "own_few_rows"),
    ],
)
def test_unusable_columns_are_told(text, as_value, code):
    with pytest.raises(DataProblem) as caught:
        own_points(read_table(text.encode()), ("a", "b"), "c", as_value)
    assert caught.value.code == code


def test_a_value_lies_between_minus_one_and_one():
    text = "a,b,c\n" + "\n".join(f"{n},{n * n},{1000 + n}" for n in range(11))
    own = own_points(read_table(text.encode()), ("a", "b"), "c", as_value=True)
    np.testing.assert_allclose(own.points.y[:, 0], np.linspace(-1, 1, 11), atol=1e-6)
    assert own.classes == 0


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(content):
    try:
        table = read_table(content)
    except DataProblem:
        return
    assert len(table.cells.columns) >= 3


@given(st.lists(st.tuples(*[st.one_of(st.floats(), st.text(max_size=5)).map(str)] * 3), max_size=12))
def test_any_table_gives_points_within_the_plane_or_is_refused(rows):
    file = io.StringIO()
    csv.writer(file).writerows([("a", "b", "c"), *rows])
    try:
        own = own_points(read_table(file.getvalue().encode("utf-8", "surrogatepass")), ("a", "b"), "c", as_value=False)
    except (DataProblem, KeyError):
        return
    assert np.abs(own.points.x).max() <= RADIUS * 1.001
    assert LEAST_ROWS <= len(own.points.x) <= len(rows)


def test_placed_points_keep_their_places():
    placed = pd.DataFrame({"x1": [0.0, 1, 2, 3], "x2": [1.0, 1, 2, 2], "label": list("ACCA")})
    own = placed_points(placed)
    np.testing.assert_array_equal(own.points.x, placed[["x1", "x2"]].to_numpy(np.float32))
    assert (own.labels, own.points.y.tolist()) == (("A", "C"), [0, 1, 1, 0])


def test_own_points_are_shuffled_by_the_seed_and_must_be_there():
    own = placed_points(pd.DataFrame({"x1": np.arange(10.0), "x2": 0.0, "label": list("AB") * 5})).points
    spec = PointsSpec(dataset="own", training_share=0.5)
    orders = [points_of(spec.changed(seed=seed), own).x[:, 0].tolist() for seed in (1, 2)]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == list(range(10))
    examples, source = examples_of(spec, own)
    assert (len(examples.x), len(examples.x_val), source.name) == (5, 5, "own")
    with pytest.raises(TrainingFailed) as caught:
        examples_of(spec)
    assert caught.value.code == "no_own_points"
