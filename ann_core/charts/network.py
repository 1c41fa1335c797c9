"""A dense network as a drawing: columns of neurons, every connection from left to right."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CHOSEN, QUIET, TRAINING, VALIDATION

MOST_DRAWN = 7


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
