"""The panel of what goes through a stack of layers, forward and back: a tile and a size for every layer, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ann_core.charts.film import Box, Lines, Panel, Picture, Window, Words, places, signed_values
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN

WIDE, LEFT = 960.0, 56.0
TILE, CURVE, HEADING = 64.0, 84.0, 24.0
ROW = HEADING + TILE + CURVE + 16
FULL = 2.0
"""So many times the size that a way begins with has the full colours."""
LEAST = 1e-100


@dataclass(frozen=True)
class Way:
    """What passes the layers one way: its name, the columns it comes to in order, the values there, (neurons, examples) each."""

    name: str
    columns: Sequence[int]
    values: Sequence[np.ndarray]
    sizes: np.ndarray


def wave_panel(titles: Titles, ways: tuple[Way, Way], columns: int) -> Panel:
    """The way forward above, the way back beneath it: a moment for every layer that is reached."""
    moments = sum(len(way.columns) for way in ways)
    pitch = (WIDE - LEFT) / columns
    marks: list = []
    for row, way in enumerate(ways):
        begins = row * len(ways[0].columns)
        marks += _tiles(way, row * ROW, pitch, begins, moments)
        marks += _profile(way, Box(LEFT, row * ROW + HEADING + TILE + 8, columns * pitch, CURVE), columns, begins, moments)
        marks.append(Words([way.name], [(LEFT, row * ROW + HEADING / 2)], "left", 14))
    reached = [[[row, column]] for row, way in enumerate(ways) for column in way.columns]
    marks.append(Window(Box(LEFT, 0, columns * pitch, 2 * ROW), np.array(reached, np.uint16), 2, columns))
    numbers = [(LEFT + (column + 0.5) * pitch, 2 * ROW + 10) for column in range(columns)]
    marks.append(Words(["x", *map(str, range(1, columns))], numbers, size=13))
    return Panel(*titles, WIDE, 2 * ROW + 24, marks, large=True)


def _tiles(way: Way, top: float, pitch: float, begins: int, moments: int) -> list[Picture]:
    """What is not reached yet is white."""
    side, full = min(TILE, 0.86 * pitch), FULL * float(way.sizes[0])
    tiles = []
    for place, (column, values) in enumerate(zip(way.columns, way.values, strict=True)):
        shades = np.full((moments, *values.shape), 128, np.uint8)
        shades[begins + place :] = signed_values(values, full)
        box = Box(LEFT + (column + 0.5) * pitch - side / 2, top + HEADING + (TILE - side) / 2, side, side)
        tiles.append(Picture(box, shades, crisp=True, greatest=full, name=f"{way.name} · {column}"))
    return tiles


def _profile(way: Way, box: Box, columns: int, begins: int, moments: int) -> list:
    """The sizes as a line that grows from layer to layer, powers of ten apart."""
    heights = np.log10(np.maximum(way.sizes, LEAST))
    low, high = np.floor(heights.min() - 0.01), np.ceil(heights.max() + 0.01)
    line = np.stack([np.array(way.columns) + 0.5, heights], axis=1)
    known = [np.clip(moment - begins, 0, len(line) - 1) for moment in range(moments)]
    grown = np.stack([line[np.minimum(np.arange(len(line)), last)] for last in known])
    at = places(grown[:, None], np.array([0, low]), np.array([columns, high]))
    level = places(np.array([[[[0, heights[0]], [columns, heights[0]]]]]), np.array([0, low]), np.array([columns, high]))
    ends = [(box.x - 6, box.y + 6), (box.x - 6, box.y + box.height - 6)]
    return [
        Lines(box, level, dashed=True),
        Lines(box, at, colour=CHOSEN, width=3),
        Words([f"1e{int(high)}", f"1e{int(low)}"], ends, "right", 12),
    ]
