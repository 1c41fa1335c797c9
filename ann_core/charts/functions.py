"""Functions as lines, with the places on them that matter: one builder for all exact figures of that kind."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CATEGORIES, QUIET

HEIGHT = 300
SIZE = 90
Domain = tuple[float, float]


@cache
def functions(
    x: str,
    y: str,
    names: tuple[str, ...],
    across: Domain,
    upward: Domain | None = None,
    log: bool = False,
    dashed: tuple[str, ...] = (),
    whole: bool = False,
) -> dict[str, Any]:
    """The spec of several functions on the same axes, dots on them, and an upright line at a place.

    `names` are the functions, in the order of their colours; without `upward` the values decide on the axis; `whole`
    numbers only are written along x.
    """
    scale = alt.Scale(type="log") if log else alt.Scale(domain=list(upward)) if upward else alt.Scale(zero=False)
    legend = alt.Legend(orient="top", direction="horizontal", symbolType="stroke", symbolStrokeWidth=4, columns=2)
    color = alt.Color("part:N", title=None, scale=alt.Scale(domain=list(names), range=_colours(names)), legend=legend)
    axis = alt.Axis(tickMinStep=1, format="d") if whole else alt.Axis()
    base = alt.Chart(ROWS).encode(alt.X("x:Q", title=x, scale=alt.Scale(domain=list(across), nice=False), axis=axis))
    dashes = alt.Scale(domain=list(names), range=[[6, 4] if name in dashed else [1, 0] for name in names])
    upright = alt.Y("y:Q", title=y, scale=scale, axis=alt.Axis(format=".6~g"))
    lines = (
        base.transform_filter("datum.kind == 'line'")
        .mark_line(strokeWidth=2.5, clip=True)
        .encode(upright, color, alt.StrokeDash("part:N", scale=dashes, legend=None), alt.Order("x:Q"))
    )
    tooltip = [alt.Tooltip("part:N", title=" "), alt.Tooltip("x:Q", title=x, format=".4~g"), alt.Tooltip("y:Q", title=y, format=".4~g")]
    dots = (
        base.transform_filter("datum.kind == 'dot'").mark_point(size=SIZE, filled=True, opacity=1).encode(upright, color, tooltip=tooltip)
    )
    rules = base.transform_filter("datum.kind == 'rule'").mark_rule(color=QUIET, strokeDash=[3, 3])
    return ready(rules + lines + dots, HEIGHT)


def _colours(names: Sequence[str]) -> list[str]:
    return [CATEGORIES[place % len(CATEGORIES)] for place in range(len(names))]


def function_rows(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]],
    dots: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
    rules: Sequence[float] = (),
) -> pd.DataFrame:
    """Rows for `functions`: lines and dots as (x, y) by name, and the places of upright lines; only finite values."""
    parts = [_part(name, "line", *places) for name, places in lines.items()]
    parts += [_part(name, "dot", *places) for name, places in (dots or {}).items()]
    parts += [pd.DataFrame({"x": list(rules), "y": np.nan, "part": next(iter(lines)), "kind": "rule"})] if len(rules) else []
    return pd.concat(parts, ignore_index=True)


def _part(name: str, kind: str, x: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    finite = np.isfinite(x) & np.isfinite(y)
    return pd.DataFrame({"x": x[finite], "y": y[finite], "part": name, "kind": kind})
