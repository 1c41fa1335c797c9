"""The experiment on memory tasks."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import BatchSize, Cell, LearningRate, Legs, Momentum, Optimiser, Seed


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
    legs: Legs = ()
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
