"""When a training sees what, and which of its moments are kept: close together in the beginning, where most happens, then by epochs."""

from typing import NamedTuple

import numpy as np

EARLY_UPDATES = 100
EARLY_SHARE = 1 / 2


class Moment(NamedTuple):
    """A moment of a training: so many full epochs, and so many batches of the next one. In games: rounds and turns."""

    epoch: int
    batch: int = 0


def kept_moments(epochs: int, batches: int, most: int, early: float = EARLY_SHARE) -> tuple[Moment, ...]:
    """Which moments to keep of so many epochs of so many batches each, at most `most` (2 or more), the first and the last among them.

    All if they fit; else this share of them lies within the first hundred updates, growing apart, and the rest at the
    ends of epochs, more of them early.
    """
    total = epochs * batches
    if total < most:
        updates = np.arange(total + 1)
    else:
        close = np.arange(1, int(early * (most - 1)) + 1)
        by_epochs = most - 1 - len(close)
        begun = np.maximum(close, np.ceil(min(EARLY_UPDATES, total) * (close / max(len(close), 1)) ** 2))
        ends = np.arange(epochs + 1) if epochs <= by_epochs else np.rint(epochs * np.linspace(0, 1, by_epochs + 1) ** 1.5)
        updates = np.union1d(begun, batches * ends)
    return tuple(Moment(*divmod(int(update), batches)) for update in updates)


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order in which an epoch (from 0) sees the examples: (count,). Each epoch can be drawn by itself."""
    return np.random.default_rng([seed, epoch]).permutation(count)
