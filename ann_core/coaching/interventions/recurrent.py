"""What can be broken in networks for series."""

from ann_core.coaching.interventions.intervention import Intervention, hundredfold
from ann_core.specs import RecurrentSpec
from ann_core.training.records import Run

FAR_BELOW = 0.05


def deceived(intact: Run, broken: Run) -> str:
    """Where the error on the training data is far below that on what was held out."""
    score, held_out = intact.metrics[1], intact.metrics[-1]
    here, there = (run.value(held_out) - run.value(score) > FAR_BELOW for run in (intact, broken))
    return "everywhere" if here and there else "noise_only" if there else "nowhere"


HELD_OUT = {"held_out": 0.25}

NOISE = HELD_OUT | {"series": "noisy", "noise": 0.3, "length": 400, "span": 100.0, "window": 20, "epochs": 30}
"""Where it takes many values to see through the noise: twenty-five make a period."""

CHAOS = HELD_OUT | {"length": 400, "window": 20, "normalise": True, "shuffled_order": False}
"""Where the next value follows from one value before it, or from two, and from no earlier one."""

AT_HOME = RecurrentSpec.presets["article"] | HELD_OUT | {"series": "sine", "units": 32, "learning_rate": 0.003, "epochs": 400}
"""The article's example with a quarter held out, and a network that has room to learn by heart."""

ONE_VALUE = CHAOS | {"series": "logistic", "cell": "simple", "recurrence": True}
"""Where a cell without gates needs no memory: with U at zero it has none."""


INTERVENTIONS = (
    Intervention("no_order", "recurrent", lambda spec: {"shuffled_order": True}, "worse", setting=HELD_OUT | {"shuffled_order": False}),
    Intervention("no_recurrence", "recurrent", lambda spec: {"recurrence": False}, "better", {"seed": 2}, ONE_VALUE),
    Intervention("short_window", "recurrent", lambda spec: {"window": 2}, "worse", setting=NOISE),
    Intervention("two_values", "recurrent", lambda spec: {"window": 2}, "better", setting=CHAOS | {"series": "henon"}),
    Intervention("wild", "recurrent", hundredfold, "worse", setting=HELD_OUT),
    Intervention(
        "judged_at_home",
        "recurrent",
        lambda spec: {"series": "noisy"},
        "noise_only",
        setting=AT_HOME,
        answers=("nowhere", "noise_only", "everywhere"),
        judge=deceived,
    ),
)
