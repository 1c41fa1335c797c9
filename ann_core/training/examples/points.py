"""Points in the plane, and what a network for them trains on."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from ann_core.data import points
from ann_core.data.points import Points
from ann_core.maths.inputs.features import features
from ann_core.specs import PointsSpec
from ann_core.training.examples import Examples, split
from ann_core.training.records import DataSource, TrainingFailed


def find(spec: PointsSpec, own: Points | None) -> tuple[Examples, DataSource]:
    x, y = points_of(spec, own)
    examples, source = split(features(x, spec.features), y, training_count(spec, len(x)), spec.dataset)
    if spec.balance:
        repeated = points.balanced(examples.y)
        examples = replace(examples, x=examples.x[repeated], y=examples.y[repeated])
    return examples, source


def points_of(spec: PointsSpec, own: Points | None = None) -> Points:
    """The points of a spec, those to train on first. Raises `TrainingFailed` where they should be the learner's own and are not given."""
    if spec.dataset != "own":
        return _generated(spec.dataset, spec.points, spec.noise, spec.rare, spec.drawn_by)
    if own is None:
        raise TrainingFailed("no_own_points")
    order = np.random.default_rng(spec.drawn_by).permutation(len(own.x))
    return Points(own.x[order], own.y[order])


@lru_cache(maxsize=64)
def _generated(dataset: str, count: int, noise: float, rare: float, seed: int) -> Points:
    """Points drawn once for all who ask for the same; they cannot be changed."""
    drawn = points.points(dataset, count, noise, seed)
    if rare < 1:
        drawn = points.rarer(drawn, rare, seed)
    for array in drawn:
        array.setflags(write=False)
    return drawn


def training_count(spec: PointsSpec, count: int) -> int:
    """How many of the points are trained on; the others are held out. There is at least one of either."""
    return min(max(1, round(count * spec.training_share)), count - 1)
