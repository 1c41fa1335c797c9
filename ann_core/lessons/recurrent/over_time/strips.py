"""What a network does at each value of the series: the states of its units, its surprise, what moves its answer."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.charts.networks import convolution as panels
from ann_core.charts.sequences.forecast import Strip
from ann_core.lessons.recurrent.at_hand import AtHand
from ann_core.maths.networks.cells import CELLS
from ann_core.maths.networks.recurrent import answer_slopes, network, unroll
from ann_core.training.records import Checkpoint
from ann_core.ui.language import tr

MOST_ROWS = 12
CLOSE = 60
LEAST_COLUMNS = 16
MOST_WORK = 200_000  # numbers that a cell computes for one moment
BOUNDED = ("tanh", "sigmoid")
UNIT = "unit"


class Inner(NamedTuple):
    """What goes on in a network before it answers what comes at some places of the series, at each moment of a training.

    `states` (moments, units, n) of the first units; `slopes` (moments, steps, n), by how much the answer moves with a value read,
    of the last steps, the last one first.
    """

    states: np.ndarray
    slopes: np.ndarray


def strips(hand: AtHand, checkpoints: Sequence[Checkpoint], inner: Inner, row: int) -> list[Strip]:
    """What can lie beneath the series, the one last that lies there first; of the units, one is chosen by its `row`."""
    at, (states, slopes) = places_of(hand), inner
    names, row = [hand.name(place) for place in at], min(max(row, 0), states.shape[1] - 1)
    units = [tr("unrolled.unit", number=number + 1) for number in range(states.shape[1])]
    steps = [tr("unrolled.step", number=hand.spec.window - number) for number in range(slopes.shape[1])]
    greatest = 1.0 if hand.spec.activation in BOUNDED else panels.largest(states)
    return [
        Strip(tr("strip.unit"), states[:, row : row + 1], greatest, units[row : row + 1], names),
        Strip(tr("strip.surprise"), surprise(hand, checkpoints, at)[:, None], hand.deviation, [tr("strip.error")], names),
        Strip(tr("strip.influence"), slopes, 1.0, steps, names),
        Strip(_of_units(hand, len(units)), states, greatest, units, names, UNIT, row),
    ]


def _of_units(hand: AtHand, shown: int) -> str:
    units = hand.spec.units
    return tr("strip.states") if shown == units else tr("strip.states.some", shown=shown, units=units)


def close_by(hand: AtHand) -> tuple[int, int]:
    """A part of the series around the place from which the network goes on by itself."""
    count = len(hand.series.values)
    begin = max(0, min(hand.begins - CLOSE, count - 2 * CLOSE))
    return begin, min(count, begin + 2 * CLOSE)


def places_of(hand: AtHand) -> np.ndarray:
    """The places of the values close by that are foretold; only the last of them where a network has much to compute."""
    spec, (begin, end) = hand.spec, close_by(hand)
    work = spec.window * spec.units * max(len(CELLS[spec.cell].blocks), 1)
    return np.arange(max(begin, spec.window, end - max(LEAST_COLUMNS, MOST_WORK // work)), end)


def inner_of(hand: AtHand, checkpoints: Sequence[Checkpoint]) -> Inner:
    """What goes on in the networks of these checkpoints, in the precision of the training."""
    x, found = hand.windows[0][places_of(hand) - hand.spec.window], []
    for each in checkpoints:
        at_work = network(hand.spec.cell, each.weights, hand.spec.activation)
        way = unroll(at_work.cell, x)
        found.append((way.states[:, -1].T[:MOST_ROWS], answer_slopes(at_work, way)[:, ::-1, 0].T[:MOST_ROWS]))
    return Inner(*map(np.stack, zip(*found, strict=True)))


def surprise(hand: AtHand, checkpoints: Sequence[Checkpoint], at: np.ndarray) -> np.ndarray:
    """How far above the values at these places the forecasts are, in the series' unit: (moments, n)."""
    truth = hand.series.values[at].astype(float)
    return np.stack([hand.predicted(each)[at - hand.spec.window] - truth for each in checkpoints])
