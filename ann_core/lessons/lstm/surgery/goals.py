"""Goals for the surgery: what is to become of the answers, and how often it does."""

import numpy as np
import streamlit as st

from ann_core.charts.sequences.lstm import Cells
from ann_core.exhibits import OperationExhibit
from ann_core.probing import recall
from ann_core.probing.memory import recall_goals
from ann_core.probing.memory.recall_goals import EMPTY, GOALS, Tried
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.language import labels, tr

FIELD, NONE = "goal", "no_goal"
SOLVED = 0.95
EXAMPLES = {"answer": "A", "second": "CF"}
"""What stands in the learner's own sequence at first."""


def choose(run: Run) -> str:
    """Which goal the learner has taken up, or none; only where letters are recalled there are any."""
    bench = session.bench("operation")
    if run.spec.task != "recall":
        return NONE
    listed = (NONE, *GOALS)
    described = {"format_func": labels("choice", listed), "required": True, "wrap": True, "key": OperationExhibit.query_key(FIELD)}
    chosen = st.segmented_control(tr("field.goal"), listed, default=bench.spec.goal, **described)
    bench.spec = bench.spec.changed(goal=chosen)
    return chosen


def draw(run: Run, goal: str, held: dict[str, np.ndarray], operation: str) -> dict[str, list[Cells]]:
    """What is to be reached, how far it is, and with how many cells; a hint for those who want one. Gives what to frame for it."""
    found = _tried(run.key, goal, operation, run, held)
    message, values = told(found)
    left, right = st.columns((6, 1), vertical_alignment="center")
    left.markdown(tr(f"goal.{goal}", number=found.unit + 1, least=f"{EMPTY:g}"))
    with right.popover(tr("goal.hint"), icon=":material/lightbulb:", width="stretch"):
        st.markdown(tr(f"goal.{goal}.hint", number=found.unit + 1, steps=run.spec.gap + 1))
    st.progress(found.share, text=tr(message, **values))
    return {"memory": [Cells(0, run.spec.gap + 1, found.unit, found.unit + 1)]} if goal == "erase" else {}


def told(found: Tried) -> tuple[str, dict]:
    """How often the goal is met, as a message with values."""
    values = {"share": f"{found.share:.1%}", "n": found.count, "cells": found.cells, "most": f"{SOLVED:.0%}"}
    return "goal.solved" if found.share >= SOLVED else "goal.so_far", values


@st.cache_data(max_entries=128, show_spinner=False)
def _tried(run_key: str, goal: str, operation: str, _run: Run, _held: dict) -> Tried:
    return recall_goals.tried(_run.spec, recall.network_of(_run), goal, _held)
