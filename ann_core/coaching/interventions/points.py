"""What can be broken in networks for points."""

from typing import Any

from ann_core.coaching.interventions.intervention import Intervention, hundredfold
from ann_core.spec import Spec


def _linear(spec: Spec) -> dict[str, Any]:
    return {"layers": tuple(f"{layer.units}-linear" for layer in spec.layers)}


XOR = {"dataset": "xor", "layers": ("4-tanh",), "noise": 0.0}


INTERVENTIONS = (
    Intervention("no_hidden", "points", lambda spec: {"layers": ()}, "nothing", XOR),
    Intervention("linear", "points", _linear, "nothing", XOR),
    Intervention("zeros", "points", lambda spec: {"initialiser": "zeros"}, "nothing"),
    Intervention("no_bias", "points", lambda spec: {"bias": False}, "worse"),
    Intervention("hundredfold", "points", hundredfold, "nothing", {"dataset": "four", "layers": ("8-relu", "8-relu")}),
)
