"""The trained cell, unrolled over a window of the series: its states, sums and answers are those of Keras."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core import models
from ann_core.lessons.recurrent import picture, unrolled
from ann_core.lessons.recurrent.unrolled import Chosen
from ann_core.specs import RecurrentSpec
from ann_core.training.train import train
from ann_core.training.untrained import untrained
from ann_core.ui import session
from tests.charts.test_film import array_of, unpacked
from tests.lessons.test_recurrent import hand_of

pytestmark = pytest.mark.usefixtures("in_english")
SMALL = {"length": 120, "epochs": 2, "window": 9}
SPECS = {
    "simple": RecurrentSpec(**SMALL, cell="simple", units=5),
    "many units": RecurrentSpec(**SMALL, cell="simple", units=20, activation="relu"),
    "gru": RecurrentSpec(**SMALL, cell="gru", units=4),
    "lstm": RecurrentSpec(**SMALL, cell="lstm", units=3, normalise=False),
    "weather": RecurrentSpec(series="seattle", epochs=1, units=3, window=6),
}


@pytest.fixture(scope="module", params=SPECS.values(), ids=SPECS.keys())
def trained(request):
    run = train(request.param)
    return run, hand_of(request.param), (untrained(request.param, None), run.final)


def states_in_keras(spec, checkpoint, window):
    """The states after every step, (steps, units)."""
    model = models.build(spec)
    model.set_weights(checkpoint.weights)
    cell = next(layer for layer in model.layers if isinstance(layer, keras.layers.RNN))
    config = cell.get_config() | {"return_sequences": True}
    whole = type(cell).from_config(config)
    whole.build((None, len(window), 1))
    whole.set_weights(cell.get_weights())
    return np.asarray(whole(window[None]))[0]


def opened(hand, moments, place, step=None, row=0):
    header, body = unpacked(picture.film_of(hand, moments, "n", False, place, step, row))
    return header, body


def cells(panel, body):
    return {mark["name"]: array_of(mark["values"], body) for mark in panel["marks"] if mark["kind"] == "cells"}


def test_states_and_answers_are_those_of_keras(trained):
    run, hand, moments = trained
    for place in (hand.spec.window, 57, len(hand.series.values) - 1):
        header, body = opened(hand, moments, place)
        window = hand.windows[0][place - hand.spec.window]
        theirs = np.stack([states_in_keras(run.spec, each, window) for each in moments])
        field = next(mark for mark in header["panels"][1]["marks"] if mark["name"] == "h")
        units = [int(name.split()[1]) - 1 for name in field["down"]]
        assert len(units) == min(run.spec.units, unrolled.MOST_UNITS)
        np.testing.assert_allclose(array_of(field["values"], body), theirs.transpose(0, 2, 1)[:, units], atol=1e-5)
        told = {name: values[:, 0, 0] for name, values in cells(header["panels"][-1], body).items()}
        said = [each.predicted[place - hand.spec.window, 0] for each in moments]
        scale = max(1.0, float(np.abs(said).max()))
        np.testing.assert_allclose(told["answer"], said, atol=1e-5 * scale)
        np.testing.assert_allclose(told["all h · w"] + told["+ bias"], told["answer"], atol=1e-5 * scale)
        np.testing.assert_allclose(told["in the series’ unit"], hand.scale.restored(told["answer"]), rtol=1e-5)
        np.testing.assert_allclose(told["what came"], hand.series.values[place], rtol=1e-6)


def test_the_sum_of_a_unit_is_made_of_what_it_reads_and_what_it_kept(trained):
    run, hand, moments = trained
    for step in (0, 4, hand.spec.window - 1):
        header, body = opened(hand, moments, 60, step, 1)
        if run.spec.cell != "simple":
            gates = cells(header["panels"][2], body)
            last = header["panels"][2]
            names = [mark["name"] for mark in last["marks"] if mark["kind"] == "cells"]
            assert names[0] == "h₋₁"
            assert names[-1] == "h"
            if run.spec.cell == "gru":
                kept = gates["update z"]
                np.testing.assert_allclose(kept * gates["h₋₁"] + (1 - kept) * gates["candidate"], gates["h"], atol=1e-5)
            else:
                np.testing.assert_allclose(gates["output o"] * np.tanh(gates["c"]), gates["h"], atol=1e-5)
            continue
        sums = {name: values[:, 0, 0] for name, values in cells(header["panels"][2], body).items() if name.endswith(": sum")}
        steps = {name: values[:, 0, 0] for name, values in cells(header["panels"][3], body).items()}
        if run.spec.units <= unrolled.MOST_UNITS:
            np.testing.assert_allclose(np.sum(list(sums.values()), axis=0), steps["x·W + h·U"], atol=1e-5)
        np.testing.assert_allclose(steps["x·W + h·U"] + steps["+ bias"], steps["z"], atol=1e-5)
        output = next(values for name, values in steps.items() if name.endswith("→"))
        activation = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[run.spec.activation]
        np.testing.assert_allclose(activation(steps["z"]), output, atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(place=st.integers(-50, 500), step=st.none() | st.integers(-5, 50), row=st.integers(-5, 50))
def test_whatever_was_picked_in_another_network_something_is_shown(place, step, row):
    hand = hand_of(SPECS["simple"])
    header, _ = opened(hand, [untrained(SPECS["simple"], None)], place, step, row)
    assert "it says" in header["moments"][0]
    assert len(header["panels"]) == 5


@pytest.fixture
def mine(monkeypatch):
    chosen = Chosen()
    monkeypatch.setattr(session, "kept", lambda key, make: chosen)
    return chosen


def test_what_is_picked_is_chosen(mine):
    unrolled.take({"pick": "value.0.400.400", "cell": [0, 222], "moment": 0})
    assert unrolled.options() == (222, None, 0)
    unrolled.take({"pick": "step", "cell": [3, 7], "moment": 0})
    assert unrolled.options() == (222, 7, 3)
    unrolled.take({"pick": "unit", "cell": [5, 0], "moment": 0})
    assert unrolled.options() == (222, 7, 5)
    unrolled.take({"pick": "value.0.1461.800", "cell": [0, 799], "moment": 0})
    assert unrolled.options() == (1460, None, 5)
    unrolled.take({"do": "out", "moment": 0})
    assert mine.place is None


@pytest.mark.parametrize(
    "said", [None, {"pick": "value.a.b.c", "cell": [0, 1]}, {"pick": "value", "cell": [0, 1]}, {"cell": "x"}, {"pick": "step"}]
)
def test_what_no_browser_of_ours_says_changes_nothing(mine, said):
    mine.place = 7
    unrolled.take(said)
    assert unrolled.options() == (7, None, 0)
