"""What lies on the belt: one unit of an LSTM on its way through a sequence, and which unit is worth looking at."""

from typing import NamedTuple

import numpy as np

from ann_core.charts.memory.belt import Carried
from ann_core.lessons.lstm import race
from ann_core.lessons.lstm.racers import racer
from ann_core.lessons.lstm.surgery.operate import OPERABLE
from ann_core.maths.networks.recurrent import Network
from ann_core.probing import recall
from ann_core.probing.recall import Way
from ann_core.specs import RecallSpec
from ann_core.starts.recall import network
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.figures.figure import Source

CHANGED = 0.1
"""Of the largest memory of a sequence: what changes it by so much is worth going to."""


class AtHand(NamedTuple):
    """An LSTM, its settings, where it comes from, and what tells it from others."""

    spec: RecallSpec
    made: Network
    source: Source
    key: str


def at_hand() -> AtHand:
    """The LSTM that the learner has trained; until there is one, that of the settings at hand before any training."""
    run = next((run for name in OPERABLE if (run := race.trained(name)) is not None), None)
    if run is not None:
        return AtHand(run.spec, recall.network_of(run), Source.run(run), run.key)
    spec = racer(session.bench(race.EXPERIMENT).spec, "lstm", session.bench(race.EXHIBIT).spec.alike)
    return AtHand(spec, network(spec, begun(spec).weights), Source.untrained(spec), spec.key())


def carried(found: Way, unit: int) -> Carried:
    """What a unit does in the first of the sequences."""
    memory, state = found.unrolled.memory[0, :, unit], found.unrolled.states[0, 1:, unit]
    parts = {name: found.unrolled.parts[name][0, :, unit] for name in ("forget", "input", "candidate", "squashed", "output")}
    return Carried(before=memory[:-1], after=memory[1:], state=state, **parts)


def shares(made: Network, found: Way) -> np.ndarray:
    """What each unit adds to the sum of the answer given, by its last state: h · w, (units,)."""
    answer = int(found.answers[0].argmax())
    return found.unrolled.states[0, -1] * made.readout.kernel[:, answer]


def next_change(one: Carried, step: int) -> int:
    """The first step after this one at which the memory changes a lot; from the beginning again where there is none."""
    change = np.abs(one.after - one.before)
    found = np.flatnonzero((change > 0) & (change >= CHANGED * np.abs(one.after).max()))
    later = found[found > step]
    return int(next(iter([*later, *found]), 0))
