"""The code that ran."""

from ann_core.ui import frame
from ann_core.ui.code import code_panel

CODE = {
    "maths/losses.py": ("cross_entropy", "squared_error", "categorical_slope"),
    "maths/optimisers.py": ("_sgd", "_momentum", "_adam", "descend"),
    "maths/backpropagation.py": ("gradients", "finite_differences", "updated"),
    "maths/regression.py": ("descend_in_batches", "least_squares"),
}


def draw() -> None:
    frame.section("learning", "take_home")
    code_panel(CODE)
