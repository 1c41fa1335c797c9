"""Series in time that can be zoomed into, and the errors of forecasts."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CATEGORIES, QUIET, TRAINING, VALIDATION

HEIGHT = 300
BAR, ROOM = 52, 100


@cache
def lines(x: str, y: str, names: tuple[str, ...], dated: bool) -> dict[str, Any]:
    """The spec of several series in the same time, the first one grey, and an upright line where something begins.

    The time is a number, or a day where it is `dated`; the learner may zoom and move.
    """
    across = alt.X(
        "at:T" if dated else "at:Q",
        title=x,
        scale=alt.Scale(nice=False),
        axis=alt.Axis(labelOverlap=True, **({"format": "%Y-%m-%d"} if dated else {})),
    )
    colours = [QUIET, *CATEGORIES[1 : len(names)]]
    legend = alt.Legend(orient="top", direction="horizontal", symbolType="stroke", symbolStrokeWidth=4)
    color = alt.Color("part:N", title=None, scale=alt.Scale(domain=list(names), range=colours), legend=legend)
    upright = alt.Y("value:Q", title=y, scale=alt.Scale(zero=False))
    tip = alt.Tooltip("at:T", title=x, format="%Y-%m-%d") if dated else alt.Tooltip("at:Q", title=x)
    tooltip = [alt.Tooltip("part:N", title=" "), tip, alt.Tooltip("value:Q", title=y, format=".3~g")]
    base = alt.Chart(ROWS).encode(across)
    drawn = base.transform_filter("isValid(datum.value)").mark_line(strokeWidth=2, clip=True).encode(upright, color)
    dots = base.transform_filter("isValid(datum.value)").mark_point(size=40, opacity=0, clip=True).encode(upright, color, tooltip=tooltip)
    rule = base.transform_filter("!isValid(datum.value)").mark_rule(color=QUIET, strokeDash=[3, 3])
    return ready((rule + drawn + dots.interactive(bind_y=False)), HEIGHT)


def line_rows(series: Mapping[str, tuple[np.ndarray, np.ndarray]], days: np.ndarray | None, begins: int) -> pd.DataFrame:
    """Rows for `lines`: by name the places and the values; `days` turns places into days; an upright line where something `begins`."""
    parts = [pd.DataFrame({"at": at, "value": np.asarray(values, float), "part": name}) for name, (at, values) in series.items()]
    rows = pd.concat([*parts, pd.DataFrame({"at": [begins], "value": [np.nan], "part": [next(iter(series))]})], ignore_index=True)
    if days is None:
        return rows.assign(at=rows["at"] + 1)
    return rows.assign(at=pd.to_datetime(days[0]) + pd.to_timedelta(rows["at"], unit="D"))


@cache
def clouds(x: str, y: str, names: tuple[str, ...]) -> dict[str, Any]:
    """The spec of several clouds of points, the first one grey; the learner may zoom and move."""
    legend = alt.Legend(orient="top", direction="horizontal", symbolType="circle")
    colours = alt.Scale(domain=list(names), range=[QUIET, *CATEGORIES[1 : len(names)]])
    color = alt.Color("part:N", title=None, scale=colours, legend=legend)
    across = alt.X("before:Q", title=x, scale=alt.Scale(zero=False))
    upward = alt.Y("value:Q", title=y, scale=alt.Scale(zero=False))
    tooltip = [
        alt.Tooltip("part:N", title=" "),
        alt.Tooltip("before:Q", title=x, format=".3~g"),
        alt.Tooltip("value:Q", title=y, format=".3~g"),
    ]
    points = alt.Chart(ROWS).mark_circle(size=22, opacity=0.8, clip=True).encode(across, upward, color, tooltip=tooltip)
    return ready(points.interactive(), HEIGHT)


def cloud_rows(clouds: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """Rows for `clouds`: by name the earlier values and the later ones; what is no number is left out."""
    parts = [pd.DataFrame({"before": before, "value": value, "part": name}) for name, (before, value) in clouds.items()]
    return pd.concat(parts, ignore_index=True).dropna()


@cache
def error_bars(measure: str, names: tuple[str, ...], training: str, unseen: str) -> dict[str, Any]:
    """The spec of the errors of several forecasts, on both parts of the series."""
    color = alt.Color(
        "part:N",
        title=None,
        scale=alt.Scale(domain=[training, unseen], range=[TRAINING, VALIDATION]),
        legend=alt.Legend(orient="top", direction="horizontal", symbolType="square"),
    )
    y = alt.Y("name:N", title=None, sort=list(names), axis=alt.Axis(labelLimit=220))
    x = alt.X("error:Q", title=measure, scale=alt.Scale(zero=True))
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("part:N", title=" "), alt.Tooltip("error:Q", title=measure, format=".3g")]
    offset = alt.YOffset("part:N", sort=[training, unseen])
    base = alt.Chart(ROWS).encode(x, y, offset)
    numbers = base.mark_text(align="left", dx=4, color=QUIET).encode(text=alt.Text("error:Q", format=".3g"))
    return ready(base.mark_bar().encode(color, tooltip=tooltip) + numbers, ROOM + BAR * len(names))


def error_rows(errors: Mapping[str, tuple[float, float]], kinds: Sequence[str]) -> pd.DataFrame:
    """Rows for `error_bars`: by name the errors on both parts; what was not measured is left out."""
    rows = [(name, kind, error) for name, pair in errors.items() for kind, error in zip(kinds, pair, strict=True) if np.isfinite(error)]
    return pd.DataFrame(rows, columns=["name", "part", "error"])
