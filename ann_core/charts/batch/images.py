"""The panels of slow motion for images: a batch on its way through the drawn network, and what each of its images loses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ann_core.charts.film import Box, Lines, Links, Panel, Picture, Words, light_values, strengths
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.images import (
    BAR_THICK,
    HEADING,
    HEIGHT,
    PICTURE,
    Places,
    above,
    around,
    bar,
    lines_between,
    names_of,
    places_of,
)
from ann_core.charts.palette import CHOSEN, NEGATIVE, POSITIVE, TRAINING

NUMBER, ERRORS = 58.0, 96.0
SCALE, LINE = 8.0, 24.0
COLUMNS, MOST_IMAGES = 4, 32
TILE, PITCH, DOWN, TOP, THICK = 36.0, 46.0, 48.0, 44.0, 4.0


@dataclass(frozen=True)
class Phase:
    """A quantity at the moments at which it is `shown`, flags (moments,): its sign and its values, (moments, …) or (1, …)."""

    name: str
    values: np.ndarray
    shown: np.ndarray

    @property
    def greatest(self) -> float:
        return float(np.max(np.abs(self.values), where=np.isfinite(self.values), initial=0))


@dataclass(frozen=True)
class Layer:
    """A layer in slow motion, the units that are drawn: what stands above it, and the phases of its parts.

    `frames` (…, units) are told by squares or the frames of tiles, `tiles` (…, units, rows, columns) lie over the picture, `lines`
    (…, units, units of the next layer) lead away from it. Each kind has the same phases in every layer that has it.
    """

    heading: str
    frames: Sequence[Phase]
    tiles: Sequence[Phase] = ()
    lines: Sequence[Phase] = ()


@dataclass(frozen=True)
class Answers:
    """The classes, and phases of their probabilities, of what they should be, and of the errors δ, each (…, classes)."""

    heading: str
    classes: Sequence[str]
    shares: Sequence[Phase]
    wanted: Phase
    errors: Phase


def step_panel(
    titles: Titles, picture: np.ndarray, said: Sequence[str], layers: Sequence[Layer], answers: Answers, kinds: Sequence[str]
) -> Panel:
    """A picture of 0 … 1, (rows, columns), what is `said` of it, line by line, and what happens in the network that looks at it.

    `kinds` are the beginnings of the lines that tell the scales of tiles, frames and lines.
    """
    at = places_of([layer.frames[0].values.shape[-1] for layer in layers], [bool(layer.tiles) for layer in layers], answers.classes)
    marks: list = [Picture(at.picture, light_values(picture)[None], "grey"), _lines_above(at.picture, said)]
    scales = [_scales([getattr(layer, part) for layer in layers]) for part in ("tiles", "frames", "lines")]
    for layer, boxes, following in zip(layers, at.columns, [*at.columns[1:], at.entries], strict=True):
        marks += [*_lines(layer, boxes, following, scales[2]), *_units(layer, boxes, scales), above(boxes, layer.heading)]
    marks += [*_legend(at.picture, kinds, scales), *_answers(at, answers)]
    return Panel(*titles, at.width + NUMBER + ERRORS + NUMBER, HEIGHT, marks, large=True)


def _lines_above(picture: Box, said: Sequence[str]) -> Words:
    return Words(list(said), [(0.0, picture.y - 14 - LINE * row) for row in reversed(range(len(said)))], "left", 12)


def _scales(parts: Sequence[Sequence[Phase]]) -> list[Phase]:
    """One scale for all layers, phase by phase: its name, what has the full colour, and when any of it is shown."""
    phases = list(zip(*(part for part in parts if part), strict=True))
    return [
        Phase(each[0].name, np.array(max(one.greatest for one in each)), np.any([one.shown for one in each], axis=0)) for each in phases
    ]


def _flags(shown: np.ndarray) -> np.ndarray:
    return shown.astype(np.uint8)


def _lines(layer: Layer, boxes: Sequence[Box], following: Sequence[Box], scales: Sequence[Phase]) -> list[Links]:
    """Faint lines at all times where there are any, and over them what is told by lines at the time."""
    if not layer.lines:
        return []
    ends, second = lines_between(boxes, following), len(following)
    marks = [Links(ends, np.zeros((1, len(ends)), np.int8), second, greatest=0.0)]
    for phase, scale in zip(layer.lines, scales, strict=True):
        values = strengths(phase.values.reshape(len(phase.values), -1), float(scale.values))
        name = f"{layer.heading}: {phase.name}"
        marks.append(Links(ends, np.where(phase.shown[:, None], values, np.int8(0)), second, True, float(scale.values), name=name))
    return marks


def _units(layer: Layer, boxes: Sequence[Box], scales: Sequence[Sequence[Phase]]) -> list[Picture]:
    marks = []
    for unit, box in enumerate(boxes):
        name, frame = f"{layer.heading} {unit + 1}", around(box) if layer.tiles else box
        marks.append(Picture(frame, np.full((1, 1, 1), 128, np.uint8), greatest=0.0))
        for kind, place, phases in ((1, frame, layer.frames), (0, box, layer.tiles)):
            for phase, scale in zip(phases, scales[kind], strict=bool(phases)):
                values = phase.values[:, unit] if phase.values.ndim > 2 else phase.values[:, unit, None, None]
                described = {"name": f"{name}: {phase.name}", "shown": _flags(phase.shown)}
                marks.append(Picture.signed(place, values, float(scale.values), **described))
    return marks


def _legend(picture: Box, kinds: Sequence[str], scales: Sequence[Sequence[Phase]]) -> list:
    """The scale of the colours, and what its ends stand for at the time."""
    top = picture.y + picture.height + 16
    colours = np.arange(1, 256, dtype=np.uint8)[None, None]
    marks: list = [Picture(Box(14, top, PICTURE - 28, SCALE), colours, greatest=0.0)]
    marks.append(Words(["−", "+"], [(6, top + SCALE / 2), (PICTURE - 6, top + SCALE / 2)]))
    told = [(kind, each) for kind, each in zip(kinds, scales, strict=True) if each]
    for row, (kind, phases) in enumerate(told, 1):
        place = [(0.0, top + row * LINE + 4)]
        marks += [Words([f"{kind}{each.name} · ± {each.values:.2g}"], place, "left", 11, shown=_flags(each.shown)) for each in phases]
    return marks


def _answers(at: Places, answers: Answers) -> list:
    """Bars of the probabilities with what they should be, and beside them bars of the errors, both with their numbers."""
    marks: list = names_of(at, answers.heading, answers.classes)
    shares = sum(np.nan_to_num(phase.values) * phase.shown[:, None] for phase in answers.shares)
    marks += [bar(box, share, name) for box, name, share in zip(at.bars, answers.classes, shares.T, strict=True)]
    for box, wanted in zip(at.bars, answers.wanted.values[0], strict=True):
        ends = np.full((len(shares), 1, 2, 2), wanted)
        ends[..., 0, 1], ends[..., 1, 1] = -0.4, np.where(answers.wanted.shown, 1.4, -0.4)[:, None]
        tall = Box(box.x, box.y - 0.5 * box.height, box.width, 2 * box.height)
        marks.append(Lines.at(tall, ends, np.array([0, -0.5]), np.array([1, 1.5]), colour=CHOSEN, width=2.0))
    right = at.bars[0].x + at.bars[0].width + 4
    for phase in answers.shares:
        marks += _numbers(at, right, phase, ".2f")
    box = Box(right + NUMBER, HEADING, ERRORS, HEIGHT - HEADING)
    marks += [Words([answers.errors.name], [(box.x + ERRORS / 2, HEADING / 2)]), *_errors(box, answers.errors)]
    return marks + _numbers(at, box.x + ERRORS + 4, answers.errors, "+.2f")


def _numbers(at: Places, left: float, phase: Phase, form: str) -> list[Words]:
    texts = [format(value, form) for value in phase.values[0]]
    places = [(left, box.y + BAR_THICK / 2) for box in at.bars]
    return [Words(texts, places, "left", 11, shown=_flags(phase.shown))]


def _errors(box: Box, errors: Phase) -> list[Lines]:
    """Bars to both sides of a line in the middle, which stands for 0; the box reaches from -1 to 1."""
    values = np.nan_to_num(errors.values[0]) * errors.shown[:, None]
    heights = 1 - (np.arange(values.shape[1]) + 0.5) / values.shape[1]
    low, high = np.array([-1, 0]), np.array([1, 1])
    marks = [Lines.at(box, np.array([[[[0, 0], [0, 1]]]]), low, high)]
    for part, colour in ((np.minimum(values, 0), NEGATIVE), (np.maximum(values, 0), POSITIVE)):
        ends = np.zeros((*part.shape, 2, 2))
        ends[:, :, 1, 0], ends[..., 1] = part, heights[:, None]
        marks.append(Lines.at(box, ends, low, high, colour=colour, width=BAR_THICK, name=errors.name))
    return marks


def batch_panel(
    titles: Titles, pictures: np.ndarray, losses: Sequence[Phase], chosen: int | None, pick: str, names: Sequence[str]
) -> Panel:
    """The images of a batch, (n, rows, columns) of 0 … 1, each over bars of what it loses, phases of (1, n); one is `chosen`.

    `pick` begins the names by which they are picked; `names` are what is in the headings: of the longest bar, then of each phase.
    """
    top = max((phase.greatest for phase in losses), default=0) or 1.0
    marks: list = []
    for number, picture in enumerate(pictures):
        box = Box(6 + number % COLUMNS * PITCH, TOP + number // COLUMNS * DOWN, TILE, TILE)
        options = {"pick": f"{pick}{number}", "chosen": number == chosen, "name": f"{titles.title} {number + 1}", "greatest": 0.0}
        marks.append(Picture(box, light_values(picture)[None], "grey", **options))
        for row, (phase, colour) in enumerate(zip(losses, (TRAINING, CHOSEN), strict=True)):
            under = Box(box.x, box.y + TILE + 2 + row * THICK, TILE, THICK)
            ends = np.full((len(phase.shown), 1, 2, 2), 0.5)
            ends[:, 0, 0, 0], ends[:, 0, 1, 0] = 0, np.nan_to_num(phase.values[0, number], posinf=top) * phase.shown
            marks.append(Lines.at(under, ends, np.zeros(2), np.array([top, 1]), colour=colour, width=THICK - 0.5, name=phase.name))
    for row, (name, colour) in enumerate(zip(names, ("", TRAINING, CHOSEN), strict=True)):
        marks.append(Words([name], [(6, 7 + 13 * row)], "left", 11, colour))
    width = 6 + COLUMNS * PITCH
    return Panel(*titles, width, TOP + -(-len(pictures) // COLUMNS) * DOWN, marks, large=True)
