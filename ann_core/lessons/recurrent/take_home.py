"""The code that ran, and what to take home."""

from ann_core.ui import frame, takeaway
from ann_core.ui.code import code_panel

CODE = {
    "maths/cells.py": ("SimpleCell.step", "SimpleCell.back"),
    "maths/recurrent.py": ("unroll", "through_time", "free_run", "clipped"),
    "maths/forecasts.py": ("as_before", "as_then", "straight"),
    "data/sequences.py": ("windows", "Scale.scaled"),
    "models/recurrent.py": ("build",),
    "training/loop.py": ("Loop._advance", "Loop._train_step"),
}


def draw() -> None:
    frame.section("recurrent", "take_home")
    code_panel(CODE)
    takeaway.take_home("recurrent")
