"""Logic gates as tasks for one neuron."""

from functools import lru_cache

import numpy as np

CORNERS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], dtype=float)
GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}
"""What each gate answers at the four corners."""

TRIED = np.arange(-5, 5.01, 0.5)


def answers(weights: np.ndarray) -> np.ndarray:
    """Whether neurons with weights (n, 3), w₁, w₂ and b, say yes at each corner, that is, have a sum above zero: (n, 4)."""
    return weights[:, :2] @ CORNERS.T + weights[:, 2:] > 0


def all_weights() -> np.ndarray:
    """All combinations of w₁, w₂ and b from -5 to 5 in steps of a half: (9261, 3)."""
    return np.stack(np.meshgrid(TRIED, TRIED, TRIED), axis=-1).reshape(-1, 3)


@lru_cache
def search(gate: str) -> tuple[int, int, int, tuple[float, ...]]:
    """How many combinations there are, how many get all four corners right, how many corners the best gets right, and that one.

    Of several best ones, the one with its border farthest from all corners.
    """
    tried = all_weights()
    right = (answers(tried) == np.array(GATES[gate], bool)).sum(axis=1)
    best = tried[right == right.max()]
    lengths = np.maximum(np.linalg.norm(best[:, :2], axis=1), 1e-9)
    margins = np.abs(best[:, :2] @ CORNERS.T + best[:, 2:]).min(axis=1) / lengths
    return len(tried), int((right == 4).sum()), int(right.max()), tuple(map(float, best[margins.argmax()]))
