"""One frozen record per experiment: every hyperparameter, its default and its bounds, once."""

from ann_core.specs.attention import AttentionSpec
from ann_core.specs.convolutional import ConvolutionalSpec
from ann_core.specs.feedforward import FeedForwardSpec
from ann_core.specs.gan import UPDATES_A_ROUND, GanSpec
from ann_core.specs.gan_digits import GanDigitsSpec
from ann_core.specs.kinds import Seed
from ann_core.specs.points import CLASSES, Layer, PointsSpec
from ann_core.specs.recall import RecallSpec
from ann_core.specs.recurrent import RecurrentSpec

__all__ = [
    "CLASSES",
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
