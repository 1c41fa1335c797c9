"""Games that were played, by NumPy: both players at any moment, and how good the imitation is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from ann_core.data.gan import DEVIATION, EDGE, TARGETS
from ann_core.data.images import centred, rows_of
from ann_core.maths.measures.distances import Modes, energy_distance, jensen_shannon, modes
from ann_core.specs import GanSpec
from ann_core.specs.gan import Game
from ann_core.starts.gan import Players
from ann_core.starts.gan import players as players_with
from ann_core.training.examples.gan import WATCHED
from ann_core.training.records import Checkpoint

CELLS = 20
COMPARED = 500
SPOT, SPOTS, CROWDED = 0.08, 3, 0.05
"""A spot is as wide as a dot on the stage; at most so many are looked for; crowded is one with such a share of all samples."""


def players(spec: Game, checkpoint: Checkpoint) -> Players:
    """Both players at a moment, in the precision of their weights."""
    return players_with(spec, checkpoint.weights)


def samples_of(spec: Game, checkpoint: Checkpoint) -> np.ndarray:
    """What is made of the watched noise at a moment, as the discriminator sees it: points (n, 2), pictures (n, pixels) of -1 … 1."""
    return centred(rows_of(checkpoint.predicted)) if spec.pictures else checkpoint.predicted


def whole(checkpoint: Checkpoint) -> bool:
    """Whether all of a moment is finite numbers."""
    return checkpoint.finite and bool(np.isfinite(checkpoint.predicted).all())


class Quality(NamedTuple):
    """How good imitations are, a number a moment, (moments,); NaN where there are no finite points.

    Energy distance to the real points; Jensen-Shannon divergence on a grid, in bits; where the target has modes, how many are
    found, and the share of samples near one.
    """

    energy: np.ndarray
    divergence: np.ndarray
    found: np.ndarray | None
    share: np.ndarray | None


def centres_of(spec: GanSpec) -> np.ndarray | None:
    """The centres of a target's modes, (modes, 2), where it has such."""
    return TARGETS[spec.target].centres if spec.target in TARGETS else None


def set_apart(real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of real points (n, 2) those that stand for a perfect imitation, as many as there are samples, and those that all is held to."""
    count = min(WATCHED, len(real) // 2)
    return real[:count], real[count:]


def quality(spec: GanSpec, real: np.ndarray, checkpoints: Sequence[Checkpoint]) -> Quality:
    """The imitation at every moment, beside real points (n, 2) without those that are set apart."""
    centres, real = centres_of(spec), set_apart(real)[1]
    energy, divergence, found, share = (np.full(len(checkpoints), np.nan) for _ in range(4))
    for place, checkpoint in enumerate(checkpoints):
        if not whole(checkpoint):
            continue
        samples = checkpoint.predicted
        energy[place] = energy_distance(samples[:COMPARED], real[:COMPARED])
        divergence[place] = jensen_shannon(samples, real, -EDGE, EDGE, CELLS)
        if centres is not None:
            counted = modes(samples, centres, DEVIATION)
            found[place], share[place] = counted.found, counted.share
    return Quality(energy, divergence, *((found, share) if centres is not None else (None, None)))


def outside(samples: np.ndarray) -> np.ndarray:
    """The share of samples (…, n, 2) that lie outside the plane that is shown: (…,)."""
    return (np.abs(samples) > EDGE).any(axis=-1).mean(axis=-1)


class Crowds(NamedTuple):
    """Spots that many samples share at some moments, the most crowded first: counts (moments, spots), 0 for none, places (…, 2)."""

    counts: np.ndarray
    places: np.ndarray


def crowds(samples: np.ndarray) -> Crowds:
    """Where so many samples (moments, n, 2) lie on one spot that they look like few."""
    counts, places = np.zeros((len(samples), SPOTS)), np.zeros((len(samples), SPOTS, 2))
    for moment, points in enumerate(samples):
        left = points[np.isfinite(points).all(axis=1)]
        for spot in range(SPOTS):
            near = cdist(left, left) <= SPOT
            if not len(left) or near.sum(axis=1).max() < CROWDED * len(points):
                break
            chosen = near[near.sum(axis=1).argmax()]
            counts[moment, spot], places[moment, spot] = chosen.sum(), left[chosen].mean(axis=0)
            left = left[~chosen]
    return Crowds(counts, places)


def modes_of(spec: GanSpec, checkpoint: Checkpoint) -> Modes | None:
    """Which modes a moment has; None where the target has none, or there are no finite points."""
    centres = centres_of(spec)
    return modes(checkpoint.predicted, centres, DEVIATION) if centres is not None and whole(checkpoint) else None
