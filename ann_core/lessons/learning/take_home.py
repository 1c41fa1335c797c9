"""The code that ran."""

from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel

CODE = {
    "maths/learning/losses.py": ("cross_entropy", "squared_error", "categorical_slope"),
    "maths/learning/optimisers.py": ("_sgd", "_momentum", "_adam", "descend"),
    "maths/learning/backpropagation.py": ("gradients", "finite_differences", "updated"),
    "maths/learning/regression.py": ("descend_in_batches", "least_squares"),
}


def draw() -> None:
    frame.section("learning", "take_home")
    code_panel(CODE)
