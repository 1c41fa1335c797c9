"""Sequences that cannot be answered without a memory: recall the first symbol, add two marked numbers, watch the brackets."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

CUES = 8
DISTRACTORS = 8
BRACKETS = "()·"
OPEN, CLOSED, FILLER = range(3)
CLOSE_ENOUGH = 0.1


class Sequences(NamedTuple):
    """Inputs (n, time, inputs), uint8 where they are symbols, one-hot, else float32; what is asked of each, (n,) or (n, 1)."""

    x: np.ndarray
    y: np.ndarray


def recall(count: int, gap: int, random: np.random.Generator) -> Sequences:
    """One of the cues, then `gap` distractors: which cue was it? Cues and distractors are different symbols."""
    cues = random.integers(0, CUES, count)
    between = CUES + random.integers(0, DISTRACTORS, (count, gap))
    return Sequences(one_hot(np.concatenate([cues[:, None], between], axis=1), CUES + DISTRACTORS), cues.astype(np.uint8))


def adding(count: int, gap: int, random: np.random.Generator) -> Sequences:
    """Numbers of 0 … 1, two of them marked, one in each half: what is their sum? Inputs: the number, and 1 where it is marked."""
    time = gap + 1
    values = random.random((count, time))
    marks = np.zeros((count, time))
    half = time // 2
    rows = np.arange(count)
    marks[rows, random.integers(0, half, count)] = 1
    marks[rows, random.integers(half, time, count)] = 1
    return Sequences(np.stack([values, marks], axis=-1).astype(np.float32), (values * marks).sum(axis=1, keepdims=True).astype(np.float32))


def brackets(count: int, gap: int, random: np.random.Generator) -> Sequences:
    """Brackets among fillers: does every one that is opened get closed, and none before? One half of the sequences is balanced."""
    balanced = random.random(count) < 0.5
    symbols = np.stack([_balanced(gap + 1, random) for _ in range(count)])
    for row in np.flatnonzero(~balanced):
        _spoil(symbols[row], random)
    return Sequences(one_hot(symbols, len(BRACKETS)), balanced.astype(np.uint8))


def _balanced(time: int, random: np.random.Generator) -> np.ndarray:
    """Pairs of brackets within each other and beside each other, at places drawn by lot."""
    pairs = int(random.integers(1, max(2, min(time // 2, 6) + 1)))
    steps, depth = [], 0
    opened = closed = 0
    while closed < pairs:
        opens = opened < pairs and (depth == 0 or random.random() < 0.5)
        steps.append(OPEN if opens else CLOSED)
        opened, closed, depth = opened + opens, closed + (not opens), depth + (1 if opens else -1)
    symbols = np.full(time, FILLER)
    symbols[np.sort(random.choice(time, 2 * pairs, replace=False))] = steps
    return symbols


def _spoil(symbols: np.ndarray, random: np.random.Generator) -> None:
    """Turn one bracket round: their number no longer comes out even. Or all of them: it does, but each is closed before it is opened."""
    at = np.flatnonzero(symbols != FILLER)
    turned = at if random.random() < 0.5 else random.choice(at, 1)
    symbols[turned] = CLOSED - symbols[turned]


def is_balanced(symbols: np.ndarray) -> bool:
    """Whether every bracket that is opened in these symbols (time,) is closed, and none before."""
    depth = np.cumsum((symbols == OPEN).astype(int) - (symbols == CLOSED))
    return bool(depth[-1] == 0 and depth.min() >= 0)


def one_hot(symbols: np.ndarray, count: int) -> np.ndarray:
    """Symbols (…,) as rows of zeros with a single one: uint8 (…, count)."""
    return np.eye(count, dtype=np.uint8)[symbols]


class Task(NamedTuple):
    """How sequences are made, how many inputs a step has, and how many classes there are to choose from: 0 for a value."""

    make: Callable[[int, int, np.random.Generator], Sequences]
    inputs: int
    classes: int


TASKS = {
    "recall": Task(recall, CUES + DISTRACTORS, CUES),
    "adding": Task(adding, 2, 0),
    "brackets": Task(brackets, len(BRACKETS), 2),
}


@lru_cache(maxsize=16)
def sequences(task: str, count: int, gap: int, seed: int) -> Sequences:
    """So many sequences of a task, each of `gap` + 1 steps; they cannot be changed."""
    made = TASKS[task].make(count, gap, np.random.default_rng([seed, 5]))
    for array in made:
        array.setflags(write=False)
    return made


def chance(task: str, y: np.ndarray) -> float:
    """The accuracy of always giving the same answer: the most frequent class, or, for a sum, one."""
    if TASKS[task].classes:
        return float(np.bincount(y).max() / len(y))
    return float((np.abs(y - 1) < CLOSE_ENOUGH).mean())
