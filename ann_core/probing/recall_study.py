"""How often each cell learns a memory task: figures over gaps, starts and seeds, kept with their settings.

`tests/claims/study_of_recall.py` measures them; a slow test measures some of them again.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ann_core.maths.networks.recurrent import Network, network
from ann_core.specs import RecallSpec

KEPT = Path(__file__).parents[2] / "assets" / "studies"
FOUND = 0.9
"""The share of right answers from which on a task counts as found."""

RACERS = ("lstm", "usual_lstm", "simple")
"""The cells of the study: an LSTM open to memory, one that begins as usual, a simple cell."""


class Part(NamedTuple):
    """Trainings of the same settings: which cell, and by seed the accuracy on sequences held out after every epoch."""

    racer: str
    spec: RecallSpec
    courses: dict[int, tuple[float, ...]]

    def after(self, epochs: int) -> np.ndarray:
        """The accuracy of every seed after so many epochs."""
        return np.array([course[epochs - 1] for course in self.courses.values()])


@dataclass(frozen=True)
class Share:
    """In how many of so many seeds a task was found: after how many epochs, with which accuracies."""

    found: int
    seeds: int
    epochs: int
    accuracies: tuple[float, ...]


@cache
def study() -> tuple[Part, ...]:
    """All parts of the study."""
    kept = json.loads((KEPT / "recall.json").read_text(encoding="utf-8"))
    return tuple(
        Part(part["racer"], RecallSpec(**part["spec"]), {int(seed): tuple(course) for seed, course in part["courses"].items()})
        for part in kept["parts"]
    )


def parts_of(task: str, racer: str) -> tuple[Part, ...]:
    """The parts on a task with one of the cells, short gaps and short trainings first."""
    return tuple(sorted((part for part in study() if (part.spec.task, part.racer) == (task, racer)), key=_size))


def _size(part: Part) -> tuple[int, int]:
    return part.spec.gap, part.spec.epochs


def share_of(part: Part, epochs: int | None = None) -> Share:
    """How many seeds of a part have found their task after so many epochs; at the end by default."""
    epochs = epochs or part.spec.epochs
    reached = part.after(epochs)
    return Share(int((reached >= FOUND).sum()), len(reached), epochs, tuple(reached.tolist()))


def first_found(courses: Iterable[tuple[float, ...]]) -> list[int]:
    """The epochs after which a task was found, one for each course that ever came so far."""
    return [1 + next(place for place, value in enumerate(course) if value >= FOUND) for course in courses if max(course) >= FOUND]


@cache
def adder() -> tuple[RecallSpec, Network]:
    """A network that has learned to add two marked numbers, and its settings: trained once and kept."""
    spec = RecallSpec.preset("adding")
    with np.load(KEPT / "adding.npz") as kept:
        weights = [kept[f"weight_{place}"] for place in range(len(kept.files))]
    return spec, network("lstm", weights, "tanh", "linear")
