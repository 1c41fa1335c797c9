"""One frozen record per experiment: every hyperparameter, its default and its bounds, once."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ann_core.spec import Rounded, Spec

Optimiser = Literal["sgd", "momentum", "rmsprop", "adam"]
Activation = Literal["relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid", "linear"]
ImageData = Literal["fashion_mnist", "mnist", "digits"]
PointData = Literal["admission", "circle", "xor", "gaussian", "spiral", "moons", "three", "four", "plane", "hills", "own"]
Feature = Literal["x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2"]
Cell = Literal["simple", "gru", "lstm"]
SeriesName = Literal["sine", "sines", "damped", "square", "noisy", "walk", "seattle", "own"]

LearningRate = Annotated[Rounded, Field(ge=1e-5, le=10.0)]
Momentum = Annotated[Rounded, Field(ge=0.0, le=0.999)]
Penalty = Annotated[Rounded, Field(ge=0.0, le=1.0)]
Dropout = Annotated[Rounded, Field(ge=0.0, le=0.9)]
TrainingImages = Annotated[int, Field(ge=100, le=60_000)]
BatchSize = Annotated[int, Field(ge=1, le=1024)]
Seed = Annotated[int, Field(ge=0, le=9999)]

IMAGE_CLASSES = 10
CLASSES = dict.fromkeys(get_args(PointData), 2) | {"three": 3, "four": 4, "plane": 0, "hills": 0}
"""How many classes there are in a set of points; 0 where a value is predicted."""


class FeedForwardSpec(Spec):
    """Images into ten classes through dense layers; the preset `article` is the article's example."""

    experiment = "feedforward"
    presets = {
        "default": {},
        "article": {"training_images": 60_000, "scale_pixels": False},
        "deep": {"hidden_units": (128, 64, 32), "epochs": 15},
        "small": {"hidden_units": (8,), "optimiser": "sgd", "learning_rate": 0.03},
    }

    dataset: ImageData = "fashion_mnist"
    training_images: TrainingImages = 30_000
    scale_pixels: bool = True
    shuffled_labels: bool = False
    shuffled_pixels: bool = False
    hidden_units: tuple[Annotated[int, Field(ge=1, le=512)], ...] = Field((128,), max_length=5)
    activation: Activation = "relu"
    dropout: Dropout = 0.0
    l2: Penalty = 0.0
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.001
    batch_size: BatchSize = 32
    epochs: int = Field(10, ge=1, le=100)
    seed: Seed = 1

    classes: ClassVar = IMAGE_CLASSES

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each layer, the output's among them."""
        return (self.activation,) * len(self.hidden_units) + ("softmax",)

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if not values["hidden_units"]:
            yield from ("activation", "dropout")


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
    seed: Seed = 1

    @property
    def classes(self) -> int:
        """How many classes there are to tell apart; 0 where a value is predicted."""
        return self.own_classes if self.dataset == "own" else CLASSES[self.dataset]

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


class ConvolutionalSpec(Spec):
    """Images into ten classes through convolution and pooling; the preset `article` is the article's example."""

    experiment = "convolutional"
    presets = {
        "default": {},
        "article": {"training_images": 60_000, "scale_pixels": False, "filters": (32, 64), "epochs": 5},
        "small": {"filters": (8,), "dense_units": 0},
        "normalised": {"filters": (8, 16), "batch_norm": True, "dropout": 0.3, "learning_rate": 0.003},
        "clothes": {"dataset": "fashion_mnist", "training_images": 10_000},
    }

    dataset: ImageData = "mnist"
    training_images: TrainingImages = 5_000
    scale_pixels: bool = True
    shuffled_pixels: bool = False
    filters: tuple[Annotated[int, Field(ge=1, le=64)], ...] = Field((16, 32), max_length=2)
    kernel_size: Literal[3, 5] = 3
    activation: Activation = "relu"
    pooling: Literal["max", "average", "none"] = "max"
    batch_norm: bool = False
    dense_units: int = Field(64, ge=0, le=256)
    dropout: Dropout = 0.0
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.001
    batch_size: BatchSize = 32
    epochs: int = Field(5, ge=1, le=30)
    seed: Seed = 1

    classes: ClassVar = IMAGE_CLASSES

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if not values["filters"]:
            yield from ("kernel_size", "pooling", "batch_norm")
            if not values["dense_units"]:
                yield "activation"
        if not values["dense_units"]:
            yield "dropout"


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


Players = Annotated[tuple[Annotated[int, Field(ge=1, le=128)], ...], Field(max_length=3)]
Beta = Annotated[Rounded, Field(ge=0.0, le=0.999)]
UPDATES_A_ROUND = 50


class GanSpec(Spec):
    """Points in the plane, imitated: a generator against a discriminator.

    A round is `UPDATES_A_ROUND` turns, and counts as an epoch. At each turn the discriminator is updated `discriminator_steps`
    times, then the generator once. `penalty` weighs the gradient penalty of the Wasserstein loss.
    """

    experiment = "gan"
    measures = ("discriminator_loss", "generator_loss")
    presets = {
        "default": {},
        "least_squares": {"loss": "least_squares"},
        "wasserstein": {"loss": "wasserstein", "discriminator_steps": 2, "beta_1": 0.0, "epochs": 80},
        "collapse": {
            "generator_layers": (32, 32),
            "discriminator_layers": (32, 32),
            "generator_rate": 0.01,
            "discriminator_rate": 0.0005,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "epochs": 60,
        },
    }

    target: Literal["eight", "nine", "ring", "line", "moons", "spiral", "own"] = "eight"
    noise_size: Literal[1, 2] = 2
    noise_kind: Literal["normal", "uniform"] = "normal"
    generator_layers: Players = (64, 64)
    discriminator_layers: Players = (64, 64)
    activation: Literal["relu", "leaky_relu", "tanh"] = "relu"
    loss: Literal["minimax", "non_saturating", "least_squares", "wasserstein"] = "non_saturating"
    penalty: Rounded = Field(0.1, ge=0.0, le=10.0)
    optimiser: Literal["adam", "rmsprop", "sgd"] = "adam"
    generator_rate: LearningRate = 0.001
    discriminator_rate: LearningRate = 0.001
    beta_1: Beta = 0.5
    beta_2: Beta = 0.9
    discriminator_steps: int = Field(1, ge=1, le=10)
    batch_size: Annotated[int, Field(ge=8, le=256)] = 64
    epochs: int = Field(100, ge=1, le=400)
    seed: Seed = 1

    classes: ClassVar = 0

    @property
    def metrics(self) -> tuple[str, ...]:
        return self.measures

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        if values["loss"] != "wasserstein":
            yield "penalty"
        if values["optimiser"] != "adam":
            yield from ("beta_1", "beta_2")


SPECS: dict[str, type[Spec]] = {
    cls.experiment: cls for cls in (PointsSpec, FeedForwardSpec, ConvolutionalSpec, RecurrentSpec, RecallSpec, AttentionSpec, GanSpec)
}
"""The spec class of every experiment."""
