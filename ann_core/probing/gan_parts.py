"""The parts of what a game imitates, and which of them samples are at."""

from typing import NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.ndimage import binary_dilation, label

from ann_core.data.gan import DEVIATION, EDGE
from ann_core.data.images import DIGITS_TRAINING, centred, small_digits
from ann_core.maths.measures.distances import WITHIN, nearest
from ann_core.probing.gan import centres_of
from ann_core.specs import GanSpec

CELL = 0.12
"""What is painted hangs together where its squares of this side touch, or have one empty square between them."""
LEAST_PIECE = 0.005
LONG = 1.5
"""A piece that reaches farther is cut: its ends are different places."""
CUTS = 8
REACH = 0.25
USUAL = 0.95


class Parts(NamedTuple):
    """Places (n, dims), the number of the part that each belongs to (n,), and how near to one of them a sample has to be.

    `whole` parts are those that the target itself has: clouds, digits, what was painted apart; others were cut out of it.
    """

    places: np.ndarray
    numbers: np.ndarray
    reach: float
    whole: bool = True

    @property
    def count(self) -> int:
        return int(self.numbers.max()) + 1

    def shares(self, samples: np.ndarray) -> np.ndarray:
        """The share of samples (n, dims) at each part, (parts,); those that are near none count for none."""
        places, distances = nearest(samples, self.places)
        at = self.numbers[places][distances <= self.reach]
        return np.bincount(at, minlength=self.count) / len(samples)


def clouds(centres: np.ndarray) -> Parts:
    """Clouds around centres (clouds, 2), as they are counted everywhere: within three standard deviations."""
    return Parts(centres, np.arange(len(centres)), WITHIN * DEVIATION)


def parts_of(spec: GanSpec, real: np.ndarray) -> Parts:
    """The parts of a target in the plane, (n, 2) of its points: its clouds, or what is found in the points."""
    centres = centres_of(spec)
    return pieces(real) if centres is None else clouds(centres)


def pieces(real: np.ndarray) -> Parts:
    """What hangs together among real points (n, 2) is a part; what is long is cut, into eight where there is nothing else."""
    numbers = _hanging_together(real)
    extents = [np.ptp(real[numbers == number], axis=0).max() for number in range(numbers.max() + 1)]
    found, cut = np.zeros(len(real), int), False
    for number, extent in enumerate(extents):
        inside = numbers == number
        cuts = max(round(CUTS * inside.mean()), 1) if extent > LONG else 1
        first = found.max() + 1 if number else 0
        found[inside] = first + (kmeans2(real[inside].astype(float), cuts, seed=0, minit="++")[1] if cuts > 1 else 0)
        cut = cut or cuts > 1
    return Parts(real, np.unique(found, return_inverse=True)[1], REACH, whole=not cut)


def _hanging_together(real: np.ndarray) -> np.ndarray:
    """The number of the piece that each real point (n, 2) lies in, the first ones on the left: (n,); specks go to the nearest piece."""
    cells = int(2 * EDGE / CELL)
    columns, rows = np.clip((real + EDGE) / CELL, 0, cells - 1).astype(int).T
    taken = np.zeros((cells, cells), bool)
    taken[columns, rows] = True
    labelled = label(binary_dilation(taken, np.ones((2, 2))), np.ones((3, 3)))[0][columns, rows]
    sizes = np.bincount(labelled)
    kept = np.flatnonzero(sizes >= LEAST_PIECE * len(real))
    large = np.isin(labelled, kept)
    places, _ = nearest(real, real[large])
    return np.searchsorted(kept, labelled[large][places])


def digits() -> Parts:
    """The ten digits: a sample is at one where it is as near to a training digit as unseen real ones usually are."""
    rows, labels = small_digits()
    known, unseen = centred(rows[:DIGITS_TRAINING]), centred(rows[DIGITS_TRAINING:])
    reach = float(np.quantile(nearest(unseen, known)[1], USUAL))
    return Parts(known, labels[:DIGITS_TRAINING].astype(int), reach)
