"""The code that ran."""

from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel

CODE = {
    "maths/networks/dense.py": ("forward", "deltas", "backward"),
    "maths/learning/activations.py": ("sigmoid", "softmax", "softmax_slopes"),
    "maths/networks/gates.py": ("answers", "search"),
    "maths/learning/many.py": ("right_answers",),
    "maths/networks/pieces.py": ("corners", "_with_crossings"),
    "maths/learning/untrained.py": ("network",),
}


def draw() -> None:
    frame.section("neuron", "take_home")
    code_panel(CODE)
