"""Charts over classes: probabilities, accuracy, confusion."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CHOSEN, POSITIVE, QUIET

BAR_STEP = 24
FRAME = 140
"""Room for legend and axis."""


@cache
def class_bars(title: str, names: tuple[str, ...], highlighted: str, other: str, most: float = 1.0) -> dict[str, Any]:
    """The spec of one bar of 0 … `most` a class; `highlighted` and `other` are the words for the two kinds of bars."""
    y = alt.Y("name:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=140, labelOverlap=False, ticks=False, domain=False))
    kinds = alt.Scale(domain=[highlighted, other], range=[CHOSEN, QUIET])
    bars = alt.Chart(ROWS).encode(y)
    drawn = bars.mark_bar(cornerRadiusEnd=3).encode(
        alt.X(
            "value:Q",
            title=title,
            scale=alt.Scale(domain=[0, 1.12 * most]),
            axis=alt.Axis(format="%", values=[most * share for share in (0, 0.2, 0.4, 0.6, 0.8, 1)]),
        ),
        alt.Color("kind:N", title=None, scale=kinds, legend=alt.Legend(orient="top", direction="horizontal")),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=title, format=".3%")],
    )
    numbers = bars.mark_text(align="left", dx=4, fontSize=11, color=QUIET).encode(alt.X("value:Q"), text=alt.Text("value:Q", format=".1%"))
    return ready(drawn + numbers, BAR_STEP * len(names) + FRAME)


def class_rows(names: Sequence[str], values: np.ndarray, highlighted: np.ndarray, words: tuple[str, str]) -> pd.DataFrame:
    """Rows for `class_bars`; `highlighted` (classes,) tells which bars are of the first kind."""
    return pd.DataFrame({"name": names, "value": np.asarray(values, float), "kind": np.where(highlighted, *words)})


@cache
def confusion(true_title: str, predicted_title: str, names: tuple[str, ...], count: str) -> dict[str, Any]:
    """The spec of a confusion matrix: rows are true classes, columns predicted ones, shade is the share of the row."""
    base = alt.Chart(ROWS).encode(
        alt.X("predicted:N", sort=list(names), title=predicted_title, axis=alt.Axis(labelAngle=-40, labelLimit=90, orient="bottom")),
        alt.Y("true:N", sort=list(names), title=true_title, axis=alt.Axis(labelLimit=90)),
    )
    shade = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=["#eef1f5", POSITIVE]), legend=None)
    tooltip = [
        alt.Tooltip("true:N", title=true_title),
        alt.Tooltip("predicted:N", title=predicted_title),
        alt.Tooltip("count:Q", title=count),
        alt.Tooltip("share:Q", format=".1%", title="%"),
    ]
    cells = base.mark_rect(stroke="white", strokeWidth=1).encode(shade, tooltip=tooltip)
    ink = alt.condition("datum.share > 0.55", alt.value("white"), alt.value("#1d2733"))
    numbers = base.mark_text(fontSize=11).encode(
        alt.Text("count:Q"), color=ink, opacity=alt.condition("datum.count > 0", alt.value(1), alt.value(0))
    )
    return ready(cells + numbers, 380)


def confusion_rows(matrix: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """Rows for `confusion` from counts (classes, classes)."""
    totals = np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    true, predicted = np.indices(matrix.shape)
    names = np.asarray(names, dtype=object)
    columns = {"true": names[true.ravel()], "predicted": names[predicted.ravel()]}
    return pd.DataFrame(columns | {"count": matrix.ravel(), "share": (matrix / totals).ravel()})
