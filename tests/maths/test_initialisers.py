"""Starting weights are those of Keras for the same seed, and the same bytes wherever they are drawn."""

from functools import partial
from hashlib import sha256

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import initializers

from ann_core.maths.learning import draws
from ann_core.maths.learning.initialisers import glorot_uniform, he_normal, orthogonal, random_normal

KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""The vectors that Random123 publishes for Philox 4×32-10: counter, key, block."""

INITIALISERS = {
    "glorot": (glorot_uniform, initializers.GlorotUniform),
    "he": (he_normal, initializers.HeNormal),
    "normal": (partial(random_normal, deviation=0.5), partial(initializers.RandomNormal, stddev=0.5)),
    "orthogonal": (orthogonal, initializers.Orthogonal),
}
SHAPES = {name: st.lists(st.integers(1, 24), min_size=2, max_size=4) for name in INITIALISERS} | {
    "orthogonal": st.lists(st.integers(1, 48), min_size=2, max_size=2)
}
LAST_DIGITS = 8 * np.finfo(np.float32).eps
DRAWN, SHAPE = 1_000, (12, 8)
BYTES = {"glorot": "c9e0a3e23466538b", "he": "88281d5802c81130", "normal": "9dd288ed882f2383", "orthogonal": "723092437c5bc742"}
SHARES = np.linspace(0.1, 0.9, 9)


def keras_draws(name, seed, shape):
    return keras.ops.convert_to_numpy(INITIALISERS[name][1](seed=seed)(shape))


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN)
def test_the_generator_gives_the_published_numbers(counter, key, block):
    assert draws.philox(np.array([counter], np.uint32), key)[0].tolist() == list(block)


@given(seed=st.integers(0, 2**31 - 3), shape=SHAPES["glorot"])
def test_glorots_weights_are_those_of_keras_to_the_bit(seed, shape):
    np.testing.assert_array_equal(glorot_uniform(seed, shape), keras_draws("glorot", seed, shape))


@pytest.mark.parametrize("name", [name for name in INITIALISERS if name != "glorot"])
@given(data=st.data(), seed=st.integers(0, 2**31 - 3))
def test_other_weights_are_those_of_keras_to_the_last_digits(name, data, seed):
    shape = data.draw(SHAPES[name])
    ours, theirs = INITIALISERS[name][0](seed, shape), keras_draws(name, seed, shape)
    assert (ours.dtype, ours.shape) == (np.float32, theirs.shape)
    worse = condition(seed, shape) if name == "orthogonal" else 1
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=LAST_DIGITS * worse * max(1, np.abs(theirs).max()))


def condition(seed, shape):
    """How much a matrix magnifies the roundings of Keras, which makes its columns orthogonal in float32; ours are in float64."""
    return np.linalg.cond(draws.normal(seed, (max(shape), min(shape))).astype(float))


def test_a_large_kernel_is_that_of_keras_too():
    np.testing.assert_array_equal(glorot_uniform(100, (784, 512)), keras_draws("glorot", 100, (784, 512)))
    np.testing.assert_allclose(he_normal(7, (300, 200)), keras_draws("he", 7, (300, 200)), rtol=0, atol=LAST_DIGITS)


@pytest.mark.parametrize("name", INITIALISERS)
def test_a_thousand_draws_are_spread_as_those_of_keras(name):
    """Keras draws with other seeds: what is alike is the distribution, not the number."""
    ours = np.stack([INITIALISERS[name][0](seed, SHAPE) for seed in range(DRAWN)]).astype(float)
    theirs = np.stack([keras_draws(name, seed, SHAPE) for seed in range(DRAWN, 2 * DRAWN)]).astype(float)
    deviation = theirs.std()
    error = deviation / np.sqrt(theirs.size)
    assert abs(ours.mean() - theirs.mean()) < 6 * error
    assert abs(ours.std() - deviation) < 6 * error
    assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.2 if name == "normal" else 0.03)
    np.testing.assert_allclose(np.quantile(ours, SHARES), np.quantile(theirs, SHARES), rtol=0, atol=12 * error)
    if name == "orthogonal":
        for drawn in (ours, theirs):
            np.testing.assert_allclose(drawn.swapaxes(1, 2) @ drawn, np.broadcast_to(np.eye(8), (DRAWN, 8, 8)), atol=1e-6)


@pytest.mark.parametrize("name", INITIALISERS)
def test_the_bytes_are_the_same_everywhere(name):
    """In any Python and NumPy: what is written here was found in Python 3.11, 3.12 and 3.13."""
    drawn = [INITIALISERS[name][0](seed, shape) for seed in (0, 1, 999_999) for shape in ((2, 8), (8, 1), (30, 20), (16, 48))]
    assert sha256(b"".join(weights.tobytes() for weights in drawn)).hexdigest()[:16] == BYTES[name]
