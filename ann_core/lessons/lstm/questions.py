"""Three questions with numbers from the learner's own network."""

from ann_core.data.recall import TASKS
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
    """How many right answers chance alone gives."""
    classes = spec.classes or 8
    right = 100 / classes
    return of_numbers("guessing", right, (0.0, 50.0 if classes != 2 else 25.0, 100 / (classes + 1)), ".3g", classes=classes)
