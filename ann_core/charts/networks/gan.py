"""The panels of a film about a generator and a discriminator: both on one stage, and their losses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ann_core.charts.film import SHARES_OF_CLASS, Box, Cursor, Dots, Lines, Panel, Picture, Words, framed, places
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, CLASSES, FAKE, QUIET, REAL, TRAINING, VALIDATION

STAGE, SIDE, HIGH = 420.0, 380.0, 110.0
LEFT, GAP = 46.0, 34.0


@dataclass(frozen=True)
class Field:
    """What the discriminator says everywhere, as colours uint8 (moments, rows, columns).

    White stands for `middle`, the full colours for `greatest` more or less: (moments,) each; where that is 0, for nothing.
    """

    colours: np.ndarray
    middle: np.ndarray
    greatest: np.ndarray


@dataclass(frozen=True)
class Stage:
    """What is on the stage at some moments; None where it is switched off.

    real (n, 2); generated (moments, n, 2); arrows (moments, n, 2, 2), from and to; the generator's grid (moments, lines,
    points, 2).
    """

    field: Field | None
    real: np.ndarray | None
    generated: np.ndarray | None
    arrows: np.ndarray | None
    grid: np.ndarray | None


def stage_panel(titles: Titles, stage: Stage, reach: float, names: tuple[str, str]) -> Panel:
    """Both players on one stage: the plane from -`reach` to `reach`. `names` are those of real and of generated points."""
    box = Box(2, 24, STAGE, STAGE)
    marks: list = [framed(box)]
    if (field := stage.field) is not None:
        marks = [Picture(box, field.colours, middle=field.middle, greatest=field.greatest)]
    if stage.grid is not None:
        marks.append(Lines.at(box, stage.grid, -reach, reach, width=0.8))
    clouds = (None if stage.real is None else stage.real[None], REAL), (stage.generated, FAKE)
    for (points, colour), name in zip(clouds, names, strict=True):
        if points is not None:
            value = np.full(points.shape[1], CLASSES.index(colour) * SHARES_OF_CLASS + SHARES_OF_CLASS - 1, np.uint8)
            marks.append(Dots.at(box, points, -reach, reach, value, palette="classes", radius=2.6, name=name))
    if stage.arrows is not None:
        marks.append(Lines.at(box, stage.arrows, -reach, reach, colour=CHOSEN, width=1.3, name="→"))
    marks.append(Words([f"● {names[0]}"], [(4, 11)], "left", 13.0, REAL))
    marks.append(Words([f"● {names[1]}"], [(STAGE / 2, 11)], "left", 13.0, FAKE))
    return Panel(*titles, STAGE + 4, STAGE + 28, marks)


@dataclass(frozen=True)
class Line:
    """A figure by moment: what it is called, its places along, 0 … 1, its values, and the colour."""

    name: str
    along: np.ndarray
    values: np.ndarray
    colour: str


def lines_panel(titles: Titles, groups: Sequence[tuple[Sequence[Line], float, float]], moments: np.ndarray, end: str) -> Panel:
    """Lines in boxes one below the other, each group between a low and a high end; a cursor goes with the moments (n,), 0 … 1."""
    marks: list = []
    for number, (lines, low, high) in enumerate(groups):
        box = Box(LEFT, 22 + number * (HIGH + GAP), SIDE, HIGH)
        marks.append(framed(box))
        for place, line in enumerate(lines):
            kept = np.isfinite(line.values)
            if kept.sum() > 1:
                path = np.stack([line.along[kept], line.values[kept]], axis=-1)
                ends = np.array([0, low]), np.array([1, high])
                marks.append(Lines.leaving(box, path[None, None], *ends, colour=line.colour, width=2.0, name=line.name))
            marks.append(Words([f"● {line.name}"], [(LEFT + place * SIDE / 2, box.y - 10)], "left", 12.0, line.colour))
        ends = [f"{bound:.3g}".replace("-", "−") for bound in (high, low)]
        marks.append(Words(ends, [(LEFT - 5, box.y + 7), (LEFT - 5, box.y + HIGH - 7)], "right", 11.0, QUIET))
        marks.append(Cursor(box, places(moments, 0, 1)))
    foot = 22 + len(groups) * (HIGH + GAP) - GAP + 12
    marks.append(Words(["0"], [(LEFT, foot)], size=11.0, colour=QUIET))
    marks.append(Words([end], [(LEFT + SIDE, foot)], "right", 11.0, QUIET))
    return Panel(*titles, LEFT + SIDE + 24, foot + 12, marks)


def two_lines(names: tuple[str, str], along: np.ndarray, values: np.ndarray) -> list[Line]:
    """The columns of values (n, 2) as the lines of both players."""
    return [Line(name, along, column, colour) for name, column, colour in zip(names, values.T, (TRAINING, VALIDATION), strict=True)]
