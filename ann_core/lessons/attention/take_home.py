"""The code that ran, and what to take home."""

from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel
from ann_core.ui.workbench import takeaway

CODE = {
    "maths/networks/attention.py": ("attend", "masked_softmax", "layer_norm", "waves", "forward"),
    "data/attention.py": ("look_up", "dates_of"),
    "models/attention.py": ("build", "_block"),
    "models/optimisers.py": ("WarmUp",),
    "probing/attention.py": ("idle_links",),
    "training/loop.py": ("Loop._advance", "Loop._train_step"),
}


def draw() -> None:
    frame.section("attention", "take_home")
    code_panel(CODE)
    takeaway.take_home("attention")
