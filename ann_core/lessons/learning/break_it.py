"""Break it: steps a hundred times as large."""

from ann_core.lessons.feedforward.plane.beside import side_by_side
from ann_core.specs import PointsSpec
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess


def draw() -> None:
    frame.section("learning", "break_it")
    guess.break_it("points", lambda: PointsSpec.preset("xor"), side_by_side, ("hundredfold",))
