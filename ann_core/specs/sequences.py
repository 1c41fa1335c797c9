"""Experiments on sequences: series, memory tasks, sequences that are written anew."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import BatchSize, LearningRate, Momentum, Optimiser, Seed

Cell = Literal["simple", "gru", "lstm"]
SeriesName = Literal["sine", "sines", "damped", "square", "noisy", "walk", "seattle", "own"]


class RecurrentSpec(Spec):
    """The next value of a series from a window of those before; the preset `article` is the article's example.

    Generated series have `length` values, at even steps from 0 to `span`. The last share of the windows is held out.
    """

    experiment = "recurrent"
    measures = ("loss", "mean_absolute_error")
    presets = {
        "default": {},
        "article": {"length": 100, "window": 10, "held_out": 0.0, "normalise": False, "learning_rate": 0.001},
        "weather": {"series": "seattle", "window": 14, "units": 8, "learning_rate": 0.001, "batch_size": 32, "epochs": 60},
        "noisy": {"series": "noisy", "window": 30, "units": 16, "epochs": 60},
        "walk": {"series": "walk", "epochs": 60},
    }

    series: SeriesName = "sine"
    length: int = Field(400, ge=50, le=2_000)
    span: Rounded = Field(100.0, ge=10.0, le=1_000.0)
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
        if values["series"] == "walk":
            yield "span"
        if values["series"] != "noisy":
            yield "noise"
        if values["window"] == 1:
            yield "shuffled_order"


class RecallSpec(Spec):
    """A task that needs a memory, over a gap of so many steps, for a cell with gates or without.

    `start` says how the gates' biases begin: as in Keras, at zero, open to memory for about as long as the gap, or wide
    open. A simple cell has no gates.
    """

    experiment = "recall"
    presets = {
        "default": {},
        "adding": {"task": "adding", "gap": 49, "epochs": 20},
        "brackets": {"task": "brackets", "gap": 39, "epochs": 12},
        "short": {"gap": 10, "epochs": 6},
    }

    task: Literal["recall", "adding", "brackets"] = "recall"
    gap: int = Field(100, ge=5, le=200)
    examples: int = Field(4_096, ge=256, le=8_192)
    cell: Cell = "lstm"
    units: int = Field(16, ge=1, le=200)
    start: Literal["usual", "zero", "memory", "wide_open"] = "memory"
    input_gate: bool = True
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.005
    clip_norm: Rounded = Field(1.0, ge=0.0, le=10.0)
    batch_size: BatchSize = 64
    epochs: int = Field(6, ge=1, le=200)
    seed: Seed = 1

    @property
    def classes(self) -> int:
        """How many answers there are to choose from; 0 where a sum is asked for."""
        return {"recall": 8, "adding": 0, "brackets": 2}[self.task]

    @property
    def outputs(self) -> int:
        return self.classes if self.classes > 2 else 1

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if values["cell"] == "simple":
            yield "start"
        if values["cell"] != "lstm":
            yield "input_gate"


class AttentionSpec(Spec):
    """Sequences that are written anew, through one or two layers of attention.

    Held-out sequences are longer than those trained on by `longer` tokens. With `warm_up`, the learning rate grows evenly for
    so many steps, then falls with the square root of the step; 0 leaves it alone. `norm` stands before attention and before the
    dense layers.
    """

    experiment = "attention"
    presets = {
        "default": {},
        "look_up": {"task": "look_up", "heads": 2, "examples": 4_096, "epochs": 15},
        "sort": {"task": "sort", "heads": 2, "blocks": 2, "examples": 4_096, "epochs": 30},
        "dates": {
            "task": "dates",
            "examples": 10_000,
            "heads": 2,
            "warm_up": 200,
            "clip_norm": 1.0,
            "epochs": 30,
        },
    }

    task: Literal["copy", "reverse", "sort", "look_up", "dates"] = "reverse"
    length: int = Field(8, ge=4, le=16)
    longer: int = Field(0, ge=0, le=8)
    letters: int = Field(26, ge=6, le=26)
    examples: int = Field(1_024, ge=256, le=20_000)
    model_width: Literal[8, 16, 32, 64] = 32
    heads: Literal[1, 2, 4] = 1
    blocks: Literal[1, 2] = 1
    feed_forward: int = Field(64, ge=0, le=128)
    positions: Literal["none", "waves", "learned"] = "learned"
    scaled: bool = True
    residual: bool = True
    norm: bool = True
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.003
    warm_up: int = Field(0, ge=0, le=1_000)
    clip_norm: Rounded = Field(0.0, ge=0.0, le=10.0)
    batch_size: BatchSize = 64
    epochs: int = Field(40, ge=1, le=100)
    seed: Seed = 1

    @property
    def classes(self) -> int:
        """How many symbols there are to choose from at each place of the answer."""
        return {"look_up": 10, "dates": 11}.get(self.task, self.letters)

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if values["task"] in ("look_up", "dates"):
            yield "letters"
        if values["task"] == "dates":
            yield from ("length", "longer")
