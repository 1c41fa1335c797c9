"""Break it: a detective too strong, a forger too hasty, the wrong loss, too little noise, no penalty."""

from ann_core.lessons.gan import beside, three
from ann_core.ui import session
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess


def draw() -> None:
    frame.section("gan", "break_it")
    guess.break_it("gan", lambda: session.bench("gan").spec, beside.side_by_side)
    three.draw()
