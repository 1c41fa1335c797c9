"""Three questions with numbers from the learner's own network."""

from ann_core.specs import RecurrentSpec
from ann_core.ui import session
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers

KEPT = 0.8
BLOCKS = {"simple": 1, "gru": 3, "lstm": 4}


def draw() -> None:
    frame.section("recurrent", "questions")
    spec = session.bench("recurrent").spec
    quiz.quiz("recurrent", [passages(spec), weights(spec), fading(spec)])


def passages(spec: RecurrentSpec) -> Question:
    """How often the recurrent weights multiply what the first value has left; with gates, how many steps it has to get through."""
    right = spec.window - 1
    name = "passages" if spec.cell == "simple" else "passages_gated"
    return of_numbers(name, right, (right + 1, right + 2, spec.units), window=spec.window)


def weights(spec: RecurrentSpec) -> Question:
    """How many numbers the cell has to learn, whatever the length of the window."""
    units, blocks = spec.units, BLOCKS[spec.cell]
    biases = 2 if spec.cell == "gru" else 1
    states = units if spec.recurrence else 0  # held at zero, they are not learned
    right = blocks * units * (1 + states + biases)
    wrong = (blocks * units * (1 + biases), right * spec.window, blocks * units * units)
    return of_numbers("weights", right, wrong, units=units, states=states, blocks=blocks, window=spec.window, biases=biases)


def fading(spec: RecurrentSpec) -> Question:
    """What is left of a gradient at the first value of the window if each step keeps four fifths of it."""
    right = 100 * KEPT**spec.window
    wrong = (100 * KEPT, 100 * KEPT / spec.window, 100 * KEPT ** max(1, spec.window // 2))
    return of_numbers("fading", right, wrong, ".2g", window=spec.window, kept=f"{KEPT:.0%}")
