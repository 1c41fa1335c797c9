"""The six networks, each as a small picture of one training: what of it moves as it learns."""

import numpy as np

from ann_core.charts.film import Box, Dots, Lines, Panel, Picture, Words, framed, light_values, signed_values
from ann_core.charts.film.shades import SHARES_OF_CLASS
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.images import bar
from ann_core.charts.palette import CLASSES, FAKE, QUIET, REAL, VALIDATION

WIDE, HIGH, MARGIN = 300.0, 200.0, 4.0
SQUARE = Box((WIDE - HIGH) / 2 + MARGIN, MARGIN, HIGH - 2 * MARGIN, HIGH - 2 * MARGIN)
DIGIT, MAP, GAP = 110.0, 40.0, 6.0
BAR = 11.0


def portrait(titles: Titles, marks: list) -> Panel:
    return Panel(*titles, WIDE, HIGH, marks)


def plane_portrait(titles: Titles, surface: np.ndarray, points: np.ndarray, colours: np.ndarray, reach: float) -> Panel:
    """What a network says of the plane, uint8 (moments, rows, columns), and the points (n, 2) that it learns from, in their colours."""
    return portrait(titles, [Picture(SQUARE, surface), Dots.at(SQUARE, points[None], -reach, reach, colours, radius=2.0)])


def eyes_portrait(titles: Titles, picture: np.ndarray, maps: np.ndarray, probabilities: np.ndarray) -> Panel:
    """A picture of 0 … 1, the maps made of it (moments, rows, columns, filters), and the probabilities of classes (moments, classes)."""
    marks: list = [Picture(Box(MARGIN, (HIGH - DIGIT) / 2, DIGIT, DIGIT), light_values(picture)[None], "grey")]
    rows = -(-maps.shape[-1] // 2)
    left, top = DIGIT + 3 * GAP, (HIGH - rows * (MAP + GAP) + GAP) / 2
    greatest = float(maps.max()) or 1.0
    for number in range(maps.shape[-1]):
        box = Box(left + number % 2 * (MAP + GAP), top + number // 2 * (MAP + GAP), MAP, MAP)
        marks.append(Picture(box, light_values(maps[..., number] / greatest), "grey", greatest=greatest, name=f"{number + 1}"))
    left += 2 * (MAP + GAP) + 3 * GAP
    classes = probabilities.shape[1]
    pitch = (HIGH - 2 * MARGIN) / classes
    for number in range(classes):
        top = MARGIN + number * pitch + (pitch - BAR) / 2
        marks.append(bar(Box(left, top, WIDE - MARGIN - left, BAR), probabilities[:, number], f"{number}"))
    names = [(left - GAP, MARGIN + (number + 0.5) * pitch) for number in range(classes)]
    return portrait(titles, [*marks, Words([str(number) for number in range(classes)], names, "right", 11.0)])


def forecast_portrait(titles: Titles, truth: np.ndarray, predicted: np.ndarray, names: tuple[str, str]) -> Panel:
    """A series (n,), and what was expected in the place of each value, (moments, n)."""
    box = Box(MARGIN, 26, WIDE - 2 * MARGIN, HIGH - 26 - MARGIN)
    low, high = truth.min(), truth.max()
    room = 0.2 * (high - low)
    ends = np.array([0, low - room]), np.array([len(truth) - 1, high + room])
    at = np.arange(len(truth))
    drawn = ((truth[None], names[0], QUIET, 4.0), (predicted, names[1], VALIDATION, 2.0))
    lines = []
    for values, name, colour, width in drawn:
        path = np.stack([np.broadcast_to(at, values.shape), values], axis=-1)
        lines.append(Lines.leaving(box, path[:, None], *ends, colour=colour, width=width, name=name))
    along = (MARGIN, MARGIN + WIDE / 2)
    legend = [Words([f"● {name}"], [(left, 12)], "left", 12.0, colour) for left, (_, name, colour, _) in zip(along, drawn, strict=True)]
    return portrait(titles, [*lines, *legend])


def memory_portrait(titles: Titles, memory: np.ndarray) -> Panel:
    """What every unit keeps at every step, (moments, steps, units): time runs to the right."""
    box = Box(MARGIN, MARGIN, WIDE - 2 * MARGIN, HIGH - 2 * MARGIN)
    return portrait(titles, [framed(box), Picture.signed(box, memory.transpose(0, 2, 1), float(np.abs(memory).max()) or 1.0, crisp=True)])


def looks_portrait(titles: Titles, looks: np.ndarray) -> Panel:
    """Who looks at whom, (moments, asking, asked), shares of 0 … 1."""
    return portrait(titles, [framed(SQUARE), Picture.signed(SQUARE, looks, 1.0, crisp=True)])


def imitation_portrait(
    titles: Titles, beliefs: np.ndarray, real: np.ndarray, samples: np.ndarray, reach: float, names: tuple[str, str]
) -> Panel:
    """What the discriminator believes, (moments, rows, columns) of 0 … 1; real points (n, 2), and generated ones (moments, n, 2)."""
    marks: list = [Picture(SQUARE, signed_values(beliefs - 0.5, 0.5), middle=0.5, greatest=0.5)]
    for points, colour, name in ((real[None], REAL, names[0]), (samples, FAKE, names[1])):
        value = np.full(points.shape[1], CLASSES.index(colour) * SHARES_OF_CLASS + SHARES_OF_CLASS - 1, np.uint8)
        marks.append(Dots.at(SQUARE, points, -reach, reach, value, palette="classes", radius=2.0, name=name))
    return portrait(titles, marks)
