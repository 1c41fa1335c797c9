"""A surface seen from above, and the walks downhill on it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CATEGORIES

CELLS = 44
SIDE = 460
Bounds = tuple[float, float]


@cache
def landscape(x: str, y: str, height: str, names: tuple[str, ...], across: Bounds, upward: Bounds) -> dict[str, Any]:
    """The spec of a surface as coloured cells and of one walk for each name; a click on a cell selects it as `picked`."""
    picked = alt.selection_point(name="picked", fields=["x", "y"], on="click", toggle=False)
    base = alt.Chart(ROWS).encode(
        alt.X("x:Q", title=x, scale=alt.Scale(domain=list(across), nice=False)),
        alt.Y("y:Q", title=y, scale=alt.Scale(domain=list(upward), nice=False)),
    )
    cells = (
        base.transform_filter("datum.part == null")
        .mark_rect(cursor="crosshair")
        .encode(
            x2="x2:Q",
            y2="y2:Q",
            fill=alt.Fill("depth:Q", scale=alt.Scale(scheme="lightgreyteal", reverse=True), legend=None),
            tooltip=alt.Tooltip("value:Q", title=height, format=".3~g"),
        )
    )
    legend = alt.Legend(orient="top", direction="horizontal", symbolType="stroke", symbolStrokeWidth=4, columns=3)
    color = alt.Color("part:N", title=None, legend=legend, scale=alt.Scale(domain=list(names), range=list(CATEGORIES[: len(names)])))
    walks = base.transform_filter("datum.part != null")
    lines = walks.mark_line(strokeWidth=2.5, clip=True).encode(color, alt.Order("step:Q"))
    dots = walks.mark_point(size=28, filled=True, opacity=1, clip=True).encode(
        color, tooltip=[alt.Tooltip("step:Q"), alt.Tooltip("value:Q", title=height)]
    )
    return ready(cells.add_params(picked) + lines + dots, SIDE)


def landscape_rows(
    cells: np.ndarray, values: np.ndarray, walks: Mapping[str, np.ndarray], heights: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Rows for `landscape`: cells (n, 4), left, lower, right and upper side, with their values (n,); places (steps, 2) of each walk.

    Cells are coloured by the rank of their value, so that a ravine shows as well as a bowl.
    """
    left, low, right, high = cells.T
    ranks = np.argsort(np.argsort(values)) / max(len(values) - 1, 1)
    surface = pd.DataFrame({"x": left, "y": low, "x2": right, "y2": high, "value": values, "depth": ranks, "part": None, "step": 0})
    parts = [surface]
    for name, places in walks.items():
        finite = np.isfinite(places).all(axis=1)
        steps = np.arange(len(places))[finite]
        walk = {"x": places[finite, 0], "y": places[finite, 1], "value": heights[name][finite], "part": name, "step": steps}
        parts.append(pd.DataFrame(walk))
    return pd.concat(parts, ignore_index=True)


def cells_of(low: Bounds, high: Bounds) -> np.ndarray:
    """The cells that a surface is drawn with: left, lower, right, upper side, (cells², 4)."""
    x, y = (np.linspace(low[side], high[side], CELLS + 1) for side in (0, 1))
    left, lower = np.meshgrid(x[:-1], y[:-1])
    right, upper = np.meshgrid(x[1:], y[1:])
    return np.stack([left.ravel(), lower.ravel(), right.ravel(), upper.ravel()], axis=1)
