"""What is said in the place of pictures is what is drawn in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.charts.film import Lines
from ann_core.charts.games.stage import Stage
from ann_core.data.recurrent import series
from ann_core.lessons.gan import picture as game
from ann_core.lessons.recurrent import picture
from ann_core.lessons.recurrent.at_hand import AtHand
from ann_core.lessons.recurrent.over_time import strips
from ann_core.specs import GanSpec, RecurrentSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.examples.recurrent import scale_of, training_windows
from ann_core.training.records import Checkpoint
from ann_core.ui.figures.curves import _alt
from ann_core.ui.language import tr
from tests.claims.register import claim

LAYERS = st.sets(st.sampled_from(game.EVERYTHING))


@claim("recurrent", "series.alt", "series.alt.predicted", "series.alt.held_out")
@settings(deadline=None, max_examples=30)
@given(held_out=st.sampled_from([0.0, 0.25]), length=st.integers(60, 300))
def test_of_a_series_only_what_is_drawn_is_described(held_out, length):
    """The prediction, which there always is, and a dashed line where one is drawn."""
    spec = RecurrentSpec(held_out=held_out, length=length)
    made = series("sine", length, 100.0)
    hand = AtHand(spec, made, scale_of(spec, made), training_windows(spec, made))
    checkpoints = [Checkpoint(1, (), np.zeros((len(hand.truth), 1), np.float32), None)]
    for part in ((0, None), strips.close_by(hand)):
        panel = picture.panel(hand, checkpoints, "", *part)
        lines = [mark for mark in panel.marks if isinstance(mark, Lines)]
        assert tr("series.alt.predicted") in panel.alt
        assert any(line.name in picture.names()[1:] for line in lines)
        assert (tr("series.alt.held_out") in panel.alt) == any(line.dashed for line in lines)


@claim("gan", "stage.alt", "stage.alt.nothing")
@given(layers=LAYERS)
def test_of_the_stage_the_layers_drawn_are_named_and_no_others(layers):
    """Of the five layers those that are on the stage are in its description; of an empty stage, none."""
    points = np.zeros((1, 3, 2))
    drawn = {"field": None, "real_points": points, "generated_points": points, "arrows": None, "bent_grid": None}
    drawn = {name: values if name in layers else None for name, values in drawn.items()}
    panel = game.on_stage(GanSpec(), Stage(*drawn.values()))
    there = {name for name, values in drawn.items() if values is not None}
    assert {name for name in game.EVERYTHING if tr(f"choice.{name}") in panel.alt} == there
    assert (tr("stage.alt.nothing") in panel.alt) == (not there)


@claim("recurrent", "alt.curve", "alt.curve.alone")
@pytest.mark.parametrize("held_out", [0.0, 0.25])
def test_of_a_curve_that_is_not_there_nothing_is_told(held_out):
    """Where nothing is held out there is one curve, and one figure."""
    spec = RecurrentSpec(held_out=held_out)
    said = _alt("loss", Part(spec, np.full((3, len(spec.metrics)), 0.125)), live=False)
    assert said.count("0.125") == len(spec.metrics) // 2
    assert "nan" not in said
