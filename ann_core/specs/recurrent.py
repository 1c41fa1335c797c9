"""The experiment on series."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import BatchSize, Cell, LearningRate, Legs, Momentum, Optimiser, Seed

SeriesName = Literal["logistic", "henon", "mackey_glass", "sine", "sines", "damped", "square", "noisy", "walk", "seattle", "own"]

MAPS = ("logistic", "henon")
"""Series that go from value to value, without a time between."""


class RecurrentSpec(Spec):
    """The next value of a series from a window of those before; the preset `article` is the article's example.

    Generated series have `length` values; those that are curves in time, at even steps from 0 to `span`. The last share of the
    windows is held out.
    """

    experiment = "recurrent"
    measures = ("loss", "mean_absolute_error")
    presets = {
        "logistic": {"series": "logistic"},
        "henon": {"series": "henon"},
        "mackey_glass": {"series": "mackey_glass", "length": 1_001, "span": 6_000.0},
        "default": {},
        "article": {"length": 100, "window": 10, "held_out": 0.0, "normalise": False, "learning_rate": 0.001},
        "weather": {"series": "seattle", "window": 14, "units": 8, "learning_rate": 0.001, "batch_size": 32, "epochs": 60},
        "noisy": {"series": "noisy", "window": 30, "units": 16, "epochs": 60},
        "walk": {"series": "walk", "epochs": 60},
    }

    series: SeriesName = "sine"
    length: int = Field(400, ge=50, le=2_000)
    span: Rounded = Field(100.0, ge=10.0, le=10_000.0)
    noise: Rounded = Field(0.2, ge=0.0, le=0.9)
    normalise: bool = True
    window: int = Field(20, ge=1, le=100)
    shuffled_order: bool = False
    held_out: Rounded = Field(0.25, ge=0.0, le=0.5)
    cell: Cell = "simple"
    units: int = Field(10, ge=1, le=64)
    activation: Literal["tanh", "relu", "sigmoid", "linear"] = "tanh"
    recurrence: bool = True
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.005
    clip_norm: Rounded = Field(0.0, ge=0.0, le=10.0)
    batch_size: BatchSize = 16
    epochs: int = Field(100, ge=1, le=2_000)
    legs: Legs = ()
    seed: Seed = 1

    classes: ClassVar = 0

    @property
    def metrics(self) -> tuple[str, ...]:
        return super().metrics if self.held_out else self.measures

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if values["series"] in ("seattle", "own"):
            yield from ("length", "span")
        if values["series"] in ("walk", *MAPS):
            yield "span"
        if values["series"] != "noisy":
            yield "noise"
        if values["window"] == 1:
            yield "shuffled_order"
