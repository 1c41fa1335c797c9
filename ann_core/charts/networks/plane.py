"""The panels of a film about a network for points in the plane."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ann_core.charts.film import (
    Box,
    Cursor,
    Dots,
    Ends,
    Lines,
    Links,
    Network,
    Panel,
    Picture,
    Spot,
    Words,
    corners,
    framed,
    places,
    signed_values,
    strengths,
)
from ann_core.charts.palette import CHOSEN, TRAINING, VALIDATION

COLUMN = 104.0
HEADING, BELOW = 22.0, 6.0
LEFT, RIGHT = 34.0, 42.0
LETTER = 7.5
LONGEST_NAME = 14
TALLEST = 440.0
PITCH_LOW, PITCH_HIGH = 34.0, 64.0
SIDE = 300.0
MOST_CURVE_POINTS = 400


@dataclass(frozen=True)
class Column:
    """A layer as it is drawn: what is written above it, its neurons' maps uint8 (moments, units, rows, columns).

    `kernels` (moments, inputs, units) and `biases` (moments, units) lead into it; `names` are written beside the
    neurons; `pick` begins the name of each. White on the maps stands for `middle`, full colours for `greatest` (units,) more
    or less.
    """

    heading: str
    maps: np.ndarray
    kernels: np.ndarray | None = None
    biases: np.ndarray | None = None
    names: Sequence[str] = ()
    pick: str = ""
    middle: float = 0.0
    greatest: np.ndarray | None = None

    @property
    def called(self) -> list[str]:
        """What its neurons are called."""
        return list(self.names) or [f"{self.heading} {unit + 1}" for unit in range(self.maps.shape[1])]


def network_panel(title: str, alt: str, columns: Sequence[Column], chosen: str = "", network: Network | None = None) -> Panel:
    """Every neuron with its own map, every connection by its sign and strength. `chosen` is the name of a neuron.

    With a `network` points can be sent through it.
    """
    most = max(column.maps.shape[1] for column in columns)
    pitch = float(np.clip(TALLEST / most, PITCH_LOW, PITCH_HIGH))
    node = 0.84 * pitch
    height = HEADING + pitch * max(most, 2) + BELOW
    left = LEFT + LETTER * max((min(len(name), LONGEST_NAME) for column in columns for name in column.names), default=0)
    boxes = [_boxes(left + COLUMN * number, column.maps.shape[1], pitch, node, height) for number, column in enumerate(columns)]
    width = left + COLUMN * (len(columns) - 1) + node + RIGHT
    marks: list = []
    for number, column in enumerate(columns):
        if column.kernels is not None:
            marks.append(_links(boxes[number - 1], boxes[number], columns[number - 1], column))
    for column, places_of in zip(columns, boxes, strict=True):
        marks += _nodes(column, places_of, chosen)
        middle = places_of[0].x + node / 2
        marks.append(Words([column.heading], [(middle, HEADING / 2)]))
        if column.names:
            names = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in column.names]
            marks.append(Words(names, [(box.x - 6, box.y + node / 2) for box in places_of], "right", 13))
    marks += [network] if network else []
    return Panel(title, alt, width, height, marks, large=True)


def _boxes(left: float, units: int, pitch: float, node: float, height: float) -> list[Box]:
    top = HEADING + (height - HEADING - BELOW - units * pitch) / 2 + (pitch - node) / 2
    return [Box(left, top + pitch * unit, node, node) for unit in range(units)]


def _links(before: Sequence[Box], after: Sequence[Box], coming: Column, column: Column) -> Links:
    """Connections between two columns; the strongest weight of all moments is the thickest."""
    ends = [(a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2) for a in before for b in after]
    weights = column.kernels.reshape(len(column.kernels), -1).astype(np.float32)
    greatest = float(np.max(np.abs(weights), where=np.isfinite(weights), initial=0))
    biases = None if column.biases is None else column.biases.astype(np.float32)
    numbers = {"greatest": greatest, "weights": weights, "biases": biases}
    named = {"name": f"w → {column.heading}", "down": coming.called, "across": column.called}
    return Links(np.array(ends, np.float32), strengths(weights, greatest), len(after), **numbers, **named)


def _nodes(column: Column, boxes: Sequence[Box], chosen: str) -> list[Picture]:
    nodes = []
    for unit, box in enumerate(boxes):
        name = f"{column.pick}{unit}" if column.pick else ""
        said = f"{column.heading} {column.names[unit]}" if column.names else column.called[unit]
        greatest = 1.0 if column.greatest is None else float(column.greatest[unit])
        options = {"pick": name, "chosen": bool(name) and name == chosen, "middle": column.middle, "greatest": greatest, "name": said}
        nodes.append(Picture(box, column.maps[:, unit], **options))
        if column.biases is not None:
            side = box.width / 4
            square = Box(box.x - side / 2, box.y + box.height - side / 2, side, side)
            greatest = np.max(np.abs(column.biases), where=np.isfinite(column.biases), initial=0)
            shown = signed_values(column.biases[:, unit, None, None], greatest)
            nodes.append(Picture(square, shown, greatest=0.0, name=f"{said}: b"))  # told with the weights
    return nodes


@dataclass(frozen=True)
class Scale:
    """The plane's two axes as they are labelled: names, and ticks as (coordinate, text)."""

    names: tuple[str, str]
    ticks: tuple[Sequence[tuple[float, str]], Sequence[tuple[float, str]]]


@dataclass(frozen=True)
class Cloud:
    """Points of one kind: places (n, 2), or (moments, n, 2) where they move; colours uint8 (n,) as in pictures."""

    places: np.ndarray
    values: np.ndarray
    held_out: bool
    name: str = ""
    radius: float = 3.0


def surface_panel(
    title: str,
    alt: str,
    surface: np.ndarray,
    palette: str,
    clouds: Sequence[Cloud],
    scale: Scale,
    reach: float,
    rule: np.ndarray | None,
    hovered: str = "",
    middle: float = 0.0,
    greatest: float = 1.0,
    spotted: bool = False,
    decides: bool = False,
) -> Panel:
    """What the network says everywhere in the plane, uint8 (moments, rows, columns), and the points on it.

    `rule`: the line of the rule that made the points, (n, 2); white stands for `middle`, full colours for `greatest` more or less.
    Where it is `spotted`, a place that is clicked is marked; where it `decides`, its answers can be seen as decisions.
    """
    box = Box(46, 8, SIDE, SIDE)
    marks: list = [Picture(box, surface, palette, main=True, middle=middle, greatest=greatest, decides=decides)]
    marks += [_dots(box, cloud, palette, -reach, reach, middle) for cloud in clouds]
    if rule is not None:
        marks.append(Lines.at(box, rule[None, None], -reach, reach, colour=CHOSEN, width=2.5, dashed=True))
    marks += [Spot(box)] if spotted else []
    return Panel(title, alt, SIDE + 60, SIDE + 52, [*marks, *_axes(box, scale, reach)], hovered=hovered, large=True)


def _dots(box: Box, cloud: Cloud, palette: str, low: Ends, high: Ends, middle: float) -> Dots:
    moving = cloud.places if cloud.places.ndim == 3 else cloud.places[None]
    meaning = {"middle": middle, "greatest": 1 - middle, "name": cloud.name, "radius": cloud.radius}
    return Dots.at(box, moving, low, high, cloud.values, palette=palette, held_out=cloud.held_out, **meaning)


def _axes(box: Box, scale: Scale, reach: float) -> list[Words]:
    def right(value: float) -> float:
        return box.x + box.width * (value + reach) / (2 * reach)

    def up(value: float) -> float:
        return box.y + box.height * (reach - value) / (2 * reach)

    below = box.y + box.height
    return [
        Words([text for _, text in scale.ticks[0]], [(right(value), below + 12) for value, _ in scale.ticks[0]], size=11),
        Words([text for _, text in scale.ticks[1]], [(box.x - 6, up(value)) for value, _ in scale.ticks[1]], "right", 11),
        Words([scale.names[0]], [(box.x + box.width / 2, below + 30)], size=13),
        Words([scale.names[1]], [(box.x + 6, box.y + 10)], "left", 13),
    ]


def space_panel(
    title: str,
    alt: str,
    choice: str,
    bent: np.ndarray,
    clouds: Sequence[Cloud],
    palette: str,
    middle: float,
    layer: int,
    directions: np.ndarray,
) -> Panel:
    """A layer's outputs along two `directions`: the plane's lattice as the layer bends it, (moments, lines, points, 2), and the points."""
    everything = [bent.reshape(-1, 2), *(cloud.places.reshape(-1, 2) for cloud in clouds)]
    finite = np.concatenate([part[np.isfinite(part).all(axis=1)] for part in everything])
    low, high = (finite.min(axis=0), finite.max(axis=0)) if len(finite) else (np.zeros(2), np.ones(2))
    centre, half = (low + high) / 2, np.maximum((high - low).max() / 2 * 1.04, 1e-6)
    box = Box(30, 8, SIDE, SIDE)
    lines = Lines.at(box, bent, centre - half, centre + half, width=1)
    dots = [_dots(box, cloud, palette, centre - half, centre + half, middle) for cloud in clouds]
    spot = Spot(box, layer, directions.astype(np.float32), corners(centre - half, centre + half))
    return Panel(title, alt, SIDE + 60, SIDE + 52, [framed(box), lines, *dots, spot], choice)


@dataclass(frozen=True)
class Curve:
    """A figure of the training, epoch by epoch from 0, for the points trained on and those held out: (epochs done + 1,) each.

    The curves end at `top`, written in the format `form`.
    """

    title: str
    training: np.ndarray
    held_out: np.ndarray
    top: float
    form: str


def curves_panel(title: str, alt: str, names: tuple[str, str], curves: Sequence[Curve], epochs: int, moments: Sequence[float]) -> Panel:
    """Curves one below the other; `moments` are the epochs gone by at the film's moments, and a cursor shows which it is."""
    height = (SIDE - HEADING) / len(curves)
    marks: list = [
        Words([names[0]], [(SIDE / 2 + 38, 10)], "right", 12, TRAINING),
        Words([names[1]], [(SIDE / 2 + 54, 10)], "left", 12, VALIDATION),
    ]
    for number, curve in enumerate(curves):
        marks += _curve(curve, Box(46, HEADING + number * height + 8, SIDE, height - 16), names, epochs, moments)
    marks.append(Words(["0", f"{epochs:,}"], [(46, SIDE + 18), (46 + SIDE, SIDE + 18)], size=11))
    return Panel(title, alt, SIDE + 66, SIDE + 52, marks)


def _curve(curve: Curve, box: Box, names: tuple[str, str], epochs: int, moments: Sequence[float]) -> list:
    marks: list = [Lines(box, places(np.array([[[[0, 0], [0, 1]], [[0, 0], [1, 0]]]]), 0, 1))]
    kinds = ((curve.training, TRAINING, False), (curve.held_out, VALIDATION, True))
    for (values, colour, dashed), name in zip(kinds, names, strict=True):
        line = _thinned(values)
        if line.size:
            options = {"colour": colour, "width": 2, "dashed": dashed, "name": f"{curve.title}: {name}"}
            marks.append(Lines.leaving(box, line[None, None], np.zeros(2), np.array([epochs, curve.top]), **options))
        if 0 <= values[0] <= curve.top:
            marks.append(Words(["●"], [(box.x, box.y + box.height * (1 - values[0] / curve.top))], size=9, colour=colour))
    finite = curve.training[np.isfinite(curve.training)]
    high = len(finite) > 0 and finite[-1] > curve.top / 2
    title = (box.x + box.width / 2, box.y + (box.height - 10 if high else 10))  # where the curve is not
    ends = [format(curve.top, curve.form), format(0, curve.form)]
    return [
        *marks,
        Cursor(box, places(np.array(moments) / epochs, 0, 1)),
        Words(ends, [(box.x - 6, box.y + 6), (box.x - 6, box.y + box.height - 4)], "right", 11),
        Words([curve.title], [title]),
    ]


def _thinned(values: np.ndarray) -> np.ndarray:
    """A curve as a line of not too many points, epoch and value: (points, 2); what is not finite is left out."""
    kept = np.flatnonzero(np.isfinite(values))
    kept = kept[np.unique(np.linspace(0, max(len(kept) - 1, 0), min(len(kept), MOST_CURVE_POINTS)).astype(int))] if len(kept) else kept
    return np.stack([kept, values[kept]], axis=1)
