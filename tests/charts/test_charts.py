import json

import altair as alt
import numpy as np
import pandas as pd
import pytest

from ann_core.charts import classes, comparison, curves, functions, pixels
from ann_core.charts.networks import network
from ann_core.charts.palette import NEGATIVE, POSITIVE, diverging

HISTORY = pd.DataFrame(
    {"loss": [2.0, 1.0, np.nan], "val_loss": [2.1, np.inf, 0.5], "accuracy": [0.1, 0.2, 0.3], "val_accuracy": [0.2, 0.3, 0.4]},
    index=pd.RangeIndex(1, 4, name="epoch"),
)
NAMES = ("a", "b", "c")
IMAGES = np.arange(4 * 28 * 28).reshape(4, 28, 28).astype(np.uint8)
WORDS = ("right", "wrong")

CHARTS = {
    "learning_curve": (
        curves.learning_curve("loss", "epoch", "train", "val", 3, False),
        curves.curve_rows(HISTORY, "loss", "train", "val"),
    ),
    "learning_curve_log": (
        curves.learning_curve("loss", "epoch", "train", "val", 3, False, log=True),
        curves.curve_rows(HISTORY, "loss", "train", "val"),
    ),
    "overlay": (
        comparison.overlay("acc", "epoch", ("x", "y"), (0, 2), 3, None),
        comparison.overlay_rows({"x": HISTORY, "y": HISTORY}, "accuracy"),
    ),
    "band": (comparison.band("loss", "epoch", ("x",), (0,), 3, 2.0), comparison.band_rows({"x": np.arange(15.0).reshape(5, 3)})),
    "evidence_on_curve": (
        comparison.evidence_on_curve("loss", "epoch", "train", "val", "here", 3, 2.0),
        comparison.evidence_on_curve_rows(HISTORY, "loss", "train", "val", 2, 3),
    ),
    "evidence_in_bars": (
        comparison.evidence_in_bars("share", "unit", "odd", "even", NAMES),
        comparison.evidence_in_bars_rows(NAMES, np.array([0.0, 0.5, np.nan]), np.array([True, False, False]), ("odd", "even")),
    ),
    "class_bars": (
        classes.class_bars("p", NAMES, "one", "other"),
        classes.class_rows(NAMES, np.ones(3) / 3, np.eye(3)[0] > 0, ("one", "other")),
    ),
    "confusion": (classes.confusion("true", "said", NAMES, "n"), classes.confusion_rows(np.arange(9).reshape(3, 3), NAMES)),
    "gallery": (
        pixels.gallery(2, 2, *WORDS, "truth", "guess"),
        pixels.gallery_rows(IMAGES, np.arange(4), 2, 0, list("abcd"), list("abca"), WORDS),
    ),
    "functions": (
        functions.functions("x", "y", ("a", "b"), (0, 1), (0, 2), dashed=("b",)),
        functions.function_rows({"a": ([0, 1], [1, np.nan]), "b": ([0, 1], [0, 2])}, {"a": ([0.5], [1])}, [0.2]),
    ),
    "values_network": (
        network.values_network("weight", "value"),
        network.values_network_rows([np.ones(2), np.array([0.5, np.nan, 1]), np.ones(1)], [np.ones((2, 3)), np.ones((3, 1))]),
    ),
    "network": (network.network("i", "h", "o"), network.network_rows((784, 5, 10), ("i", "h", "o"), ("784", "5", "10"))),
}


def fields(spec):
    """All fields that a spec's encodings read."""
    if isinstance(spec, dict):
        found = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return found.union(*map(fields, spec.values()))
    return set().union(*map(fields, spec)) if isinstance(spec, list) else set()


def calculated(spec):
    """All fields that a spec computes itself."""
    return {step["as"] for layer in spec.get("layer", [spec]) for step in layer.get("transform", []) if "calculate" in step}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_valid_and_finds_its_data(name):
    spec, rows = CHARTS[name]
    complete = alt.Chart.from_dict(spec | {"data": {"values": json.loads(rows.to_json(orient="records"))}}, validate=True).to_dict()
    assert complete.get("layer") or complete["mark"]
    assert len(rows)
    assert fields(spec) <= set(rows.columns) | calculated(spec)


def test_specs_are_made_once():
    first = curves.learning_curve("loss", "epoch", "train", "val", 3, False)
    assert curves.learning_curve("loss", "epoch", "train", "val", 3, False) is first


def test_what_is_no_number_is_left_out_of_a_curve():
    rows = curves.curve_rows(HISTORY, "loss", "train", "val")
    assert rows.to_dict("list") == {"epoch": [1, 2, 1, 3], "part": ["train", "train", "val", "val"], "value": [2.0, 1.0, 2.1, 0.5]}


def test_shares_of_a_confusion_row_add_up():
    rows = classes.confusion_rows(np.array([[1, 1], [0, 0]]), ("a", "b"))
    assert rows["share"].tolist() == [0.5, 0.5, 0, 0]
    assert rows.loc[1, ["true", "predicted", "count"]].tolist() == ["a", "b", 1]


def test_signed_values_have_their_colours():
    colours = diverging(np.array([-1.0, 0.0, 1.0, np.nan]))
    hexadecimal = ["#" + bytes(colour).hex() for colour in colours]
    assert hexadecimal == [NEGATIVE, "#ffffff", POSITIVE, "#ffffff"]


def test_each_image_is_scaled_by_itself():
    values = np.array([[[0.0, 0.5]], [[0.0, -50.0]], [[0.0, 0.0]]])
    colours = pixels.signed(values)
    assert ["#" + bytes(colour).hex() for colour in colours[:, 0, 1]] == [POSITIVE, NEGATIVE, "#ffffff"]


def test_a_mosaic_puts_tiles_in_rows():
    tiles = np.stack([np.full((2, 2, 3), value, np.uint8) for value in (10, 20, 30)])
    sheet = pixels.mosaic(tiles, 2)
    assert sheet.shape == (6, 6, 3)
    assert (sheet[0, 0, 0], sheet[0, 4, 0], sheet[4, 0, 0], sheet[4, 4, 0]) == (10, 20, 30, pixels.GAP_GREY)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 784])
def test_a_drawn_layer_stays_small(size):
    rows = network.network_rows((size, 2), ("i", "o"), ("a", "b"))
    nodes = rows[(rows.what == "node") & (rows.x == 0)]
    assert len(nodes) == min(size, network.MOST_DRAWN - (size > network.MOST_DRAWN))
    assert nodes.y.is_unique
    assert ((rows.what == "dots").sum() == 1) == (size > network.MOST_DRAWN)


def test_equal_runs_lie_exactly_on_each_other():
    rows = comparison.overlay_rows({"mine": HISTORY, "pinned": HISTORY.copy()}, "accuracy")
    mine, pinned = (rows[rows["part"] == name].drop(columns="part").to_numpy() for name in ("mine", "pinned"))
    np.testing.assert_array_equal(mine, pinned)
    assert rows["part"].iloc[-1] == "mine"


def test_a_band_reaches_from_the_least_to_the_greatest():
    rows = comparison.band_rows({"x": np.array([[1.0, 5.0], [2.0, 4.0], [9.0, 6.0]])})
    assert rows[["epoch", "value", "least", "most"]].to_numpy().tolist() == [[1, 2, 1, 9], [2, 5, 4, 6]]


def test_a_few_enormous_values_do_not_flatten_the_others():
    assert comparison.calm_top([np.array([*np.linspace(0, 1, 99), 1e9, np.nan])]) < 2
    assert comparison.calm_top([]) == 1
