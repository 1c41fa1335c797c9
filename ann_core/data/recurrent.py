"""Series of values in time, and the windows that a network learns to continue."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from vega_datasets import data as package

from ann_core.data.fingerprint import fingerprint


@dataclass(frozen=True)
class Series:
    """Values at even distances in time, float32 (n,); their unit; the day of each, datetime64[D] (n,), where they have one."""

    values: np.ndarray
    unit: str = ""
    days: np.ndarray | None = None

    def __post_init__(self) -> None:
        self.values.setflags(write=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint((self.values,))

    @property
    def year_before(self) -> np.ndarray | None:
        """The place of the same day a year before, int (n,), -1 where the series does not reach back to it; None without days."""
        if self.days is None:
            return None
        months, day = self.days.astype("datetime64[M]"), self.days - self.days.astype("datetime64[M]")
        asked = np.minimum((months - 12).astype("datetime64[D]") + day, (months - 11).astype("datetime64[D]") - 1)  # 29 February: the 28th
        places = (asked - self.days[0]).astype(int)
        return np.where(places >= 0, places, -1)


def sine(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    return np.sin(t)


def sines(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    """Periods whose ratio is no fraction, so that the sum never repeats itself."""
    return (np.sin(t) + np.sin(np.sqrt(5) * t)) / 2


def damped(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    """Ends at e⁻³, a twentieth of its first swing."""
    return np.exp(-3 * t / t[-1]) * np.sin(t)


def square(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    return np.where(np.sin(t) >= 0, 1.0, -1.0)


def noisy(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    return np.sin(t) + random.normal(0, noise, len(t))


def walk(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    return random.normal(0, 0.1, len(t)).cumsum()


def logistic(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    """X ← 4 x (1 − x): R. M. May, Nature 261 (1976), 459–467. One step a value, from a start drawn by lot."""
    return path(logistic_step, random.uniform(0.1, 0.4, 1), len(t))[:, 0]


def henon(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    """X ← 1 − 1.4 x² + y, y ← 0.3 x: M. Hénon, Commun. Math. Phys. 50 (1976), 69–77. One step a value, from near its attractor on."""
    return path(henon_step, random.uniform(-0.1, 0.1, 2), SETTLING + len(t))[SETTLING:, 0]


def mackey_glass(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    """x′ = 0.2 x(t − 17) / (1 + x(t − 17)¹⁰) − 0.1 x: M. C. Mackey and L. Glass, Science 197 (1977), 287–289.

    From a constant past drawn by lot; what comes before its attractor is left out.
    """
    delays = int(np.ceil(t[-1] / DELAY)) + 1
    blocks = path(mackey_glass_step, np.full(PIECES + 1, random.uniform(0.5, 1.2)), SETTLING + delays)[SETTLING:]
    return np.interp(t, np.arange(delays * PIECES) * DELAY / PIECES, blocks[:, :-1].ravel())


SETTLING = 100
DELAY, PIECES = 17, 340


def path(step: Callable[[np.ndarray], np.ndarray], start: np.ndarray, count: int) -> np.ndarray:
    """The states (count, n) that a step leads through, from the start (n,) on."""
    states = np.empty((count, len(start)))
    for place in range(count):
        states[place] = start
        start = step(start)
    return states


def logistic_step(x: np.ndarray) -> np.ndarray:
    return 4 * x * (1 - x)


def henon_step(state: np.ndarray) -> np.ndarray:
    x, y = state
    return np.array([1 - 1.4 * x * x + y, 0.3 * x])


def mackey_glass_step(before: np.ndarray) -> np.ndarray:
    """The curve of one delay, (PIECES + 1,) with both ends, from that of the delay before.

    What comes back is known for so long. So the equation is linear, and e^(0.1 t) x is an integral, found by trapezoids.
    """
    width = DELAY / PIECES
    growth = np.exp(0.1 * width * np.arange(PIECES + 1))
    fed = 0.2 * growth * before / (1 + before**10)
    area = np.append(0, np.cumsum(fed[1:] + fed[:-1])) * width / 2
    return (before[-1] + area) / growth


GENERATED: dict[str, Callable[[np.ndarray, float, np.random.Generator], np.ndarray]] = {
    made.__name__: made for made in (sine, sines, damped, square, noisy, walk, logistic, henon, mackey_glass)
}
"""Series made on the spot, from their times (n,), the noise's standard deviation, and a source of random numbers."""

LYAPUNOV = {"logistic": math.log(2), "henon": 0.419, "mackey_glass": 0.0052}
"""By what power of e two courses of a chaotic series part, for each step (logistic, henon) or unit of time, on average.

A test computes them again (`maths/measures/chaos.py`). Published: ln 2 for 4 x (1 − x), 0.419 for Hénon's map (J. C. Sprott,
Chaos and Time-Series Analysis, 2003), about 0.006 for Mackey and Glass with this delay.
"""

BACK = {"sine": np.pi / 2, "sines": np.pi / 2, "damped": np.pi / 2, "square": np.pi / 2, "noisy": np.pi / 2, "mackey_glass": DELAY}
"""How long before a value the one lies beside which a picture shows it: a quarter of the period, or the delay. Else one step."""


@lru_cache(maxsize=64)
def series(kind: str, length: int, span: float, noise: float = 0.0, seed: int = 0) -> Series:
    """A series of `length` values at even steps from 0 to `span`, both included; Seattle's weather is as long as it is.

    Raises `KeyError` for a kind that is not there.
    """
    if kind == "seattle":
        return seattle()
    return Series(GENERATED[kind](np.linspace(0, span, length), noise, np.random.default_rng([seed, 4])).astype(np.float32))


@lru_cache(maxsize=1)
def seattle() -> Series:
    """The highest temperature of every day in Seattle, 2012 to 2015, in °C."""
    weather = package.seattle_weather()
    return Series(weather["temp_max"].to_numpy(np.float32), "°C", weather["date"].to_numpy("datetime64[D]"))


class Scale(NamedTuple):
    """Values in their own unit, and as a network sees them: less their mean, over their standard deviation."""

    mean: float = 0.0
    deviation: float = 1.0

    @classmethod
    def of(cls, values: np.ndarray) -> "Scale":
        """The scale of these values; a constant is only moved to zero."""
        return cls(float(values.mean()), float(values.std()) or 1.0)

    def scaled(self, values: np.ndarray) -> np.ndarray:
        return (values - values.dtype.type(self.mean)) / values.dtype.type(self.deviation)

    def restored(self, values: np.ndarray) -> np.ndarray:
        return values * values.dtype.type(self.deviation) + values.dtype.type(self.mean)


def windows(values: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Every window of a series, (n, window, 1), and the value that follows it, (n, 1).

    n is the series' length less the window's. Raises `ValueError` where no window fits.
    """
    if window >= len(values):
        raise ValueError(f"expected a window shorter than the series of {len(values)}, got {window}")
    before = np.lib.stride_tricks.sliding_window_view(values, window)[:-1]
    return before[..., None].copy(), values[window:, None].copy()
