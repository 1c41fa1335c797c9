"""The six networks, each as a small drawing: what is connected with what."""

from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from ann_core.charts.base import ROWS, ready
from ann_core.charts.palette import CHOSEN, FAKE, QUIET, TRAINING, VALIDATION

COLOURS = {"in": TRAINING, "hidden": CHOSEN, "out": VALIDATION, "memory": FAKE}


@cache
def portrait() -> dict[str, Any]:
    """The spec of a drawing: nodes, and links between them; those of memory are dashed."""
    base = alt.Chart(ROWS).encode(
        alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.1, 1.1])), alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.15, 1.15]))
    )
    color = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())))
    links = base.transform_filter("datum.what == 'link'").mark_rule(color=QUIET, opacity=0.6, strokeWidth=1.4).encode(x2="x2:Q", y2="y2:Q")
    memory = (
        base.transform_filter("datum.what == 'memory'")
        .mark_rule(color=FAKE, strokeWidth=2.5, strokeDash=[5, 3])
        .encode(x2="x2:Q", y2="y2:Q")
    )
    nodes = base.transform_filter("datum.what == 'node'").mark_circle(size=170, opacity=1).encode(color)
    squares = base.transform_filter("datum.what == 'square'").mark_square(size=150, opacity=1).encode(color)
    return ready(links + memory + nodes + squares, 150)


def portrait_rows(network: str) -> pd.DataFrame:
    """Rows for `portrait` of a network by its key. `KeyError` for one that is not there."""
    rows = DRAWINGS[network]()
    return pd.DataFrame(rows, columns=["what", "x", "y", "x2", "y2", "kind"])


def _node(x: float, y: float, kind: str, what: str = "node") -> dict:
    return {"what": what, "x": x, "y": y, "kind": kind}


def _link(x: float, y: float, x2: float, y2: float, what: str = "link") -> dict:
    return {"what": what, "x": x, "y": y, "x2": x2, "y2": y2}


def _layers(columns: list[list[float]], kinds: list[str]) -> list[dict]:
    xs = [place / (len(columns) - 1) for place in range(len(columns))]
    rows = [
        _link(xs[place], y, xs[place + 1], y2) for place in range(len(columns) - 1) for y in columns[place] for y2 in columns[place + 1]
    ]
    return rows + [_node(x, y, kind) for x, ys, kind in zip(xs, columns, kinds, strict=True) for y in ys]


def _feedforward() -> list[dict]:
    return _layers([[0.2, 0.8], [0, 0.33, 0.67, 1], [0.2, 0.8], [0.5]], ["in", "hidden", "hidden", "out"])


def _convolutional() -> list[dict]:
    """A window of three neighbours for each neuron, then pairs that are pooled."""
    ys = [place / 6 for place in range(7)]
    rows = [_link(0, ys[place + shift], 0.38, ys[place]) for place in range(1, 6) for shift in (-1, 0, 1)]
    rows += [_link(0.38, ys[place], 0.7, target) for place, target in ((1, 0.3), (2, 0.3), (3, 0.7), (4, 0.7), (5, 0.7))]
    rows += [_link(0.7, y, 1, 0.5) for y in (0.3, 0.7)] + [_node(0, y, "in", "square") for y in ys]
    rows += [_node(0.38, y, "hidden", "square") for y in ys[1:6]] + [_node(0.7, y, "hidden", "square") for y in (0.3, 0.7)]
    return [*rows, _node(1, 0.5, "out")]


def _recurrent() -> list[dict]:
    """Unrolled in time: the hidden state goes on from step to step."""
    xs = [0, 0.33, 0.67, 1]
    rows = [_link(x, 0, x, 0.5) for x in xs] + [_link(x, 0.5, x, 1) for x in xs]
    rows += [_link(x, 0.5, x2, 0.5, "memory") for x, x2 in pairwise(xs)]
    return rows + [_node(x, y, kind) for x in xs for y, kind in ((0, "in"), (0.5, "hidden"), (1, "out"))]


def _lstm() -> list[dict]:
    """The same with a second line, the cell state, that gates read and write."""
    xs = [0, 0.33, 0.67, 1]
    rows = [_link(x, 0, x, 0.4) for x in xs] + [_link(x, 0.4, x, 0.85) for x in xs]
    rows += [_link(x, 0.4, x2, 0.4) for x, x2 in pairwise(xs)] + [_link(-0.05, 0.85, 1.05, 0.85, "memory")]
    return rows + [
        _node(x, y, kind, what) for x in xs for y, kind, what in ((0, "in", "node"), (0.4, "hidden", "node"), (0.85, "memory", "square"))
    ]


def _attention() -> list[dict]:
    """Every place looks at every other."""
    xs = [place / 4 for place in range(5)]
    return [_link(x, 0.1, x2, 0.9) for x in xs for x2 in xs] + [_node(x, y, kind) for x in xs for y, kind in ((0.1, "in"), (0.9, "out"))]


def _gan() -> list[dict]:
    """Noise becomes a fake; fake and real go to the one who has to tell them apart."""
    rows = [
        _link(0, 0.8, 0.35, 0.8),
        _link(0.35, 0.8, 0.62, 0.8),
        _link(0.62, 0.8, 0.85, 0.5),
        _link(0.62, 0.2, 0.85, 0.5),
        _link(0.85, 0.5, 1.05, 0.5),
    ]
    nodes = [_node(0, 0.8, "in"), _node(0.35, 0.8, "hidden", "square"), _node(0.62, 0.8, "memory"), _node(0.62, 0.2, "in")]
    return [*rows, *nodes, _node(0.85, 0.5, "hidden", "square"), _node(1.05, 0.5, "out")]


DRAWINGS = {
    "feedforward": _feedforward,
    "convolutional": _convolutional,
    "recurrent": _recurrent,
    "lstm": _lstm,
    "attention": _attention,
    "gan": _gan,
}
