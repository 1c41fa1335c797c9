"""What a classifier got right and wrong, counted."""

import numpy as np


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How often a true class (row) was taken for another (column): (classes, classes) counts."""
    return np.bincount(labels.astype(int) * classes + predicted, minlength=classes**2).reshape(classes, classes)


def class_accuracy(matrix: np.ndarray) -> np.ndarray:
    """Share of each true class that was recognised: (classes,), NaN for a class without examples."""
    totals = matrix.sum(axis=1)
    return np.divide(np.diag(matrix), totals, out=np.full(len(matrix), np.nan), where=totals > 0)


def confident_mistakes(labels: np.ndarray, predicted: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Indices of the wrongly classified examples, the surest mistake first."""
    wrong = np.flatnonzero(labels != predicted)
    return wrong[np.argsort(-confidence[wrong], kind="stable")]
