"""Three questions about the learner's own settings, with answers that explain. Nobody counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ann_core.ui import session
from ann_core.ui.language import printed, tr


@dataclass(frozen=True)
class Question:
    """A question made from numbers: its name, the answers as they are written, the place of the right one.

    `values` fill in the words of the question and of the explanation.
    """

    name: str
    answers: Sequence[str]
    right: int
    values: dict[str, Any] = field(default_factory=dict)


def of_numbers(name: str, right: float, wrong: Sequence[float], form: str = ",.0f", /, **values: Any) -> Question:
    """A question whose answers are numbers, in ascending order; wrong ones that look like the right one are left out."""

    def written(number: float) -> str:
        return printed(format(number, form))

    numbers = {written(number): number for number in (*wrong, right)}
    answers = sorted(numbers, key=numbers.get)
    return Question(name, answers, answers.index(written(right)), values | {"right": written(right)})


def quiz(lesson: str, questions: Sequence[Question]) -> None:
    """Draw the questions."""
    st.caption(tr("quiz.how"))
    for number, question in enumerate(questions, 1):
        _draw(lesson, number, question)


def _draw(lesson: str, number: int, question: Question) -> None:
    key = f"{lesson}_quiz_{question.name}"
    asked = tr(f"quiz.{question.name}", **question.values)
    if session.value(key) not in (None, *question.answers):
        session.put(key, None)  # the settings have changed, and with them the answers
    with st.container(border=True, key=f"{key}_card"):
        chosen = st.radio(f"**{number}.** {asked}", question.answers, index=None, key=key, horizontal=True)
        if chosen is None:
            return
        verdict = "quiz.right" if chosen == question.answers[question.right] else "quiz.wrong"
        st.markdown(f"**{tr(verdict)}** {tr(f'quiz.{question.name}.because', **question.values)}")
