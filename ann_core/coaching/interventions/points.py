"""What can be broken in networks for points."""

from typing import Any

from ann_core.coaching.interventions.intervention import Intervention, hundredfold, hundredth
from ann_core.maths.measures.lines import MOST_EXACT, best_line
from ann_core.spec import Spec
from ann_core.training.examples import OwnData
from ann_core.training.examples.points import points_of, training_count
from ann_core.training.records import Run


def _linear(spec: Spec) -> dict[str, Any]:
    return {"layers": tuple(f"{layer.units}-linear" for layer in spec.layers)}


def straight(broken: Run, own: OwnData) -> tuple[str, dict[str, Any]] | None:
    """How far a straight line gets on the same unseen points, for a network of two classes that can draw nothing else."""
    spec = broken.spec
    if spec.classes != 2 or spec.features != ("x1", "x2") or any(layer.activation != "linear" for layer in spec.layers):
        return None
    x, y = points_of(spec, own)
    held_out = slice(training_count(spec, len(x)), None)
    words = "guess.remark.best_line" if len(x[held_out]) <= MOST_EXACT else "guess.remark.line"
    return words, {"line": f"{best_line(x[held_out], y[held_out]):.1%}", "points": len(x[held_out])}


XOR = {"dataset": "xor", "layers": ("4-tanh",), "noise": 0.0}


INTERVENTIONS = (
    Intervention("no_hidden", "points", lambda spec: {"layers": ()}, "nothing", XOR, remark=straight),
    Intervention("linear", "points", _linear, "nothing", XOR, remark=straight),
    Intervention("zeros", "points", lambda spec: {"initialiser": "zeros"}, "nothing"),
    Intervention("no_bias", "points", lambda spec: {"bias": False}, "worse"),
    Intervention("hundredfold", "points", hundredfold, "nothing", {"dataset": "four", "layers": ("8-relu", "8-relu")}),
    Intervention("hundredth", "points", hundredth, "worse"),
)
