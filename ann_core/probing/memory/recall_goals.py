"""What an operation on the gates of an LSTM that recalls letters is to bring about, and in how many sequences held out it does."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ann_core.data.recall import CUES, DISTRACTORS, one_hot
from ann_core.maths.networks.recurrent import Network, answered, end
from ann_core.probing import recall
from ann_core.specs import RecallSpec

GOALS = ("answer", "erase", "second")
ASKED, WANTED = 0, 1
"""The letter that the sequences begin with, and the one that is to be answered: A and B."""

EMPTY = 0.05
"""A unit that keeps no more than this has nothing left."""


class Tried(NamedTuple):
    """In what share of so many sequences the goal is met, and how many cells are held for it; the unit that is to be emptied."""

    share: float
    count: int
    cells: int
    unit: int


def sequences(spec: RecallSpec, goal: str) -> np.ndarray:
    """Sequences held out (n, time, inputs), as the goal needs them: all begin with A, or a second letter, another one, comes at step 2."""
    x, y = recall.judged(spec)
    x = x.copy()
    if goal == "answer":
        x[:, 0] = one_hot(np.array(ASKED), CUES + DISTRACTORS)
    if goal == "second":
        others = (y + np.random.default_rng(spec.seed).integers(1, CUES, len(y))) % CUES
        x[:, 1] = one_hot(others, CUES + DISTRACTORS)
    return x


def tried(spec: RecallSpec, made: Network, goal: str, held: Mapping[str, np.ndarray]) -> Tried:
    """How often a goal is met while these gates are held.

    "answer": B is answered to an A. "second": the second letter is answered. "erase": the unit that keeps most at the end is
    empty then, and the answer is what it was.
    """
    x, unit = sequences(spec, goal).astype(np.float32), 0
    last = end(made.cell, x, held)
    answers = recall.chosen(spec, answered(made, last))
    if goal == "answer":
        met = answers == WANTED
    elif goal == "second":
        met = answers == x[:, 1].argmax(axis=1)
    else:
        before = end(made.cell, x)
        unit = int(np.abs(before.c).mean(axis=0).argmax())
        met = (np.abs(last.c[:, unit]) < EMPTY) & (answers == recall.chosen(spec, answered(made, before)))
    return Tried(float(met.mean()), len(x), sum(int(np.isfinite(values).sum()) for values in held.values()), unit)
