"""What can be broken in networks that attend."""

from ann_core.coaching.interventions.intervention import Intervention

REVERSED = {"task": "reverse", "positions": "learned"}

TWO_JOBS = {"task": "look_up", "heads": 2, "examples": 4_096, "epochs": 15}


INTERVENTIONS = (
    Intervention("no_scale", "attention", lambda spec: {"scaled": False}, "worse", setting={"scaled": True}),
    Intervention("no_places", "attention", lambda spec: {"positions": "none"}, "worse", setting=REVERSED),
    Intervention("no_way_around", "attention", lambda spec: {"residual": False}, "same", setting={"residual": True}),
    Intervention("one_head", "attention", lambda spec: {"heads": 1}, "worse", setting=TWO_JOBS),
    Intervention("longer", "attention", lambda spec: {"longer": 4}, "nothing", setting=REVERSED | {"longer": 0}),
)
