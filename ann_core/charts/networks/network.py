"""A dense network as a drawing: columns of neurons, every connection from left to right."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CHOSEN, NEGATIVE, POSITIVE, QUIET, TRAINING, VALIDATION

MOST_DRAWN = 7
MOST_WRITTEN = 12


@cache
def network(inputs: str, hidden: str, outputs: str) -> dict[str, Any]:
    """The spec of the drawing; the names are the words for the three kinds of layers."""
    plane = {
        "x": alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.08, 1.08])),
        "y": alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.32, 1.2])),
    }
    base = alt.Chart(ROWS).encode(**plane)
    links = base.transform_filter("datum.what == 'link'").mark_rule(opacity=0.35, color=QUIET).encode(x2="x2:Q", y2="y2:Q")
    kinds = alt.Scale(domain=[inputs, hidden, outputs], range=[TRAINING, CHOSEN, VALIDATION])
    nodes = (
        base.transform_filter("datum.what == 'node'")
        .mark_circle(size=230, opacity=1)
        .encode(
            color=alt.Color("kind:N", scale=kinds, title=None, legend=alt.Legend(orient="top", direction="horizontal", symbolType="circle"))
        )
    )
    texts = base.transform_filter("datum.what == 'text'").mark_text(fontSize=13, color=QUIET).encode(text="text:N")
    dots = base.transform_filter("datum.what == 'dots'").mark_text(fontSize=18, color=QUIET).encode(text=alt.value("⋮"))
    return ready(links + nodes + texts + dots, 300)


def network_rows(sizes: Sequence[int], kinds: Sequence[str], captions: Sequence[str]) -> pd.DataFrame:
    """Rows for `network`: layer sizes with the kind and the caption of each; of a large layer some neurons are drawn."""
    places = [_places(size) for size in sizes]
    rows = []
    for layer, (ys, kind, caption) in enumerate(zip(places, kinds, captions, strict=True)):
        x = layer / (len(sizes) - 1)
        rows += [{"what": "node", "x": x, "y": y, "kind": kind} for y in ys]
        rows.append({"what": "text", "x": x, "y": -1.25, "text": caption})
        if sizes[layer] > MOST_DRAWN:
            rows.append({"what": "dots", "x": x, "y": 0.0})
        if layer:
            before = (layer - 1) / (len(sizes) - 1)
            rows += [{"what": "link", "x": before, "y": y, "x2": x, "y2": y2} for y in places[layer - 1] for y2 in ys]
    return pd.DataFrame(rows, columns=["what", "x", "y", "x2", "y2", "kind", "text"])


def _places(size: int) -> list[float]:
    """Heights of a layer's neurons between -1 and 1, with a gap in the middle where some are left out."""
    shown = min(size, MOST_DRAWN - 1 if size > MOST_DRAWN else MOST_DRAWN)
    if shown == 1:
        return [0.0]
    slots = shown + (size > MOST_DRAWN)
    gap = slots // 2 if size > MOST_DRAWN else None
    spread = min(1.0, 0.3 * (slots - 1))
    return [spread * (1 - 2 * slot / (slots - 1)) for slot in range(slots) if slot != gap]


@cache
def values_network(weight: str, value: str) -> dict[str, Any]:
    """The spec of a small network with numbers: neurons coloured and labelled by their answers, connections by their weights."""
    base = alt.Chart(ROWS).encode(
        alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.12, 1.12])), alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.2, 1.2]))
    )
    signs = alt.Scale(domain=[-1, 0, 1], range=[NEGATIVE, "#f4f4f4", POSITIVE], clamp=True)
    sign = alt.condition("datum.value < 0", alt.value(NEGATIVE), alt.value(POSITIVE))
    thick = alt.StrokeWidth("size:Q", scale=alt.Scale(domain=[0, 3], range=[0.5, 6], clamp=True), legend=None)
    link = base.transform_filter("datum.what == 'link'")
    ends = {"x2": "x2:Q", "y2": "y2:Q", "color": sign, "tooltip": alt.Tooltip("value:Q", title=weight, format=".2f")}
    links = link.mark_rule(opacity=0.55).encode(strokeWidth=thick, **ends)
    node = base.transform_filter("datum.what == 'node'")
    answer = alt.Tooltip("value:Q", title=value, format=".3f")
    fill = alt.condition("isValid(datum.value)", alt.Color("value:Q", scale=signs, legend=None), alt.value("#f4f4f4"))
    nodes = node.mark_circle(size=1700, opacity=1, stroke=QUIET, invalid=None).encode(color=fill, tooltip=answer)
    said = "isValid(datum.value) ? format(datum.value, '.2f') : '?'"  # what is not known yet
    numbers = node.transform_calculate(said=said).mark_text(fontSize=12, color="#1d2733").encode(text="said:N")
    weights = (
        base.transform_filter("datum.what == 'weight'")
        .mark_text(fontSize=11, dy=-6)
        .encode(color=sign, text=alt.Text("value:Q", format=".2f"))
    )
    return ready(links + nodes + numbers + weights, 380)


def values_network_rows(values: Sequence[np.ndarray], kernels: Sequence[np.ndarray]) -> pd.DataFrame:
    """Rows for `values_network`: the values (units,) of each layer, inputs first, and the kernels (inputs, units) between them.

    Weights are written at their connections where there are not too many.
    """
    heights = [_even(len(layer)) for layer in values]
    rows = []
    for place, kernel in enumerate(kernels):
        x, x2 = place / len(kernels), (place + 1) / len(kernels)
        for source, target in np.ndindex(kernel.shape):
            weight, y, y2 = float(kernel[source, target]), heights[place][source], heights[place + 1][target]
            rows.append({"what": "link", "x": x, "y": y, "x2": x2, "y2": y2, "value": weight, "size": abs(weight)})
            if kernel.size <= MOST_WRITTEN:
                share = 0.35 if source % 2 else 0.65  # apart from each other where connections cross
                rows.append({"what": "weight", "x": x + share * (x2 - x), "y": y + share * (y2 - y), "value": weight})
    for place, layer in enumerate(values):
        rows += [
            {"what": "node", "x": place / len(kernels), "y": y, "value": float(value)}
            for y, value in zip(heights[place], layer, strict=True)
        ]
    return pd.DataFrame(rows, columns=["what", "x", "y", "x2", "y2", "value", "size"])


def _even(count: int) -> np.ndarray:
    """Heights of a layer's neurons, as far apart as there is room."""
    spread = min(1.0, 0.35 * (count - 1))
    return np.linspace(spread, -spread, count)
