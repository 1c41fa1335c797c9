"""How far two clouds of points are apart, and which modes of a mixture a cloud has found. Points must be finite."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

WITHIN = 3
"""A point belongs to the cloud of a mode within this many of its standard deviations."""
LEAST_SHARE = 0.01
"""A mode with fewer of all points does not count."""


@dataclass(frozen=True)
class Modes:
    """Points (n, dims) among the centres of modes (modes, dims).

    `nearest` (n,) is the number of each point's nearest centre, `counts` (modes,) how many points are nearest to each;
    `share` of all points within three deviations of a centre. `found` modes have a hundredth of all points or more within
    three deviations; to `belonging` modes as many are nearest, however far away.
    """

    nearest: np.ndarray
    counts: np.ndarray
    share: float
    found: int
    belonging: int


def modes(points: np.ndarray, centres: np.ndarray, deviation: float) -> Modes:
    """Which modes points (n, dims) have found; the deviation is that of one coordinate around its centre."""
    distances = cdist(points, centres)  # (n, modes)
    nearest, within = distances.argmin(axis=1), distances <= WITHIN * deviation
    counts = np.bincount(nearest, minlength=len(centres))
    found, belonging = (int((shares >= LEAST_SHARE).sum()) for shares in (within.mean(axis=0), counts / len(points)))
    return Modes(nearest, counts, float(within.any(axis=1).mean()), found, belonging)


def nearest(points: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For points (n, dims) the number of the nearest of places (m, dims), and how far that is: (n,) each."""
    return cKDTree(places).query(points)[::-1]


def jensen_shannon(first: np.ndarray, second: np.ndarray, low: float, high: float, cells: int) -> float:
    """The Jensen-Shannon divergence of two clouds (n, 2), (m, 2), counted on a grid: 0 for equal shares, 1 without a shared cell.

    ½ Σ p log₂(2p / (p + q)) + ½ Σ q log₂(2q / (p + q)), in bits; Lin (1991). The grid has cells × cells squares from low
    to high; points outside are counted at its edge.
    """
    p, q = (_shares(points, low, high, cells) for points in (first, second))
    both = p + q
    return sum(float((part[part > 0] * np.log2(2 * part[part > 0] / both[part > 0])).sum()) for part in (p, q)) / 2


def _shares(points: np.ndarray, low: float, high: float, cells: int) -> np.ndarray:
    """The share of points (n, 2) in each square of the grid: (cells²,)."""
    places = (np.clip(points, low, high) - low) / (high - low) * cells
    column, row = np.minimum(places.astype(int), cells - 1).T
    return np.bincount(row * cells + column, minlength=cells**2) / len(points)


class Resemblance(NamedTuple):
    """How many made things could be real ones (`precision`), and how many real ones could have been made (`recall`)."""

    precision: float
    recall: float


def resemblance(real: np.ndarray, made: np.ndarray, neighbours: int = 3) -> Resemblance:
    """Improved precision and recall of Kynkäänniemi et al. (2019): real (n, dims) and made (m, dims), best as many of each.

    A thing could belong to a cloud where it is as near to one of its points as that one's third neighbour is there.
    """
    across, of_real, of_made = cdist(made, real), _radii(real, neighbours), _radii(made, neighbours)
    return Resemblance(float((across <= of_real).any(axis=1).mean()), float((across <= of_made[:, None]).any(axis=0).mean()))


def _radii(points: np.ndarray, neighbours: int) -> np.ndarray:
    """How far each of the points (n, dims) is from its so-manieth nearest neighbour, (n,)."""
    return np.partition(cdist(points, points), neighbours, axis=1)[:, neighbours]


def energy_distance(first: np.ndarray, second: np.ndarray) -> float:
    """√(2 E|X - Y| - E|X - X'| - E|Y - Y'|) of two clouds (n, dims), (m, dims): 0 only if they are equal. Székely, Rizzo (2013).

    All pairs are compared at once, which takes 8 n m bytes.
    """
    across, inside, inside_second = (cdist(*pair).mean() for pair in ((first, second), (first, first), (second, second)))
    return float(np.sqrt(max(2 * across - inside - inside_second, 0)))
