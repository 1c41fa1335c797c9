"""The experiment on images with convolution."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ann_core.spec import Spec
from ann_core.specs.kinds import (
    IMAGE_CLASSES,
    Activation,
    BatchSize,
    Dropout,
    ImageData,
    LearningRate,
    Legs,
    Momentum,
    Optimiser,
    Seed,
    TrainingImages,
)


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
    legs: Legs = ()
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
