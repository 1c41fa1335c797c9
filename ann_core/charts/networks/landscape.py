"""A surface seen from above, and the walks downhill on it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CATEGORIES

CELLS = 32
SIDE = 460
DEPTHS = alt.SchemeParams("greys", extent=[0.02, 0.4])  # pale, so that every walk stands out
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
            fill=alt.Fill("depth:Q", scale=alt.Scale(scheme=DEPTHS, reverse=True), legend=None),
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
    count = len(cells)
    ranks = np.argsort(np.argsort(values)) / max(count - 1, 1)
    finite = {name: np.isfinite(places).all(axis=1) for name, places in walks.items()}
    kept = [places[finite[name]] for name, places in walks.items()]
    walked = np.concatenate(kept)
    none = np.full(len(walked), np.nan)
    columns = {
        "x": np.concatenate([cells[:, 0], walked[:, 0]]),
        "y": np.concatenate([cells[:, 1], walked[:, 1]]),
        "x2": np.concatenate([cells[:, 2], none]),
        "y2": np.concatenate([cells[:, 3], none]),
        "value": np.concatenate([values, *(heights[name][finite[name]] for name in walks)]),
        "depth": np.concatenate([ranks, none]),
        "part": [None] * count + [name for name, places in zip(walks, kept, strict=True) for _ in places],
        "step": np.concatenate([np.zeros(count, int), *(np.flatnonzero(finite[name]) for name in walks)]),
    }
    return pd.DataFrame(columns)


def cells_of(low: Bounds, high: Bounds) -> np.ndarray:
    """The cells that a surface is drawn with: left, lower, right, upper side, (cells², 4)."""
    x, y = (np.linspace(low[side], high[side], CELLS + 1) for side in (0, 1))
    left, lower = np.meshgrid(x[:-1], y[:-1])
    right, upper = np.meshgrid(x[1:], y[1:])
    return np.stack([left.ravel(), lower.ravel(), right.ravel(), upper.ravel()], axis=1)
