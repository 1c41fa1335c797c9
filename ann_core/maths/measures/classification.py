"""What a classifier got right and wrong, counted."""

from math import comb

import numpy as np

TOSSES = 10_000


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How often a true class (row) was taken for another (column): (classes, classes) counts."""
    return np.bincount(labels.astype(int) * classes + predicted, minlength=classes**2).reshape(classes, classes)


def class_accuracy(matrix: np.ndarray) -> np.ndarray:
    """Share of each true class that was recognised: (classes,), NaN for a class without examples."""
    totals = matrix.sum(axis=1)
    return np.divide(np.diag(matrix), totals, out=np.full(len(matrix), np.nan), where=totals > 0)


def mean_recall(labels: np.ndarray, predicted: np.ndarray, classes: int) -> float:
    """The mean over the classes that occur of the share recognised of each: every class counts alike, however rare."""
    return float(np.nanmean(class_accuracy(confusion_matrix(labels, predicted, classes))))


def confident_mistakes(labels: np.ndarray, predicted: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Indices of the wrongly classified examples, the surest mistake first."""
    wrong = np.flatnonzero(labels != predicted)
    return wrong[np.argsort(-confidence[wrong], kind="stable")]


def sign_test(better: int, worse: int) -> float:
    """How likely two equals would differ so much or more, where so many examples have changed each way: two-sided, exact.

    2 · P(X ≤ min(better, worse)), X binomial of better + worse and ½, at most 1 (McNemar's test).
    """
    count = better + worse
    return min(1.0, sum(comb(count, few) for few in range(min(better, worse) + 1)) / 2 ** max(count - 1, 0))


def class_test(labels: np.ndarray, changes: np.ndarray) -> float:
    """The same for the mean over the classes: how likely two equals would differ so much or more in it, two-sided.

    `labels` (n,) are the classes, `changes` (n,) 1 where an example has become right, −1 where it has become wrong, else 0. Each
    weighs one part of its class. Found by tossing `TOSSES` times a coin for each that has changed: the error is below 0.02.
    """
    sizes = np.bincount(labels)
    weights = np.divide(1, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
    changed = np.bincount(labels[changes != 0], minlength=len(sizes))
    tossed = (2 * np.random.default_rng(0).binomial(changed, 0.5, (TOSSES, len(sizes))) - changed) @ weights
    return float((np.abs(tossed) >= abs(changes @ weights[labels]) - 1e-9).mean())
