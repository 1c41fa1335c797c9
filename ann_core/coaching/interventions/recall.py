"""What can be broken in networks with a memory."""

from typing import Any

from ann_core.coaching.interventions.intervention import Intervention, times
from ann_core.spec import Spec


def _many_simple_units(spec: Spec) -> dict[str, Any]:
    return {"cell": "simple", **times(spec, "units", 10)}


OPEN_TO_MEMORY = {"cell": "lstm", "start": "memory"}


INTERVENTIONS = (
    Intervention("usual_start", "recall", lambda spec: {"start": "usual"}, "nothing", setting=OPEN_TO_MEMORY),
    Intervention(
        "no_input_gate", "recall", lambda spec: {"input_gate": False}, "worse", {"seed": 2}, setting=OPEN_TO_MEMORY | {"input_gate": True}
    ),
    Intervention("ten_times", "recall", _many_simple_units, "worse", setting=OPEN_TO_MEMORY | {"input_gate": True}),
)
