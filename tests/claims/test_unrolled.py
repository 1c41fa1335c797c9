"""What is said of the cell where it is unrolled over a window of the series."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.lessons.recurrent import picture
from ann_core.specs import RecurrentSpec
from ann_core.training.untrained import untrained
from tests.charts.test_film import unpacked
from tests.claims.register import claim
from tests.claims.test_recurrent import hand_of


@settings(deadline=None, max_examples=25)
@given(
    cell=st.sampled_from(["simple", "gru", "lstm"]),
    units=st.integers(1, 20),
    window=st.integers(3, 40),
    place=st.integers(0, 399),
    row=st.integers(0, 30),
)
@claim("recurrent", "unrolled.caption", "unrolled.states", "unrolled.states.alt", "unrolled.sum", "unrolled.sum.some", "unrolled.sum.alt")
@claim("recurrent", "unrolled.gates", "unrolled.gates.alt", "unrolled.answer.alt", "unrolled.series", "series.whole.pick")
def test_an_unrolled_window_says_what_it_is(cell, units, window, place, row):
    """The caption's forecast is that of the network; as many units are shown as is said, and the one that is opened is among them."""
    spec = RecurrentSpec(cell=cell, units=units, window=window)
    hand, checkpoint = hand_of(spec), untrained(spec, None)
    header, _ = unpacked(picture.film_of(hand, [checkpoint], "n", False, place, None, row))
    at = min(max(place, window), len(hand.series.values) - 1)
    said, truth = (picture.in_unit(hand, value) for value in (hand.predicted(checkpoint)[at - window], hand.series.values[at]))
    assert header["moments"][0].endswith(f"value {at + 1}: it says {said}, what came is {truth}")
    _, states, inside, *_ = header["panels"]
    assert states["title"] == f"Its memory, step by step through {window} values"
    field = next(mark for mark in states["marks"] if mark["name"] == "h")
    shown = min(units, 12)
    assert len(field["down"]) == shown
    if cell == "simple":
        unit = field["down"][min(row, shown - 1)].removeprefix("unit ")
        some = f": {shown} of {units} states" if units > shown else ""
        assert inside["title"] == f"Unit {unit} at step {window}{some}"
        assert sum(mark["kind"] == "cells" and mark["name"].endswith(": sum") for mark in inside["marks"]) == shown + 1
    else:
        gates = {"gru": 3, "lstm": 4}[cell]
        assert inside["title"] == f"The gates at step {window}"
        assert sum(mark["kind"] == "cells" for mark in inside["marks"]) == gates + (3 if cell == "lstm" else 2)
