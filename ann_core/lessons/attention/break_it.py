"""Break it: the scale, the positions, the way around, one head for two jobs, longer sequences than in training."""

from ann_core.lessons.attention import beside
from ann_core.ui import frame, guess, session


def draw() -> None:
    frame.section("attention", "break_it")
    guess.break_it("attention", lambda: session.bench("attention").spec, beside.side_by_side)
