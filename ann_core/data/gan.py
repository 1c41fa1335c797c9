"""What a generator is to imitate: points in the plane, drawn at random by a stated rule. All lie within about ±3."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

EDGE = 3.0
RADIUS, DEVIATION = 2.0, 0.15
MODES = 8
GRID = 3
TURNS = 1.5


@dataclass(frozen=True)
class Target:
    """How points are drawn, `draw(random, count)` gives (count, 2); the centres of its modes, (modes, 2), where it has such."""

    draw: Callable[[np.random.Generator, int], np.ndarray]
    centres: np.ndarray | None = None


def _around(centres: np.ndarray) -> Target:
    """Clouds of the same size and deviation around some centres."""

    def draw(random: np.random.Generator, count: int) -> np.ndarray:
        return centres[random.integers(0, len(centres), count)] + DEVIATION * random.normal(size=(count, 2))

    return Target(draw, centres)


def _on_circle(angles: np.ndarray, radius: float = RADIUS) -> np.ndarray:
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _ring(random: np.random.Generator, count: int) -> np.ndarray:
    return _on_circle(random.uniform(0, 2 * np.pi, count)) + DEVIATION / 2 * random.normal(size=(count, 2))


def _line(random: np.random.Generator, count: int) -> np.ndarray:
    along = random.uniform(-RADIUS, RADIUS, count)
    return np.stack([along, along / 2], axis=-1) + DEVIATION / 2 * random.normal(size=(count, 2))


def _moons(random: np.random.Generator, count: int) -> np.ndarray:
    angles, second = random.uniform(0, np.pi, count), random.random(count) < 0.5
    aside = np.array([0.7, 0.35])
    upper, lower = _on_circle(angles, 1.4) - aside, _on_circle(-angles, 1.4) + aside
    return np.where(second[:, None], lower, upper) + DEVIATION / 2 * random.normal(size=(count, 2))


def _spiral(random: np.random.Generator, count: int) -> np.ndarray:
    share = np.sqrt(random.random(count))
    angles = 2 * np.pi * TURNS * share
    return share[:, None] * _on_circle(angles, 2.2) + DEVIATION / 2 * random.normal(size=(count, 2))


def _grid() -> np.ndarray:
    places = np.linspace(-RADIUS, RADIUS, GRID)
    return np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2)


TARGETS = {
    "eight_clouds": _around(_on_circle(2 * np.pi * np.arange(MODES) / MODES)),
    "nine_clouds": _around(_grid()),
    "ring": Target(_ring),
    "line": Target(_line),
    "moons": Target(_moons),
    "spiral": Target(_spiral),
}


@lru_cache(maxsize=32)
def target_points(kind: str, count: int, seed: int) -> np.ndarray:
    """So many points of a target, float32 (count, 2); they cannot be changed. Raises `KeyError` for a target that is not there."""
    drawn = TARGETS[kind].draw(np.random.default_rng([seed, 7]), count).astype(np.float32)
    drawn.setflags(write=False)
    return drawn


def spread_out(pixels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Points drawn evenly from what is painted on a canvas, bool (side, side) from the upper left: float32 (count, 2).

    Raises `ValueError` where nothing is painted.
    """
    places = np.argwhere(pixels)
    if not len(places):
        raise ValueError("nothing is painted")
    random = np.random.default_rng([seed, 8])
    inside = places[random.integers(0, len(places), count)] + random.random((count, 2))
    share = inside / len(pixels)  # row, column
    return (EDGE * np.stack([2 * share[:, 1] - 1, 1 - 2 * share[:, 0]], axis=-1)).astype(np.float32)


def bounds_of(parts: Sequence[np.ndarray]) -> float:
    """How far from zero a picture of these points (n, 2) should reach."""
    return max(EDGE, *(float(np.nan_to_num(np.abs(part), posinf=EDGE).max(initial=0.0)) for part in parts))
