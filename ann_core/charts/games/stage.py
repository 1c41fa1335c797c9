"""The panels of a film about a generator and a discriminator: both on one stage, and their losses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ann_core.charts.film import (
    SHARES_OF_CLASS,
    Box,
    Contours,
    Cursor,
    Dots,
    Lines,
    Mesh,
    Panel,
    Picture,
    Stroll,
    Words,
    framed,
    light_values,
    places,
    signed_values,
)
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, CLASSES, FAKE, QUIET, REAL, TRAINING, VALIDATION

STAGE, SIDE, HIGH = 564.0, 380.0, 110.0
DOT = 2.6
BLANK = 128  # the middle of the palette
BESIDE = 0.36
"""So far beyond the edge of the plane is room for arrows that lead out of it."""
SHADES = 65
LEFT, GAP = 46.0, 34.0
HEIGHTS = (0.15, 0.5)
"""Of the greatest density: where the contours of what is imitated run."""


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
class Bent:
    """The lattice of the noise as the generator bends it.

    Either the corners of its cells, (moments, rows, columns, 2), and how densely noise comes to lie in each, 0 … 1, of the
    densest, (moments, rows - 1, columns - 1); or of noise of one number lines alone, (moments, lines, points, 2).
    """

    lines: np.ndarray
    density: np.ndarray | None = None


@dataclass(frozen=True)
class Stage:
    """What is on the stage at some moments; None where it is switched off.

    real (moments or 1, n, 2) and how densely the real points lie, (moments or 1, rows, columns); generated (moments, n, 2); arrows
    (moments, n, 2, 2), from and to; the bent lattice; how many of the generated points share a spot, (moments, spots), and where,
    (moments, spots, 2); where a point goes along that wanders before a training, (stops, 2).
    """

    field: Field | None
    real: np.ndarray | None
    generated: np.ndarray | None
    arrows: np.ndarray | None
    grid: Bent | None
    crowds: tuple[np.ndarray, np.ndarray] | None = None
    walk: np.ndarray | None = None
    density: np.ndarray | None = None


def stage_panel(titles: Titles, stage: Stage, reach: float, names: tuple[str, str], scale: Sequence[str], paper: bool = False) -> Panel:
    """Both players on one stage: the plane from -`reach` to `reach`, and a strip around it for arrows that lead out of it.

    `names` are those of real and of generated points; `scale` says what the field's colours mean: one end, the middle, the other.
    On `paper` one can paint.
    """
    far = reach + BESIDE
    around, box = _square(1.0), _square(reach / far)
    marks: list = [framed(box)]
    if (field := stage.field) is not None:
        marks = [Picture(box, field.colours, middle=field.middle, greatest=field.greatest, bordered=True, paper=paper)]
    elif paper:
        marks = [Picture(box, np.full((1, 1, 1), BLANK, np.uint8), greatest=0.0, paper=True)]
    if stage.density is not None:
        heights = light_values(stage.density / np.maximum(stage.density.max(axis=(1, 2), keepdims=True), 1e-12))
        marks.append(Contours(box, heights, [255 * height for height in HEIGHTS], REAL))
    if stage.grid is not None:
        marks.append(_bent(box, stage.grid, reach))
    clouds = (stage.real, REAL), (stage.generated, FAKE)
    for (points, colour), name in zip(clouds, names, strict=True):
        if points is not None:
            value = np.full(points.shape[1], CLASSES.index(colour) * SHARES_OF_CLASS + SHARES_OF_CLASS - 1, np.uint8)
            marks.append(Dots.at(box, points, -reach, reach, value, palette="classes", radius=DOT, name=name, strays=True))
    if stage.crowds is not None:
        marks.append(_rings(box, *stage.crowds, reach))
    if stage.walk is not None:
        marks.append(Stroll(box, places(stage.walk[None], -reach, reach)))
    if stage.arrows is not None:
        marks.append(Lines.cut(around, stage.arrows, far, colour=CHOSEN, width=1.3, name="→", headed=True))
    marks.append(Words([f"● {names[0]}"], [(around.x + 2, 12)], "left", 13.0, REAL))
    marks.append(Words([f"● {names[1]}"], [(STAGE - 4, 12)], "right", 13.0, FAKE))
    marks += _scale(box, scale) if field is not None else []
    return Panel(*titles, STAGE, STAGE, marks, large=True, gliding=True)


def _square(share: float) -> Box:
    """The middle of the stage: so much of its width."""
    edge = STAGE * (1 - share) / 2
    return Box(edge, edge, STAGE * share, STAGE * share)


def at_the_edge(points: np.ndarray, reach: float) -> np.ndarray:
    """Where points (…, 2) are drawn: those outside the plane at its edge."""
    return np.clip(points, -reach, reach)


def _bent(box: Box, grid: Bent, reach: float) -> Lines | Mesh:
    if grid.density is None:
        return Lines.cut(box, grid.lines, reach, width=0.8)
    lines = Lines.cut(box, grid.lines, reach)
    return Mesh(lines.box, lines.places, light_values(grid.density), box, FAKE)


def _rings(box: Box, counts: np.ndarray, centres: np.ndarray, reach: float) -> Lines:
    """A ring around every spot that many points share: as large as their dots would be side by side."""
    angles = np.linspace(0, 2 * np.pi, 17)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    radii = 2 * reach * DOT / STAGE * np.sqrt(counts)[..., None, None]
    rings = Lines.cut(box, at_the_edge(centres, reach)[:, :, None] + radii * circle, reach, colour=FAKE, width=2.0)
    return replace(rings, corners=None)  # a table of a ring tells nothing


def _scale(box: Box, words: Sequence[str]) -> list:
    """What the colours of the field mean."""
    shades = signed_values(np.linspace(-1, 1, SHADES), 1.0)[None, None]
    wide, top = box.width / 2, box.y + box.height + 4
    bar = Box(box.x + wide / 2, top, wide, 8)
    ends = [(bar.x - 5, top + 4), (bar.x + wide / 2, top + 17), (bar.x + wide + 5, top + 4)]
    placed = zip(words, ends, ("right", "center", "left"), strict=True)
    written = [Words([word], [place], align, 11.0, QUIET) for word, place, align in placed]
    return [Picture(bar, shades, greatest=0.0), *written]


@dataclass(frozen=True)
class Line:
    """A figure by moment: what it is called, its places along, 0 … 1, its values, and the colour."""

    name: str
    along: np.ndarray
    values: np.ndarray
    colour: str


@dataclass(frozen=True)
class Sizes:
    """How wide and high the boxes of lines are, and whether the names of lines stand beneath one another."""

    side: float = SIDE
    high: float = HIGH
    stacked: bool = False

    def head(self, lines: int) -> float:
        """How much room the names of so many lines take."""
        return 15.0 * lines + 5 if self.stacked else 22.0


BESIDE_STAGE = Sizes(186.0, 74.0, stacked=True)


def lines_panel(
    titles: Titles,
    groups: Sequence[tuple[Sequence[Line], float, float]],
    moments: np.ndarray,
    end: str,
    sizes: Sizes = Sizes(),
) -> Panel:
    """Lines in boxes one below the other, each group between a low and a high end; a cursor goes with the moments (n,), 0 … 1.

    A line of one value is a dot.
    """
    marks: list = []
    top = 0.0
    for lines, low, high in groups:
        box = Box(LEFT, top + sizes.head(len(lines)), sizes.side, sizes.high)
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
            at = (LEFT, top + 9 + 15 * place) if sizes.stacked else (LEFT + place * sizes.side / 2, box.y - 10)
            marks.append(Words([f"● {line.name}"], [at], "left", 12.0, line.colour))
        ends = [f"{bound:.3g}" for bound in (high, low)]
        marks.append(Words(ends, [(LEFT - 5, box.y + 7), (LEFT - 5, box.y + box.height - 7)], "right", 11.0, QUIET))
        marks.append(Cursor(box, places(moments, 0, 1)))
        top = box.y + box.height + (12.0 if sizes.stacked else GAP - 22)
    foot = box.y + box.height + 12
    marks.append(Words(["0"], [(LEFT, foot)], size=11.0, colour=QUIET))
    marks.append(Words([end], [(LEFT + sizes.side, foot)], "right", 11.0, QUIET))
    return Panel(*titles, LEFT + sizes.side + (4 if sizes.stacked else 24), foot + 12, marks)


def beside_panel(
    titles: Titles, groups: Sequence[tuple[Sequence[Line], float, float]], moments: np.ndarray, end: str, best: np.ndarray | None, name: str
) -> Panel:
    """What stands beside the stage: lines, and beneath them the `best` possible beliefs (moments, rows, columns), where there are such."""
    panel = lines_panel(titles, groups, moments, end, BESIDE_STAGE)
    if best is None:
        return replace(panel, large=True)
    side = min(STAGE - panel.height - 26, BESIDE_STAGE.side)
    box = Box(LEFT + BESIDE_STAGE.side / 2 - side / 2, panel.height + 26, side, side)
    shown = Picture.signed(box, best - 0.5, 0.5, bordered=True, middle=0.5, name=name)
    marks = [*panel.marks, Words([name], [(LEFT, panel.height + 13)], "left", 12.0), shown]
    return replace(panel, marks=marks, height=STAGE, large=True, gliding=True)


def two_lines(names: tuple[str, str], along: np.ndarray, values: np.ndarray) -> list[Line]:
    """The columns of values (n, 2) as the lines of both players."""
    return [Line(name, along, column, colour) for name, column, colour in zip(names, values.T, (TRAINING, VALIDATION), strict=True)]
