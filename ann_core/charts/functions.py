"""Functions as lines, with the places on them that matter: one builder for all exact figures of that kind."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CATEGORIES, QUIET

HEIGHT = 300
SIZE = 90
LINE = 17  # of a legend, pixels
SHORT = 17  # letters
WIDE = "\u2e80"
Domain = tuple[float, float]


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
    numbers only are written along x. A slider may change words and domains, so these are put into a ready template.
    """
    spec = deepcopy(_template(tuple(name in dashed for name in names), upward is not None, log, whole, _columns(names)))
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["x"] |= {"title": x, "scale": {"domain": list(across), "nice": False}}
        for channel in ("color", "strokeDash"):
            if "field" in encoding.get(channel, {}):
                encoding[channel]["scale"]["domain"] = list(names)
        if "y" in encoding:
            encoding["y"] |= {"title": y} | ({"scale": {"domain": list(upward), "type": "log" if log else "linear"}} if upward else {})
        for tip, title in zip(encoding.get("tooltip", ()), (" ", x, y), strict=False):
            tip["title"] = title
    return spec


def _columns(names: Sequence[str]) -> int:
    """In how many columns the legend has room, on a phone too; Chinese letters are twice as wide."""
    return 1 if max((sum(1 + (letter > WIDE) for letter in name) for name in names), default=0) > SHORT else 2


POWERS = "format(datum.value, datum.value < 0.001 || datum.value >= 100000 ? '~e' : '~g')"
"""The labels of a logarithmic axis: short, however small or large the numbers are."""

FEW = 6
"""Where a logarithmic axis has more decades than this, only whole powers of ten get a line."""


@cache
def _template(dashed: tuple[bool, ...], bounded: bool, log: bool, whole: bool, columns: int) -> dict[str, Any]:
    """The spec for so many functions, some of them dashed, without words and domains."""
    names = [str(place) for place in range(len(dashed))]
    scale = alt.Scale(type="log") if log else alt.Scale(domain=[0, 1]) if bounded else alt.Scale(zero=False)
    legend = alt.Legend(orient="top", direction="horizontal", symbolType="stroke", symbolStrokeWidth=4, columns=columns, labelLimit=300)
    color = alt.Color("part:N", title=None, scale=alt.Scale(domain=names, range=_colours(names)), legend=legend)
    height = HEIGHT + LINE * max(-(-len(names) // columns) - 2, 0)
    axis = alt.Axis(tickMinStep=1, format="d") if whole else alt.Axis()
    base = alt.Chart(ROWS).encode(alt.X("x:Q", axis=axis))
    dashes = alt.StrokeDash("part:N", legend=None, scale=alt.Scale(domain=names, range=[[6, 4] if mark else [1, 0] for mark in dashed]))
    written = {"labelExpr": POWERS, "tickCount": FEW} if log else {"format": ".6~g"}
    upright = alt.Y("y:Q", scale=scale, axis=alt.Axis(**written))
    curves = base.transform_filter("datum.kind == 'line'").mark_line(strokeWidth=2.5, clip=True)
    tooltip = [alt.Tooltip("part:N"), alt.Tooltip("x:Q", format=".4~g"), alt.Tooltip("y:Q", format=".4~g")]
    dots = base.transform_filter("datum.kind == 'dot'").mark_point(size=SIZE, filled=True, opacity=1)
    rules = base.transform_filter("datum.kind == 'rule'").mark_rule(color=QUIET, strokeDash=[3, 3])
    return ready(rules + curves.encode(upright, color, dashes, alt.Order("x:Q")) + dots.encode(upright, color, tooltip=tooltip), height)


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
    parts += [_Part(next(iter(lines)), "rule", np.asarray(rules, float), np.full(len(rules), np.nan))]
    named = [(part.name, part.kind) for part in parts for _ in part.x]
    columns = {"x": np.concatenate([part.x for part in parts]), "y": np.concatenate([part.y for part in parts])}
    return pd.DataFrame(columns | {"part": [name for name, _ in named], "kind": [kind for _, kind in named]})


class _Part(NamedTuple):
    """A line, some dots, or upright lines."""

    name: str
    kind: str
    x: np.ndarray
    y: np.ndarray


def _part(name: str, kind: str, x: np.ndarray, y: np.ndarray) -> _Part:
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    finite = np.isfinite(x) & np.isfinite(y)
    return _Part(name, kind, x[finite], y[finite])
