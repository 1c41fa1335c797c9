"""Three questions with numbers from the learner's own network."""

from ann_core.data.recall import CLOSE_ENOUGH, TASKS
from ann_core.maths.networks.cells import parameters
from ann_core.specs import RecallSpec
from ann_core.ui import session
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers

KEPT = 0.99


def draw() -> None:
    frame.section("lstm", "questions")
    spec = session.bench("recall").spec
    quiz.quiz("lstm", [gates(spec), keeping(spec), guessing(spec)])


def gates(spec: RecallSpec) -> Question:
    """How many numbers an LSTM of this size has to learn."""
    inputs, units = TASKS[spec.task].inputs, spec.units
    right, simple = parameters("lstm", inputs, units), parameters("simple", inputs, units)
    return of_numbers("gates", right, (simple, 2 * simple, 3 * simple), inputs=inputs, units=units, simple=f"{simple:,}")


def keeping(spec: RecallSpec) -> Question:
    """What is left of a memory after the gap where the forget gate is nearly open."""
    right = 100 * KEPT**spec.gap
    wrong = (100 * KEPT, 100 * (1 - (1 - KEPT) * spec.gap) if spec.gap < 100 else 0.0, 100 * (1 - KEPT))
    return of_numbers("keeping", right, wrong, ".3g", gap=spec.gap, kept=f"{KEPT:g}")


def guessing(spec: RecallSpec) -> Question:
    """How many answers are right that are always the same: one in so many, or, for a sum, those that lie near one."""
    if not spec.classes:
        right = 100 * (1 - (1 - CLOSE_ENOUGH) ** 2)  # the sum of two even numbers of 0 … 1 lies within a tenth of one
        return of_numbers("guessing_sum", right, (100 * CLOSE_ENOUGH, 200 * CLOSE_ENOUGH + 10, 50.0), ".3g", near=f"{CLOSE_ENOUGH:g}")
    right = 100 / spec.classes
    wrong = (0.0, 50.0 if spec.classes != 2 else 25.0, 100 / (spec.classes + 1))
    return of_numbers("guessing", right, wrong, ".3g", classes=spec.classes)
