"""Points in the plane, drawn at random by a stated rule: classes to tell apart, or a value to predict.

All of them lie within about ±6 in both directions, which is what a network sees.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

REACH = 6.0
RADIUS = 5.0
TURNS = 1.75
PINWHEEL_TURNS = 0.45

FULL_MARK = 150
TOTAL_NEEDED, EACH_NEEDED = 190, 80
LUCK = 40.0
"""Admission: the total and the least mark that a pupil needs, and how many marks of luck a noise of 1 stands for."""


@dataclass(frozen=True)
class Axes:
    """What the plane's coordinates mean: x = (value - centre) / unit, for each of the two directions."""

    centre: tuple[float, float] = (0.0, 0.0)
    unit: tuple[float, float] = (1.0, 1.0)

    def to_plane(self, values: np.ndarray) -> np.ndarray:
        """Coordinates of values (…, 2)."""
        return (np.asarray(values, float) - self.centre) / self.unit

    def from_plane(self, x: np.ndarray) -> np.ndarray:
        """Values at coordinates (…, 2)."""
        return np.asarray(x, float) * self.unit + self.centre


PLAIN = Axes()
MARKS = Axes((FULL_MARK / 2,) * 2, (FULL_MARK / 2 / REACH,) * 2)
"""Marks in mathematics and Chinese, 0 … 150 each, fill the plane."""


class Points(NamedTuple):
    """Points x, float32 (n, 2), and what is asked of each: its class, uint8 (n,), or a value of about ±1, float32 (n, 1)."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Kind:
    """How points are drawn: `draw(random, count, noise)` gives x (n, 2) and y (n,); `classes` is 0 for values."""

    draw: Callable[[np.random.Generator, int, float], tuple[np.ndarray, np.ndarray]]
    classes: int = 2
    axes: Axes = PLAIN


def points(kind: str, count: int, noise: float, seed: int) -> Points:
    """Points of a kind in random order; `noise` from 0 to 0.5. Raises `KeyError` for a kind that is not there."""
    random = np.random.default_rng([seed, count])
    x, y = KINDS[kind].draw(random, count, noise)
    order = random.permutation(count)
    return Points(x[order].astype(np.float32), y[order].astype(np.uint8) if KINDS[kind].classes else y[order, None].astype(np.float32))


def rarer(drawn: Points, share: float, seed: int) -> Points:
    """These points with only a share of their last class left, but at least two."""
    last = np.flatnonzero(drawn.y == drawn.y.max())
    left = max(2, round(share * len(last)))
    gone = np.random.default_rng([seed, 1]).permutation(last)[left:]
    return Points(np.delete(drawn.x, gone, axis=0), np.delete(drawn.y, gone, axis=0))


def balanced(y: np.ndarray) -> np.ndarray:
    """Indices that repeat the examples of rarer classes until every class has as many as the largest; y: classes (n,)."""
    members = [np.flatnonzero(y == number) for number in np.unique(y)]
    most = max(map(len, members))
    return np.sort(np.concatenate([np.resize(indices, most) for indices in members]))


def admitted(marks: np.ndarray) -> np.ndarray:
    """The rule, without luck: which of these pupils, marks (…, 2), are admitted."""
    return (marks.sum(axis=-1) >= TOTAL_NEEDED) & (marks.min(axis=-1) >= EACH_NEEDED)


def admission_line() -> np.ndarray:
    """Where the rule changes its mind, as a line through the marks: (4, 2)."""
    corner = TOTAL_NEEDED - EACH_NEEDED
    return np.array([(EACH_NEEDED, FULL_MARK), (EACH_NEEDED, corner), (corner, EACH_NEEDED), (FULL_MARK, EACH_NEEDED)], float)


def admission(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Pupils with marks in two subjects. Luck on the day, up or down, enters the decision and not the marks."""
    marks = random.multivariate_normal((98, 98), [[800, 150], [150, 800]], count)
    marks = np.clip(np.rint(marks), 0, FULL_MARK)
    return MARKS.to_plane(marks), admitted(marks + random.normal(0, LUCK * noise, (count, 2)))


def circle(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A disc within a ring. Noise moves the points after their class is settled."""
    y = _turns(count, 2)
    radius = np.where(y == 0, random.uniform(0, 0.5, count), random.uniform(0.7, 1, count)) * RADIUS
    x = _round(radius, random.uniform(0, 2 * np.pi, count))
    return x + random.uniform(-RADIUS, RADIUS, (count, 2)) * noise, y


def xor(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Four squares; the class is 1 where the signs of the two coordinates differ."""
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[_turns(count, 4)]
    x = signs * random.uniform(0.3, RADIUS, (count, 2))
    return x + random.uniform(-RADIUS, RADIUS, (count, 2)) * noise, (signs[:, 0] != signs[:, 1])


def gaussian(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two round clouds; noise makes them wider."""
    y = _turns(count, 2)
    return np.where(y == 0, -2.0, 2.0)[:, None] + _cloud(random, count, noise), y


def spiral(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two arms, wound into each other."""
    return _arms(random, count, noise, 2, TURNS)


def moons(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two half rings that reach into each other."""
    y = _turns(count, 2)
    side = 1 - 2.0 * y
    angle = random.uniform(-np.pi / 2, np.pi / 2, count)
    x = _round(3.2 * side, angle) + np.stack([-1.6 * side, 0.8 * -side], axis=1)
    return x + random.normal(0, 3 * noise + 0.15, (count, 2)), y


def three(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Three round clouds, each at a corner of a triangle."""
    y = _turns(count, 3)
    return _round(np.full(count, 3.0), y * 2 * np.pi / 3) + _cloud(random, count, noise), y


def four(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A pinwheel of four arms."""
    return _arms(random, count, noise, 4, PINWHEEL_TURNS)


def plane(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A slope: the value grows along the diagonal. Noise is added to the value."""
    x = random.uniform(-REACH, REACH, (count, 2))
    return x, x.sum(axis=1) / (2 * REACH) + random.normal(0, noise, count)


def hills(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Three hills and three hollows in a plain. Noise is added to the value."""
    x = random.uniform(-REACH, REACH, (count, 2))
    centres = np.array([(right, up) for up in (3, -3) for right in (-3.5, 0, 3.5)])
    height = np.exp(-((x[:, None] - centres) ** 2).sum(axis=-1) / 2.5) @ np.array([1, -1, 1, -1, 1, -1])
    return x, height + random.normal(0, noise, count)


def _turns(count: int, classes: int) -> np.ndarray:
    return np.arange(count) % classes


def _round(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    return radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)


def _cloud(random: np.random.Generator, count: int, noise: float) -> np.ndarray:
    return random.normal(0, np.sqrt(0.5 + 7 * noise), (count, 2))


def _arms(random: np.random.Generator, count: int, noise: float, arms: int, turns: float) -> tuple[np.ndarray, np.ndarray]:
    y = _turns(count, arms)
    along = np.arange(count) // arms / max(-(-count // arms), 1)
    angle = 2 * np.pi * (along * turns + y / arms)
    return _round(along * RADIUS, angle) + random.uniform(-1, 1, (count, 2)) * noise, y


KINDS = {
    "admission": Kind(admission, axes=MARKS),
    "circle": Kind(circle),
    "xor": Kind(xor),
    "gaussian": Kind(gaussian),
    "spiral": Kind(spiral),
    "moons": Kind(moons),
    "three": Kind(three, 3),
    "four": Kind(four, 4),
    "plane": Kind(plane, 0),
    "hills": Kind(hills, 0),
}
