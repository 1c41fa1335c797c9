"""How fast the courses part that begin side by side."""

from collections.abc import Callable

import numpy as np

APART = 1e-8


def exponent(step: Callable[[np.ndarray], np.ndarray], start: np.ndarray, steps: int, settling: int = 100) -> float:
    """The greatest Lyapunov exponent of a step that leads from state to state, (n,) each: lim ln(|δ after| / |δ before|) per step.

    Two courses are led side by side, and brought back to their first distance after every step (G. Benettin et al., Meccanica
    15, 1980, 9–30).
    """
    here, total = start, 0.0
    there = start + APART / np.sqrt(len(start))
    for number in range(settling + steps):
        here, there = step(here), step(there)
        apart = float(np.linalg.norm(there - here))
        there = here + (there - here) * (APART / apart)
        total += np.log(apart / APART) * (number >= settling)
    return total / steps


def time_until(error: float, tolerance: float, exponent: float) -> float:
    """After how long an error that grows by e to the `exponent` in each unit of time is as large as a tolerance."""
    return max(0.0, float(np.log(tolerance / max(error, 1e-300)))) / exponent
