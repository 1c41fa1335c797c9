"""What stands on the pages of several lessons: sources, curves, axes."""

import json

import numpy as np
import pandas as pd
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.charts import comparison, film
from ann_core.charts.networks import gan, plane, recurrent
from ann_core.training.records import Checkpoint, DataSource
from ann_core.ui.figures.figure import Source
from ann_core.ui.language import tr
from tests.claims.register import claim

LOSSES = st.lists(st.integers(0, 9_000).map(lambda value: value / 1000), min_size=3, max_size=40)


def drawn(spec, rows):
    """What Vega draws of a chart: (kind of mark, its items) by mark, in the chart's own pixels."""
    whole = dict(spec) | {"data": {"values": json.loads(rows.to_json(orient="records"))}, "width": 400}

    def marks(item):
        for each in item.get("items", ()):
            if item.get("marktype") == "group" or "items" in each:
                yield from marks(each)
        if item.get("marktype") in {"line", "symbol"} and item.get("role", "mark") == "mark":
            yield item["marktype"], item["items"]

    return list(marks(vl_convert.vegalite_to_scenegraph(whole)["scenegraph"]))


def history_of(losses):
    return pd.DataFrame({"loss": losses}, index=pd.RangeIndex(1, len(losses) + 1, name="epoch"))


@claim("frame", "compare.title", "alt.compare")
@settings(max_examples=25, deadline=None)
@given(LOSSES, st.integers(500, 4_000).map(lambda value: value / 1000 + 0.0005))
def test_a_curve_beyond_its_axis_leaves_the_frame_and_is_marked(losses, top):
    """Every value keeps its true height; where a curve goes beyond the axis it is cut off by the frame, under an arrowhead."""
    spec = comparison.overlay("loss", "epoch", ("x",), (0,), len(losses), top)
    marks = drawn(spec, comparison.overlay_rows({"x": history_of(losses)}, "loss"))
    heights = np.array([item["y"] for kind, items in marks if kind == "line" for item in items])
    np.testing.assert_allclose(heights, comparison.HEIGHT * (1 - np.array(losses) / top), atol=1e-6 * comparison.HEIGHT * 9 / top)
    beyond = np.array(losses) > top
    leaves = beyond & ~np.concatenate([[False], beyond[:-1]])
    assert sum(len(items) for kind, items in marks if kind == "symbol") == leaves.sum()


@claim("frame", "compare.title", "compare.film")
def test_the_axis_of_compared_curves_holds_a_run_that_is_bad_throughout():
    """A pinned run whose loss is 4.89 is drawn at 4.89, not at the 3.0 of the others' axis."""
    assert comparison.calm_top([np.linspace(1, 0.2, 100), np.full(100, 4.89)]) >= 4.89


@claim("frame", "picture.curves.alt", "stage.figures.alt", "series.alt")
@given(st.lists(st.floats(-4, 14), min_size=3, max_size=9), st.floats(0.5, 6))
def test_lines_of_films_keep_their_true_places_beyond_their_frame(values, top):
    """A value up to a frame's height beyond it is drawn, and told in numbers, where it is; the frame cuts it off."""
    numbers = np.array(values)
    line = plane.Curve("loss", numbers, np.zeros(0), top, ".2g")
    curves = plane.curves_panel("t", "a", ("training", "test"), [line], len(values), range(len(values)))
    figures = gan.lines_panel(("t", "a"), [([gan.Line("loss", np.linspace(0, 1, len(values)), numbers, "red")], 0.0, top)], np.zeros(1), "")
    stretch = recurrent.Stretch(numbers, np.zeros((1, 0)), 0, len(values), ("a", "b"), (0.0, top))
    series = recurrent.series_panel(("t", "a"), stretch, recurrent.Names("truth", "x", "y"))
    for panel in (curves, figures, series):
        line = next(mark for mark in panel.marks if isinstance(mark, film.Lines) and mark.frame is not None)
        low, high = line.corners[:, 1]
        told = low + (high - low) * line.places[0, 0, :, 1] / film.FINEST
        np.testing.assert_allclose(told, np.clip(numbers, -top, 2 * top), atol=3 * top / film.FINEST)


@claim("frame", "source.run", "source.waiting")
@given(st.lists(st.integers(0, 2000), unique=True, max_size=60), st.integers(1, 99))
def test_the_source_of_a_film_names_the_epoch_of_every_moment(epochs, seed):
    """For each moment of a training's film the source line is that of this epoch's checkpoint, with the examples really used."""
    data = DataSource("digits", "digits", "scikit-learn", "", 1437, 360)
    film_source = Source.course(data, seed, [Checkpoint(epoch, (), np.zeros(0), None) for epoch in epochs])
    assert film_source.epochs == tuple(epochs)
    for epoch in epochs:
        assert film_source.text.replace("{epoch}", str(epoch)) == Source.training(data, seed, epoch).text
    if not epochs:
        assert film_source.text == tr("source.waiting")
