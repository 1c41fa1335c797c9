"""The panels of slow motion for points: a batch on its way through a network, and what each of its points loses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ann_core.charts.film import Box, Dots, Lines, Links, Panel, Picture, Words, strengths
from ann_core.charts.palette import CHOSEN, TRAINING

WIDTH, HEIGHT, EDGE, BASE = 300.0, 110.0, 46.0, 24.0
RADIUS = 11.0
HALF = 0.3
MOVING = ("frames", "strengths", "weights", "biases")
"""What changes from moment to moment of a network's pictures and links."""


@dataclass(frozen=True)
class Shown:
    """What is drawn over the links of a layer, (moments, inputs, units), and what it is called; 0 where nothing is."""

    name: str
    values: np.ndarray


def over_time(panel: Panel, moments: np.ndarray) -> Panel:
    """A network's panel whose moments are these of its own, in this order; what stays as it is has one."""

    def taken(mark: Any) -> Any:
        moving = {name: getattr(mark, name, None) for name in MOVING}
        return replace(mark, **{name: values[moments] for name, values in moving.items() if values is not None and len(values) > 1})

    return replace(panel, marks=[taken(mark) for mark in panel.marks])


def batch_on_network(
    panel: Panel, units: Sequence[int], points: np.ndarray, values: np.ndarray, palette: str, reach: float, present: np.ndarray
) -> Panel:
    """A network's panel with a batch on the maps of each column, at the moments in which it is `present`, (columns, moments).

    `units` are the neurons of each column, `points` (n, 2) lie between -`reach` and `reach`, `values` (n,) are their colours.
    """
    maps = [mark for mark in panel.marks if isinstance(mark, Picture) and mark.frames.shape[-1] > 1]
    columns = np.repeat(np.arange(len(units)), units)
    dots = [
        Dots.at(mark.box, points[None], -reach, reach, values, palette=palette, radius=RADIUS, shown=present[column].astype(np.uint8))
        for mark, column in zip(maps, columns, strict=True)
    ]
    return replace(panel, marks=[*panel.marks, *dots])


def links_instead(panel: Panel, hidden: Sequence[np.ndarray], shown: Sequence[Sequence[Shown]]) -> Panel:
    """A network's panel whose weights are faint at the moments in which they are `hidden`, (moments,) a layer, under what is shown."""
    marks, layer = [], 0
    for mark in panel.marks:
        if not isinstance(mark, Links):
            marks.append(mark)
            continue
        marks.append(replace(mark, strengths=np.where(hidden[layer][:, None], np.int8(0), mark.strengths)))
        marks += [_links(mark, each) for each in shown[layer]]
        layer += 1
    return replace(panel, marks=marks)


def _links(mark: Links, shown: Shown) -> Links:
    greatest = float(np.max(np.abs(shown.values), where=np.isfinite(shown.values), initial=0))
    values = strengths(shown.values.reshape(len(shown.values), -1), greatest)
    return Links(mark.ends, values, mark.second, quiet=True, greatest=greatest, name=shown.name, down=mark.down, across=mark.across)


def losses_panel(title: str, alt: str, losses: np.ndarray, present: np.ndarray, names: Sequence[str]) -> Panel:
    """Bars of what points lose, (kinds, n), of each kind at the moments in which it is `present`, (kinds, moments)."""
    box = Box(EDGE, 8, WIDTH, HEIGHT)
    kinds, count = losses.shape
    top = float(np.max(losses, where=np.isfinite(losses), initial=0)) or 1.0
    marks: list = []
    for kind, (values, colour) in enumerate(zip(losses, (TRAINING, CHOSEN), strict=True)):
        places = np.arange(count) + 0.5 + HALF * (2 * (kind + 0.5) / kinds - 1)
        heights = np.nan_to_num(values, posinf=top) * present[kind][:, None]  # (moments, n)
        feet = np.stack([np.broadcast_to(places, heights.shape), np.zeros_like(heights)], axis=-1)
        heads = np.stack([np.broadcast_to(places, heights.shape), heights], axis=-1)
        width = 0.7 * HALF * WIDTH / count
        marks.append(Lines.at(box, np.stack([feet, heads], axis=2), np.zeros(2), np.array([count, top]), colour=colour, width=width))
        marks.append(Words([names[kind]], [(EDGE + 8 + 150 * kind, HEIGHT + 8 + BASE / 2)], "left", 12, colour))
    marks.append(Words([f"{top:.2g}", "0"], [(EDGE - 6, 14), (EDGE - 6, HEIGHT + 4)], "right", 11))
    return Panel(title, alt, EDGE + WIDTH + 14, 8 + HEIGHT + BASE, marks)
