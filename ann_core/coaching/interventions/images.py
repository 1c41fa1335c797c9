"""What can be broken in networks for images."""

from typing import Any

from ann_core.coaching.interventions.intervention import Intervention, learned_nothing
from ann_core.spec import Spec
from ann_core.training.records import Run

BY_HEART = 0.8


def kept_by_heart(intact: Run, broken: Run) -> str:
    """Where the broken network is good: on both sets, on neither, or on what it has trained on alone."""
    if not learned_nothing(broken):
        return "both"
    return "by_heart" if broken.value("accuracy") > BY_HEART else "neither"


def _permuted(spec: Spec) -> dict[str, Any]:
    return {"shuffled_pixels": True}


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
    Intervention("raw_pixels", "feedforward", lambda spec: {"scale_pixels": False}, "worse", setting={"scale_pixels": True}),
    Intervention("permuted_dense", "feedforward", _permuted, "same", setting={"shuffled_pixels": False}),
    Intervention("bottleneck", "feedforward", lambda spec: {"hidden_units": (2, *spec.hidden_units[1:])}, "worse", {"activation": "tanh"}),
)


CONVOLUTIONAL = (
    Intervention("permuted", "convolutional", _permuted, "same", SMALL_DIGITS, setting={"shuffled_pixels": False}),
    Intervention("no_pooling", "convolutional", lambda spec: {"pooling": "none"}, "same", {"filters": (8,), "epochs": 4}),
    Intervention("no_bend", "convolutional", _straight, "worse", SMALL_DIGITS),
    Intervention("one_filter", "convolutional", lambda spec: {"filters": (1, *spec.filters[1:])}, "worse", SMALL_DIGITS),
)
