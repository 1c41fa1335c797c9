"""The kinds of values that several specs share."""

from typing import Annotated, Literal

from pydantic import Field

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
