"""Exhibits of the foundations: one neuron, layers, depth, losses, descent, backpropagation, batches."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ann_core.exhibits.base import Exhibit, Signal, Weight
from ann_core.spec import Rounded
from ann_core.specs import Seed

Function = Literal["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "linear", "step"]


class NeuronExhibit(Exhibit):
    """One neuron with two inputs, and the gate it is asked to be."""

    experiment = "neuron"
    finest = 0.05

    x1: Signal = 1.0
    x2: Signal = 0.5
    weight_1: Weight = 1.5
    weight_2: Weight = -1.0
    bias_value: Weight = 0.5
    function: Function = "sigmoid"
    gate: Literal["and", "or", "nand", "xor"] = "and"


class ActivationExhibit(Exhibit):
    """An activation function at a place, beside another; a stack of layers through which its slope is passed on."""

    experiment = "activation"

    function: Function = "sigmoid"
    beside: Function = "relu"
    z: Rounded = Field(2.0, ge=-6.0, le=6.0)
    stack: int = Field(5, ge=1, le=20)
    sum_1: Weight = 2.0
    sum_2: Weight = 1.0
    sum_3: Weight = -1.0


class LayersExhibit(Exhibit):
    """A small network with weights drawn from a seed, and an input that goes through it."""

    experiment = "layers"
    presets: ClassVar = {"default": {}, "wide": {"hidden": (6,)}, "deep": {"hidden": (3, 3, 3, 3)}}

    inputs: int = Field(2, ge=1, le=4)
    hidden: tuple[Annotated[int, Field(ge=1, le=6)], ...] = Field((3,), max_length=4)
    outputs: int = Field(1, ge=1, le=3)
    function: Function = "tanh"
    seed: Seed = 1
    x1: Signal = 1.0
    x2: Signal = -0.5
    x3: Signal = 0.5
    x4: Signal = 1.5


class DepthExhibit(Exhibit):
    """A stack of untrained layers: how it folds the plane, how many pieces it draws, what it leaves of a gradient."""

    experiment = "depth"

    depth: int = Field(4, ge=1, le=8)
    width: int = Field(2, ge=2, le=16)
    function: Literal["relu", "tanh", "sigmoid", "silu", "linear"] = "tanh"
    initialiser: Literal["glorot", "he", "wide", "small"] = "wide"
    stack: int = Field(12, ge=2, le=20)
    seed: Seed = 1


class LossExhibit(Exhibit):
    """A prediction and its target, and an outlier among other errors."""

    experiment = "losses"

    target_value: Signal = 0.5
    prediction: Rounded = Field(1.5, ge=-4.0, le=4.0)
    label: int = Field(1, ge=0, le=1)
    probability: Rounded = Field(0.3, ge=0.0, le=1.0)
    outlier: Rounded = Field(4.0, ge=0.0, le=10.0)
    sum_1: Weight = 2.0
    sum_2: Weight = 1.0
    sum_3: Weight = -1.0


class DescentExhibit(Exhibit):
    """A walk downhill: over which surface, with which optimiser, from where, in how large steps."""

    experiment = "descent"
    presets: ClassVar = {
        "default": {},
        "crawl": {"rate": 0.001},
        "explode": {"surface": "ravine", "racers": ("sgd",), "rate": 1.0},
        "saddle": {"surface": "saddle", "start_1": 0.0, "start_2": 0.0},
    }

    surface: Literal["bowl", "ravine", "saddle", "himmelblau", "fit"] = "ravine"
    racers: tuple[Literal["sgd", "momentum", "nesterov", "rmsprop", "adam"], ...] = Field(("sgd", "momentum", "adam"), min_length=1)
    rate: Rounded = Field(0.03, ge=1e-5, le=10.0)
    walk: int = Field(100, ge=1, le=200)
    start_1: Rounded = Field(-2.5, ge=-5.0, le=5.0)
    start_2: Rounded = Field(1.2, ge=-5.0, le=5.0)


class WorksheetExhibit(Exhibit):
    """A 2-2-1 network, an example, and its target: all that the worksheet is computed from."""

    experiment = "worksheet"

    x1: Signal = 1.0
    x2: Signal = 0.5
    target_value: Signal = 1.0
    w11: Weight = 0.5
    w12: Weight = -0.5
    w21: Weight = 1.0
    w22: Weight = 0.8
    b1: Weight = 0.1
    b2: Weight = -0.2
    v1: Weight = 0.7
    v2: Weight = -0.6
    c: Weight = 0.2
    function: Literal["tanh", "sigmoid", "relu", "linear"] = "tanh"
    output_function: Literal["sigmoid", "linear"] = "sigmoid"
    rate: Rounded = Field(0.5, ge=1e-5, le=10.0)


class BatchExhibit(Exhibit):
    """A small regression: how many points, how wiggly the curve may be, how many examples a step sees.

    By default so few points and so free a curve that stopping early helps.
    """

    experiment = "batches"

    points: int = Field(12, ge=10, le=40)
    noise: Rounded = Field(0.4, ge=0.0, le=0.5)
    degree: int = Field(9, ge=0, le=15)
    batch: Literal["one", "eight", "all"] = "eight"
    rate: Rounded = Field(0.1, ge=1e-5, le=10.0)
    rounds: int = Field(150, ge=1, le=150)
    seed: Seed = 1
