"""The kinds of values that several specs share."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ann_core.spec import Rounded

ImageData = Literal["fashion_mnist", "mnist", "digits"]
Cell = Literal["simple", "gru", "lstm"]
Optimiser = Literal["sgd", "momentum", "rmsprop", "adam"]
Activation = Literal["relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid", "linear"]

LearningRate = Annotated[Rounded, Field(ge=1e-5, le=10.0)]
Momentum = Annotated[Rounded, Field(ge=0.0, le=0.999)]
Penalty = Annotated[Rounded, Field(ge=0.0, le=1.0)]
Dropout = Annotated[Rounded, Field(ge=0.0, le=0.9)]
BatchSize = Annotated[int, Field(ge=1, le=1024)]
Seed = Annotated[int, Field(ge=0, le=9999)]
TrainingImages = Annotated[int, Field(ge=100, le=60_000)]
IMAGE_CLASSES = 10
MOST_LEGS = 8


class Written(BaseModel):
    """An entry of a tuple that has several values; as text, they stand one after the other, `20~0.03~10`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    between: ClassVar = "_"

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str):
            return dict(zip(cls.model_fields, value.split("~"), strict=False))
        return value

    def __str__(self) -> str:
        values = (getattr(self, name) for name in type(self).model_fields)
        return "~".join(value if isinstance(value, str) else f"{value:g}" for value in values)


class AnyLeg(Written):
    """A part of a training, up to the epoch `until`, with a pace of its own."""

    until: int = Field(ge=1, le=5_000)


class Leg(AnyLeg):
    """The pace of a network that learns from examples."""

    learning_rate: LearningRate
    batch_size: BatchSize
    l1: Penalty = 0.0
    l2: Penalty = 0.0


def one_after_another(legs: Sequence[AnyLeg]) -> tuple[AnyLeg, ...]:
    """Legs in order; of two that go up to the same epoch the later one counts."""
    last = {leg.until: leg for leg in legs}
    return tuple(last[until] for until in sorted(last))


Legs = Annotated[tuple[Leg, ...], AfterValidator(one_after_another), Field(max_length=MOST_LEGS)]
"""The legs of a training before its last one, whose settings are the spec's own."""
