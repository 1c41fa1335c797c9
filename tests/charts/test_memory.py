"""The race's names: each at the end of its line, or as near to it as the others let it be."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ann_core.charts import film
from ann_core.charts.memory.race import APART, THICK, Curve, curves_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import RUNS

SHARES = st.integers(1, len(THICK)).flatmap(lambda racers: arrays.arrays(float, (racers, 3), elements=st.floats(0, 1)))


@given(SHARES)
def test_names_lie_on_no_other_name_and_alone_at_their_lines(shares):
    times = np.array([0.0, 1.0, 2.0])
    curves = [Curve(str(place), RUNS[place], THICK[place], times, each) for place, each in enumerate(shares)]
    panel = curves_panel(Titles("t", "a"), curves, times, 2.0, (0.125, "level"), "epoch")
    labels = next(mark for mark in panel.marks if isinstance(mark, film.Labels))
    heights = labels.places[:, :, 1] / film.FINEST * labels.box.height
    assert labels.texts == [curve.name for curve in curves]
    assert labels.colours == [curve.colour for curve in curves]
    for moment, at in enumerate(heights):
        assert (np.diff(np.sort(at)) >= APART - 0.1).all()
        wanted = shares[:, moment] * labels.box.height
        assert (np.abs(at - wanted) <= (len(shares) - 1) * APART + 0.1).all()
        order = np.argsort(wanted, kind="stable")
        assert (np.diff(at[order]) > 0).all()
    if len(shares) == 1:
        np.testing.assert_allclose(heights[:, 0], shares[0] * labels.box.height, atol=0.1)
