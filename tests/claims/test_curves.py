"""What is said of learning curves, wherever they are drawn."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ann_core.models import build
from ann_core.specs import FeedForwardSpec, RecurrentSpec
from ann_core.training.examples import examples_of
from ann_core.training.train import train
from ann_core.ui.language import catalogue
from tests.claims.register import claim
from tests.patience import PATIENCE

SMALL = FeedForwardSpec(training_images=300, epochs=3)


def _drawn(run):
    import streamlit as st

    from ann_core.training.engine.tasks import Part
    from ann_core.ui.figures.curves import draw_curves

    st.query_params["lang"] = "en"
    draw_curves(Part.of(run), live=False)


def said(run):
    at = AppTest.from_function(_drawn, kwargs={"run": run}, default_timeout=PATIENCE).run()
    assert not at.exception
    return {each.value for each in at.caption}


@claim("feedforward", "curve.mean", "curve.mean.dropout")
@pytest.mark.parametrize(("changes", "message"), [({}, "curve.mean"), ({"dropout": 0.5}, "curve.mean.dropout")])
def test_the_training_curve_is_not_measured_like_the_other_and_this_is_said(changes, message):
    """The same network on the same examples, measured in the end, is another figure than the curve's last one; held out it is the same."""
    run = train(SMALL.changed(**changes))
    assert catalogue("en").gettext(message) in said(run)
    examples, _ = examples_of(run.spec)
    model = build(run.spec)
    model.set_weights(run.final.weights)
    here, there = (
        float((np.argmax(model(x.astype(np.float32) / examples.divisor, training=False), axis=1) == y).mean())
        for x, y in ((examples.x, examples.y), (examples.x_val, examples.y_val))
    )
    assert run.value("val_accuracy") == pytest.approx(there, abs=1e-6)
    assert run.value("accuracy") != pytest.approx(here, abs=1e-6)


@claim("recurrent", "curve.mean")
def test_of_a_single_curve_nothing_is_said():
    """Where nothing is held out there are no two curves to compare."""
    words = catalogue("en").gettext("curve.mean")
    assert words in said(train(RecurrentSpec(epochs=2)))
    assert words not in said(train(RecurrentSpec(epochs=2, held_out=0.0)))
