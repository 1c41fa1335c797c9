"""The panel of films about networks that look at a picture: the picture, their units as tiles, the bars of the classes."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ann_core.charts.film import Box, Lines, Links, Panel, Picture, Sweep, Window, Words, light_values, strengths
from ann_core.charts.networks.convolution import STAGE, Titles
from ann_core.charts.networks.squares import next_to, squares
from ann_core.charts.palette import VALIDATION

HEIGHT, HEADING = 430.0, 24.0
PICTURE, TILE, PITCH, NODE = 190.0, 44.0, 50.0, 22.0
DOWN = 8
MOST_SHOWN = 16
GLOW, SPACE = 4.0, 104.0
BAR_WIDE, BAR_THICK, LETTER = 150.0, 13.0, 7.5
WIDE, HIGH, INPUT, ANSWER = 1025.0, STAGE, 170.0, 250.0
ENTRY, NODE_OF_CLASS = 44.0, 13.0


class Units(NamedTuple):
    """A layer as it is drawn, the first `MOST_SHOWN` of its units: what stands above it, and their outputs (moments, units).

    `tiles` (moments, units, rows, columns) lie over the picture: the weights into each, or its map, and `pick` begins the names
    of those that can be picked; those that are `silenced` are marked. `gives` (moments, units, units of the next layer) is
    output times weight, where one number says it. `scaled` says what the numbers of maps are, which may share a scale of colours.
    What stands `beside` every unit is told of the same units by other numbers.
    """

    heading: str
    outputs: np.ndarray
    gives: np.ndarray | None
    tiles: np.ndarray | None = None
    pick: str = ""
    chosen: int | None = None
    silenced: Collection[int] = ()
    scaled: str = ""
    beside: "Units | None" = None


class Coming(NamedTuple):
    """What comes from the layer before: what each of its units gives to each of these, (moments, units, these); how high they stand."""

    name: str
    gives: np.ndarray
    boxes: Sequence[Box]

    def links(self, following: Sequence[Box]) -> list[Links]:
        """Lines from the left side of a panel; those that lead to a thing that is not drawn are left out."""
        edge = [Box(0, box.y, 0, box.height) for box in self.boxes]
        return _links(self.gives, edge, following, self.name)


class Places(NamedTuple):
    """Where things stand on the panel: the picture, each layer's units, the ends of the lines to the classes, their bars."""

    picture: Box
    columns: list[list[Box]]
    entries: list[Box]
    bars: list[Box]
    width: float


def places_of(units: Sequence[int], tiled: Sequence[bool], classes: Sequence[str]) -> Places:
    """Where so many units of each layer, as tiles or as squares, and these classes stand."""
    left, columns = _columns(PICTURE + SPACE / 2, units, tiled, HEIGHT)
    longest = LETTER * max(map(len, classes))
    left += longest
    bars = _bars(left, len(classes), BAR_WIDE, HEIGHT)
    entries = _entries(bars, longest)
    picture = Box(0, HEADING + (HEIGHT - HEADING - PICTURE) / 2, PICTURE, PICTURE)
    return Places(picture, columns, entries, bars, left + BAR_WIDE + 4)


def looking_panel(
    titles: Titles, picture: np.ndarray, layers: Sequence[Units], heading: str, classes: Sequence[str], shares: np.ndarray
) -> Panel:
    """A picture of 0 … 1, (rows, columns), the layers that look at it, and the share of each class, (moments, classes).

    Frames of tiles, and squares, are as strong in colour as the unit's output; links as what it gives to the next unit.
    """
    at = places_of([layer.outputs.shape[1] for layer in layers], [layer.tiles is not None for layer in layers], classes)
    marks: list = [Picture(at.picture, light_values(picture)[None], "grey")]
    for layer, boxes, following in zip(layers, at.columns, [*at.columns[1:], at.entries], strict=True):
        marks += [*_lines(layer, boxes, following), *_units(layer, boxes), above(boxes, layer.heading)]
    marks += [*_bars_of(at.bars, classes, shares), *names_of(at, heading, classes)]
    return Panel(*titles, at.width, HEIGHT, marks, large=True)


def image_panel(
    titles: Titles,
    picture: np.ndarray,
    heading: str,
    kernels: np.ndarray | None,
    swept: bool = False,
    pick: str = "",
    window: np.ndarray | None = None,
    paper: bool = False,
) -> Panel:
    """A picture of 0 … 1, (rows, columns), and beneath it the kernels that go over it, (moments, n, rows, columns), where there are any.

    Where it is `swept`, a window as large as a kernel does so. What a kernel says when it is picked begins with `pick`.
    A `window` (1, cells, 2) stays where it is. On a `paper` one can draw.
    """
    marks: list = [Picture(image_box(kernels is not None), light_values(picture)[None], "grey", paper=paper)]
    if window is not None:
        marks.append(Window(marks[0].box, window.astype(np.uint16), *picture.shape))
    if kernels is None:
        return Panel(*titles, INPUT, HIGH, marks, large=True)
    marks.append(Words([heading], [(INPUT / 2, INPUT + HEADING / 2)]))
    room = Box(0, INPUT + HEADING, INPUT, HIGH - INPUT - HEADING)
    for number, box in enumerate(squares(room, kernels.shape[1], 2)):
        strongest = np.nanmax(np.abs(kernels[-1, number]), initial=0)
        picked = f"{pick}{number}" if pick else ""
        marks.append(Picture.signed(box, kernels[:, number], strongest, crisp=True, name=f"{heading} {number + 1}", pick=picked))
    if swept:
        size = kernels.shape[-1]
        rows, columns = (side - size + 1 for side in picture.shape)
        marks.append(Sweep.over([marks[0].box], rows, columns, size))
    return Panel(*titles, INPUT, HIGH, marks, large=True)


def image_box(above_kernels: bool) -> Box:
    """Where the picture stands: at the top where kernels stand beneath it, else in the middle."""
    return Box(0, 0 if above_kernels else (HIGH - INPUT) / 2, INPUT, INPUT)


def maps_boxes(layers: int, count: int, paired: bool = False) -> list[Box]:
    """Where so many maps stand in the panel of one of so many layers; those that are `paired` have room for another one beside them."""
    top = HEADING if paired else 0
    return squares(Box(ENTRY, top, _wide(layers) - ENTRY, HIGH - top), count, 2 * GLOW + 2, paired)


def _wide(layers: int) -> float:
    return (WIDE - INPUT - ANSWER) / layers


def maps_panel(titles: Titles, coming: Coming, layer: Units, layers: int, swept: bool = False) -> Panel:
    """The maps of a layer, one of so many that share the room between picture and classes, over the lines that lead to them.

    Where they are `swept`, a frame is at the place that the window over the picture has come to.
    """
    boxes = maps_boxes(layers, layer.outputs.shape[1], layer.beside is not None)
    marks = [*coming.links(boxes), *_units(layer, boxes), *_named_above(layer, boxes)]
    if swept:
        marks.append(Sweep.over(boxes, *layer.tiles.shape[2:]))
    return Panel(*titles, _wide(layers), HIGH, marks, large=True)


def answer_panel(
    titles: Titles, coming: Coming, layers: Sequence[Units], classes: Sequence[str], shares: np.ndarray, after_maps: bool, pick: str
) -> Panel:
    """Layers of squares, and the share of each class, (moments, classes); without maps before it, it takes their room too.

    What a class says when it is picked begins with `pick`.
    """
    width = ANSWER if after_maps else WIDE - INPUT
    left, columns = _columns(ENTRY, [layer.outputs.shape[1] for layer in layers], [False] * len(layers), HIGH)
    longest = LETTER * max(map(len, classes))
    left = max(left, ENTRY) + NODE_OF_CLASS + longest + 10
    bars = _bars(left, len(classes), width - left - 4, HIGH)
    entries = [Box(left - longest - 10 - NODE_OF_CLASS, box.y, NODE_OF_CLASS, NODE_OF_CLASS) for box in bars]
    marks: list = coming.links(columns[0] if columns else entries)
    for layer, boxes, following in zip(layers, columns, [*columns[1:], entries], strict=False):
        marks += [*_lines(layer, boxes, following), *_units(layer, boxes)]
    marks += [
        Picture.signed(box, share[:, None, None], 1.0, name=name, pick=f"{pick}{number}")
        for number, (box, share, name) in enumerate(zip(entries, shares.T, classes, strict=True))
    ]
    marks += [*_bars_of(bars, classes, shares), _beside(bars, classes)]
    marks += [Words([_told(layer)], [(boxes[0].x, HEADING / 2)], "left") for layer, boxes in zip(layers, columns, strict=True)]
    return Panel(*titles, width, HIGH, marks, large=True)


def names_of(at: Places, heading: str, classes: Sequence[str]) -> list[Words]:
    """What stands beside the bars, and above them."""
    return [_beside(at.bars, classes), Words([heading], [(at.bars[0].x + BAR_WIDE / 2, HEADING / 2)])]


def _beside(bars: Sequence[Box], classes: Sequence[str]) -> Words:
    return Words(list(classes), [(box.x - 6, box.y + BAR_THICK / 2) for box in bars], "right", 12.0)


def _bars_of(bars: Sequence[Box], classes: Sequence[str], shares: np.ndarray) -> list[Lines]:
    return [bar(box, share, name) for box, name, share in zip(bars, classes, shares.T, strict=True)]


def around(box: Box) -> Box:
    """The frame of a tile."""
    return Box(box.x - GLOW, box.y - GLOW, box.width + 2 * GLOW, box.height + 2 * GLOW)


def lines_between(boxes: Sequence[Box], following: Sequence[Box]) -> np.ndarray:
    """The ends of all lines from one column to the next: float32 (n, 4)."""
    ends = [(a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2) for a in boxes for b in following]
    return np.array(ends, np.float32)


def above(boxes: Sequence[Box], heading: str) -> Words:
    """What stands above a column."""
    return Words([heading], [((boxes[0].x + boxes[-1].x + boxes[-1].width) / 2, HEADING / 2)])


def _columns(left: float, units: Sequence[int], tiled: Sequence[bool], height: float) -> tuple[float, list[list[Box]]]:
    """The boxes of layers side by side, and where the names of the classes may begin."""
    columns: list[list[Box]] = []
    for count, tiles in zip(units, tiled, strict=True):
        columns.append(_boxes(left, count, tiles, height))
        left = max(box.x + box.width for box in columns[-1]) + SPACE
    return left - SPACE / 3, columns


def _bars(left: float, classes: int, wide: float, height: float) -> list[Box]:
    """Where the bars of so many classes are, `wide` where the share is 1."""
    pitch = (height - HEADING) / classes
    return [Box(left, HEADING + number * pitch + (pitch - BAR_THICK) / 2, wide, BAR_THICK) for number in range(classes)]


def _entries(bars: Sequence[Box], longest: float) -> list[Box]:
    """Where lines that lead to the bars end, before the longest name."""
    return [Box(box.x - longest - 6, box.y, 0, box.height) for box in bars]


def bar(box: Box, shares: np.ndarray, name: str) -> Lines:
    """A share of 0 … 1 at every moment, (moments,), as a bar from the left, as thick as its box is high."""
    ends = np.full((len(shares), 1, 2, 2), 0.5)
    ends[:, 0, 0, 0], ends[:, 0, 1, 0] = 0, shares
    return Lines.at(box, ends, 0, 1, colour=VALIDATION, width=box.height, name=name)


def _boxes(left: float, units: int, tiled: bool, height: float) -> list[Box]:
    """Tiles in columns of `DOWN` at most, or squares in one column, in the middle of the panel's height."""
    down = DOWN if tiled else MOST_SHOWN
    pitch = (height - HEADING) / down
    side = TILE if tiled else min(NODE, pitch - 2)
    rows = -(-units // -(-units // down))
    top = HEADING + (height - HEADING - rows * pitch) / 2 + (pitch - side) / 2
    return [Box(left + number // rows * PITCH, top + number % rows * pitch, side, side) for number in range(units)]


def _told(layer: Units) -> str:
    return f"{layer.heading} · {layer.scaled} | {layer.beside.scaled}" if layer.beside else layer.heading


def _named_above(layer: Units, boxes: Sequence[Box]) -> list[Words]:
    """Above the topmost pairs, what each of the two is."""
    if layer.beside is None:
        return []
    first = [box for box in boxes if box.y == boxes[0].y]
    places = [(each.x + each.width / 2, boxes[0].y - GLOW - HEADING / 3) for box in first for each in (box, next_to(box))]
    return [Words([layer.scaled, layer.beside.scaled] * len(first), places, size=11.0)]


def _lines(layer: Units, boxes: Sequence[Box], following: Sequence[Box]) -> list[Links]:
    """What a layer gives to the next one, where one number says it."""
    if layer.gives is None:
        return []
    return _links(layer.gives, [next_to(box) for box in boxes] if layer.beside else boxes, following, f"{layer.heading}: a · w")


def _links(gives: np.ndarray, boxes: Sequence[Box], following: Sequence[Box], name: str) -> list[Links]:
    gives = gives[:, : len(boxes), : len(following)]
    greatest = float(np.max(np.abs(gives), where=np.isfinite(gives), initial=0))
    flat = strengths(gives.reshape(len(gives), -1), greatest)
    return [Links(lines_between(boxes, following), flat, len(following), greatest=greatest, name=name)]


def _units(layer: Units, boxes: Sequence[Box], framed: bool = True) -> list:
    marks: list = []
    strongest = float(np.max(np.abs(layer.outputs), where=np.isfinite(layer.outputs), initial=0))
    for number, box in enumerate(boxes):
        output, name = layer.outputs[:, number, None, None], f"{layer.heading} {number + 1}"
        picked = {"pick": f"{layer.pick}{number}", "chosen": number == layer.chosen} if layer.pick else {}
        if layer.tiles is None:
            marks.append(Picture.signed(box, output, strongest, name=name, **picked))
            continue
        tile = layer.tiles[:, number]
        whole = np.abs(np.nan_to_num(tile)).max(axis=(1, 2), keepdims=True)
        if framed:
            marks.append(Picture.signed(around(box), output, strongest, name=f"{name}: a"))
        marks.append(Picture.signed(box, tile, whole, name=name, scaled=layer.scaled, **picked))
    struck = [(box.x + box.width / 2, box.y + box.height / 2) for number, box in enumerate(boxes) if number in layer.silenced]
    if struck:
        marks.append(Words(["✂"] * len(struck), struck, size=22.0))
    return marks + (_units(layer.beside, [next_to(box) for box in boxes], framed=False) if layer.beside else [])


def product_panels(titles: Sequence[Titles], picture: np.ndarray, weights: np.ndarray) -> list[Panel]:
    """A picture as a network sees it, (rows, columns), times the weights that lie over it, pixel by pixel: the three of them.

    Weights and products: (moments, rows, columns).
    """
    box, products = Box(0, 0, PICTURE, PICTURE), picture * weights
    largest = [float(np.max(np.abs(part), where=np.isfinite(part), initial=0)) for part in (weights, products)]
    light = light_values(picture / max(float(picture.max()), 1e-9))
    shown = (Picture(box, light[None], "grey", greatest=float(picture.max()), crisp=True),)
    shown += tuple(Picture.signed(box, part, most, crisp=True) for part, most in zip((weights, products), largest, strict=True))
    return [Panel(*each, PICTURE, PICTURE, [mark]) for each, mark in zip(titles, shown, strict=True)]
