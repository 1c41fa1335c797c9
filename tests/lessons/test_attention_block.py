"""One token's way through the block in the network that learns, and what is cut out of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.lessons.attention import block, picture
from ann_core.lessons.attention.block import FIRST, WHOLE, Cell, Cut, Number, Opened
from ann_core.lessons.attention.network import networks, passes
from ann_core.maths.networks.attention import KnockedOut, forward
from ann_core.specs import AttentionSpec
from ann_core.training.train import train
from ann_core.training.untrained import begun
from ann_core.ui import session
from tests.charts.test_film import array_of, unpacked

pytestmark = pytest.mark.usefixtures("in_english")
SMALL = {"examples": 256, "epochs": 1}
SPECS = {
    "reverse": AttentionSpec(**SMALL),
    "two heads, two blocks": AttentionSpec(**SMALL, task="sort", heads=2, blocks=2, model_width=16, norm=False),
    "look up, no positions": AttentionSpec(**SMALL, task="look_up", positions="none", feed_forward=0),
    "no way around": AttentionSpec(**SMALL, task="copy", residual=False, positions="waves"),
    "dates": AttentionSpec(**SMALL, task="dates", heads=2),
}


@pytest.fixture(scope="module", params=SPECS.values(), ids=SPECS.keys())
def trained(request):
    run = train(request.param)
    return run, (begun(request.param), run.final)


def cells_of(spec, passed):
    """The first and the last cell of every head of every layer."""
    for layer, look in enumerate(passed.looks):
        for head in range(spec.heads):
            last = look.weights.shape[2] - 1, look.weights.shape[3] - 1
            yield from (Cell(layer, head, 0, 0), Cell(layer, head, *last))


def strips(panel, body):
    """The numbers of every strip, in order: (name, (moments, rows, columns))."""
    return [(mark["name"], array_of(mark["values"], body)) for mark in panel["marks"] if mark["kind"] in ("picture", "cells")]


def test_every_strip_is_a_station_of_the_network(trained):
    run, moments = trained
    spec, asked = run.spec, picture.example(run.spec)
    found = passes(spec, moments, asked.tokens)
    for cell in cells_of(spec, found[0]):
        header, body = unpacked(picture.film_of(spec, moments, run.rows, "n", False, cell))
        _, way, looking = header["panels"]
        stations = [each.stations[cell.layer] for each in found]
        told = strips(way, body)
        names = [name for name, _ in told]
        values = dict(told)
        start = "= x" if "= x" in values else "x"
        row = lambda name: np.stack([getattr(each, name)[0, cell.asking] for each in stations])[:, None]  # noqa: B023, E731
        np.testing.assert_allclose(values[start], row("coming"), atol=1e-5)
        if start == "= x":
            parts = values["embedding"] + values.get("+ position", 0)
            np.testing.assert_allclose(parts, values["= x"], atol=1e-5)
        looked = values["W_O · all heads"]
        if spec.residual:
            added = [values_ for name, values_ in told if name == "+ residual"]
            np.testing.assert_allclose(values[start] + looked, added[0], atol=1e-5)
            assert len(added) == 1 + bool(spec.feed_forward)
            if spec.feed_forward:
                np.testing.assert_allclose(added[0] + values["dense"], added[1], atol=1e-5)
                np.testing.assert_allclose(added[1], row("leaving"), atol=1e-5)
        elif spec.feed_forward:
            np.testing.assert_allclose(values["dense"], row("leaving"), atol=1e-5)
        assert names.count("norm") == spec.norm * (1 + bool(spec.feed_forward))
        if names[-1] == "answer":
            place = cell.asking - (len(stations[0].coming[0]) - found[0].answers.shape[1])
            np.testing.assert_allclose(values["answer"][:, 0], [each.answers[0, place] for each in found], atol=1e-5)
        head = dict(strips(looking, body))
        size = head["query"].shape[2]
        scores = (head["keys of all"] @ head["query"].transpose(0, 2, 1)).transpose(0, 2, 1) / (np.sqrt(size) if spec.scaled else 1)
        np.testing.assert_allclose(head["scores"], scores, atol=1e-4)
        growth = np.exp(scores - scores.max(axis=2, keepdims=True))
        np.testing.assert_allclose(head["softmax"], growth / growth.sum(axis=2, keepdims=True), atol=1e-5)
        np.testing.assert_allclose(head["Σ weight · value"], head["softmax"] @ head["values of all"], atol=1e-5)
        weight = found[-1].looks[cell.layer].weights[0, cell.head, cell.asking, cell.asked]
        assert header["moments"][-1].endswith(f"with {weight:.1%}")


def test_what_is_cut_is_cut_and_both_answers_are_told(trained):
    run, moments = trained
    spec, asked = run.spec, picture.example(run.spec)
    last = len(passes(spec, moments, asked.tokens)[0].looks) - 1
    cell = Cell(last, 0, 0, 1)
    cut = Cut((cell,), ((last, spec.heads - 1),))
    header, _ = unpacked(picture.film_of(spec, moments, run.rows, "n", False, cell, cut))
    for number, net in enumerate(networks(spec, moments)):
        look = forward(net, asked.tokens[None]).looks[last]
        allowed = np.ones(look.weights.shape[1:], bool)
        allowed[0, 0, 1] = False
        kept = np.ones(spec.heads)
        kept[-1] = 0
        after = forward(net, asked.tokens[None], KnockedOut({last: allowed}, {last: kept}))
        assert after.looks[last].weights[0, 0, 0, 1] == 0
        said = picture.answer_words(spec, after.answers[0].argmax(axis=1))
        before = picture.answer_words(spec, forward(net, asked.tokens[None]).answers[0].argmax(axis=1))
        assert f": {said}; before you cut: {before} · " in header["moments"][number]
        assert header["moments"][number].endswith("with 0.0%")
    assert [f"do.{name}" in header["words"] for name in ("out", "link", "head", "restore")] == [True, False, spec.heads > 1, True]


def test_nobody_looks_at_a_token_that_is_hidden(trained):
    run, moments = trained
    spec, asked = run.spec, picture.example(run.spec)
    length = len(asked.tokens)
    for net in networks(spec, moments):
        found = forward(net, asked.tokens[None], block.without(spec, Cut(tokens=(2, length + 5)), length))
        assert all((look.weights[0, :, :, 2] == 0).all() for look in found.looks)
        assert all(np.allclose(look.weights.sum(axis=-1), 1, atol=1e-5) for look in found.looks)


@settings(deadline=None, max_examples=40)
@given(st.integers(-2, 4), st.integers(-2, 5), st.integers(-3, 40), st.integers(-3, 40))
def test_cells_and_cuts_of_another_network_do_no_harm(layer, head, asking, asked):
    spec = SPECS["reverse"]
    cell = Cell(layer, head, asking, asked)
    header, _ = unpacked(picture.film_of(spec, [begun(spec)], np.zeros((0, 4)), "n", False, cell))
    within = layer == head == 0 and 0 <= asking < 8 and 0 <= asked < 8
    assert len(header["panels"]) == (3 if within else 2)
    if min(cell) >= 0:
        cut = block.without(spec, Cut((cell,), ((layer, head),)), 8)
        assert bool(cut.allowed) == within
        assert bool(cut.kept) == (layer == head == 0)


@pytest.fixture
def mine(monkeypatch):
    opened = Opened()
    monkeypatch.setattr(session, "kept", lambda key, make: opened)
    return opened


def test_the_block_is_open_from_the_beginning_and_does_what_the_browser_says(mine):
    assert block.options() == (FIRST, WHOLE, None)
    block.take({"pick": "1 0", "cell": [3, 4], "moment": 0})
    assert mine.cell == Cell(1, 0, 3, 4)
    block.take({"do": "link", "moment": 0})
    block.take({"do": "head", "moment": 0})
    block.take({"do": "token", "moment": 0})
    assert mine.cut == Cut((Cell(1, 0, 3, 4),), ((1, 0),), (4,))
    assert block.touched()
    block.take({"do": "restore", "moment": 0})
    block.take({"do": "out", "moment": 0})
    assert block.options() == (None, WHOLE, None)
    block.take({"do": "link", "moment": 0})
    assert not block.touched(), "there is nothing to cut"
    block.take({"pick": "0 0 query", "cell": [0, 1], "moment": 0})
    assert mine.number is None, "there is no block"


def test_a_click_goes_deeper_and_out_leads_back(mine):
    mine.cell = None
    block.take({"pick": "1 0 answers 4", "cell": [2, 7], "moment": 0})
    assert block.options() == (Cell(1, 0, 6, 0), WHOLE, None)
    block.take({"pick": "1 1", "cell": [3, 2], "moment": 0})
    assert block.options() == (Cell(1, 1, 3, 2), WHOLE, None)
    block.take({"pick": "1 1", "cell": [3, 2], "moment": 0})
    assert mine.number == Number("weights", 0, 2), "the cell that is open already"
    block.take({"pick": "1 1 keys", "cell": [5, 6], "moment": 0})
    assert block.options() == (Cell(1, 1, 3, 2), WHOLE, Number("keys", 5, 6))
    block.take({"do": "out", "moment": 0})
    assert block.options() == (Cell(1, 1, 3, 2), WHOLE, None)
    block.take({"do": "out", "moment": 0})
    assert block.options() == (None, WHOLE, None)
    block.take({"pick": "0 0 row", "cell": [4, 1], "moment": 0})
    assert block.options() == (Cell(0, 0, 4, 0), WHOLE, None)


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"pick": "a b", "cell": [0, 0]},
        {"pick": "0", "cell": [0, 0]},
        {"pick": "0 0", "cell": [1]},
        {"pick": "0 0 row x", "cell": [1, 1]},
        {"do": 7},
    ],
)
def test_what_no_browser_of_ours_says_changes_nothing(mine, said):
    block.take(said)
    assert block.options() == (FIRST, WHOLE, None)
