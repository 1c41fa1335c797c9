"""Three questions with the learner's own numbers."""

import numpy as np

from ann_core.exhibits import BatchExhibit, LossExhibit, WorksheetExhibit
from ann_core.lessons.learning.batches import SIZES
from ann_core.lessons.learning.worksheet import network_of
from ann_core.maths.learning.backpropagation import gradients
from ann_core.ui import session
from ann_core.ui.language import digits
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers


def draw() -> None:
    frame.section("learning", "questions")
    losses, sheet, batches = (session.bench(name).spec for name in ("losses", "worksheet", "batches"))
    quiz.quiz("learning", [squared_loss(losses), new_weight(sheet), updates(batches)])


def squared_loss(spec: LossExhibit) -> Question:
    """The squared error of the learner's prediction."""
    error = spec.prediction - spec.target_value
    wrong = (abs(error), 2 * error, error**2 / 2, spec.prediction**2)
    given = {"prediction": spec.prediction, "target": spec.target_value, "error": error}
    return of_numbers("squared_loss", error**2, wrong, "z.2f", **{name: digits(value, 6) for name, value in given.items()})


def new_weight(spec: WorksheetExhibit) -> Question:
    """A weight after one step of gradient descent."""
    slope = gradients(network_of(spec), (spec.x1, spec.x2), spec.target_value)["v1"]
    right = spec.v1 - spec.rate * slope
    wrong = (spec.v1 + spec.rate * slope, spec.v1 - slope, spec.v1, -spec.rate * slope)
    given = {"weight": spec.v1, "slope": slope, "rate": spec.rate}
    return of_numbers("new_weight", right, wrong, "z.4f", **{name: digits(value, 6) for name, value in given.items()})


def updates(spec: BatchExhibit) -> Question:
    """How often the coefficients of the regression were changed in all."""
    batch = SIZES[spec.batch] or spec.points
    steps = int(np.ceil(spec.points / batch))
    wrong = (spec.rounds, steps, spec.points * spec.rounds, spec.rounds * batch)
    values = {"points": spec.points, "batch": batch, "rounds": spec.rounds, "steps": steps}
    return of_numbers("updates", steps * spec.rounds, wrong, **values)
