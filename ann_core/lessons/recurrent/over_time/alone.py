"""The network on its own, at each moment of a training: it is fed with its own answers."""

from collections.abc import Sequence

import numpy as np

from ann_core.lessons.recurrent.at_hand import AtHand, networks_of
from ann_core.maths.measures.continuations import steps_beside
from ann_core.maths.networks.recurrent import free_run, together
from ann_core.training.records import Checkpoint

LEAST_AHEAD, MOST_AHEAD = 20, 365
MOST_READ = 5_000  # values, in all windows
MOST_PRODUCTS = 20_000_000  # of one network of a film, with its recurrent weights
TOLERANCE = 0.4
"""How far from the series, in its standard deviations, a continuation may be: as in J. Pathak et al., Phys. Rev. Lett. 120 (2018)."""


def most_ahead(hand: AtHand) -> int:
    """How many steps a network is asked to go on by itself at most."""
    return max(LEAST_AHEAD, min(MOST_AHEAD, len(hand.series.values), MOST_READ // hand.spec.window))


def continuations(hand: AtHand, checkpoints: Sequence[Checkpoint]) -> np.ndarray:
    """How each of these goes on by itself from where it `begins`, to the end of the series if that is not too far: (moments, steps)."""
    network = together(networks_of(hand.spec, checkpoints))
    affordable = max(LEAST_AHEAD, MOST_PRODUCTS // (hand.spec.window * network.cell.recurrent[0].size))
    steps = min(len(hand.series.values) - hand.begins, most_ahead(hand), affordable)
    made = free_run(network, hand.window_before(hand.begins), steps)
    return hand.scale.restored(made)


def beside(hand: AtHand, made: np.ndarray) -> int:
    """For how many steps a continuation (steps,) stays close to the series."""
    truth = hand.series.values[hand.begins : hand.begins + len(made)].astype(float)
    return steps_beside(made, truth, TOLERANCE * hand.deviation)


def over_earlier(hand: AtHand, made: np.ndarray) -> np.ndarray:
    """Each value of continuations (moments, steps), and the one so many steps before it, which is across: (moments, steps, 2)."""
    before = hand.series.values[max(0, hand.begins - hand.back) : hand.begins].astype(float)
    whole = np.concatenate([np.broadcast_to(before, (len(made), len(before))), made], axis=1)
    return np.stack([whole[:, : -hand.back], whole[:, hand.back :]], axis=-1)
