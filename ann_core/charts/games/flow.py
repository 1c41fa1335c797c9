"""One step of a game as a flow of data: little pictures from the noise to the loss and back, and numbered points that go through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ann_core.charts.film import SHARES_OF_CLASS, Box, Dots, Lines, Mesh, Panel, Picture, Words, framed, light_values, places
from ann_core.charts.games.stage import Bent, Field
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, CLASSES, FAKE, REAL
from ann_core.charts.sequences.recurrent import arrow, numbers, path

DRAW, GENERATE, JUDGE, LOSS, GRADIENT, UPDATE = range(6)
MOMENTS = 6
SIDE, TOP, BETWEEN, HIGH = 172.0, 28.0, 50.0, 452.0
MADE, JUDGED = 442.0, 560.0
UNDER = HIGH - 14
"""Beneath all pictures real points go on, and the gradient comes back."""
NOISE, GENERATOR = Box(8, TOP, SIDE, SIDE), Box(8 + SIDE + BETWEEN, TOP, SIDE, SIDE)
REAL_POINTS, FORGED = NOISE._replace(y=TOP + SIDE + 52), GENERATOR._replace(y=TOP + SIDE + 52)
FIELD, BELIEFS, COSTS = Box(18, 62, 236, 236), Box(294, TOP, 112, 356), Box(440, TOP, 104, 356)
DOT, BAR = 8.0, 7.0
LABEL, CELL, ROW = 118.0, 42.0, 22.0


@dataclass(frozen=True)
class Cloud:
    """Points of one kind in a step: places (2, n, 2) before and after it, beliefs and costs (2, n), all within their pictures."""

    points: np.ndarray
    beliefs: np.ndarray
    costs: np.ndarray | None
    colour: str


@dataclass(frozen=True)
class Flow:
    """A step of one player: noise (n, 2); what is forged of it; real points, where they are judged too, else only drawn.

    The bent lattice and the field have two moments, before and after. `pulls` (n, 2, 2), from and to, are there where the generator
    learns. Places reach from -reach to reach, noise from -noise_reach to noise_reach, beliefs from `low` to `high`.
    """

    noise: np.ndarray
    forged: Cloud
    real: Cloud
    lattice: Bent
    field: Field
    pulls: np.ndarray | None
    reach: float
    noise_reach: float
    low: float
    high: float

    @property
    def judged(self) -> tuple[Cloud, ...]:
        """The clouds that the player on turn pays for."""
        return (self.forged,) if self.pulls is not None else (self.forged, self.real)


def since(first: int, last: int = UPDATE) -> np.ndarray:
    """At which moments something is there: from one to another."""
    return np.array([first <= moment <= last for moment in range(MOMENTS)], np.uint8)


def over_time(both: np.ndarray) -> np.ndarray:
    """What has a value before (0) and after the step (1), at every moment."""
    return both[[0] * UPDATE + [1]]


def made_panel(titles: Titles, flow: Flow, names: Sequence[str]) -> Panel:
    """From the noise through the generator to the forged points; real ones beside them. `names` of the four pictures."""
    boxes = NOISE, GENERATOR, REAL_POINTS, FORGED
    marks: list = [Words([name], [(box.x, box.y - 11)], "left", 13.0) for name, box in zip(names, boxes, strict=True)]
    marks += [framed(box) for box in boxes]
    marks.append(_lattice(flow))
    marks += [arrow(NOISE.x + SIDE + 6, TOP + SIDE / 2, GENERATOR.x - 6, TOP + SIDE / 2)]
    middle, foot = GENERATOR.x + SIDE / 2, FORGED.y + SIDE
    marks += [arrow(middle, TOP + SIDE + 4, middle, FORGED.y - 22), arrow(FORGED.x + SIDE + 4, foot - SIDE / 2, MADE - 2, foot - SIDE / 2)]
    if flow.pulls is None:
        marks.append(path([(REAL_POINTS.x + SIDE / 2, foot + 3), (REAL_POINTS.x + SIDE / 2, UNDER), (MADE, UNDER)]))
    else:
        pulls = Lines.cut(FORGED, flow.pulls[None], flow.reach, colour=CHOSEN, width=1.6, headed=True)
        back = (
            path([(MADE, UNDER), (middle, UNDER), (middle, foot + 2)]),
            path([(middle + 12, FORGED.y - 6), (middle + 12, TOP + SIDE + 5)]),
        )
        marks += [replace(pulls, shown=since(GRADIENT, GRADIENT)), *(_backwards(line) for line in back), _on_turn(GENERATOR)]
    marks.append(replace(_dots(_within(NOISE, flow.noise / flow.noise_reach)[None], MADE, FAKE), shown=since(GENERATE)))
    at_real = _within(REAL_POINTS, flow.real.points[0] / flow.reach)
    marks.append(_dots(at_real[None], MADE, REAL))
    forged = over_time(_within(FORGED, flow.forged.points / flow.reach))
    forged[DRAW] = _within(NOISE, flow.noise / flow.noise_reach)
    marks.append(_dots(forged, MADE, FAKE))
    return Panel(*titles, MADE, HIGH, marks, told=False, large=True, gliding=True)


def judged_panel(titles: Titles, flow: Flow, names: Sequence[str], losses: tuple[str, str]) -> Panel:
    """Into the discriminator, whose answers are beliefs, which cost something; and the gradient back. `names` of the three pictures."""
    boxes, field = (FIELD, BELIEFS, COSTS), flow.field
    marks: list = [Words([name], [(box.x, box.y - 11)], "left", 13.0) for name, box in zip(names, boxes, strict=True)]
    marks.append(
        Picture(FIELD, over_time(field.colours), middle=over_time(field.middle), greatest=over_time(field.greatest), bordered=True)
    )
    marks.append(framed(BELIEFS))
    middle = (flow.low + flow.high) / 2
    level = BELIEFS.y + BELIEFS.height
    marks.append(path([(BELIEFS.x + BELIEFS.width / 2, BELIEFS.y), (BELIEFS.x + BELIEFS.width / 2, level)]))
    ends = [(BELIEFS.x, level + 12), (BELIEFS.x + BELIEFS.width / 2, level + 12), (BELIEFS.x + BELIEFS.width, level + 12)]
    marks.append(Words([f"{end:.2g}" for end in (flow.low, middle, flow.high)], ends, size=11.0))
    marks += [arrow(FIELD.x + FIELD.width + 5, FIELD.y + FIELD.height / 2, BELIEFS.x - 6, FIELD.y + FIELD.height / 2)]
    marks += [arrow(BELIEFS.x + BELIEFS.width + 6, TOP + 178, COSTS.x - 6, TOP + 178)]
    rows = sum(cloud.points.shape[1] for cloud in flow.judged)
    greatest = max(1e-9, *(float(np.abs(cloud.costs).max()) for cloud in flow.judged))
    first = 0
    for cloud in flow.judged:
        count = cloud.points.shape[1]
        heights = BELIEFS.y + (np.arange(first, first + count) + 0.5) * BELIEFS.height / rows
        in_field = over_time(_within(FIELD, cloud.points / flow.reach))
        marks.append(replace(_dots(in_field, JUDGED, cloud.colour), shown=since(LOSS)))
        marks.append(_bars(cloud, heights, greatest))
        marks.append(_dots(_way(flow, cloud, in_field, heights), JUDGED, cloud.colour))
        first += count
    foot = COSTS.y + COSTS.height + 12
    for text, moments in zip(losses, (since(LOSS, GRADIENT), since(UPDATE)), strict=True):
        marks.append(Words([text], [(COSTS.x + COSTS.width / 2, foot)], size=13.0, shown=moments))
    end = [(FIELD.x + FIELD.width / 2, UNDER), (FIELD.x + FIELD.width / 2, FIELD.y + FIELD.height + 5)]
    back = [(COSTS.x + COSTS.width / 2, foot + 10), (COSTS.x + COSTS.width / 2, UNDER)]
    if flow.pulls is None:
        marks += [_backwards(path([*back, *end])), _on_turn(FIELD)]
    else:
        marks.append(_backwards(path([*back, (FIELD.x, UNDER), (2, UNDER)])))
    return Panel(*titles, JUDGED, HIGH, marks, told=False, large=True, gliding=True)


def _way(flow: Flow, cloud: Cloud, in_field: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Where the points of a cloud are at every moment, (moments, n, 2): from the left edge into the field, then on the scale of beliefs."""
    share = np.clip((cloud.beliefs - flow.low) / (flow.high - flow.low), 0, 1)
    believed = np.stack([BELIEFS.x + share * BELIEFS.width, np.broadcast_to(heights, share.shape)], axis=-1)
    way = over_time(believed)
    way[JUDGE] = in_field[JUDGE]
    way[:JUDGE] = np.stack([np.full_like(heights, -3 * DOT), in_field[0, :, 1]], axis=-1)
    return way


def _bars(cloud: Cloud, heights: np.ndarray, greatest: float) -> Lines:
    """What every point costs: a bar each."""
    zero, span = (COSTS.x, COSTS.width) if cloud.costs.min() >= 0 else (COSTS.x + COSTS.width / 2, COSTS.width / 2)
    ends = zero + span * over_time(cloud.costs) / greatest
    across = np.stack([np.full_like(ends, zero), ends], axis=-1)
    bars = np.stack([across, np.broadcast_to(heights[:, None], across.shape)], axis=-1)
    return replace(_lines(bars, JUDGED, cloud.colour, BAR), shown=since(LOSS))


def _within(box: Box, shares: np.ndarray) -> np.ndarray:
    """Where places of -1 … 1 are in a box, in the panel's own units; those beyond at its edge."""
    share = (np.clip(shares, -1, 1) + 1) / 2
    return np.stack([box.x + share[..., 0] * box.width, box.y + (1 - share[..., 1]) * box.height], axis=-1)


def _whole(points: np.ndarray, width: float) -> tuple[Box, np.ndarray]:
    """A box as large as a panel and more, and points of the panel's own units in it; outside of the panel they are not seen."""
    more = 4 * DOT
    box = Box(-more, -more, width + 2 * more, HIGH + 2 * more)
    upward = np.stack([points[..., 0], HIGH - points[..., 1]], axis=-1)
    return box, places(upward, -more, np.array([width + more, HIGH + more]))


def _dots(points: np.ndarray, width: float, colour: str) -> Dots:
    """Numbered points at places of a panel (moments, n, 2)."""
    box, at = _whole(points, width)
    value = np.full(points.shape[1], CLASSES.index(colour) * SHARES_OF_CLASS + SHARES_OF_CLASS - 1, np.uint8)
    return Dots(box, at, value, palette="classes", radius=DOT, numbered=True)


def _lines(points: np.ndarray, panel_width: float, colour: str, width: float) -> Lines:
    box, at = _whole(points, panel_width)
    return Lines(box, at, colour, width)


def _backwards(line: Lines) -> Lines:
    """A way that the gradient takes."""
    return replace(line, colour=CHOSEN, width=3.0, headed=True, shown=since(GRADIENT, GRADIENT))


def _on_turn(box: Box) -> Lines:
    """The frame around the player that learns."""
    return replace(framed(box), colour=CHOSEN, width=3.0, shown=since(GRADIENT))


def _lattice(flow: Flow) -> Lines | Mesh:
    lines = Lines.cut(GENERATOR, over_time(flow.lattice.lines), flow.reach, width=0.8)
    if flow.lattice.density is None:
        return lines
    return Mesh(lines.box, lines.places, light_values(over_time(flow.lattice.density)), GENERATOR, FAKE)


def table_panel(titles: Titles, counts: Sequence[tuple[str, int]], rows: Sequence[tuple[str, int, np.ndarray]]) -> Panel:
    """The numbers of all points, a column each, which come one after the other: rows with a name, the moment since which, and values.

    `counts` are the kinds of points with the colour of each and how many there are; a row of fewer values is that of the first kinds.
    """
    heads = [(str(number + 1), colour) for colour, count in counts for number in range(count)]
    marks: list = []
    for place, (head, colour) in enumerate(heads):
        marks.append(Words([f"● {head}"], [(LABEL + (place + 0.5) * CELL, ROW / 2)], size=12.0, colour=colour))
    for place, (name, first, values) in enumerate(rows):
        y = ROW + 2 + place * (ROW + 3)
        box, across = Box(LABEL, y, len(values) * CELL, ROW), [head for head, _ in heads[: len(values)]]
        marks.append(replace(numbers(box, values[None, None], 1.0, down=[name], across=across), shown=since(first)))
        marks.append(Words([name], [(LABEL - 8, y + ROW / 2)], "right", shown=since(first)))
    return Panel(*titles, LABEL + len(heads) * CELL, ROW + 2 + len(rows) * (ROW + 3), marks, alone=True)
