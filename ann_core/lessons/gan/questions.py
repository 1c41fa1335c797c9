"""Three questions with numbers from the learner's own game."""

from collections.abc import Sequence
from itertools import pairwise
from math import log

from ann_core.specs import UPDATES_A_ROUND, GanSpec
from ann_core.training.examples.gan import REAL_POINTS
from ann_core.ui import session
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers


def draw() -> None:
    frame.section("gan", "questions")
    spec = session.bench("gan").spec
    quiz.quiz("gan", [seen(spec), undecided(), weights(spec)])


def seen(spec: GanSpec) -> Question:
    """How many real points the discriminator is shown in the whole game."""
    turns = spec.epochs * UPDATES_A_ROUND
    right = turns * spec.discriminator_steps * spec.batch_size
    wrong = (turns, turns * spec.batch_size * (1 if spec.discriminator_steps > 1 else 2), spec.epochs * spec.batch_size)
    values = {"turns": f"{turns:,}", "steps": spec.discriminator_steps, "batch": spec.batch_size}
    return of_numbers("seen", right, wrong, **values, points=f"{REAL_POINTS:,}", times=f"{right / REAL_POINTS:,.3g}")


def undecided() -> Question:
    """What a discriminator pays that says one half everywhere."""
    return of_numbers("undecided", 2 * log(2), (0.0, log(2), 0.5, 1.0), ".3g")


def weights(spec: GanSpec) -> Question:
    """How many numbers the generator has to learn."""
    sizes = (spec.noise_size, *spec.generator_layers, 2)
    right, others = _parameters(sizes), _parameters((2, *spec.discriminator_layers, 1))
    without = sum(before * after for before, after in pairwise(sizes))
    return of_numbers("players", right, (without, 2 * right, sum(sizes)), noise=spec.noise_size, others=f"{others:,}")


def _parameters(sizes: Sequence[int]) -> int:
    """How many weights and biases a dense network with layers of these sizes has."""
    return sum((before + 1) * after for before, after in pairwise(sizes))
