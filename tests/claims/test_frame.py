"""What stands on the pages of several lessons: sources, curves, axes."""

import json

import numpy as np
import pandas as pd
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.charts import comparison, film
from ann_core.charts.games import stage
from ann_core.charts.networks import plane
from ann_core.charts.sequences import forecast
from ann_core.specs import GanSpec, PointsSpec
from ann_core.training.engine.tasks import Part
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
    line = plane.Curve("loss", numbers, numbers, top, ".2g")
    curves = plane.curves_panel("t", "a", ("training", "test"), [line], len(values), range(len(values)))
    figures = stage.lines_panel(
        ("t", "a"), [([stage.Line("loss", np.linspace(0, 1, len(values)), numbers, "red")], 0.0, top)], np.zeros(1), ""
    )
    stretch = forecast.Stretch(numbers, np.zeros((1, 0)), 0, len(values), ("a", "b"), (0.0, top))
    series = forecast.series_panel(("t", "a"), stretch, forecast.Names("truth", "x", "y", "z"))
    for panel in (curves, figures, series):
        line = next(mark for mark in panel.marks if isinstance(mark, film.Lines) and mark.frame is not None)
        low, high = line.corners[:, 1]
        told = low + (high - low) * line.places[0, 0, :, 1] / film.FINEST
        np.testing.assert_allclose(told, np.clip(numbers, -top, 2 * top), atol=3 * top / film.FINEST)


@claim("frame", "source.run", "source.waiting", "moment.epoch", "moment.batch")
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 99)), unique=True, max_size=60), st.integers(1, 99), st.booleans())
def test_the_source_of_a_film_names_every_moment(moments, seed, game):
    """For each moment of a film the source line names its epoch and batch, of a game its round and turn, and the examples really used."""
    data, spec = DataSource("digits", "digits", "scikit-learn", "", 1437, 360), (GanSpec if game else PointsSpec)(seed=seed)
    film_source = Source.course(
        Part(spec, np.zeros((0, 4)), data=data), [Checkpoint(epoch, (), np.zeros(0), None, batch, 100) for epoch, batch in moments]
    )
    for (epoch, batch), name in zip(moments, film_source.moments, strict=True):
        whole, part = ("round", "turn") if game else ("epoch", "batch")
        assert name == (tr(f"moment.{part}", epoch=epoch + 1, batch=batch) if batch else tr(f"moment.{whole}", epoch=epoch))
        assert film_source.text.replace("{moment}", name) == Source.training(data, str(seed), name).text
    if not moments:
        assert film_source.text == tr("source.waiting")


@claim("frame", "source.two_seeds", "source.untrained")
@given(st.integers(0, 9_999), st.integers(-1, 9_999))
def test_points_drawn_by_another_seed_are_said_to_be(seed, data_seed):
    """Where the points have a seed of their own the source names both, each in its place; else one."""
    spec, data = PointsSpec(seed=seed, data_seed=data_seed), DataSource("digits", "digits", "scikit-learn", "", 1437, 360)
    told = tr("source.two_seeds", start=seed, data=data_seed) if data_seed not in (-1, seed) else str(seed)
    assert str(seed) in told
    assert str(spec.drawn_by) in told
    assert Source.untrained(spec).text == tr("source.untrained", seed=told, moment=tr("moment.epoch", epoch=0))
    trained = Source.course(Part(spec, np.zeros((0, 4)), data=data), [Checkpoint(0, (), np.zeros(0), None)])
    assert trained.text == tr("source.run", data=tr("choice.digits"), n=1437, seed=told, moment="{moment}")
