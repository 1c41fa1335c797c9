"""What the presets promise, over five seeds: `python -m pytest -m slow`."""

import pytest

from ann_core.specs import PointsSpec
from ann_core.training.train import train

pytestmark = pytest.mark.slow
SEEDS = range(1, 6)


def test_the_spiral_is_learned_in_four_of_five_seeds():
    reached = [train(PointsSpec.preset("spiral").changed(seed=seed)).value("val_accuracy") for seed in SEEDS]
    assert sum(value >= 0.97 for value in reached) >= 4, reached


@pytest.mark.parametrize("preset", [name for name in PointsSpec.presets if name not in ("spiral", "hills")])
def test_the_other_presets_of_classes_are_learned(preset):
    reached = [train(PointsSpec.preset(preset).changed(seed=seed)).value("val_accuracy") for seed in SEEDS]
    assert sum(value >= 0.9 for value in reached) >= 4, reached


def test_the_hills_are_learned():
    reached = [train(PointsSpec.preset("hills").changed(seed=seed)).value("val_mean_absolute_error") for seed in SEEDS]
    assert sum(value <= 0.15 for value in reached) >= 4, reached
