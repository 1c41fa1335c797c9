"""What is shown before a training is the checkpoint 0 of that training."""

import numpy as np
import pytest

from ann_core.data.points import Points
from ann_core.data.recurrent import Series
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanDigitsSpec, GanSpec, PointsSpec, RecallSpec, RecurrentSpec
from ann_core.training.train import train
from ann_core.training.untrained import begun, untrained

IMAGES = {"dataset": "digits", "training_images": 300}
OWN = {
    "points": Points(np.random.default_rng(1).uniform(-1, 1, (60, 2)).astype(np.float32), np.arange(60, dtype=np.uint8) % 3),
    "recurrent": Series(np.sin(np.arange(80, dtype=np.float32))),
}
CASES = {
    "points": PointsSpec(),
    "points, four classes, features, no bias": PointsSpec(
        dataset="four", bias=False, initialiser="he", features=("x1", "product"), dropout=0.4
    ),
    "points, a value": PointsSpec(dataset="hills", initialiser="wide", layers=("5-relu",)),
    "points, own": PointsSpec(dataset="own", own_classes=3),
    "images": FeedForwardSpec(**IMAGES, hidden_units=(20, 10), dropout=0.2),
    "images, raw and shuffled": FeedForwardSpec(**IMAGES, hidden_units=(), scale_pixels=False, shuffled_pixels=True, seed=7),
    "convolution": ConvolutionalSpec(**IMAGES, filters=(4, 6)),
    "convolution, normalised": ConvolutionalSpec(**IMAGES, filters=(3,), kernel_size=5, batch_norm=True, pooling="average", dense_units=0),
    "series": RecurrentSpec(),
    "series, gru, nothing held out": RecurrentSpec(cell="gru", held_out=0.0, length=90, activation="relu", seed=3),
    "series, lstm, cut": RecurrentSpec(cell="lstm", recurrence=False, series="seattle", units=4, window=5),
    "series, own": RecurrentSpec(series="own", window=9),
    "recall": RecallSpec(gap=6, examples=256, units=5),
    "adding, gru": RecallSpec(task="adding", gap=7, examples=256, units=4, cell="gru"),
    "brackets, simple": RecallSpec(task="brackets", gap=6, examples=256, units=4, cell="simple"),
    "attention": AttentionSpec(examples=256, model_width=8),
    "dates, two heads, waves": AttentionSpec(task="dates", examples=256, model_width=16, heads=2, positions="waves"),
    "looking up, two blocks": AttentionSpec(task="look_up", examples=256, model_width=8, blocks=2, norm=False, residual=False, longer=2),
    "game": GanSpec(),
    "game, one number, even": GanSpec(noise_size=1, noise_kind="uniform", activation="tanh", generator_layers=(9,), loss="wasserstein"),
    "game on digits": GanDigitsSpec(generator_layers=(16,), discriminator_layers=(16, 8)),
}


@pytest.mark.parametrize("spec", CASES.values(), ids=CASES.keys())
def test_the_untrained_network_is_where_its_training_begins(spec):
    own = OWN.get(spec.experiment) if "own" in (getattr(spec, "dataset", ""), getattr(spec, "series", "")) else None
    first = train(spec.changed(epochs=1), should_stop=lambda: True, own=own).checkpoints[0]
    found = untrained(spec, own)
    assert found.epoch == first.epoch == 0
    for ours, theirs in zip(found.weights, first.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert (found.predicted.shape, found.predicted.dtype) == (first.predicted.shape, first.predicted.dtype)
    if np.issubdtype(first.predicted.dtype, np.integer):
        assert np.mean(found.predicted != first.predicted) <= ROUNDED[spec.experiment == "gan_digits"]
    else:
        np.testing.assert_allclose(found.predicted, first.predicted, rtol=0, atol=1e-5 * np.abs(first.predicted).max())
    assert (found.confidence is None) == (first.confidence is None)
    if first.confidence is not None:
        np.testing.assert_allclose(found.confidence, first.confidence, rtol=0, atol=1e-5)
    for ours, theirs in zip(begun(spec).weights, first.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


ROUNDED = {False: 0.0, True: 0.001}
"""Classes are equal; of the pixels of a picture, one may be rounded to the next brightness."""
