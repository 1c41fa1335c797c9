"""The depths of the picture of attention: how every number of a block comes about, and the whole network."""

import numpy as np
import pytest

from ann_core.lessons.attention import block, picture
from ann_core.lessons.attention.block import WHOLE, Cell, Cut, Number
from ann_core.lessons.attention.depths.cell import MAKINGS
from ann_core.lessons.attention.network import networks, through
from ann_core.training.untrained import begun
from tests.charts.test_film import array_of, unpacked
from tests.lessons.test_attention_block import SPECS, cells_of

pytestmark = pytest.mark.usefixtures("in_english")


def opened(spec, cell, number, cut=WHOLE):
    header, body = unpacked(picture.film_of(spec, [begun(spec)], np.zeros((0, 4)), "n", False, cell, cut, number))
    return header, body


def parts_of(spec, cell, cut=WHOLE):
    """The numbers of every part of a block, (rows, columns), as the block itself shows them."""
    header, body = opened(spec, cell, None, cut)
    marks = [mark for panel in header["panels"] for mark in panel["marks"] if mark["kind"] in ("picture", "cells") and mark.get("pick")]
    return {mark["pick"].split()[2]: array_of(mark["values"], body)[0] for mark in marks if len(mark["pick"].split()) == 3}


def sheet_of(spec, cell, number, cut=WHOLE):
    """The grids and the steps of a sheet, as they are drawn: numbers (n,) of each grid, and of the steps by their names."""
    header, body = opened(spec, cell, number, cut)
    _, *grids, steps = header["panels"]
    cells = lambda panel: [mark for mark in panel["marks"] if mark["kind"] == "cells"]  # noqa: E731
    read = lambda panel: [(mark.get("name", ""), array_of(mark["values"], body)[0].ravel()) for mark in cells(panel)]  # noqa: E731
    return (
        [np.concatenate([values for _, values in read(panel)]) for panel in grids],
        {name: values[0] for name, values in read(steps)},
        header,
    )


def judged(part, grids, steps, value):
    """The arithmetic of a sheet, done again from the numbers that it shows."""
    if len(grids) == 3:
        np.testing.assert_allclose(grids[0] * grids[1], grids[2], atol=1e-5)
        np.testing.assert_allclose(next(iter(steps.values())), grids[2].sum(), atol=1e-4)
    if part in ("weights", "answer"):
        growth = np.exp(grids[0] - grids[0].max())
        np.testing.assert_allclose(grids[1], growth, atol=1e-5)
        np.testing.assert_allclose(value, steps["e^s"] / growth.sum(), atol=1e-5)
    if part in ("ready", "prepared"):
        mean, deviation = grids[0].mean(), np.sqrt(grids[0].var() + 1e-3)
        np.testing.assert_allclose([steps["μ"], steps["σ"]], [mean, deviation], atol=1e-5)
        np.testing.assert_allclose(value, (steps["x"] - mean) / deviation * steps["γ"] + steps["β"], atol=1e-5)
    if part == "hidden":
        np.testing.assert_allclose(value, max(steps["Σ"] + steps["b"], 0), atol=1e-5)
    if part in ("looked", "leaving", "coming"):
        *parts, whole = steps.values()
        assert not parts or sum(parts) == pytest.approx(whole, abs=1e-5)


@pytest.mark.parametrize("name", SPECS)
def test_every_number_is_what_its_sheet_makes_of_what_the_block_has(name):
    spec = SPECS[name]
    (passed,) = through(networks(spec, [begun(spec)]), picture.example(spec).tokens)
    seen = set()
    for cell in list(cells_of(spec, passed))[:: spec.heads]:
        parts = parts_of(spec, cell)
        for part, values in parts.items():
            row, column = values.shape[0] - 1, values.shape[1] // 2
            grids, steps, header = sheet_of(spec, cell, Number(part, row, column))
            assert list(steps.values())[-1] == pytest.approx(values[row, column], abs=1e-5), (cell, part)
            judged(part, grids, steps, values[row, column])
            (window,) = [mark for mark in header["panels"][0]["marks"] if mark["kind"] == "window"]
            assert array_of(window["cells"], opened(spec, cell, Number(part, row, column))[1]).tolist() == [[[row, column]]]
            seen.add(part)
    assert seen <= set(MAKINGS)
    assert {"query", "keys", "scores", "weights", "values", "mixed", "outputs"} <= seen


def test_what_is_cut_counts_nothing_and_who_is_silenced_hands_over_nothing():
    spec, cell = SPECS["reverse"], Cell(0, 0, 1, 2)
    cut = Cut((cell,))
    grids, steps, header = sheet_of(spec, cell, Number("weights", 0, 2), cut)
    assert grids[1][2] == 0
    assert steps["="] == 0
    assert sum(mark["kind"] == "hatch" for panel in header["panels"] for mark in panel["marks"]) == 3
    grids, steps, _ = sheet_of(spec, cell, Number("weights", 0, 4), cut)
    growth = np.delete(np.exp(grids[0] - np.delete(grids[0], 2).max()), 2)
    assert steps["="] == pytest.approx(growth[3] / growth.sum(), abs=1e-5)
    _, steps, _ = sheet_of(spec, cell, Number("mixed", 0, 0), Cut(heads=((0, 0),)))
    assert steps["× 0"] == 0
    assert steps["Σ"] != 0


@pytest.mark.parametrize("number", [Number("nothing", 0, 0), Number("query", 1, 0), Number("query", 0, 99), Number("answer", 0, -1)])
def test_a_number_that_is_not_there_shows_the_block(number):
    header, _ = opened(SPECS["reverse"], Cell(0, 0, 0, 0), number)
    assert len(header["panels"]) == 3
    assert "do.link" in header["words"]


@pytest.mark.parametrize("name", SPECS)
def test_the_whole_network_shows_what_comes_in_and_what_leaves_each_layer(name):
    spec = SPECS[name]
    (passed,) = through(networks(spec, [begun(spec)]), picture.example(spec).tokens)
    header, body = opened(spec, None, None)
    heads, vectors = header["panels"]
    assert sum(mark["kind"] == "picture" for mark in heads["marks"]) == len(passed.looks) * spec.heads
    shown = [array_of(mark["values"], body)[0] for mark in vectors["marks"] if mark["kind"] in ("picture", "cells")]
    wanted = [passed.stations[0].coming[0], *(each.leaving[0] for each in passed.stations), passed.answers[0]]
    for values, expected in zip(shown, wanted, strict=True):
        np.testing.assert_allclose(values, expected, atol=1e-5)
    stations = sorted(mark["number"] for panel in header["panels"] for mark in panel["marks"] if mark["kind"] == "station")
    assert stations == list(range(3 + 2 * len(passed.looks)))
    picks = [mark["pick"] for mark in vectors["marks"] if mark.get("pick")]
    assert [pick.split()[2] for pick in picks] == ["row", *["made"] * len(passed.looks), "answers"]
    places = passed.looks[-1].outputs.shape[1]
    assert int(picks[-1].split()[3]) == places - passed.answers.shape[1]
    assert block.there(passed, Cell(len(passed.looks) - 1, 0, places - 1, 0))
