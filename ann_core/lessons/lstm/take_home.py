"""The code that ran, and what to take home."""

from ann_core.lessons.lstm import race
from ann_core.ui import session
from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel
from ann_core.ui.workbench import takeaway

CODE = {
    "maths/networks/cells.py": ("LstmCell.step", "LstmCell.back", "GruCell.step", "first_biases"),
    "maths/networks/recurrent.py": ("unroll", "through_time"),
    "data/recall.py": ("recall", "adding", "brackets"),
    "models/recall.py": ("build",),
    "probing/recall.py": ("way", "without_each"),
    "training/loop.py": ("Loop._advance", "Loop._train_step"),
}


def draw() -> None:
    frame.section("lstm", "take_home")
    code_panel(CODE)
    session.bench("recall").run = race.trained("lstm")
    takeaway.take_home("recall")
