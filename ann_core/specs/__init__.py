"""One frozen record per experiment: every hyperparameter, its default and its bounds, once."""

from ann_core.spec import Spec
from ann_core.specs.games import UPDATES_A_ROUND, GanDigitsSpec, GanSpec
from ann_core.specs.images import ConvolutionalSpec, FeedForwardSpec
from ann_core.specs.kinds import Seed
from ann_core.specs.points import CLASSES, Layer, PointsSpec
from ann_core.specs.sequences import AttentionSpec, RecallSpec, RecurrentSpec

__all__ = [
    "CLASSES",
    "SPECS",
    "UPDATES_A_ROUND",
    "AttentionSpec",
    "ConvolutionalSpec",
    "FeedForwardSpec",
    "GanDigitsSpec",
    "GanSpec",
    "Layer",
    "PointsSpec",
    "RecallSpec",
    "RecurrentSpec",
    "Seed",
]

SPECS: dict[str, type[Spec]] = {
    cls.experiment: cls
    for cls in (PointsSpec, FeedForwardSpec, ConvolutionalSpec, RecurrentSpec, RecallSpec, AttentionSpec, GanSpec, GanDigitsSpec)
}
"""The spec class of every experiment."""
