"""Kernels made by hand: each a small grid of weights, and what it looks for can be read off it."""

from dataclasses import dataclass

import numpy as np

GAUSS_3, GAUSS_5 = np.array([1.0, 2, 1]), np.array([1.0, 4, 6, 4, 1])


@dataclass(frozen=True)
class Kernel:
    """A kernel of 3×3 and its relative of 5×5, row by row."""

    name: str
    small: tuple[float, ...]
    large: tuple[float, ...]

    def entries(self, size: int) -> tuple[float, ...]:
        """The entries of the kernel of this size, 3 or 5."""
        return self.small if size == 3 else self.large


def _entries(grid: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{entry + 0.0:.6g}") for entry in np.asarray(grid, float).ravel())


def _alone(size: int) -> np.ndarray:
    """One in the middle, zero elsewhere: what goes in comes out."""
    grid = np.zeros((size, size))
    grid[size // 2, size // 2] = 1
    return grid


def _edges(size: int) -> np.ndarray:
    """The middle against all its neighbours: nothing where all is alike."""
    return size**2 * _alone(size) - 1


def _emboss(size: int) -> np.ndarray:
    """Light falls from the lower right."""
    places = np.arange(size) - size // 2
    return np.sign(places[:, None] + places[None, :]) + _alone(size)


RISE_3, RISE_5 = np.array([-1.0, 0, 1]), np.array([-1.0, -2, 0, 2, 1])

KERNELS = {
    name: Kernel(name, _entries(small), _entries(large))
    for name, small, large in (
        ("identity", _alone(3), _alone(5)),
        ("upright", np.outer(GAUSS_3, RISE_3), np.outer(GAUSS_5, RISE_5) / 16),
        ("level", np.outer(RISE_3, GAUSS_3), np.outer(RISE_5, GAUSS_5) / 16),
        ("edges", _edges(3), _edges(5) / 4),
        ("blur", np.outer(GAUSS_3, GAUSS_3) / 16, np.outer(GAUSS_5, GAUSS_5) / 256),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 2 * _alone(5) - np.outer(GAUSS_5, GAUSS_5) / 256),
        ("emboss", _emboss(3), _emboss(5)),
    )
}
"""`upright` answers to upright edges (Sobel), `level` to level ones; `blur` is a small Gaussian."""


def as_grid(entries: tuple[float, ...]) -> np.ndarray:
    """Entries as a square grid."""
    side = round(len(entries) ** 0.5)
    return np.array(entries).reshape(side, side)
