"""What can happen to an image: it is moved, turned, scaled, thickened, or covered with noise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Distortion:
    """A distortion: `apply(images, level, seed)` takes images (n, h, w), floats in [0, 1], to others of that shape and type.

    `levels` are those measured, in ascending order; `neutral` is the one that changes nothing. Only noise heeds the seed.
    """

    name: str
    apply: Callable[[np.ndarray, float, int], np.ndarray]
    levels: tuple[float, ...]
    neutral: float
    unit: str


def shifted(images: np.ndarray, right: float) -> np.ndarray:
    """Images moved to the right by pixels, or parts of one."""
    return _affine(images, np.eye(2), (0.0, right))


def rotated(images: np.ndarray, degrees: float) -> np.ndarray:
    """Images turned counter-clockwise about their centre."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return _affine(images, np.array([[cosine, sine], [-sine, cosine]]))


def scaled(images: np.ndarray, factor: float) -> np.ndarray:
    """Images enlarged or shrunk about their centre."""
    return _affine(images, np.eye(2) / factor)


def thickened(images: np.ndarray, steps: float) -> np.ndarray:
    """Images whose bright strokes grow by this many pixels on each side, or shrink where negative.

    Grey dilation or erosion by a cross of 3 × 3; between whole steps, a mixture of the two nearest.
    """
    extreme = np.maximum if steps > 0 else np.minimum
    whole, part = divmod(abs(float(steps)), 1)
    for _ in range(int(whole)):
        images = _of_neighbours(images, extreme)
    return (1 - part) * images + part * _of_neighbours(images, extreme) if part else images.copy()


def noisy(images: np.ndarray, deviation: float, seed: int) -> np.ndarray:
    """Images with Gaussian noise of this standard deviation, clipped to [0, 1]; the same noise at every deviation."""
    noise = np.random.default_rng(seed).standard_normal(images.shape, np.float32)
    noise *= np.float32(deviation)
    return np.clip(images + noise, 0, 1).astype(images.dtype, copy=False)


def _affine(images: np.ndarray, inverse: np.ndarray, offset: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """Images in which every pixel p shows what was at `inverse` (p - centre - offset) + centre, as (row, column)."""
    centre = (np.array(images.shape[1:]) - 1)[:, None] / 2
    places = np.indices(images.shape[1:]).reshape(2, -1)
    return _bilinear(images, inverse @ (places - centre - np.array(offset)[:, None]) + centre)


def _bilinear(images: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values between the pixels at places (2, h·w), rows and columns; outside there is nothing but zeros."""
    high, wide = images.shape[1:]
    pixels = images.reshape(len(images), high * wide)
    corner = np.floor(places).astype(int)
    part = places - corner
    values = np.zeros_like(pixels)
    for step in ((0, 0), (0, 1), (1, 0), (1, 1)):
        row, column = corner + np.array(step)[:, None]
        weight = np.where(np.array(step)[:, None], part, 1 - part).prod(axis=0)
        weight *= (row >= 0) & (row < high) & (column >= 0) & (column < wide)
        values += pixels[:, row.clip(0, high - 1) * wide + column.clip(0, wide - 1)] * weight.astype(images.dtype)
    return values.clip(0, 1).reshape(images.shape)


def _of_neighbours(images: np.ndarray, extreme: np.ufunc) -> np.ndarray:
    """The extreme of each pixel and its four neighbours; outside there is nothing but zeros."""
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = extreme(framed[:, :-2, 1:-1], framed[:, 2:, 1:-1])
    columns = extreme(framed[:, 1:-1, :-2], framed[:, 1:-1, 2:])
    return extreme(images, extreme(rows, columns))


DISTORTIONS = {
    record.name: record
    for record in (
        Distortion("shift", lambda images, level, seed: shifted(images, level), (-8, -6, -4, -2, 0, 2, 4, 6, 8), 0, "px"),
        Distortion(
            "rotation", lambda images, level, seed: rotated(images, level), (-90, -60, -45, -30, -15, 0, 15, 30, 45, 60, 90), 0, "°"
        ),
        Distortion("scale", lambda images, level, seed: scaled(images, level), (0.4, 0.55, 0.7, 0.85, 1, 1.15, 1.3, 1.45, 1.6), 1, "×"),
        Distortion("thickness", lambda images, level, seed: thickened(images, level), (-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2), 0, "px"),
        Distortion("noise", noisy, (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), 0, ""),
    )
}
"""Distortions by name. Shift: to the right; rotation: counter-clockwise; noise: its standard deviation."""
