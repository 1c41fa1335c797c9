"""A run of attention as the cells of a notebook."""

import inspect

from ann_core.data import attention as rewriting
from ann_core.maths.networks import attention
from ann_core.specs import AttentionSpec
from ann_core.starts import attention as beginning
from ann_core.starts.base import seed_of
from ann_core.takeaway.cells import Cells, compiled, fitted
from ann_core.takeaway.pen import MODELS, source_of
from ann_core.training.examples import HELD_OUT_SEQUENCES
from ann_core.training.records import Run

PARTS = ("EMBEDDING", "POSITIONS", "QUERIES", "READOUT", "BLOCK", "DEVIATION")


def cells(run: Run, own: None) -> Cells:
    """The sequences, the file that builds the network, its training."""
    return Cells(_sequences(run), f"{_attention(run.spec)}\n{compiled(run.spec)}", fitted(run.spec, run.epochs))


def _sequences(run: Run) -> str:
    """All that makes the sequences, as it stands."""
    spec, count = run.spec, run.data.training
    arguments = f"{spec.task!r}, {count}, {HELD_OUT_SEQUENCES}, {spec.length}, {spec.longer}, {spec.letters}, {spec.seed}"
    made = inspect.getsource(rewriting)
    return f"{made}\n\n(x_train, y_train), (x_test, y_test) = rewritten({arguments})"


def _attention(spec: AttentionSpec) -> str:
    """The file that builds the network, as it stands, and what it asks of others."""
    asked = f"import keras\nimport numpy as np\n\nEPSILON, LONGEST_WAVE = {attention.EPSILON}, {attention.LONGEST_WAVE}\n"
    asked += "\n".join(f"{name} = {getattr(beginning, name)}" for name in PARTS)
    parts = [asked, inspect.getsource(attention.waves), inspect.getsource(seed_of), source_of("feedforward", "initialiser")]
    built = (MODELS / "attention.py").read_text(encoding="utf-8").replace(source_of("attention", "objective"), "")
    parts.append("\n".join(line for line in built.splitlines() if not line.startswith("from ann_core")))
    settings = ", ".join(f"{name}={value!r}" for name, value in {**spec.model_dump(), "classes": spec.classes}.items())
    text = "\n\n".join(parts) + f"\n\nfrom types import SimpleNamespace\n\nmodel = build(SimpleNamespace({settings}))"
    return text.replace(": AttentionSpec", "")
