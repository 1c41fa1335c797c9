"""Which unit of a network that watches brackets counts them: whose memory goes with the number that are open."""

from typing import NamedTuple

import numpy as np

from ann_core.data.recall import CLOSED, OPEN
from ann_core.maths.networks.recurrent import Network, Unrolled
from ann_core.probing import recall
from ann_core.specs import RecallSpec

COUNTS = 0.8
"""From this |r| on a unit is said to count."""


class Counter(NamedTuple):
    """The unit that goes with the depth most closely: its correlation `r` with it over so many sequences, of either sign.

    `base` is what it keeps on average at the depth 0, `slope` how much more for every bracket: the straight line with the least squares.
    """

    unit: int
    r: float
    base: float
    slope: float
    count: int

    @property
    def counts(self) -> bool:
        return abs(self.r) >= COUNTS


def depths(x: np.ndarray) -> np.ndarray:
    """How many brackets are open after each step of sequences (…, time, inputs): (…, time)."""
    symbols = x.argmax(axis=-1)
    return np.cumsum((symbols == OPEN).astype(int) - (symbols == CLOSED), axis=-1)


def kept(unrolled: Unrolled) -> np.ndarray:
    """What a cell remembers after every step, (n, time, units): the cell state of an LSTM, the state of others."""
    return (unrolled.states if unrolled.memory is None else unrolled.memory)[:, 1:]


def counter(spec: RecallSpec, made: Network) -> Counter | None:
    """The unit that counts best over balanced sequences held out: in others a bracket is missing, and a network may give up counting.

    None where no unit does anything.
    """
    x, y = recall.judged(spec)
    x = x[y == 1]
    return of(kept(recall.way(made, x).unrolled), depths(x))


def of(values: np.ndarray, depth: np.ndarray) -> Counter | None:
    """The same from what the units keep, (n, time, units), and the depth, (n, time). None where nothing varies, or is no number."""
    kept_apart = values.reshape(-1, values.shape[-1]).astype(float)
    off, deep = kept_apart - kept_apart.mean(axis=0), depth.ravel() - depth.mean()
    together, own = deep @ off, np.sqrt((off**2).sum(axis=0) * (deep**2).sum())
    r = np.divide(together, own, out=np.zeros(len(own)), where=own > 0)
    if not np.isfinite(r).all() or not r.any():
        return None
    unit = int(np.abs(r).argmax())
    slope = together[unit] / (deep**2).sum()
    return Counter(unit, float(r[unit]), float(kept_apart[:, unit].mean() - slope * depth.mean()), float(slope), len(values))
