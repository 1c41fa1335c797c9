"""Many small networks trained at once, each from a start of its own: how often does descent find what could be found?"""

from collections.abc import Sequence

import numpy as np

from ann_core.maths.learning.activations import activated, derivative, sigmoid
from ann_core.maths.learning.untrained import network


def right_answers(
    inputs: np.ndarray, targets: np.ndarray, units: int, activation: str, rate: float, steps: int, seeds: Sequence[int]
) -> np.ndarray:
    """How many of the targets (n,), 0 or 1 for inputs (n, k), networks k-units-1 get right after training, one a seed: (seeds,).

    From Glorot's weights and biases of zero, plain gradient descent makes the mean cross-entropy of all examples smaller, step
    by step. The output is a sigmoid, and says yes above a half.
    """
    starts = [network((inputs.shape[1], units, 1), (activation, "sigmoid"), "glorot", seed) for seed in seeds]
    w, v = (np.stack([layers[place].kernel for layers in starts]) for place in (0, 1))  # (seeds, k, units), (seeds, units, 1)
    b, c = np.zeros((len(starts), 1, units)), np.zeros((len(starts), 1, 1))
    for _ in range(steps):
        sums = inputs @ w + b  # (seeds, n, units)
        hidden = activated(sums, activation)
        delta_out = (sigmoid(hidden @ v + c) - targets[:, None]) / len(targets)  # (seeds, n, 1)
        delta = delta_out @ v.swapaxes(1, 2) * derivative(sums, activation)
        v, c = v - rate * hidden.swapaxes(1, 2) @ delta_out, c - rate * delta_out.sum(axis=1, keepdims=True)
        w, b = w - rate * inputs.T @ delta, b - rate * delta.sum(axis=1, keepdims=True)
    answers = (activated(inputs @ w + b, activation) @ v + c)[..., 0] > 0
    return (answers == (targets == 1)).sum(axis=1)
