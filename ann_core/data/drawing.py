"""A drawn digit, prepared as MNIST prepared its own: cropped, shrunk to 20 × 20, centred by its mass in 28 × 28."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ann_core.data.images import SIDE
from ann_core.data.pictures import LUMA

BOX = 20
CENTRE = 14
"""The pixel, counted from 0, in which the centre of mass of every one of MNIST's digits lies."""

MOST_ENLARGED = 3.0
CANVAS, MOST_PLACES = 280, 20_000


@dataclass(frozen=True)
class Stages:
    """What becomes of a drawing, step by step; float32 in [0, 1], ink is 1.

    `ink`: the whole canvas (h, w) in grey; `cropped`: the box around the ink; `fitted`: that box within 20 × 20;
    `centred`: (28, 28), with the ink's centre of mass in the middle.
    """

    ink: np.ndarray
    cropped: np.ndarray
    fitted: np.ndarray
    centred: np.ndarray


def to_digit(rgba: np.ndarray) -> np.ndarray:
    """A drawing as an image that a network trained on MNIST can read: float32 (28, 28) in [0, 1]; see `stages`."""
    return stages(rgba).centred


def stages(rgba: np.ndarray) -> Stages:
    """The way from a drawing, uint8 (h, w, 4), (h, w, 3) or (h, w), white on black or on nothing, to a digit.

    A drawing is enlarged at most three times compared with the canvas at 28 × 28, so that a dot remains a dot.
    An empty canvas gives zeros.
    """
    ink = _ink(rgba)
    cropped = _cropped(ink)
    largest = MOST_ENLARGED * SIDE / min(ink.shape)
    fitted = _fitted(cropped, min(largest, BOX / max(cropped.shape)))
    return Stages(ink, cropped, fitted, _centred(fitted))


def inked(strokes: Sequence[Sequence[Sequence[float]]], width: float) -> np.ndarray:
    """Strokes of a pen, so wide, white on a black canvas: uint8 (`CANVAS`, `CANVAS`).

    A stroke is a list of places, right and down, as shares of the canvas's side, as is the width. Raises `ValueError` where it
    is none, or where there are more of them than a hand draws.
    """
    sheet = Image.new("L", (CANVAS, CANVAS))
    pen, thick = ImageDraw.Draw(sheet), width * CANVAS
    if sum(map(len, strokes)) > MOST_PLACES:
        raise ValueError(f"strokes: more than {MOST_PLACES} places")
    for stroke in strokes:
        places = CANVAS * np.array(stroke, float).reshape(-1, 2)
        if not np.isfinite(places).all():
            raise ValueError("strokes: a place that is none")
        path = [tuple(place) for place in np.clip(places, -CANVAS, 2 * CANVAS)]
        pen.line(path, fill=255, width=round(thick), joint="curve")
        for right, down in path:
            pen.ellipse((right - thick / 2, down - thick / 2, right + thick / 2, down + thick / 2), fill=255)
    return np.asarray(sheet)


def _ink(rgba: np.ndarray) -> np.ndarray:
    if rgba.ndim == 2:
        return rgba.astype(np.float32) / 255
    grey = rgba[..., :3] @ np.array(LUMA, np.float32) / 255
    return grey if rgba.shape[2] == 3 else grey * (rgba[..., 3] / np.float32(255))


def _cropped(ink: np.ndarray) -> np.ndarray:
    """The box around the ink; an empty canvas as it is."""
    seen = ink > 0
    if not seen.any():
        return ink
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fitted(cropped: np.ndarray, scale: float) -> np.ndarray:
    """Scaled, no side below one pixel, and as bright as MNIST's digits, whose brightest pixel is white."""
    high, wide = (max(1, round(scale * length)) for length in cropped.shape)
    small = np.asarray(Image.fromarray(cropped).resize((wide, high), Image.Resampling.BILINEAR))
    small = np.clip(small, 0, 1)
    return small / max(small.max(), 1e-6)


def _centred(fitted: np.ndarray) -> np.ndarray:
    """In the middle by whole pixels, as in MNIST, and never so far to a side that ink is cut off."""
    centred = np.zeros((SIDE, SIDE), np.float32)
    top, left = (_start(fitted.sum(axis=axis)) for axis in (1, 0))
    centred[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return centred


def _start(masses: np.ndarray) -> int:
    """Where rows or columns with these masses begin, so that their centre of mass lies at the centre."""
    middle = np.average(np.arange(len(masses)), weights=masses) if masses.any() else len(masses) / 2
    return int(np.clip(np.rint(np.round(CENTRE - middle, 2)), 0, SIDE - len(masses)))
