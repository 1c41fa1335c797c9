"""The code that ran, and what to take home."""

from ann_core.ui import frame, takeaway
from ann_core.ui.code import code_panel

CODE = {
    "models/feedforward.py": ("build", "initialiser"),
    "training/loop.py": ("Loop._advance", "Loop._train_step", "Loop._validate_batch"),
    "training/epochs.py": ("epoch_order",),
    "maths/dense.py": ("forward",),
}


def draw() -> None:
    frame.section("feedforward", "take_home")
    code_panel(CODE)
    takeaway.take_home("feedforward")
