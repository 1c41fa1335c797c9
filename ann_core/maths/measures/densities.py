"""How densely points of the plane lie, and what the best possible discriminator says of two clouds of them.

Every point (x, y) counts as a round normal cloud of a stated deviation: a kernel density, Parzen (1962).
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

HARDLY = 1e-3
"""Of the greatest density: where less lies than that, nothing can be told."""
DENSEST = 0.95


def centres(cells: int, edge: float) -> np.ndarray:
    """The middles of so many equal parts of the line from -edge to edge, (cells,)."""
    return ((np.arange(cells) + 0.5) / cells * 2 - 1) * edge


def density(points: np.ndarray, cells: int, edge: float, deviation: float) -> np.ndarray:
    """How densely points (n, 2) lie, per unit of area, at the middles of squares, row by row from the upper left: (cells, cells).

    The exponential of a sum is a product: a matrix product sums over all points.
    """
    at = centres(cells, edge)
    across, upward = (np.exp(-((part[:, None] - at) ** 2) / (2 * deviation**2)) for part in points.T.astype(float))  # (n, cells)
    return (upward.T @ across)[::-1] / (2 * np.pi * deviation**2 * len(points))


class Best(NamedTuple):
    """The best possible discriminator of two clouds: its belief everywhere, (cells, cells), and the divergence it would report, in bits."""

    belief: np.ndarray
    divergence: float


def best_discriminator(real: np.ndarray, made: np.ndarray, edge: float) -> Best:
    """The belief p / (p + q) from densities (cells, cells) in the square from -edge to edge; Goodfellow et al. (2014).

    It pays 2 ln 2 less twice the Jensen-Shannon divergence. What of a cloud lies outside the square is told apart for certain.
    Where hardly anything lies there is nothing to believe: one half.
    """
    both = real + made
    belief = np.divide(real, both, out=np.full_like(both, 0.5), where=both > HARDLY * both.max())
    area = (2 * edge / len(real)) ** 2
    divergence = 0.0
    for part in (real, made):
        there = part > 0
        divergence += area * float((part[there] * np.log2(2 * part[there] / both[there])).sum()) + 1 - area * float(part.sum())
    return Best(belief, divergence / 2)


def lattice_density(corners: np.ndarray, at: np.ndarray, kind: str) -> np.ndarray:
    """How densely noise comes to lie in the cells of a bent lattice, of the densest 1: (moments, rows - 1, columns - 1).

    `corners` (moments, rows, columns, 2) are where the lattice with lines `at` these numbers, in both directions, is bent to: a cell
    holds the noise that it held before, on another area. The densest twentieth of the cells count as the densest.
    """
    held = np.diff(norm.cdf(at)) if kind == "normal" else np.diff(at) / 2
    first, second = corners[:, 1:, 1:] - corners[:, :-1, :-1], corners[:, 1:, :-1] - corners[:, :-1, 1:]
    area = np.abs(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]) / 2  # of a quadrangle, by its diagonals
    dense = np.outer(held, held) / np.maximum(area, 1e-9)
    fullest = np.quantile(dense, DENSEST, axis=(1, 2), keepdims=True)
    return np.clip(dense / np.maximum(fullest, 1e-9), 0, 1)
