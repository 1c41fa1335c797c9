"""One frozen record for each thing that is computed on the spot: what the learner has set, its defaults and bounds.

Exhibits share the widgets, presets and addresses of experiments, but are never trained.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from ann_core.spec import Rounded, Spec
from ann_core.specs import SPECS, Seed

Function = Literal["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "linear", "step"]
Signal = Annotated[Rounded, Field(ge=-2.0, le=2.0)]
Weight = Annotated[Rounded, Field(ge=-5.0, le=5.0)]


class Exhibit(Spec):
    """Sliders of an exhibit move in small steps."""

    finest = 0.1


class NeuronExhibit(Exhibit):
    """One neuron with two inputs, and the gate it is asked to be."""

    experiment = "neuron"

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
    width: int = Field(4, ge=2, le=16)
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
    """A small regression: how many points, how wiggly the curve may be, how many examples a step sees."""

    experiment = "batches"

    points: int = Field(24, ge=10, le=40)
    noise: Rounded = Field(0.2, ge=0.0, le=0.5)
    degree: int = Field(5, ge=0, le=15)
    batch: Literal["one", "eight", "all"] = "eight"
    rate: Rounded = Field(0.1, ge=1e-5, le=10.0)
    rounds: int = Field(50, ge=1, le=150)
    seed: Seed = 1


def _square(entries: tuple[float, ...]) -> tuple[float, ...]:
    """A kernel of 3×3 or 5×5; what is missing is zero."""
    return (*entries, *[0.0] * ((9 if len(entries) <= 9 else 25) - len(entries)))


class SharingExhibit(Exhibit):
    """How many weights a convolution needs for an image, and how many a dense layer with as many outputs."""

    experiment = "sharing"

    side: int = Field(28, ge=8, le=224)
    kernel_size: Literal[3, 5, 7] = 3
    kernels: int = Field(16, ge=1, le=64)


class ConvolutionExhibit(Exhibit):
    """A picture, a kernel, and the way in which it moves over the picture; pooling behind it.

    `kernel` has 9 or 25 entries, row by row; in colour it is multiplied by a weight for each channel.
    """

    experiment = "convolution"

    picture: Literal["digit", "clothing", "scene", "drawing", "upload"] = "digit"
    picture_number: int = Field(0, ge=0, le=9_999)
    in_colour: bool = False
    kernel: Annotated[tuple[Annotated[Rounded, Field(ge=-10.0, le=10.0)], ...], AfterValidator(_square)] = Field(
        (-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0), max_length=25
    )
    red: Signal = 1.0
    green: Signal = 1.0
    blue: Signal = 1.0
    bias_value: Weight = 0.0
    stride: int = Field(1, ge=1, le=4)
    padding: int = Field(0, ge=0, le=4)
    dilation: int = Field(1, ge=1, le=4)
    pooling: Literal["max", "average", "none"] = "max"
    pool_size: int = Field(2, ge=2, le=4)

    @property
    def size(self) -> int:
        """How many rows and columns the kernel has."""
        return 3 if len(self.kernel) == 9 else 5

    @classmethod
    def inapplicable(cls, values):
        if values["picture"] in ("digit", "clothing", "drawing"):
            yield "in_colour"
        if values["picture"] not in ("digit", "clothing"):
            yield "picture_number"
        if not values["in_colour"] or values["picture"] not in ("scene", "upload"):
            yield from ("red", "green", "blue")
        if values["pooling"] == "none":
            yield "pool_size"


class DistortionExhibit(Exhibit):
    """What is done to a drawing: pixels to the right, degrees, times its size, strokes thicker, noise."""

    experiment = "distortion"

    shift: Rounded = Field(0.0, ge=-8.0, le=8.0)
    rotation: Rounded = Field(0.0, ge=-90.0, le=90.0)
    scale: Rounded = Field(1.0, ge=0.4, le=1.6)
    thickness: Rounded = Field(0.0, ge=-2.0, le=2.0)
    noise: Rounded = Field(0.0, ge=0.0, le=0.8)


MOST_INPUTS, MOST_UNITS, MOST_STEPS = 3, 4, 8
Entry = Annotated[Rounded, Field(ge=-5.0, le=5.0)]


def _table(rows: int, columns: int):
    """The type of a table of numbers, row by row; what is missing is zero."""
    return Annotated[tuple[Entry, ...], AfterValidator(lambda entries: (*entries, *[0.0] * (rows * columns - len(entries))))]


class CellExhibit(Exhibit):
    """A recurrent cell in the learner's hand: its weights, and the sequence that it goes through.

    The tables have room for the most inputs, units and steps; what is beyond those chosen is not used.
    """

    experiment = "cell"
    presets: ClassVar = {
        "default": {},
        "adder": {
            "units": 1,
            "activation": "linear",
            "from_state": (1.0,),
            "sequence": (1.0, 0.0, 0.0, 0.5, 0.0, 0.0, -1.0, 0.0, 0.0, 2.0),
        },
        "forgetful": {"units": 1, "from_state": (0.3,)},
        "swing": {"from_state": (0.3, -1.2, 0.0, 0.0, 1.2, 0.3)},
    }

    inputs: int = Field(1, ge=1, le=MOST_INPUTS)
    units: int = Field(2, ge=1, le=MOST_UNITS)
    steps: int = Field(6, ge=1, le=MOST_STEPS)
    activation: Literal["tanh", "relu", "sigmoid", "linear"] = "tanh"
    sequence: _table(MOST_STEPS, MOST_INPUTS) = Field((1.0,) + (0.0,) * 23, max_length=24)
    from_input: _table(MOST_INPUTS, MOST_UNITS) = Field((1.0, 0.5, -0.5, 0.3, -0.4, 0.8, 0.6, -0.7, 0.5, -0.9, 0.2, 0.4), max_length=12)
    from_state: _table(MOST_UNITS, MOST_UNITS) = Field(
        (0.8, -0.5, 0.2, 0.0, 0.5, 0.8, 0.0, -0.3, 0.1, 0.3, 0.7, 0.2, -0.2, 0.0, 0.3, 0.6), max_length=16
    )
    cell_bias: _table(1, MOST_UNITS) = Field((0.0, 0.0, 0.0, 0.0), max_length=4)


class ReachExhibit(Exhibit):
    """How far back a gradient reaches: through whose weights, over how many steps, how strongly they are connected."""

    experiment = "reach"

    weights: Literal["trained", "random"] = "trained"
    steps_back: int = Field(50, ge=2, le=100)
    recurrent_scale: Rounded = Field(1.0, ge=0.0, le=3.0)
    activation: Literal["as_is", "tanh", "relu", "sigmoid", "linear"] = "as_is"
    clip_norm: Rounded = Field(0.0, ge=0.0, le=10.0)


MOST_GATE_STEPS = 12
GateEntry = Annotated[Rounded, Field(ge=-20.0, le=20.0)]
Held = Literal["free", "shut", "open"]


def _padded(length: int) -> AfterValidator:
    return AfterValidator(lambda entries: (*entries, *[0.0] * (length - len(entries))))


class GatesExhibit(Exhibit):
    """One LSTM unit in the learner's hand: two inputs a step, the weights of its gates, and gates that are held.

    `sequence` has a row of two numbers for each step; `gate_weights` a row for each input, for the state and for the bias, and
    in it the input gate, the forget gate, the candidate and the output gate, as in Keras.
    """

    experiment = "gates"
    presets: ClassVar = {
        "default": {},
        "counter": {"gate_weights": (0.0, 0.0, 0.0, 0.0, 10.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, -5.0, 20.0, 0.0, 20.0)},
        "usual": {"gate_weights": (0.6, -0.4, 1.2, 0.5, 0.3, 0.5, -0.6, 0.4, 0.2, -0.3, 0.4, 0.3, 0.0, 1.0, 0.0, 0.0)},
        "simple": {"forget_gate": "shut", "input_gate_held": "open", "output_gate": "open"},
    }

    steps: int = Field(8, ge=1, le=MOST_GATE_STEPS)
    sequence: Annotated[tuple[GateEntry, ...], _padded(2 * MOST_GATE_STEPS)] = Field(
        (0.8, 1.0, -0.5, 0.0, 0.3, 0.0, 0.9, 0.0, -0.7, 1.0, 0.2, 0.0, 0.6, 0.0, -0.1, 0.0) + (0.0,) * 8, max_length=24
    )
    gate_weights: Annotated[tuple[GateEntry, ...], _padded(16)] = Field(
        (0.0, 0.0, 2.0, 0.0, 10.0, -10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -5.0, 5.0, 0.0, 5.0), max_length=16
    )
    forget_gate: Held = "free"
    input_gate_held: Held = "free"
    output_gate: Held = "free"


class RaceExhibit(Exhibit):
    """Which cells learn the same task side by side, and what they have in common."""

    experiment = "race"

    racers: tuple[Literal["lstm", "usual_lstm", "gru", "simple"], ...] = Field(("simple", "lstm", "usual_lstm"), min_length=1)
    alike: Literal["units", "parameters"] = "units"


class HorizonExhibit(Exhibit):
    """How far the memory of each cell reaches: up to which gap it is measured, with how many seeds."""

    experiment = "horizon"

    cells: tuple[Literal["simple", "gru", "lstm", "usual_lstm"], ...] = Field(("simple", "lstm", "usual_lstm"), min_length=1)
    longest: int = Field(100, ge=20, le=200)
    seeds: int = Field(3, ge=1, le=5)


class OperationExhibit(Exhibit):
    """Gates of a trained LSTM that are held shut or open, for some steps, in one unit or, with 0, in all."""

    experiment = "operation"
    presets: ClassVar = {
        "default": {},
        "wipe": {"forget_gate": "shut", "first": 45, "last": 55},
        "hold": {"forget_gate": "open", "input_gate_held": "shut", "first": 45, "last": 55},
        "block": {"input_gate_held": "shut", "first": 1, "last": 1},
    }

    forget_gate: Held = "free"
    input_gate_held: Held = "free"
    output_gate: Held = "free"
    first: int = Field(50, ge=1, le=201)
    last: int = Field(50, ge=1, le=201)
    unit: int = Field(0, ge=0, le=200)


EXHIBITS: dict[str, type[Spec]] = {
    cls.experiment: cls
    for cls in (
        NeuronExhibit,
        ActivationExhibit,
        LayersExhibit,
        DepthExhibit,
        LossExhibit,
        DescentExhibit,
        WorksheetExhibit,
        BatchExhibit,
        SharingExhibit,
        ConvolutionExhibit,
        DistortionExhibit,
        CellExhibit,
        ReachExhibit,
        GatesExhibit,
        RaceExhibit,
        HorizonExhibit,
        OperationExhibit,
    )
}
"""The class of every exhibit."""


def spec_class(name: str) -> type[Spec]:
    """The class of an experiment or an exhibit. `KeyError` where there is none."""
    return (SPECS | EXHIBITS)[name]
