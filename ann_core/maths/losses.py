"""Loss functions: how wrong an answer is, for each example."""

import numpy as np

LEAST = 1e-7
"""Probabilities are kept this far from 0 and 1, as Keras keeps them, for the logarithm of zero is infinite."""


def cross_entropy(targets: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """-log of the probability given to the true class: (n,).

    Targets: classes (n,); outputs: probabilities (n, classes), or of class 1 alone, (n, 1).
    """
    probabilities = np.clip(both_classes(outputs), LEAST, 1 - LEAST)
    return -np.log(probabilities[np.arange(len(targets)), np.asarray(targets, int)])


def squared_error(targets: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """The mean of (output - target)² over the outputs: (n,). Targets: values (n, outputs)."""
    return ((outputs - targets) ** 2).mean(axis=-1)


def both_classes(outputs: np.ndarray) -> np.ndarray:
    """Probabilities of all classes: where only that of class 1 is given, (n, 1), those of both, (n, 2)."""
    return np.concatenate([1 - outputs, outputs], axis=-1) if outputs.shape[-1] == 1 else outputs


def skill(score: float, targets: np.ndarray, classes: int) -> float:
    """How far a score is beyond that of always giving the same answer: 0 is no better, 1 is perfect.

    The score is an accuracy, for classes (n,), or, where `classes` is 0, the mean absolute error of values (n, 1).
    """
    if classes:
        same = np.bincount(targets, minlength=classes).max() / len(targets)
        return float((score - same) / max(1 - same, LEAST))
    return float(1 - score / max(np.abs(targets - np.median(targets)).mean(), LEAST))
