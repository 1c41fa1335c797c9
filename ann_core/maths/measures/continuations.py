"""What becomes of a forecast that feeds on itself: how long it stays with the series, and what it ends in."""

from typing import Literal, NamedTuple

import numpy as np

LEAST_STEPS = 24
RESTING, FADING, RETURNING, STEADY = 0.02, 0.5, 0.05, 0.9

End = Literal["short", "lost", "rests", "fades", "grows", "circles", "wanders"]


class Ending(NamedTuple):
    """What a continuation ends in, and the figure that goes with it.

    `rests`: the value at which it rests. `fades`, `grows`: how many times as far as at first its values lie apart in the end.
    `circles`: after how many steps it repeats itself.
    """

    kind: End
    figure: float = 0.0


def steps_beside(made: np.ndarray, truth: np.ndarray, tolerance: float) -> int:
    """For how many steps from the first on a continuation (n,) stays within the tolerance of the truth (n,)."""
    away = ~(np.abs(made - truth) <= tolerance)
    return int(away.argmax()) if away.any() else len(made)


def ending(made: np.ndarray, deviation: float) -> Ending:
    """What a continuation (n,) of a series with this standard deviation does in its last half; nothing is said of a short one."""
    if len(made) < LEAST_STEPS:
        return Ending("short")
    if not np.isfinite(made).all():
        return Ending("lost")
    late = made[len(made) // 2 :]
    if np.ptp(late) <= RESTING * deviation:
        return Ending("rests", float(late.mean()))
    third = len(made) // 3
    growth = float(np.ptp(made[-third:]) / max(np.ptp(made[:third]), 1e-12))
    if growth <= FADING or growth >= 1 / FADING:
        return Ending("fades" if growth < 1 else "grows", growth)
    period = _period(late)
    return Ending("circles", period) if period else Ending("wanders")


def _period(values: np.ndarray) -> int:
    """After how many steps values repeat themselves to within a twentieth of their range; 0 where they do not within half of them."""
    most = RETURNING * np.ptp(values)
    return next((step for step in range(2, len(values) // 2 + 1) if np.abs(values[step:] - values[:-step]).max() <= most), 0)


def turns(path: np.ndarray) -> float:
    """How often a path (n, 2) goes round its middle; 0 where it goes now this way round, now the other."""
    angles = np.unwrap(np.arctan2(*(path - path.mean(axis=0)).T[::-1]))
    whole, net = float(np.abs(np.diff(angles)).sum()), float(abs(angles[-1] - angles[0]))
    return net / (2 * np.pi) if net >= STEADY * whole else 0.0


def reach_of(moved: np.ndarray, share: float) -> int:
    """How many of the last values (n,) it takes for this share of all their sizes together; 0 where all are 0."""
    sizes = np.abs(moved)[::-1].cumsum()
    return int(np.searchsorted(sizes, share * sizes[-1] * (1 - 1e-12)) + 1) if sizes[-1] > 0 else 0
