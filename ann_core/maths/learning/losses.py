"""Loss functions: how wrong an answer is, for each example, and for one number as one table of records."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEAST = 1e-7
"""A probability that comes alone is kept this far from 0 and 1, as Keras keeps it, for the logarithm of zero is infinite."""
LEVEL = 1e-9
"""A mean slope within this of zero is level."""


@dataclass(frozen=True)
class Loss:
    """A loss of one number: elementwise `value` and `slope` of (prediction, target), and its formula in LaTeX.

    The slope is the derivative with respect to the prediction. With `classes`, the prediction is the probability
    of class 1 and the target 0 or 1; otherwise both are values.
    """

    name: str
    value: Callable[[np.ndarray, np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray, np.ndarray], np.ndarray]
    formula: str
    classes: bool


def _huber(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """½ e² up to an error e of 1, from there on straight: |e| - ½."""
    error = np.abs(prediction - target)
    near = np.minimum(error, 1)
    return near * (error - near / 2)


def _binary_cross_entropy(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """-ln of the probability p given to the truth: -t ln p - (1 - t) ln(1 - p)."""
    share = np.clip(prediction, LEAST, 1 - LEAST)
    return -target * np.log(share) - (1 - target) * np.log(1 - share)


def _binary_cross_entropy_slope(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(p - t) / (p (1 - p)); beyond the kept range it stays as steep as at its edge."""
    share = np.clip(prediction, LEAST, 1 - LEAST)
    return (share - target) / (share * (1 - share))


LOSSES = {
    record.name: record
    for record in (
        Loss("squared", lambda p, t: (p - t) ** 2, lambda p, t: 2 * (p - t), r"(\hat{y} - y)^2", False),
        Loss("absolute", lambda p, t: np.abs(p - t), lambda p, t: np.sign(p - t), r"\lvert \hat{y} - y \rvert", False),
        Loss(
            "huber",
            _huber,
            lambda p, t: np.clip(p - t, -1, 1),
            r"\begin{cases} \frac{1}{2} (\hat{y} - y)^2 & \lvert \hat{y} - y \rvert \le 1 \\"
            r" \lvert \hat{y} - y \rvert - \frac{1}{2} & \lvert \hat{y} - y \rvert > 1 \end{cases}",
            False,
        ),
        Loss(
            "binary_cross_entropy",
            _binary_cross_entropy,
            _binary_cross_entropy_slope,
            r"-y \ln \hat{y} - (1 - y) \ln(1 - \hat{y})",
            True,
        ),
    )
}
"""Losses of one prediction p and its target t, by name."""


@np.errstate(invalid="ignore")  # an exploded network has no finite sums, and no finite loss
def cross_entropy(targets: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """-ln p of the true class, where p = softmax(z), or σ(z) for class 1 alone, from the sums z: ln Σ eᶻ - z of the true class, (n,).

    Targets: classes (n,); sums: (n, classes), or those of class 1 alone, (n, 1), beside which the other class has 0. A network
    that ends in softmax or sigmoid is trained and judged like this by Keras on TensorFlow too: a probability would be rounded
    to 0, or kept off it, and with it loss and slope.
    """
    all_sums = np.concatenate([np.zeros_like(sums), sums], axis=-1) if sums.shape[-1] == 1 else sums
    behind = all_sums - all_sums.max(axis=-1, keepdims=True)
    return np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(targets)), np.asarray(targets, int)]


def categorical_slope(targets_onehot: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Derivative of the categorical cross-entropy -Σ t ln p, p = softmax(z), with respect to the sums z: p - t.

    Targets (n, classes), 1 at the true class and 0 elsewhere, and probabilities (n, classes) give (n, classes).
    """
    return probabilities - targets_onehot


def best_values(name: str, targets: np.ndarray) -> tuple[float, float]:
    """The least and the greatest of the values with the smallest mean loss over targets (n,), by a loss of values that has one valley.

    Found where the mean slope turns, by halving the range of the targets again and again.
    """

    def turn(reached: Callable[[float], bool]) -> float:
        low, high = float(np.min(targets)), float(np.max(targets))
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if reached(middle) else (middle, high)
        return high

    def slope(value: float) -> float:
        return float(LOSSES[name].slope(value, targets).mean())

    return turn(lambda value: slope(value) > -LEVEL), turn(lambda value: slope(value) > LEVEL)


def squared_error(targets: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """The mean of (output - target)² over the outputs: (n,). Targets: values (n, outputs)."""
    return ((outputs - targets) ** 2).mean(axis=-1)


def both_classes(outputs: np.ndarray) -> np.ndarray:
    """Probabilities of all classes: where only that of class 1 is given, (n, 1), those of both, (n, 2)."""
    return np.concatenate([1 - outputs, outputs], axis=-1) if outputs.shape[-1] == 1 else outputs


def blind_loss(targets: np.ndarray, classes: int, squared: bool = False) -> float:
    """The least mean loss that can be had by always giving the same answer, whatever is asked.

    Of classes (n,) the cross-entropy -Σ p ln p, p being how often each occurs, or, `squared`, the squared error of these
    shares: p (1 - p), of two classes' one output or the mean over more. Of values (n, 1), where `classes` is 0, their variance.
    """
    if not classes:
        return float(np.var(targets))
    shares = np.bincount(targets, minlength=classes) / len(targets)
    if squared:
        return float((shares * (1 - shares)).mean())
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum())


def skill(score: float, targets: np.ndarray, classes: int) -> float:
    """How far a score is beyond that of always giving the same answer: 0 is no better, 1 is perfect.

    The score is an accuracy, for classes (n,), or, where `classes` is 0, the mean absolute error of values (n, 1).
    """
    if classes:
        same = np.bincount(targets, minlength=classes).max() / len(targets)
        return float((score - same) / max(1 - same, LEAST))
    return float(1 - score / max(np.abs(targets - np.median(targets)).mean(), LEAST))
