"""A series as a network of some settings sees it, and what a trained one says of it, in the series' own unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ann_core.data.recurrent import BACK, LYAPUNOV, Scale, Series
from ann_core.maths.measures import forecasts
from ann_core.maths.networks.recurrent import Network, network
from ann_core.specs import RecurrentSpec
from ann_core.training.examples.recurrent import scale_of, series_of, training_windows, windows_of
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session

FORECASTS = ("network", "today", "year", "straight")


@dataclass(frozen=True)
class AtHand:
    """The series of a spec, its scale, and how many of its windows are trained on."""

    spec: RecurrentSpec
    series: Series
    scale: Scale
    training: int

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """The windows (n, window, 1) and what follows each (n, 1), as the network sees them."""
        return windows_of(self.spec, self.series)

    @property
    def truth(self) -> np.ndarray:
        """What follows each window: (n,)."""
        return self.series.values[self.spec.window :]

    @property
    def unseen(self) -> int:
        """The place in the series of the first value held out."""
        return self.spec.window + self.training

    @property
    def begins(self) -> int:
        """The place in the series from which the network goes on by itself: where what is held out begins, else after the first window."""
        return self.unseen if self.held_out else self.spec.window

    @property
    def back(self) -> int:
        """How many steps before a value the one lies beside which a picture shows it: what `BACK` says, in steps."""
        return max(1, min(round(BACK[self.spec.series] / self.step), len(self.series.values) // 2)) if self.spec.series in BACK else 1

    @property
    def step(self) -> float:
        """The time from one value to the next; 1 where the series has no time of its own."""
        return self.spec.span / (self.spec.length - 1) if self.spec.series in BACK else 1.0

    @property
    def lyapunov_time(self) -> float | None:
        """After how many steps an error is e times as large, on average; None where that is not known."""
        return 1 / (LYAPUNOV[self.spec.series] * self.step) if self.spec.series in LYAPUNOV else None

    @property
    def held_out(self) -> bool:
        """Whether there is a window that is not trained on."""
        return self.training < len(self.truth)

    @property
    def deviation(self) -> float:
        """The standard deviation of the whole series; 1 where all its values are the same."""
        return float(self.series.values.std(dtype=float)) or 1.0

    def window_before(self, place: int) -> np.ndarray:
        """The scaled values before a place, as many as the network looks at, in double precision."""
        return self.scale.scaled(self.series.values[place - self.spec.window : place]).astype(float)

    def name(self, place: int) -> str:
        """What a place of the series is called: its day, or its number from 1."""
        return str(place + 1) if self.series.days is None else str(self.series.days[place])

    def predicted(self, checkpoint: Checkpoint) -> np.ndarray:
        """What the network expected after each window: (n,)."""
        return self.scale.restored(checkpoint.predicted[:, 0])

    def expected(self, checkpoint: Checkpoint) -> dict[str, np.ndarray]:
        """What the network, and what a rule without any network, expects after each window: (n,) each, NaN where it says nothing."""
        values, earlier = self.series.values.astype(float), self.series.year_before
        x, y = (array.astype(float) for array in self.windows)
        found = {"network": self.predicted(checkpoint).astype(float), "today": forecasts.as_before(values)[self.spec.window :]}
        if earlier is not None:
            found["year"] = forecasts.as_then(values, earlier)[self.spec.window :]
        return found | {"straight": self.scale.restored(forecasts.straight(x[:, :, 0], y[:, 0], self.training))}


def at_hand(spec: RecurrentSpec) -> AtHand:
    """The series of a spec. Raises `TrainingFailed` where it is the learner's own and not there, or too short."""
    series = series_of(spec, session.own_data_for(spec))
    return AtHand(spec, series, scale_of(spec, series), training_windows(spec, series))


def network_of(run: Run, checkpoint: Checkpoint | None = None) -> Network:
    """The network of a run, at its end or at another checkpoint, in double precision."""
    return networks_of(run.spec, [checkpoint or run.final])[0]


def networks_of(spec: RecurrentSpec, checkpoints: Sequence[Checkpoint]) -> list[Network]:
    """The networks of checkpoints, in double precision."""
    return [network(spec.cell, [weight.astype(float) for weight in each.weights], spec.activation) for each in checkpoints]
