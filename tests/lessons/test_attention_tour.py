"""The way through a block of attention, station by station: in which order, and with which numbers."""

import numpy as np
import pytest

from ann_core.lessons.attention import picture
from ann_core.lessons.attention.block import Cell, Cut
from ann_core.lessons.attention.network import networks, passes
from ann_core.training.untrained import begun
from tests.charts.test_film import array_of, unpacked
from tests.lessons.test_attention_block import SPECS, cells_of

pytestmark = pytest.mark.usefixtures("in_english")
HEAD = ["W_Q", "W_K", "Query times", "Softmax", "That is one row", "W_V", "The values", "W_O"]
WAYS = {
    "reverse": ["A table", "Where it stands", "All numbers", *HEAD, "The way around", "Two dense", "Again", "A last layer", "That is all"],
    "two heads, two blocks": ["A table", "Where it stands", *HEAD, "The way around", "Two dense", "Again", "That is all"],
    "look up, no positions": ["A table", "All numbers", *HEAD, "The way around", "That is all"],
    "no way around": ["A table", "Where it stands", "All numbers", *HEAD, "Two dense", "A last layer", "That is all"],
    "dates": ["A table", "Where it stands", "All numbers", *HEAD, "The way around", "Two dense", "Again", "That is all"],
}


def shown(spec, cell, cut=None):
    header, body = unpacked(picture.film_of(spec, [begun(spec)], np.zeros((0, 4)), "n", False, cell, *([cut] if cut else [])))
    return header["panels"], body


def stations(panels):
    """All stations in their order, each with its panel."""
    found = [(mark, panel) for panel in panels for mark in panel["marks"] if mark["kind"] == "station"]
    return sorted(found, key=lambda pair: pair[0]["number"])


def told(panels, body):
    """What the stations say: by the beginning of the words, the numbers in them."""
    return [(mark["texts"][0], array_of(mark["values"], body)[0]) for mark, _ in stations(panels)]


@pytest.mark.parametrize("name", SPECS)
def test_the_stations_are_those_of_the_block_in_the_order_of_the_way(name):
    panels, _ = shown(SPECS[name], Cell(0, 0, 0, 1))
    found = stations(panels)
    assert [mark["number"] for mark, _ in found] == list(range(len(found)))
    assert len(found) == len(WAYS[name])
    for (mark, _), beginning in zip(found, WAYS[name], strict=True):
        assert mark["texts"][0].startswith(beginning)
    assert [mark.get("anchor", "") for mark, _ in found] == [""] * (len(found) - 1) + ["scale"]


@pytest.mark.parametrize("name", SPECS)
def test_what_is_lit_is_on_the_picture_and_around_its_strips(name):
    panels, _ = shown(SPECS[name], Cell(0, 0, 1, 1))
    for mark, panel in stations(panels):
        left, top, width, height = mark["box"]
        assert 0 <= left < left + width <= panel["width"] + 0.01
        assert 0 <= top < top + height <= panel["height"] + 0.01
    way = {mark.get("name"): mark["box"] for mark in panels[1]["marks"] if mark.get("name")}
    lit = next(mark["box"] for mark, panel in stations(panels) if panel is panels[1])
    assert lit[1] == way["embedding"][1]
    assert lit[0] == 0


@pytest.mark.parametrize("name", SPECS)
def test_their_numbers_are_those_of_the_network(name):
    spec = SPECS[name]
    moment = begun(spec)
    asked = picture.example(spec)
    (found,), (net,) = passes(spec, [moment], asked.tokens), networks(spec, [moment])
    for cell in cells_of(spec, found):
        panels, body = shown(spec, cell)
        station, look = found.stations[cell.layer], found.looks[cell.layer]
        at = lambda part: getattr(station, part)[0, cell.asking, 0]  # noqa: B023, E731
        first = look.outputs[0, cell.asking, 0]
        wanted = {
            "A table": [net.embedding[asked.tokens[min(cell.asking, len(asked.tokens) - 1)], 0]],
            "Where it stands": [
                net.embedding[asked.tokens[min(cell.asking, len(asked.tokens) - 1)], 0],
                0 if net.positions is None else net.positions[cell.asking, 0],
                at("coming"),
            ],
            "What comes in": [at("coming")],
            "A place of": [at("coming")],
            "All numbers": [at("coming"), at("ready")],
            "W_Q": [look.q[0, cell.asking, cell.head, 0]],
            "W_K": [look.k[0, cell.asked, cell.head, 0]],
            "Query times": [look.scores[0, cell.head, cell.asking, cell.asked]],
            "Softmax": [100 * look.weights[0, cell.head, cell.asking, cell.asked]],
            "That is": [],
            "W_V": [look.v[0, cell.asked, cell.head, 0]],
            "The values": [look.mixed[0, cell.asking, cell.head, 0]],
            "W_O": [first],
            "The way around": [at("coming"), first, at("looked")],
            "Two dense": [at("leaving") - (at("looked") if spec.residual else 0)],
            "Again": [at("looked"), at("leaving") - at("looked"), at("leaving")],
        }
        for text, numbers in told(panels, body):
            if text.startswith("A last layer"):
                answered = found.answers[0, cell.asking - len(station.coming[0]) + found.answers.shape[1]]
                assert numbers == pytest.approx([100 * answered.max()], abs=1e-4)
                continue
            (expected,) = (values for beginning, values in wanted.items() if text.startswith(beginning))
            np.testing.assert_allclose(numbers, expected, atol=1e-5)
            assert all(f"{{{place}}}" in text for place in range(len(numbers)))
            assert f"{{{len(numbers)}}}" not in text


def test_what_is_cut_is_told_where_it_is_cut():
    spec, cell = SPECS["reverse"], Cell(0, 0, 1, 1)
    words = lambda cut: " ".join(text for text, _ in told(*shown(spec, cell, cut)))  # noqa: E731
    assert "you have cut it" not in words(None)
    assert "you have cut it" in words(Cut((cell,)))
    panels, body = shown(spec, cell, Cut(heads=((0, 0),)))
    (silenced,) = [numbers for text, numbers in told(panels, body) if text.startswith("You have silenced")]
    assert silenced == [0]
