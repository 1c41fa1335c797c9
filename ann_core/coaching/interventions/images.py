"""What can be broken in networks for images."""

from collections.abc import Callable, Mapping
from typing import Any

from ann_core.coaching.interventions.intervention import Intervention, held_out, hundredfold, hundredth, learned_nothing, outcome
from ann_core.maths.measures.shares import Interval, certain, change
from ann_core.spec import Spec
from ann_core.training.records import Run

BY_HEART = 0.8


def kept_by_heart(intact: Run, broken: Run) -> str:
    """Where the broken network is good: on both sets, on neither, or on what it has trained on alone."""
    if not learned_nothing(broken):
        return "both"
    return "by_heart" if broken.value("accuracy") > BY_HEART else "neither"


def beyond_chance(intact: Run, broken: Run) -> str:
    """How the broken network does beside the intact one; about the same where chance in the choice of test images may explain it."""
    said = outcome(intact, broken)
    return "same" if said in ("better", "worse") and not certain(gain(intact, broken)) else said


def gain(intact: Run, broken: Run) -> Interval:
    """By how much the broken network is better on the same test images.

    At most as many were lost and gained as the two networks answer differently: the interval is never too narrow.
    """
    tested = intact.data.testing
    differ, net = int((intact.final.predicted != broken.final.predicted).sum()), round((held_out(broken) - held_out(intact)) * tested)
    return change((differ - net) / 2, (differ + net) / 2, tested)


def _permuted(spec: Spec) -> dict[str, Any]:
    return {"shuffled_pixels": True}


def _raw(spec: Spec) -> dict[str, Any]:
    return {"scale_pixels": False}


def _narrowed(spec: Spec) -> dict[str, Any]:
    """Two neurons in the first hidden layer, where it has more."""
    first, *rest = spec.hidden_units or (0,)
    return {"hidden_units": (2, *rest)} if first > 2 else {}


def _straight(spec: Spec) -> dict[str, Any]:
    """No bend anywhere: the maximum of a square is one too."""
    return {"activation": "linear", "pooling": "average" if spec.pooling == "max" else spec.pooling}


FEW_IMAGES = {"training_images": 300, "hidden_units": (256, 256), "optimiser": "adam", "learning_rate": 0.003, "epochs": 60}
"""What a network can learn by heart in a second or two."""

SMALL_DIGITS = {"filters": (8, 16), "epochs": 20}
"""What learns the small digits well, which stand in for MNIST where that is not here."""


DENSE = (
    Intervention(
        "shuffled",
        "feedforward",
        lambda spec: {"shuffled_labels": True},
        "by_heart",
        setting=FEW_IMAGES | {"shuffled_labels": False},
        answers=("by_heart", "both", "neither"),
        judge=kept_by_heart,
    ),
    Intervention("raw_pixels", "feedforward", _raw, "worse", {"activation": "tanh"}, {"scale_pixels": True}, judge=beyond_chance),
    Intervention("permuted_dense", "feedforward", _permuted, "same", setting={"shuffled_pixels": False}, judge=beyond_chance),
    Intervention("bottleneck", "feedforward", _narrowed, "worse", {"activation": "tanh"}, judge=beyond_chance),
)


def _of_convolutions(name: str, change: Callable, effect: str, example: Mapping = SMALL_DIGITS, **setting: Any) -> Intervention:
    """Something to break in a network that has convolutions."""
    return Intervention(name, "convolutional", change, effect, example, setting, judge=beyond_chance, needs="filters")


CONVOLUTIONAL = (
    _of_convolutions("permuted", _permuted, "same", shuffled_pixels=False),
    _of_convolutions("no_pooling", lambda spec: {"pooling": "none"}, "same", {"filters": (8,), "epochs": 4}),
    _of_convolutions("no_bend", _straight, "same"),
    _of_convolutions("one_filter", lambda spec: {"filters": (1,) * len(spec.filters)}, "worse"),
    _of_convolutions("few_images", lambda spec: {"training_images": 100}, "worse"),
    _of_convolutions("hundredfold", hundredfold, "nothing"),
    _of_convolutions("hundredth", hundredth, "worse"),
)
