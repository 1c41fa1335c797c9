"""Break it: the order, the memory, the window, the steps; and the evaluation itself."""

from ann_core.lessons.recurrent import beside
from ann_core.ui import session
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess


def draw() -> None:
    frame.section("recurrent", "break_it")
    guess.break_it("recurrent", lambda: session.bench("recurrent").spec, beside.side_by_side)
