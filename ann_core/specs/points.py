"""The experiment on points in the plane."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import Activation, BatchSize, Dropout, LearningRate, Legs, Momentum, Optimiser, Penalty, Seed

PointData = Literal["admission", "circle", "xor", "gaussian", "spiral", "moons", "three", "four", "plane", "hills", "own"]
Feature = Literal["x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2"]
CLASSES = dict.fromkeys(get_args(PointData), 2) | {"three": 3, "four": 4, "plane": 0, "hills": 0}
"""How many classes there are in a set of points; 0 where a value is predicted."""
AS_THE_SEED = -1
"""For the seed of the data: it is that of all else."""


class Layer(BaseModel):
    """A hidden layer of a network for points; as text, `8-tanh`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: int = Field(ge=1, le=16)
    activation: Activation

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str):
            return dict(zip(("units", "activation"), value.split("-", 1), strict=False))
        return value

    def __str__(self) -> str:
        return f"{self.units}-{self.activation}"


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in get_args(Feature) if name in names)


class PointsSpec(Spec):
    """Points in the plane: classes to tell apart, or a value to predict.

    The preset `default` is the article's example of pupils and admission, `spiral` the one that Playground made famous.
    """

    experiment = "points"
    presets = {
        "default": {},
        "xor": {"dataset": "xor", "layers": ("4-tanh",), "noise": 0.0},
        "spiral": {
            "dataset": "spiral",
            "noise": 0.0,
            "training_share": 0.5,
            "layers": ("12-silu", "12-silu"),
            "initialiser": "he",
            "optimiser": "adam",
            "learning_rate": 0.01,
            "batch_size": 20,
            "epochs": 400,
        },
        "pinwheel": {"dataset": "four", "noise": 0.1, "layers": ("8-relu", "8-relu"), "epochs": 300},
        "hills": {"dataset": "hills", "noise": 0.0, "layers": ("16-tanh", "8-tanh"), "epochs": 500},
    }

    dataset: PointData = "admission"
    own_classes: Literal[0, 2, 3, 4] = 2
    points: int = Field(500, ge=20, le=5_000)
    noise: Rounded = Field(0.1, ge=0.0, le=0.5)
    rare: Rounded = Field(1.0, ge=0.02, le=1.0)
    training_share: Rounded = Field(0.7, ge=0.1, le=0.9)
    balance: bool = False
    features: Annotated[tuple[Feature, ...], AfterValidator(_in_order)] = Field(("x1", "x2"), min_length=1)
    layers: tuple[Layer, ...] = Field((Layer(units=4, activation="tanh"), Layer(units=2, activation="tanh")), max_length=6)
    initialiser: Literal["glorot", "he", "wide", "zeros"] = "glorot"
    bias: bool = True
    loss: Literal["cross_entropy", "squared_error"] = "cross_entropy"
    optimiser: Optimiser = "sgd"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.03
    batch_size: BatchSize = 10
    epochs: int = Field(200, ge=1, le=5_000)
    l1: Penalty = 0.0
    l2: Penalty = 0.0
    dropout: Dropout = 0.0
    legs: Legs = ()
    seed: Seed = 1
    data_seed: int = Field(AS_THE_SEED, ge=AS_THE_SEED, le=9999)

    @property
    def classes(self) -> int:
        """How many classes there are to tell apart; 0 where a value is predicted."""
        return self.own_classes if self.dataset == "own" else CLASSES[self.dataset]

    @property
    def drawn_by(self) -> int:
        """The seed that the points are drawn, or put in order, by: their own, where they have one."""
        return self.seed if self.data_seed == AS_THE_SEED else self.data_seed

    @property
    def outputs(self) -> int:
        """How many neurons answer: one for a value, or for the probability of the second of two classes."""
        return self.classes if self.classes > 2 else 1

    @property
    def measures(self) -> tuple[str, str]:
        return ("loss", "accuracy") if self.classes else ("loss", "mean_absolute_error")

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each layer, the output's among them."""
        output = {0: "linear", 2: "sigmoid"}.get(self.classes, "softmax")
        return (*(layer.activation for layer in self.layers), output)

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        own = values["dataset"] == "own"
        yield from ("points", "noise", "rare") if own else ("own_classes",)
        if not (values["own_classes"] if own else CLASSES.get(values["dataset"], True)):
            yield from ("loss", "rare", "balance")
        if not values["layers"]:
            yield "dropout"
