"""The experiment on images with dense layers."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

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
    Penalty,
    Seed,
    TrainingImages,
)


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
    legs: Legs = ()
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
