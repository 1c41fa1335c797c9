"""Series of values in time, and the windows that a network learns to continue."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from vega_datasets import data as package

from ann_core.data.fingerprint import fingerprint

LASTING = 3.0  # a damped wave ends at e⁻³, a twentieth of its first swing
WALK_STEP = 0.1


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


def _noisy(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    return np.sin(t) + random.normal(0, noise, len(t))


def _walk(t: np.ndarray, noise: float, random: np.random.Generator) -> np.ndarray:
    return random.normal(0, WALK_STEP, len(t)).cumsum()


GENERATED: dict[str, Callable[[np.ndarray, float, np.random.Generator], np.ndarray]] = {
    "sine": lambda t, noise, random: np.sin(t),
    "sines": lambda t, noise, random: (np.sin(t) + np.sin(np.sqrt(5) * t)) / 2,
    "damped": lambda t, noise, random: np.exp(-LASTING * t / t[-1]) * np.sin(t),
    "square": lambda t, noise, random: np.where(np.sin(t) >= 0, 1.0, -1.0),
    "noisy": _noisy,
    "walk": _walk,
}
"""Series made on the spot, from the times t (n,), the noise's standard deviation, and a source of random numbers."""


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
