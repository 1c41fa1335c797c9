"""Marks from which the browser computes: a network for points, where a point is in it, a neuron in the hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_core.charts.film.marks import Box


@dataclass(frozen=True)
class Network:
    """That the pictures and links of a panel are a network for points: the browser sends through it the one that is clicked.

    `features` are made of the point's two coordinates, each from -`reach` to `reach`; `activations` are the layers'. What stands at
    the `axes` goes from the first of the `corners` (2, 2) to the second, in `whole` numbers alone or in any. Without `classes` the
    answer is a value.
    """

    kind: ClassVar = "network"
    features: Sequence[str]
    activations: Sequence[str]
    reach: float
    axes: Sequence[str]
    corners: np.ndarray
    whole: bool
    classes: Sequence[str]


@dataclass(frozen=True)
class Spot:
    """Where in a box the point is that was clicked: in the plane itself, or as a `layer` of the network moves it.

    There its outputs are seen along `directions`, float32 (units, 2), in a box with these `corners`.
    """

    kind: ClassVar = "spot"
    box: Box
    layer: int = 0
    directions: np.ndarray | None = None
    corners: np.ndarray | None = None


@dataclass(frozen=True)
class Neuron:
    """A neuron of two inputs in the learner's hand: its line, where the sum is zero, can be moved and turned in the browser.

    `numbers` are w₁, w₂ and b, each between -`most` and `most` in steps of `step`; the box reaches from -`reach` to `reach`.
    `answers` are those to the sums from -`farthest` to `farthest`, float32 (n,), in equal steps. What depends on the numbers
    follows: the pictures that are called `maps`, the connections `links`, the picture of the bias `square`,
    and the point `here`, which is its sum and its answer for `inputs`. White on the maps
    stands for `middle`, the full colours for `full` more or less, or, without it, for what is farthest from it. Beside the
    `corners`, (k, 2), stand the answers there, and whether they are on the side of a half that is `wanted`, 0 or 1.
    """

    kind: ClassVar = "neuron"
    box: Box
    numbers: Sequence[float]
    most: float
    step: float
    reach: float
    answers: np.ndarray
    farthest: float
    middle: float
    full: float | None
    corners: Sequence[tuple[float, float]]
    wanted: Sequence[float]
    maps: Sequence[str]
    links: str
    square: str
    inputs: Sequence[float]
    here: str
