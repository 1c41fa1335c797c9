"""Exhibits of the recurrent and the LSTM lesson: a cell, how far a gradient reaches, gates, a race, a horizon, an operation."""

from contextlib import suppress
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from ann_core.exhibits.base import Exhibit, StrongWeight, Weight, padded
from ann_core.spec import Rounded
from ann_core.specs.kinds import Written

MOST_INPUTS, MOST_UNITS, MOST_STEPS = 3, 4, 8


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
    sequence: Annotated[tuple[Weight, ...], padded(MOST_STEPS * MOST_INPUTS)] = Field((1.0,) + (0.0,) * 23, max_length=24)
    from_input: Annotated[tuple[Weight, ...], padded(MOST_INPUTS * MOST_UNITS)] = Field(
        (1.0, 0.5, -0.5, 0.3, -0.4, 0.8, 0.6, -0.7, 0.5, -0.9, 0.2, 0.4), max_length=12
    )
    from_state: Annotated[tuple[Weight, ...], padded(MOST_UNITS * MOST_UNITS)] = Field(
        (0.8, -0.5, 0.2, 0.0, 0.5, 0.8, 0.0, -0.3, 0.1, 0.3, 0.7, 0.2, -0.2, 0.0, 0.3, 0.6), max_length=16
    )
    cell_bias: Annotated[tuple[Weight, ...], padded(1 * MOST_UNITS)] = Field((0.0, 0.0, 0.0, 0.0), max_length=4)


class ReachExhibit(Exhibit):
    """How far back a gradient reaches: through whose weights, over how many steps, how strongly they are connected."""

    experiment = "reach"

    weights: Literal["trained", "random"] = "trained"
    steps_back: int = Field(50, ge=2, le=100)
    recurrent_scale: Rounded = Field(1.0, ge=0.0, le=3.0)
    activation: Literal["as_is", "tanh", "relu", "sigmoid", "linear"] = "as_is"
    clip_norm: Rounded = Field(0.0, ge=0.0, le=10.0)


MOST_GATE_STEPS = 12
Held = Literal["free", "shut", "open"]


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
    sequence: Annotated[tuple[StrongWeight, ...], padded(2 * MOST_GATE_STEPS)] = Field(
        (0.8, 1.0, -0.5, 0.0, 0.3, 0.0, 0.9, 0.0, -0.7, 1.0, 0.2, 0.0, 0.6, 0.0, -0.1, 0.0) + (0.0,) * 8, max_length=24
    )
    gate_weights: Annotated[tuple[StrongWeight, ...], padded(16)] = Field(
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


MOST_OPERATED_STEPS, MOST_OPERATED_UNITS, MOST_HOLDS = 201, 200, 6
Step = Annotated[int, Field(ge=1, le=MOST_OPERATED_STEPS)]
Unit = Annotated[int, Field(ge=1, le=MOST_OPERATED_UNITS)]


class Hold(Written):
    """A gate that is held at some steps in some units, both ends included and counted from 1; as text, `forget~45~55~1~16~shut`."""

    gate: Literal["forget", "input", "output"]
    first: Step
    last: Step
    top: Unit
    foot: Unit
    at: Literal["shut", "open"]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        """Its ends are put in order, whichever comes first."""
        values = dict(super()._read(value))
        with suppress(KeyError, TypeError, ValueError):
            for ends in (("first", "last"), ("top", "foot")):
                values |= zip(ends, sorted(int(values[end]) for end in ends), strict=True)
        return values


class OperationExhibit(Exhibit):
    """Gates of a trained LSTM that are held shut or open: by sliders for some steps, in one unit or, with 0, in all.

    Over them lie the `holds` that were drawn, the later over the earlier. The `goal` is what a learner tries to do with them.
    """

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
    first: int = Field(50, ge=1, le=MOST_OPERATED_STEPS)
    last: int = Field(50, ge=1, le=MOST_OPERATED_STEPS)
    unit: int = Field(0, ge=0, le=MOST_OPERATED_UNITS)
    holds: tuple[Hold, ...] = Field((), max_length=MOST_HOLDS)
    goal: Literal["no_goal", "answer", "erase", "second"] = "no_goal"
