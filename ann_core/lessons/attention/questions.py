"""Three questions with numbers from the learner's own network."""

from math import sqrt

from ann_core.data.attention import longest
from ann_core.specs import AttentionSpec
from ann_core.ui import session
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers

LONGER = 4


def draw() -> None:
    frame.section("attention", "questions")
    spec = session.bench("attention").spec
    quiz.quiz("attention", [scores(spec), scale(spec), kernels(spec)])


def scores(spec: AttentionSpec) -> Question:
    """How many scores a head computes for a sequence four times as long."""
    length = longest(spec.task, spec.length)
    right = (LONGER * length) ** 2
    return of_numbers("scores", right, (LONGER * length, LONGER * length**2, 2 * LONGER * length**2), length=length, now=length**2)


def scale(spec: AttentionSpec) -> Question:
    """By what the scores of a head are divided."""
    size = spec.model_width // spec.heads
    return of_numbers(
        "scale",
        sqrt(size),
        (size, size / 2, 2 * sqrt(size)),
        ".3g",
        size=size,
        width=spec.model_width,
        heads=spec.heads,
    )


def kernels(spec: AttentionSpec) -> Question:
    """How many weights W_Q, W_K, W_V and W_O have together, however many heads share them."""
    right = 4 * spec.model_width**2
    return of_numbers(
        "kernels", right, (spec.model_width**2, right * spec.heads * 2, 3 * spec.model_width**2), width=spec.model_width, heads=spec.heads
    )
