"""What is kept of a network's outputs: what it took each example for, and how sure it was."""

import numpy as np

Verdict = tuple[np.ndarray, np.ndarray | None]
"""Classes, uint8 (n, …), and the probability of each; or values, which have none."""


def of_class(outputs: np.ndarray) -> Verdict:
    """The likeliest class of probabilities (n, …, classes)."""
    predicted = outputs.argmax(axis=-1)
    return predicted.astype(np.uint8), np.take_along_axis(outputs, predicted[..., None], axis=-1)[..., 0]


def of_side(outputs: np.ndarray) -> Verdict:
    """The likelier of two classes, from the probability of the second, (n, 1)."""
    probability = outputs[:, 0]
    return (probability > 0.5).astype(np.uint8), np.maximum(probability, 1 - probability)


def of_value(outputs: np.ndarray) -> Verdict:
    """Values as they are."""
    return outputs, None


def verdict(outputs: np.ndarray, classes: int) -> Verdict:
    """What is kept where there are so many classes; 0 where values are predicted."""
    return {0: of_value, 2: of_side}.get(classes, of_class)(outputs)
