"""What can be broken: one change of an experiment, a question before it, and how the measurement answers it.

To add one, add a record to `INTERVENTIONS`, and its words to the catalogues: `guess.<name>` (what it is called),
`.question`, and `.because.<answer>` for each of its answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ann_core.spec import Spec, bounds
from ann_core.specs import GanSpec, RecurrentSpec
from ann_core.training.examples import examples_of
from ann_core.training.imitation import quality
from ann_core.training.records import Run

SAME = 0.01
SAME_ERROR = 0.1
HARDLY = 0.1
BY_HEART = 0.8
COLLAPSED = 0.8
SAME_DISTANCE = 0.1
LAST_MOMENTS = 8
GETS_BETTER = 0.9
FAR_BELOW = 0.05

REVERSED = {"task": "reverse", "positions": "learned"}
TWO_JOBS = {"task": "look_up", "heads": 2, "examples": 4_096, "epochs": 15}

OUTCOMES = ("better", "same", "worse", "nothing")


def outcome(intact: Run, broken: Run) -> str:
    """How the broken network does on the examples held out, beside the intact one: one of `OUTCOMES`."""
    if learned_nothing(broken):
        return "nothing"
    here, there = (run.value(run.metrics[-1]) for run in (intact, broken))
    gain, same = (there - here, SAME) if intact.spec.classes else (here - there, SAME_ERROR * here)
    if abs(gain) <= same:
        return "same"
    return "better" if gain > 0 else "worse"


def learned_nothing(run: Run) -> bool:
    """Whether a network ended about where guessing begins, on one set at least; for values, whether its loss never fell."""
    if run.spec.classes:
        return not all(run.value(name) > 1 / run.spec.classes + HARDLY for name in ("accuracy", "val_accuracy"))
    return not run.value("loss") < GETS_BETTER * run.value("loss", 1)


def held_out(run: Run) -> float:
    """The score on the examples held out, or on all where none are."""
    return run.value(run.metrics[-1])


def imitation(intact: Run, broken: Run) -> str:
    """How far the broken game's points are from the real ones, beside the intact one's: one of `OUTCOMES`."""
    here, there = distance(intact), distance(broken)
    if not there < COLLAPSED * distances(broken).iloc[0]:
        return "nothing"
    if abs(there - here) <= SAME_DISTANCE:
        return "same"
    return "better" if there < here else "worse"


def distance(run: Run) -> float:
    """The energy distance between a game's points and the real ones, the median of the last moments; infinite beyond all numbers."""
    return float(distances(run).iloc[-LAST_MOMENTS:].median())


def distances(run: Run) -> pd.Series:
    """The same at every checkpoint, by epoch."""
    found = quality(run.spec, examples_of(run.spec)[0].x, run.checkpoints).energy
    return pd.Series(np.nan_to_num(found, nan=np.inf), [checkpoint.epoch for checkpoint in run.checkpoints])


def kept_by_heart(intact: Run, broken: Run) -> str:
    """Where the broken network is good: on both sets, on neither, or on what it has trained on alone."""
    if not learned_nothing(broken):
        return "both"
    return "by_heart" if broken.value("accuracy") > BY_HEART else "neither"


def deceived(intact: Run, broken: Run) -> str:
    """Where the error on the training data is far below that on what was held out."""
    score, held_out = intact.metrics[1], intact.metrics[-1]
    here, there = (run.value(held_out) - run.value(score) > FAR_BELOW for run in (intact, broken))
    return "everywhere" if here and there else "noise_only" if there else "nowhere"


class Measure(NamedTuple):
    """What is told of a run: its value in the end, and its course, by epoch.

    Without a name it is the run's own score, whose course is in the history.
    """

    value: Callable[[Run], float]
    name: str = ""
    course: Callable[[Run], pd.Series] | None = None


HELD_OUT_SCORE = Measure(held_out)
DISTANCE = Measure(distance, "energy", distances)


@dataclass(frozen=True)
class Intervention:
    """A change that breaks something, for the specs of one experiment.

    `change` gives the fields that differ in the broken spec; `setting` is changed in both, where the effect needs it.
    `judge(intact, broken)` says which of the `answers` was the true one; `measure` is what is told of both. A test holds it to
    its known `effect`, on the default preset with the changes in `example`.
    """

    name: str
    experiment: str
    change: Callable[[Spec], dict[str, Any]]
    effect: str
    example: Mapping[str, Any] = field(default_factory=dict)
    setting: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[str, ...] = OUTCOMES
    judge: Callable[[Run, Run], str] = outcome
    measure: Measure = HELD_OUT_SCORE

    def pair(self, spec: Spec) -> tuple[Spec, Spec]:
        """The intact spec and the broken one; equal where there is nothing left to break."""
        intact = spec.changed(**self.setting)
        return intact, intact.changed(**self.change(intact))


def _linear(spec: Spec) -> dict[str, Any]:
    return {"layers": tuple(f"{layer.units}-linear" for layer in spec.layers)}


def _times(spec: Spec, field: str, factor: float) -> dict[str, float]:
    """A number so many times as large, within its bounds."""
    return {field: min(factor * getattr(spec, field), bounds(type(spec), field).high)}


def _hundredfold(spec: Spec) -> dict[str, Any]:
    return _times(spec, "learning_rate", 100)


def _permuted(spec: Spec) -> dict[str, Any]:
    return {"shuffled_pixels": True}


def _straight(spec: Spec) -> dict[str, Any]:
    """No bend anywhere: the maximum of a square is one too."""
    return {"activation": "linear", "pooling": "average" if spec.pooling == "max" else spec.pooling}


def _strong(spec: Spec) -> dict[str, Any]:
    """Ten turns to one, and larger steps."""
    return {"discriminator_steps": 10, **_times(spec, "discriminator_rate", 10)}


def _hasty(spec: Spec) -> dict[str, Any]:
    return _times(spec, "generator_rate", 10)


def _many_simple_units(spec: Spec) -> dict[str, Any]:
    return {"cell": "simple", **_times(spec, "units", 10)}


def _of_games(name: str, change: Callable, effect: str, setting: dict, example: dict | None = None) -> Intervention:
    """Something to break in a game of eight clouds, judged by the distance to them."""
    clouds = {"target": "eight_clouds"} | setting
    return Intervention(name, "gan", change, effect, example or {}, clouds, judge=imitation, measure=DISTANCE)


HELD_OUT = {"held_out": 0.25}

NOISE = HELD_OUT | {"series": "noisy", "noise": 0.3, "window": 20, "epochs": 30}
"""Where it takes many values to see through the noise."""

AT_HOME = RecurrentSpec.presets["article"] | HELD_OUT | {"series": "sine", "units": 32, "learning_rate": 0.003, "epochs": 400}
"""The article's example with a quarter held out, and a network that has room to learn by heart."""

OPEN_TO_MEMORY = {"cell": "lstm", "start": "memory"}

FEW_IMAGES = {"training_images": 300, "hidden_units": (256, 256), "optimiser": "adam", "learning_rate": 0.003, "epochs": 60}
"""What a network can learn by heart in a second or two."""

SMALL_DIGITS = {"filters": (8, 16), "epochs": 20}
"""What learns the small digits well, which stand in for MNIST where that is not here."""

XOR = {"dataset": "xor", "layers": ("4-tanh",), "noise": 0.0}

INTERVENTIONS = (
    Intervention("no_hidden", "points", lambda spec: {"layers": ()}, "nothing", XOR),
    Intervention("linear", "points", _linear, "nothing", XOR),
    Intervention("zeros", "points", lambda spec: {"initialiser": "zeros"}, "nothing"),
    Intervention("no_bias", "points", lambda spec: {"bias": False}, "worse"),
    Intervention("hundredfold", "points", _hundredfold, "nothing", {"dataset": "four", "layers": ("8-relu", "8-relu")}),
    Intervention(
        "shuffled",
        "feedforward",
        lambda spec: {"shuffled_labels": True},
        "by_heart",
        setting=FEW_IMAGES | {"shuffled_labels": False},
        answers=("by_heart", "both", "neither"),
        judge=kept_by_heart,
    ),
    Intervention("raw_pixels", "feedforward", lambda spec: {"scale_pixels": False}, "worse", setting={"scale_pixels": True}),
    Intervention("permuted_dense", "feedforward", _permuted, "same", setting={"shuffled_pixels": False}),
    Intervention("permuted", "convolutional", _permuted, "same", SMALL_DIGITS, setting={"shuffled_pixels": False}),  # on MNIST: worse
    Intervention("no_pooling", "convolutional", lambda spec: {"pooling": "none"}, "same", {"filters": (8,), "epochs": 4}),
    Intervention("no_bend", "convolutional", _straight, "worse", SMALL_DIGITS),
    Intervention("one_filter", "convolutional", lambda spec: {"filters": (1, *spec.filters[1:])}, "worse", SMALL_DIGITS),
    Intervention("no_order", "recurrent", lambda spec: {"shuffled_order": True}, "worse", setting=HELD_OUT | {"shuffled_order": False}),
    Intervention("no_recurrence", "recurrent", lambda spec: {"recurrence": False}, "worse", setting=HELD_OUT | {"recurrence": True}),
    Intervention("short_window", "recurrent", lambda spec: {"window": 2}, "worse", setting=NOISE),
    Intervention("wild", "recurrent", _hundredfold, "worse", setting=HELD_OUT),
    Intervention(
        "judged_at_home",
        "recurrent",
        lambda spec: {"series": "noisy"},
        "noise_only",
        setting=AT_HOME,
        answers=("nowhere", "noise_only", "everywhere"),
        judge=deceived,
    ),
    Intervention("usual_start", "recall", lambda spec: {"start": "usual"}, "nothing", setting=OPEN_TO_MEMORY),
    Intervention(
        "no_input_gate", "recall", lambda spec: {"input_gate": False}, "worse", {"seed": 2}, setting=OPEN_TO_MEMORY | {"input_gate": True}
    ),
    Intervention("ten_times", "recall", _many_simple_units, "worse", setting=OPEN_TO_MEMORY | {"input_gate": True}),
    Intervention("no_scale", "attention", lambda spec: {"scaled": False}, "worse", setting={"scaled": True}),
    Intervention("no_places", "attention", lambda spec: {"positions": "none"}, "worse", setting=REVERSED),
    Intervention("no_way_around", "attention", lambda spec: {"residual": False}, "same", setting={"residual": True}),
    Intervention("one_head", "attention", lambda spec: {"heads": 1}, "worse", setting=TWO_JOBS),
    Intervention("longer", "attention", lambda spec: {"longer": 4}, "nothing", setting=REVERSED | {"longer": 0}),
    _of_games("strong_detective", _strong, "nothing", {"discriminator_steps": 1, "loss": "minimax"}),
    _of_games("hasty_forger", _hasty, "nothing", {}),
    _of_games("saturating", lambda spec: {"loss": "minimax"}, "same", {"loss": "non_saturating"}),
    _of_games("thread", lambda spec: {"noise_size": 1}, "same", {"noise_size": 2}, {"seed": 4}),
    _of_games("no_penalty", lambda spec: {"penalty": 0.0}, "nothing", GanSpec.presets["wasserstein"], {"seed": 3}),
    Intervention("bottleneck", "feedforward", lambda spec: {"hidden_units": (2, *spec.hidden_units[1:])}, "worse", {"activation": "tanh"}),
)


def interventions(experiment: str) -> dict[str, Intervention]:
    """What can be broken in an experiment, by name."""
    return {record.name: record for record in INTERVENTIONS if record.experiment == experiment}


def measured(intact: Run, broken: Run, measure: Measure = HELD_OUT_SCORE) -> dict[str, Any]:
    """The figures that words about a comparison are filled with."""
    score = intact.metrics[1]
    return {
        "intact": measure.value(intact),
        "broken": measure.value(broken),
        "intact_training": intact.value(score),
        "broken_training": broken.value(score),
        "intact_loss": intact.value(intact.metrics[0], 1),
        "broken_loss": broken.value(intact.metrics[0], 1),
        "epochs": intact.epochs,
        "images": intact.data.training,
    }
