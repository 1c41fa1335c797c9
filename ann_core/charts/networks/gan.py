"""The panels of a film about a generator and a discriminator: both on one stage, and their losses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ann_core.charts.film import SHARES_OF_CLASS, Box, Cursor, Dots, Lines, Panel, Picture, Stroll, Words, framed, places, signed_values
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, CLASSES, FAKE, QUIET, REAL, TRAINING, VALIDATION

STAGE, SIDE, HIGH = 420.0, 380.0, 110.0
DOT = 2.6
BESIDE = 0.2
"""So far beyond the edge of the plane stand the points that lie outside of it; their arrows have as much room again."""
SHADES = 65
LEFT, GAP = 46.0, 34.0


@dataclass(frozen=True)
class Field:
    """What the discriminator says everywhere, as colours uint8 (moments, rows, columns).

    The page's ground stands for `middle`, the full colours for `greatest` more or less: (moments,) each; where that is 0, for
    nothing.
    """

    colours: np.ndarray
    middle: np.ndarray
    greatest: np.ndarray


@dataclass(frozen=True)
class Stage:
    """What is on the stage at some moments; None where it is switched off.

    real (n, 2); generated (moments, n, 2); arrows (moments, n, 2, 2), from and to; the generator's grid (moments, lines,
    points, 2); how many of the generated points share a spot, (moments, spots), and where, (moments, spots, 2); where a point
    goes along that wanders before a training, (stops, 2).
    """

    field: Field | None
    real: np.ndarray | None
    generated: np.ndarray | None
    arrows: np.ndarray | None
    grid: np.ndarray | None
    crowds: tuple[np.ndarray, np.ndarray] | None = None
    walk: np.ndarray | None = None


def stage_panel(titles: Titles, stage: Stage, reach: float, names: tuple[str, str], scale: Sequence[str]) -> Panel:
    """Both players on one stage: the plane from -`reach` to `reach`, and a strip around it for what lies outside.

    `names` are those of real and of generated points; `scale` says what the field's colours mean: one end, the middle, the other.
    """
    near, far = reach + BESIDE, reach + 2 * BESIDE
    around, beside, box = (_square(within / far) for within in (far, near, reach))
    marks: list = [framed(box)]
    if (field := stage.field) is not None:
        marks = [Picture(box, field.colours, middle=field.middle, greatest=field.greatest)]
    if stage.grid is not None:
        marks.append(Lines.cut(box, stage.grid, reach, width=0.8))
    clouds = (None if stage.real is None else stage.real[None], REAL), (stage.generated, FAKE)
    for (points, colour), name in zip(clouds, names, strict=True):
        if points is not None:
            value = np.full(points.shape[1], CLASSES.index(colour) * SHARES_OF_CLASS + SHARES_OF_CLASS - 1, np.uint8)
            marks.append(Dots.at(beside, points, -near, near, value, palette="classes", radius=DOT, name=name))
    if stage.crowds is not None:
        marks.append(_rings(around, *stage.crowds, far))
    if stage.walk is not None:
        marks.append(Stroll(beside, places(stage.walk[None], -near, near)))
    if stage.arrows is not None:
        marks.append(Lines.cut(around, stage.arrows, far, colour=CHOSEN, width=1.3, name="→"))
    marks.append(Words([f"● {names[0]}"], [(4, 11)], "left", 13.0, REAL))
    marks.append(Words([f"● {names[1]}"], [(STAGE / 2, 11)], "left", 13.0, FAKE))
    marks += _scale(box, STAGE + 30, scale) if field is not None else []
    return Panel(*titles, STAGE + 4, STAGE + (64 if field is not None else 28), marks)


def _square(share: float) -> Box:
    """The middle of the stage: so much of its width."""
    edge = STAGE * (1 - share) / 2
    return Box(2 + edge, 24 + edge, STAGE * share, STAGE * share)


def at_the_edge(points: np.ndarray, reach: float) -> np.ndarray:
    """Where points (…, 2) are drawn: those outside the plane beside its edge."""
    return np.clip(points, -reach - BESIDE, reach + BESIDE)


def _rings(box: Box, counts: np.ndarray, centres: np.ndarray, reach: float) -> Lines:
    """A ring around every spot that many points share: as large as their dots would be side by side."""
    angles = np.linspace(0, 2 * np.pi, 33)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    radii = 2 * reach * DOT / STAGE * np.sqrt(counts)[..., None, None]
    rings = Lines.cut(box, at_the_edge(centres, reach - 2 * BESIDE)[:, :, None] + radii * circle, reach, colour=FAKE, width=2.0)
    return replace(rings, corners=None)  # a table of a ring tells nothing


def _scale(box: Box, top: float, words: Sequence[str]) -> list:
    """What the colours of the field mean."""
    shades = signed_values(np.linspace(-1, 1, SHADES), 1.0)[None, None]
    ends = [(box.x, top + 22), (box.x + box.width / 2, top + 22), (box.x + box.width, top + 22)]
    placed = zip(words, ends, ("left", "center", "right"), strict=True)
    written = [Words([word], [place], align, 11.0, QUIET) for word, place, align in placed]
    return [Picture(Box(box.x, top, box.width, 9), shades, greatest=0.0), *written]


@dataclass(frozen=True)
class Line:
    """A figure by moment: what it is called, its places along, 0 … 1, its values, and the colour."""

    name: str
    along: np.ndarray
    values: np.ndarray
    colour: str


def lines_panel(titles: Titles, groups: Sequence[tuple[Sequence[Line], float, float]], moments: np.ndarray, end: str) -> Panel:
    """Lines in boxes one below the other, each group between a low and a high end; a cursor goes with the moments (n,), 0 … 1.

    A line of one value is a dot.
    """
    marks: list = []
    for number, (lines, low, high) in enumerate(groups):
        box = Box(LEFT, 22 + number * (HIGH + GAP), SIDE, HIGH)
        marks.append(framed(box))
        for place, line in enumerate(lines):
            kept = np.isfinite(line.values)
            path = np.stack([line.along[kept], line.values[kept]], axis=-1)
            if len(path) > 1:
                ends = np.array([0, low]), np.array([1, high])
                marks.append(Lines.leaving(box, path[None, None], *ends, colour=line.colour, width=2.0, name=line.name))
            elif len(path) and low <= path[0, 1] <= high:
                across, up = path[0, 0], (path[0, 1] - low) / (high - low)
                marks.append(Words(["●"], [(box.x + across * box.width, box.y + (1 - up) * box.height)], size=10.0, colour=line.colour))
            marks.append(Words([f"● {line.name}"], [(LEFT + place * SIDE / 2, box.y - 10)], "left", 12.0, line.colour))
        ends = [f"{bound:.3g}" for bound in (high, low)]
        marks.append(Words(ends, [(LEFT - 5, box.y + 7), (LEFT - 5, box.y + HIGH - 7)], "right", 11.0, QUIET))
        marks.append(Cursor(box, places(moments, 0, 1)))
    foot = 22 + len(groups) * (HIGH + GAP) - GAP + 12
    marks.append(Words(["0"], [(LEFT, foot)], size=11.0, colour=QUIET))
    marks.append(Words([end], [(LEFT + SIDE, foot)], "right", 11.0, QUIET))
    return Panel(*titles, LEFT + SIDE + 24, foot + 12, marks)


def two_lines(names: tuple[str, str], along: np.ndarray, values: np.ndarray) -> list[Line]:
    """The columns of values (n, 2) as the lines of both players."""
    return [Line(name, along, column, colour) for name, column, colour in zip(names, values.T, (TRAINING, VALIDATION), strict=True)]
