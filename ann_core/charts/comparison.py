"""Several trainings in one chart: their curves, the band of several seeds, and what the doctor points at."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CHOSEN, QUIET, RUNS, TRAINING, VALIDATION

HEIGHT = 320
MOST_POINTS = 300
SOLID, DASHED = [1, 0], [7, 4]
CALM = 0.95


def _x(title: str, epochs: int) -> alt.X:
    return alt.X("epoch:Q", title=title, scale=alt.Scale(domain=[0, epochs], nice=False), axis=alt.Axis(tickMinStep=1, format="d"))


def _y(title: str, share: bool, top: float | None) -> alt.Y:
    domain = [0, 1] if share else [0, top]
    return alt.Y("value:Q", title=title, scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(format="%" if share else "~g"))


def _leaving(base: alt.Chart, color: alt.Color, top: float | None, value: str = "value") -> alt.Chart:
    """Arrowheads at the upper edge: where a curve goes beyond the axis, which ends at `top`."""
    return (
        base.transform_filter(f"isValid(datum.{value})")
        .transform_window([alt.WindowFieldDef(op="lag", field=value, **{"as": "before"})], groupby=["part"], sort=[alt.SortField("epoch")])
        .transform_filter(f"datum.{value} > {1 if top is None else top} && !(datum.before > {1 if top is None else top})")
        .mark_point(shape="triangle-up", filled=True, opacity=1, size=80)
        .encode(color, y=alt.value(5))
    )


def _color(names: Sequence[str], colours: Sequence[str], symbol: str = "stroke") -> alt.Color:
    width = 4 if symbol == "stroke" else 0
    legend = alt.Legend(orient="top", direction="horizontal", symbolType=symbol, symbolStrokeWidth=width, columns=3, labelLimit=240)
    return alt.Color("part:N", title=None, scale=alt.Scale(domain=list(names), range=list(colours)), legend=legend)


@cache
def overlay(metric: str, epoch: str, names: tuple[str, ...], colours: tuple[int, ...], epochs: int, top: float | None) -> dict[str, Any]:
    """The spec of one measure by epoch for several runs; the first one, the learner's own, is dashed and lies on top.

    `colours` are places in the palette of runs; `top` is the end of the axis, None for a share from 0 to 1.
    """
    share = top is None
    dashes = alt.Scale(domain=list(names), range=[DASHED] + [SOLID] * (len(names) - 1))
    form = ".2%" if share else ".4g"
    tooltip = [alt.Tooltip("part:N", title=" "), alt.Tooltip("epoch:Q", title=epoch), alt.Tooltip("value:Q", title=metric, format=form)]
    base, color = alt.Chart(ROWS).encode(_x(epoch, epochs), tooltip=tooltip), _color(names, [RUNS[colour] for colour in colours])
    dashed = alt.StrokeDash("part:N", scale=dashes, legend=None)
    lines = base.mark_line(strokeWidth=2.5, clip=True).encode(_y(metric, share, top), color, dashed)
    return ready(lines + _leaving(base, color, top), HEIGHT)


def overlay_rows(histories: Mapping[str, pd.DataFrame], metric: str) -> pd.DataFrame:
    """Rows for `overlay`, the first history last, so that it lies on top: columns epoch, part, value."""
    parts = [_curve(history[metric], name) for name, history in reversed(histories.items())]
    return pd.concat(parts, ignore_index=True)


def _curve(values: pd.Series, name: str) -> pd.DataFrame:
    """At most a few hundred points of a curve, the last among them; what is not a finite number is left out."""
    finite = values[np.isfinite(values)]
    places = np.unique(np.linspace(0, len(finite) - 1, min(len(finite), MOST_POINTS)).astype(int)) if len(finite) else []
    kept = finite.iloc[places]
    return pd.DataFrame({"epoch": kept.index, "part": name, "value": kept.to_numpy()})


def calm_top(values: Sequence[np.ndarray]) -> float:
    """The end of an axis that shows most of these values, even where a few are enormous: a round number."""
    finite = np.concatenate([array[np.isfinite(array)].ravel() for array in values]) if len(values) else np.empty(0)
    if not len(finite):
        return 1.0
    wanted = max(float(np.quantile(finite, CALM)) * 1.2, 1e-6)
    power = 10 ** np.floor(np.log10(wanted))
    return float(next(step * power for step in (1, 1.5, 2, 3, 5, 7.5, 10) if step * power >= wanted * (1 - 1e-9)))


@cache
def band(metric: str, epoch: str, names: tuple[str, ...], colours: tuple[int, ...], epochs: int, top: float | None) -> dict[str, Any]:
    """The spec of one measure over several seeds: the median as a line, from the least to the greatest as a band."""
    share, form = top is None, ".2%" if top is None else ".4g"
    tooltip = [alt.Tooltip("part:N", title=" "), alt.Tooltip("epoch:Q", title=epoch)]
    tooltip += [alt.Tooltip(f"{column}:Q", title=" ", format=form) for column in ("least", "value", "most")]
    base, color = alt.Chart(ROWS).encode(_x(epoch, epochs), tooltip=tooltip), _color(names, [RUNS[colour] for colour in colours])
    area = base.mark_area(opacity=0.25, clip=True).encode(alt.Y("least:Q", title=metric), alt.Y2("most:Q"), color)
    line = base.mark_line(strokeWidth=2.5, clip=True).encode(_y(metric, share, top), color)
    return ready(area + line + _leaving(base, color, top, "most"), HEIGHT)


def band_rows(studies: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Rows for `band` of values (seeds, epochs) by name: columns epoch, part, value (the median), least, most."""
    parts = []
    for name, values in studies.items():
        places = np.unique(np.linspace(0, values.shape[1] - 1, min(values.shape[1], MOST_POINTS)).astype(int))
        shown = values[:, places]
        columns = {"value": np.median(shown, axis=0), "least": shown.min(axis=0), "most": shown.max(axis=0)}
        parts.append(pd.DataFrame({"epoch": places + 1, "part": name} | columns))
    rows = pd.concat(parts, ignore_index=True)
    return rows[np.isfinite(rows[["value", "least", "most"]]).all(axis=1)]


@cache
def evidence_on_curve(metric: str, epoch: str, training: str, held_out: str, here: str, epochs: int, top: float) -> dict[str, Any]:
    """The spec of a loss by epoch for training and held-out examples, with the epochs in question shaded and named `here`."""
    names, colours = [training, held_out], [TRAINING, VALIDATION]
    base = alt.Chart(ROWS).encode(_x(epoch, epochs))
    shaded = base.transform_filter("datum.until != null").mark_rect(color=CHOSEN, opacity=0.16).encode(alt.X2("until:Q"))
    word = (
        base.transform_filter("datum.until != null")
        .mark_text(align="left", baseline="top", dx=5, dy=4, color=CHOSEN, fontWeight="bold")
        .encode(y=alt.value(0), text=alt.value(here))
    )
    dashes = alt.StrokeDash("part:N", scale=alt.Scale(domain=names, range=[SOLID, DASHED]), legend=None)
    color, curves = _color(names, colours), base.transform_filter("datum.until == null")
    lines = curves.mark_line(strokeWidth=2.5, clip=True).encode(_y(metric, False, top), color, dashes)
    return ready(shaded + lines + _leaving(curves, color, top) + word, HEIGHT)


def evidence_on_curve_rows(history: pd.DataFrame, metric: str, training: str, held_out: str, first: int, last: int) -> pd.DataFrame:
    """Rows for `evidence_on_curve`; the row with `until` is the shaded part."""
    named = {metric: training, f"val_{metric}": held_out}
    curves = [_curve(history[column], name) for column, name in named.items() if column in history]
    shaded = pd.DataFrame({"epoch": [first - 1], "part": [training], "value": [np.nan], "until": [last]})
    return pd.concat([*curves, shaded], ignore_index=True)


@cache
def evidence_in_bars(title: str, across: str, striking: str, other: str, names: tuple[str, ...]) -> dict[str, Any]:
    """The spec of shares, 0 … 1, as one bar each; the striking ones have a colour of their own."""
    base = alt.Chart(ROWS).encode(
        alt.X("name:N", title=across, sort=list(names), axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        alt.Y("share:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
        _color([striking, other], [CHOSEN, QUIET], "square"),
        tooltip=[alt.Tooltip("name:N", title=across), alt.Tooltip("share:Q", title=title, format=".1%")],
    )
    ticks = base.mark_tick(thickness=4)  # a bar of nothing would not be seen
    return ready(base.mark_bar() + ticks, HEIGHT)


def evidence_in_bars_rows(names: Sequence[str], shares: np.ndarray, striking: np.ndarray, words: tuple[str, str]) -> pd.DataFrame:
    """Rows for `evidence_in_bars`: columns name, share, part. `words`: what is striking, and what is not."""
    return pd.DataFrame(
        {"name": list(names), "share": np.nan_to_num(shares), "part": [words[0] if mark else words[1] for mark in striking]}
    )
