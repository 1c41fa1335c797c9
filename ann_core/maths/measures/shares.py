"""How far a share that was counted may be from the true one: intervals for one share, for two, and for a change."""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm


class Interval(NamedTuple):
    """What was found, and from where to where the true value lies in 95 of 100 such intervals."""

    value: float
    low: float
    high: float


def normal(certainty: float = 0.95, together: int = 1) -> float:
    """How many deviations an interval reaches to either side; of so many `together`, all are to be right at once (Bonferroni)."""
    return float(norm.ppf(1 - (1 - certainty) / (2 * together)))


def share(count: int, of: int, z: float | None = None) -> Interval:
    """A share of independent cases, with Wilson's interval (1927). Raises `ZeroDivisionError` where there are none."""
    z, found = normal() if z is None else z, count / of
    middle = (found + z**2 / (2 * of)) / (1 + z**2 / of)
    reach = z / (1 + z**2 / of) * np.sqrt(found * (1 - found) / of + (z / (2 * of)) ** 2)
    return Interval(found, float(max(middle - reach, 0.0)), float(min(middle + reach, 1.0)))


def difference(first: Interval, second: Interval) -> Interval:
    """The first share less the second, of other cases: Newcombe's interval (1998) from the intervals of both."""
    found = first.value - second.value
    down = np.hypot(first.value - first.low, second.high - second.value)
    up = np.hypot(first.high - first.value, second.value - second.low)
    return Interval(found, float(found - down), float(found + up))


def change(lost: float, gained: float, of: int, z: float | None = None) -> Interval:
    """The change of a share when the same cases are asked again, of which some were lost and some gained.

    The interval is that of Agresti and Min (2005): Wald's, with half a case more in each of the four fields.
    """
    z = normal() if z is None else z
    middle = (gained - lost) / (of + 2)
    reach = z * np.sqrt(lost + gained + 1 - (gained - lost) ** 2 / (of + 2)) / (of + 2)
    return Interval((gained - lost) / of, float(max(middle - reach, -1.0)), float(min(middle + reach, 1.0)))


def certain(interval: Interval) -> bool:
    """Whether an interval leaves zero out: chance alone would seldom do that."""
    return interval.low > 0 or interval.high < 0
