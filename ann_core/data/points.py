"""Points of two classes in the plane, drawn at random by a stated rule."""

import numpy as np

RADIUS = 5.0
TURNS = 1.75


def points(kind: str, count: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points x, float32 (count, 2), within about ±6, and their classes y, uint8 (count,), 0 or 1; in random order.

    `noise` from 0 to 0.5 spreads the points. Raises `KeyError` for a kind that is not there.
    """
    random = np.random.default_rng([seed, count])
    x, y = KINDS[kind](random, count, noise)
    order = random.permutation(count)
    return x[order].astype(np.float32), y[order].astype(np.uint8)


def circle(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A disc within a ring. Noise moves the points after their class is settled."""
    y = _halves(count)
    radius = np.where(y == 0, random.uniform(0, 0.5, count), random.uniform(0.7, 1, count)) * RADIUS
    angle = random.uniform(0, 2 * np.pi, count)
    x = radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return x + random.uniform(-RADIUS, RADIUS, (count, 2)) * noise, y


def xor(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Four squares; the class is 1 where the signs of the two coordinates differ."""
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[np.arange(count) % 4]
    x = signs * random.uniform(0.3, RADIUS, (count, 2))
    return x + random.uniform(-RADIUS, RADIUS, (count, 2)) * noise, (signs[:, 0] != signs[:, 1])


def gaussian(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two round clouds; noise makes them wider."""
    y = _halves(count)
    centre = np.where(y == 0, -2.0, 2.0)
    return centre[:, None] + random.normal(0, np.sqrt(0.5 + 7 * noise), (count, 2)), y


def spiral(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two arms, wound into each other."""
    y = _halves(count)
    along = np.arange(count) // 2 / max((count + 1) // 2, 1)
    angle = along * TURNS * 2 * np.pi + y * np.pi
    x = along[:, None] * RADIUS * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return x + random.uniform(-1, 1, (count, 2)) * noise, y


def _halves(count: int) -> np.ndarray:
    return np.arange(count) % 2


KINDS = {"circle": circle, "xor": xor, "gaussian": gaussian, "spiral": spiral}
