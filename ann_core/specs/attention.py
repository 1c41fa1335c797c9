"""The experiment on sequences that are written anew."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import BatchSize, LearningRate, Legs, Momentum, Optimiser, Seed


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
            "warm_up": 100,
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
    legs: Legs = ()
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
