"""Three questions about what a network gets to see of the learner's own choices."""

import sys

from ann_core.data.images import SIDE
from ann_core.lessons.home.applications import TEXT_KEY, WINDOW
from ann_core.ui import session
from ann_core.ui.language import plain, tr
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers


def draw() -> None:
    frame.section("home", "questions")
    text = (session.value(TEXT_KEY) or "").strip() or tr("numbers.sample")
    quiz.quiz("home", [pixels(), code_point(text), windows()])


def pixels() -> Question:
    """How many numbers an image is."""
    return of_numbers("pixels", SIDE * SIDE, (SIDE, 2 * SIDE, 255, 10), side=SIDE)


def code_point(text: str) -> Question:
    """The number that stands for the first character of the learner's text."""
    letter, right = text[0], ord(text[0])
    other = next(number for number in (right + 1, right - 1, ord("a")) if number < sys.maxunicode and chr(number).isprintable())
    values = {"letter": plain(letter), "other": other, "next": plain(chr(other))}
    return of_numbers("code_point", right, (right + 1, len(text), 1, 255), "d", **values)


def windows() -> Question:
    """How many windows there are in a series of a hundred values."""
    count = 100
    return of_numbers("windows", count - WINDOW, (count, WINDOW, count // WINDOW, count * WINDOW), count=count, window=WINDOW)
