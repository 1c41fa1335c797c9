"""What is said of a token's way through the block of attention."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.lessons.attention import picture
from ann_core.lessons.attention.block import Cell, Cut, Number
from ann_core.lessons.attention.network import passes
from ann_core.specs import AttentionSpec
from ann_core.training.untrained import begun
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim

SPEC = st.builds(
    AttentionSpec,
    task=st.sampled_from(["copy", "reverse", "sort", "look_up", "dates"]),
    heads=st.sampled_from([1, 2, 4]),
    blocks=st.sampled_from([1, 2]),
    model_width=st.sampled_from([8, 16]),
    feed_forward=st.sampled_from([0, 12]),
    positions=st.sampled_from(["none", "waves", "learned"]),
    norm=st.booleans(),
    residual=st.booleans(),
    scaled=st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(spec=SPEC, share=st.floats(0, 1), head=st.integers(0, 3))
@claim("attention", "block.way", "block.way.alt", "block.head", "block.head.alt", "block.told", "block.hidden", "block.embedding")
@claim("attention", "block.position", "block.norm", "block.around", "block.attention", "block.dense", "block.answer", "block.how")
def test_the_stations_told_are_those_that_the_network_has(spec, share, head):
    """A norm, a way around and dense layers are stations where there are such; the answer stands where this token answers.

    The share told is that of the cell, and every softmax adds up to one.
    """
    moment = begun(spec)
    (found,) = passes(spec, [moment], picture.example(spec).tokens)
    layer = round(share * (len(found.looks) - 1))
    _, asking, asked = (size - 1 for size in found.looks[layer].weights.shape[1:])
    cell = Cell(layer, head % spec.heads, asking, asked)
    header, body = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, cell))
    _, way, looking = header["panels"]
    names = [mark["name"] for mark in way["marks"] if mark["kind"] in ("picture", "cells")]
    reads = spec.task == "dates" and layer == spec.blocks
    assert ("embedding" in names) == (layer == 0 and not reads)
    assert ("+ position" in names) == (layer == 0 and not reads and spec.positions != "none")
    assert names.count("norm") == spec.norm * (1 + bool(spec.feed_forward))
    assert names.count("+ residual") == spec.residual * (1 + bool(spec.feed_forward))
    assert ("dense, 12 units" in names) == ("dense" in names) == bool(spec.feed_forward)
    assert ("answer" in names) == (layer == len(found.looks) - 1)
    shares = next(mark for mark in looking["marks"] if mark.get("name") == "softmax")
    np.testing.assert_allclose(array_of(shares["values"], body).sum(), 1, atol=1e-5)
    weight = found.looks[layer].weights[0, cell.head, asking, asked]
    assert header["moments"][0].endswith(f"with {weight:.1%}")
    assert looking["title"].startswith(f"Head {cell.head + 1}: whom “")


@settings(deadline=None, max_examples=25)
@given(spec=SPEC, head=st.integers(0, 3))
@claim("attention", "block.cut", "block.do.link", "block.do.head", "block.do.token", "block.do.restore", "block.do.out")
def test_what_is_cut_has_no_share_and_can_be_mended(spec, head):
    """A link that is cut has the share 0; what is cut is not offered again, and mending is offered as soon as anything is cut."""
    moment, cell = begun(spec), Cell(0, head % spec.heads, 1, 1)
    said = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, cell))[0]
    deeds = ("out", "link", "head", "token", "restore")
    assert [f"do.{name}" in said["words"] for name in deeds] == [True, True, True, True, False]
    cut = Cut((cell,), (cell[:2],), (cell.asked,))
    said = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, cell, cut))[0]
    assert [f"do.{name}" in said["words"] for name in deeds] == [True, False, False, False, True]
    assert said["moments"][0].endswith("with 0.0%")
    (before,) = passes(spec, [moment], picture.example(spec).tokens)
    assert f"before you cut: {picture.answer_words(spec, before.answers[0].argmax(axis=1))} · " in said["moments"][0]


@settings(deadline=None, max_examples=25)
@given(spec=SPEC, head=st.integers(0, 3), token=st.integers(0, 3))
@claim("attention", "heads.hatched")
def test_what_nobody_may_look_at_is_hatched(spec, head, token):
    """A link that is cut, and a token that is hidden, are hatched in the maps and among the shares, and nothing else is."""
    moment, cell = begun(spec), Cell(0, head % spec.heads, 1, 1)
    whole, _ = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, cell))
    assert not [mark for panel in whole["panels"] for mark in panel["marks"] if mark["kind"] == "hatch"]
    assert "▨" not in whole["panels"][0]["title"]
    header, body = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, cell, Cut((cell,), (), (token,))))
    (found,) = passes(spec, [moment], picture.example(spec).tokens)
    maps = [array_of(mark["barred"], body)[0] for mark in header["panels"][0]["marks"] if mark["kind"] == "hatch"]
    wanted = []
    for layer, look in enumerate(found.looks):
        for number in range(spec.heads):
            barred = np.zeros(look.weights.shape[2:], np.uint8)
            barred[:, token] = 1
            if (layer, number) == cell[:2]:
                barred[1, 1] = 1
            wanted.append(barred)
    assert all(np.array_equal(*pair) for pair in zip(maps, wanted, strict=True))
    (row,) = [array_of(mark["barred"], body) for mark in header["panels"][2]["marks"] if mark["kind"] == "hatch"]
    assert set(np.flatnonzero(row)) == {1, token}
    assert "▨" in header["panels"][0]["title"]


STATIONS = (
    "embedding",
    "position",
    "coming",
    "reader",
    "norm",
    "query",
    "keys",
    "scores",
    "scores.scaled",
    "weights",
    "square",
    "rectangle",
)
LATER = ("open", "barred", "values", "mixed", "silenced", "outputs", "around", "feed_forward", "again", "answer", "scale")


@settings(deadline=None, max_examples=40)
@given(spec=SPEC, share=st.floats(0, 1), cuts=st.booleans(), silences=st.booleans())
@claim("attention", *(f"station.{name}" for name in STATIONS), *(f"station.{name}" for name in LATER))
def test_a_station_is_told_where_the_network_has_it_and_as_it_is_cut(spec, share, cuts, silences):
    """Every station of the block is told once, in the words of this network: with a scale or without, cut or whole, a square or not."""
    moment = begun(spec)
    (found,) = passes(spec, [moment], picture.example(spec).tokens)
    layer = round(share * (len(found.looks) - 1))
    _, asking, asked = (size - 1 for size in found.looks[layer].weights.shape[1:])
    cell = Cell(layer, spec.heads - 1, asking, asked)
    cut = Cut((cell,) * cuts, (cell[:2],) * silences)
    header, _ = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, cell, cut))
    told = " ".join(mark["texts"][0] for panel in header["panels"] for mark in panel["marks"] if mark["kind"] == "station")
    reads = spec.task == "dates" and layer == spec.blocks
    wanted = {
        "A table has": layer == 0 and not reads,
        "Where it stands is added": layer == 0 and not reads and spec.positions != "none",
        "the block before": layer > 0 and not reads,
        "A place of the answer asks": reads,
        "mean 0 and deviation 1": spec.norm,
        "W_Q": True,
        "divided by √": spec.scaled,
        "It is a square": not reads,
        "places of the answer ask,": reads,
        "Nobody is barred": not cuts,
        "What is hatched": cuts,
        "You have silenced": silences,
        "each times its share": not silences,
        "The way around": spec.residual,
        "Two dense layers": bool(spec.feed_forward),
        "Again a way around": spec.residual and bool(spec.feed_forward),
        "A last layer": layer == len(found.looks) - 1,
        f"Your network has {sum(weight.size for weight in moment.weights):,} numbers": True,
    }
    assert {words: told.count(words) for words in wanted} == {words: int(there) for words, there in wanted.items()}


@settings(deadline=None, max_examples=25)
@given(spec=SPEC)
@claim("attention", "whole.title", "whole.alt", "whole.coming", "whole.looking", "whole.leaving", "whole.answer", "block.do.block")
@claim("attention", "number.alt", "number.of", "number.steps")
def test_the_whole_network_is_told_layer_by_layer(spec):
    """As many rows as come in, a station for the heads and for what leaves of every layer; out of a number one comes to its block."""
    moment = begun(spec)
    (found,) = passes(spec, [moment], picture.example(spec).tokens)
    header, _ = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, None))
    told = [mark["texts"][0] for panel in header["panels"] for mark in panel["marks"] if mark["kind"] == "station"]
    rows, columns = found.stations[0].coming[0].shape
    assert sum(text.startswith(f"All {rows} tokens come in at once, a row each of {columns} numbers") for text in told) == 1
    assert sum("each of its heads" in text for text in told) == sum("hands on a row" in text for text in told) == len(found.looks)
    assert sum(f"{found.answers.shape[2]} symbols, a row for each place" in text for text in told) == 1
    header, _ = unpacked(picture.film_of(spec, [moment], np.zeros((0, 4)), "n", False, Cell(0, 0, 0, 0), Cut(), Number("query", 0, 1)))
    assert header["words"]["do.out"] == "⤢ The whole block"
    assert "do.link" not in header["words"]
