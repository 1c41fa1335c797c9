"""The code that ran, and what to take home."""

from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel
from ann_core.ui.workbench import takeaway

CODE = {
    "maths/networks/cells.py": ("SimpleCell.step", "SimpleCell.back"),
    "maths/networks/recurrent.py": ("unroll", "through_time", "free_run", "clipped"),
    "maths/measures/forecasts.py": ("as_before", "as_then", "straight"),
    "data/recurrent.py": ("windows", "Scale.scaled"),
    "models/recurrent.py": ("build",),
    "training/loop.py": ("Loop._advance", "Loop._train_step"),
}


def draw() -> None:
    frame.section("recurrent", "take_home")
    code_panel(CODE)
    takeaway.take_home("recurrent")
