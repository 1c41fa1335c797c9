"""What a network may see of a point in the plane, as one table of records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Feature:
    """An input made of a point: `function` of its two coordinates, and the formula in LaTeX and in plain text."""

    name: str
    function: Callable[[np.ndarray, np.ndarray], np.ndarray]
    formula: str
    text: str


FEATURES = {
    record.name: record
    for record in (
        Feature("x1", lambda x1, x2: x1, "x_1", "x₁"),
        Feature("x2", lambda x1, x2: x2, "x_2", "x₂"),
        Feature("x1_squared", lambda x1, x2: x1**2, "x_1^2", "x₁²"),
        Feature("x2_squared", lambda x1, x2: x2**2, "x_2^2", "x₂²"),
        Feature("product", lambda x1, x2: x1 * x2, "x_1 x_2", "x₁x₂"),
        Feature("sin_x1", lambda x1, x2: np.sin(x1), r"\sin x_1", "sin x₁"),
        Feature("sin_x2", lambda x1, x2: np.sin(x2), r"\sin x_2", "sin x₂"),
    )
}
"""Features by name."""


def features(points: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """The inputs of a network for points (n, 2): (n, features), in the order of the names."""
    return np.stack([FEATURES[name].function(points[:, 0], points[:, 1]) for name in names], axis=1)
