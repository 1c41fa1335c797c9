"""Learning curves: training and validation, epoch by epoch."""

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import TRAINING, VALIDATION

HEIGHT = 280


@cache
def learning_curve(metric: str, epoch: str, training: str, validation: str, epochs: int, share: bool, log: bool = False) -> dict[str, Any]:
    """The spec of one metric's curves; the names are the learner's words. `share`: from 0 to 1; `log`: ever smaller, never zero."""
    x = alt.X("epoch:Q", title=epoch, scale=alt.Scale(domain=[0, epochs], nice=False), axis=alt.Axis(tickMinStep=1, format="d"))
    scale = alt.Scale(domain=[0, 1]) if share else alt.Scale(type="log", nice=False) if log else alt.Scale(zero=True)
    y = alt.Y("value:Q", title=metric, scale=scale, axis=alt.Axis(format="%" if share else "~g", tickCount=5))
    color = alt.Color(
        "part:N",
        title=None,
        scale=alt.Scale(domain=[training, validation], range=[TRAINING, VALIDATION]),
        legend=alt.Legend(orient="top", direction="horizontal", symbolType="stroke", symbolStrokeWidth=4),
    )
    form = ".2%" if share else ".4g"
    tooltip = [alt.Tooltip("part:N", title=" "), alt.Tooltip("epoch:Q", title=epoch), alt.Tooltip("value:Q", title=metric, format=form)]
    base = alt.Chart(ROWS).encode(x, y, color)
    lines = base.mark_line(strokeWidth=2.5, interpolate="linear").encode(
        strokeDash=alt.StrokeDash("part:N", scale=alt.Scale(domain=[training, validation], range=[[1, 0], [6, 3]]), legend=None)
    )
    points = base.mark_point(size=36, filled=True, opacity=1).encode(tooltip=tooltip)
    return ready(lines + points, HEIGHT)


def curve_rows(history: pd.DataFrame, metric: str, training: str, validation: str) -> pd.DataFrame:
    """Rows for `learning_curve`: columns epoch, part, value; what is not a finite number, or was not held out, is left out."""
    named = {metric: training, f"val_{metric}": validation}
    parts = [_part(history, column, name) for column, name in named.items() if column in history]
    rows = pd.concat(parts, ignore_index=True)
    return rows[np.isfinite(rows["value"])]


def _part(history: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    return pd.DataFrame({"epoch": history.index, "part": name, "value": history[column].to_numpy()})
