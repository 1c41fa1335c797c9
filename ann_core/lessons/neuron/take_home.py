"""The code that ran."""

from ann_core.ui import frame
from ann_core.ui.code import code_panel

CODE = {
    "maths/dense.py": ("forward", "backward"),
    "maths/activations.py": ("sigmoid", "softmax", "softmax_slopes"),
    "maths/gates.py": ("answers", "search"),
    "maths/pieces.py": ("corners", "_with_crossings"),
    "maths/initial.py": ("network",),
}


def draw() -> None:
    frame.section("neuron", "take_home")
    code_panel(CODE)
