"""The code that ran, and what to take home."""

from ann_core.ui import frame, takeaway
from ann_core.ui.code import code_panel

CODE = {
    "maths/attention.py": ("attend", "masked_softmax", "layer_norm", "waves", "forward"),
    "data/rewriting.py": ("look_up", "dates_of"),
    "models/attention.py": ("build", "_block"),
    "models/optimisers.py": ("WarmUp",),
    "training/attending.py": ("idle_links",),
    "training/loop.py": ("Loop._advance", "Loop._train_step"),
}


def draw() -> None:
    frame.section("attention", "take_home")
    code_panel(CODE)
    takeaway.take_home("attention")
