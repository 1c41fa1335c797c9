"""What the starts of several networks share: seeds of their own for all parts, and dense layers."""

from collections.abc import Sequence
from itertools import pairwise

from ann_core.maths.learning.initialisers import Draw, Weights, glorot_uniform, zeros


def seed_of(seed: int, part: int) -> int:
    """The seed of a part of a network, of which there are less than a hundred: no two networks draw alike."""
    return seed * 100 + part


def dense(seed: int, sizes: Sequence[int], first: int = 0, draw: Draw = glorot_uniform, biased: bool = True) -> Weights:
    """Kernels, each before its biases if there are any, of dense layers with these sizes, inputs first; the parts count from `first`."""
    weights = []
    for part, shape in enumerate(pairwise(sizes), first):
        weights.append(draw(seed_of(seed, part), shape))
        if biased:
            weights.append(zeros(shape[1:]))
    return weights
