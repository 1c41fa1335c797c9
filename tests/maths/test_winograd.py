"""Convolutions by Winograd's way equal plain ones, in NumPy and in the layer that trains."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.maths.networks.winograd import POINTS, on_squares, transforms
from ann_core.models.convolutional import PooledConvolution

SEEDS = st.integers(0, 2**32 - 1)
KINDS = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}


@given(st.integers(1, 4), st.integers(1, 5), SEEDS)
def test_products_at_points_are_a_sliding_kernel(outputs, taps, seed):
    if outputs + taps - 2 > len(POINTS):
        return
    random, one = np.random.default_rng(seed), transforms(outputs, taps)
    kernel, values = random.normal(size=taps), random.normal(size=outputs + taps - 1)
    products = (one.kernel @ kernel) * (one.inputs @ values)
    assert len(products) == outputs + taps - 1
    np.testing.assert_allclose(one.outputs @ products, np.correlate(values, kernel, "valid"), atol=1e-12)


@given(st.sampled_from([(2, 3), (2, 5), (4, 3)]), SEEDS)
def test_a_square_goes_along_both_of_its_sides(sizes, seed):
    (outputs, taps), random = sizes, np.random.default_rng(seed)
    side, square = outputs + taps - 1, on_squares(transforms(outputs, taps))
    kernel, values = random.normal(size=(taps, taps)), random.normal(size=(side, side))
    made = square.outputs @ ((square.kernel @ kernel.ravel()) * (square.inputs @ values.ravel()))
    slid = [[(values[i : i + taps, j : j + taps] * kernel).sum() for j in range(outputs)] for i in range(outputs)]
    np.testing.assert_allclose(made.reshape(outputs, outputs), slid, atol=1e-11)


@settings(max_examples=40)
@given(
    st.sampled_from([3, 5]),
    st.sampled_from(["max", "average"]),
    st.sampled_from(["relu", "leaky_relu", "tanh", "silu"]),
    st.tuples(st.integers(1, 4), st.integers(6, 13), st.integers(6, 13), st.integers(1, 6)),
    st.integers(1, 7),
    SEEDS,
)
def test_convolution_and_pooling_in_one_are_those_of_keras(side, pooling, activation, shape, filters, seed):
    """What comes out, and the slopes of kernel, bias and inputs, to 1e-5; weights as large as networks begin with."""
    random = np.random.default_rng(seed)
    inputs = tf.constant(random.normal(size=shape).astype(np.float32))
    ours = PooledConvolution(filters, side, pooling, activation=activation)
    plain = keras.Sequential([keras.layers.Conv2D(filters, side, activation=activation), KINDS[pooling](2)])
    weights = [random.normal(size=(side, side, shape[-1], filters)) / (side * shape[-1] ** 0.5), random.normal(size=filters)]
    found = []
    for model in (ours, plain):
        model.build(shape)
        model.set_weights(weights)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = model(inputs)
            total = tf.reduce_sum(outputs * tf.sin(tf.range(tf.size(outputs), dtype=tf.float32).numpy().reshape(outputs.shape)))
        found.append([outputs, *tape.gradient(total, [*model.trainable_variables, inputs])])
    assert ours.compute_output_shape(shape) == plain.compute_output_shape(shape)
    for mine, its in zip(*found, strict=True):
        np.testing.assert_allclose(mine, its, atol=1e-5 * np.abs(its).max(initial=1), rtol=0)


@pytest.mark.parametrize(("side", "shape"), [(3, (28, 28, 1)), (3, (13, 13, 16)), (5, (12, 12, 16))])
def test_what_pooling_leaves_out_is_not_computed(side, shape):
    """Pixels that only a last odd row or column would see change nothing."""
    layer = PooledConvolution(4, side, "max", activation="relu")
    inputs = np.random.default_rng(1).normal(size=(2, *shape)).astype(np.float32)
    seen = (shape[0] - side + 1) // 2 * 2 + side - 1
    changed = inputs.copy()
    changed[:, seen:], changed[:, :, seen:] = np.nan, np.nan
    np.testing.assert_array_equal(layer(inputs), layer(changed))
