"""Break it: the scale, the positions, the way around, one head for two jobs, longer sequences than in training."""

from ann_core.lessons.attention import beside
from ann_core.ui import session
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess


def draw() -> None:
    frame.section("attention", "break_it")
    guess.break_it("attention", lambda: session.bench("attention").spec, beside.side_by_side)
