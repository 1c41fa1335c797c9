"""One frozen record per experiment: every hyperparameter, its default and its bounds, once."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ann_core.spec import Rounded, Spec

Optimiser = Literal["sgd", "momentum", "rmsprop", "adam"]
Activation = Literal["relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid", "linear"]
ImageData = Literal["fashion_mnist", "mnist", "digits"]
PointData = Literal["circle", "xor", "gaussian", "spiral"]
Cell = Literal["simple", "gru", "lstm"]

LearningRate = Annotated[Rounded, Field(ge=1e-5, le=10.0)]
Momentum = Annotated[Rounded, Field(ge=0.0, le=0.999)]
Penalty = Annotated[Rounded, Field(ge=0.0, le=1.0)]
Dropout = Annotated[Rounded, Field(ge=0.0, le=0.9)]
TrainingImages = Annotated[int, Field(ge=100, le=60_000)]
BatchSize = Annotated[int, Field(ge=1, le=1024)]
Seed = Annotated[int, Field(ge=0, le=9999)]


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

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if not values["hidden_units"]:
            yield from ("activation", "dropout")


class PointsSpec(Spec):
    """Points of two classes in the plane; the preset `spiral` is the one that Playground made famous."""

    experiment = "points"
    presets = {
        "default": {},
        "spiral": {"dataset": "spiral", "hidden_units": (8, 8), "epochs": 1_000},
    }

    dataset: PointData = "circle"
    points: int = Field(500, ge=20, le=5_000)
    noise: Rounded = Field(0.0, ge=0.0, le=0.5)
    training_share: Rounded = Field(0.5, ge=0.1, le=0.9)
    hidden_units: tuple[Annotated[int, Field(ge=1, le=16)], ...] = Field((4, 2), max_length=6)
    activation: Activation = "tanh"
    l2: Penalty = 0.0
    optimiser: Optimiser = "sgd"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.03
    batch_size: BatchSize = 10
    epochs: int = Field(300, ge=1, le=5_000)
    seed: Seed = 1

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if not values["hidden_units"]:
            yield "activation"


class ConvolutionalSpec(Spec):
    """Images into ten classes through convolution and pooling; the preset `article` is the article's example."""

    experiment = "convolutional"
    presets = {
        "default": {},
        "article": {"training_images": 60_000, "scale_pixels": False, "epochs": 5},
        "small": {"filters": (8,), "dense_units": 0},
    }

    dataset: ImageData = "mnist"
    training_images: TrainingImages = 5_000
    scale_pixels: bool = True
    filters: tuple[Annotated[int, Field(ge=1, le=64)], ...] = Field((32, 64), max_length=2)
    kernel_size: Literal[3, 5] = 3
    pooling: Literal["max", "average", "none"] = "max"
    batch_norm: bool = False
    dense_units: int = Field(64, ge=0, le=256)
    dropout: Dropout = 0.0
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.001
    batch_size: BatchSize = 32
    epochs: int = Field(3, ge=1, le=30)
    seed: Seed = 1

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if not values["filters"]:
            yield from ("kernel_size", "pooling", "batch_norm")
        if not values["dense_units"]:
            yield "dropout"


class RecurrentSpec(Spec):
    """The next value of a series from a window of those before; the preset `article` is the article's example.

    The wave is sampled at `length` points from 0 to `span`; the last share of the windows is held out.
    """

    experiment = "recurrent"
    measures = ("loss", "mean_absolute_error")
    presets = {
        "default": {},
        "article": {"length": 100, "window": 10, "held_out": 0.0, "learning_rate": 0.001},
    }

    series: Literal["sine"] = "sine"
    length: int = Field(400, ge=50, le=2_000)
    span: Rounded = Field(100.0, ge=10.0, le=1_000.0)
    window: int = Field(20, ge=2, le=40)
    held_out: Rounded = Field(0.25, ge=0.0, le=0.5)
    cell: Cell = "simple"
    units: int = Field(10, ge=1, le=64)
    activation: Literal["tanh", "relu", "sigmoid", "linear"] = "tanh"
    optimiser: Optimiser = "adam"
    momentum: Momentum = 0.9
    learning_rate: LearningRate = 0.005
    batch_size: BatchSize = 16
    epochs: int = Field(100, ge=1, le=2_000)
    seed: Seed = 1

    @property
    def metrics(self) -> tuple[str, ...]:
        return super().metrics if self.held_out else self.measures


SPECS: dict[str, type[Spec]] = {cls.experiment: cls for cls in (PointsSpec, FeedForwardSpec, ConvolutionalSpec, RecurrentSpec)}
"""The spec class of every experiment."""
