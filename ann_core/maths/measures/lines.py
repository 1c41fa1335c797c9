"""How far a straight cut gets: the best line between two classes of points in the plane."""

import numpy as np

MOST_EXACT = 160
DIRECTIONS = 2_000
BATCH = 500
APART = 1e-9


def best_line(x: np.ndarray, y: np.ndarray) -> float:
    """The largest share of points x (n, 2), of classes y (n,) 0 and 1, on the right side of one straight line.

    Of few points every order is tried in which they can lie across a line, so the share is exact; of more than `MOST_EXACT`,
    `DIRECTIONS` evenly spread ones, each with its best place.
    """
    x, y = np.asarray(x, float), np.asarray(y, int)
    angles = _between_orders(x) if len(x) <= MOST_EXACT else np.pi * (np.arange(DIRECTIONS) + 0.5) / DIRECTIONS
    return max(_best_along(x, y, part) for part in np.array_split(angles, -(-len(angles) // BATCH)))


def _between_orders(x: np.ndarray) -> np.ndarray:
    """An angle between each two at which two of the points change places: (directions,)."""
    first, second = np.triu_indices(len(x), 1)
    across = x[second] - x[first]
    across = across[(across != 0).any(axis=1)]
    critical = np.unique(np.arctan2(across[:, 1], across[:, 0]) % np.pi) if len(across) else np.zeros(1)
    return (critical + np.append(critical[1:], critical[0] + np.pi)) / 2 + np.pi / 2


def _best_along(x: np.ndarray, y: np.ndarray, angles: np.ndarray) -> float:
    """The best share over lines across these directions, wherever they lie."""
    along = x @ np.stack([np.cos(angles), np.sin(angles)])  # (n, directions)
    order = along.argsort(axis=0)
    sorted_along = np.take_along_axis(along, order, axis=0)
    signs = np.where(y == 1, -1, 1)[order]  # a point of class 0 on the near side is right, one of class 1 is not
    near = np.concatenate([np.zeros((1, len(angles)), int), signs.cumsum(axis=0)])
    right = near + (y == 1).sum()
    between = np.ones(right.shape, bool)
    between[1:-1] = np.diff(sorted_along, axis=0) > APART
    allowed = np.where(between, np.maximum(right, len(y) - right), 0)
    return float(allowed.max()) / len(y)
