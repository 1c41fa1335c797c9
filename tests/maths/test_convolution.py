"""Convolutional networks in NumPy compute what Keras computes, forwards and backwards."""

from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_core import models
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.maths.networks import convolution, saliency
from ann_core.maths.networks.convolution import Convolution, Dense, Field, Flatten, Normalisation, Pooling
from ann_core.models.convolutional import MaxPooling
from ann_core.specs import ConvolutionalSpec

KERAS_CONSTANTS = 1e-7  # Keras keeps some numbers, such as the slope of leaky ReLU, in single precision
SHAPES = settings(deadline=None, max_examples=60)
SMALL = st.integers(1, 3)
SIDES = st.integers(1, 9)


def close(ours, theirs, tolerance=1e-10):
    """Of the same shape, and within the tolerance, relative to the largest magnitude."""
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, atol=tolerance * np.abs(theirs).max(initial=0), rtol=0)


# --- windows


def reached(size, kernel, stride, padding, dilation):
    """The places along a padded side that each window looks at, one window after the other, found by trying."""
    starts = range(0, size + 2 * padding, stride)
    windows = [[start + dilation * step for step in range(kernel)] for start in starts]
    return [window for window in windows if window[-1] < size + 2 * padding]


@settings(deadline=None, max_examples=300)
@given(st.integers(1, 30), st.integers(1, 7), st.integers(1, 5), st.integers(0, 4), st.integers(1, 4))
def test_sizes_are_those_of_windows_that_are_counted(size, kernel, stride, padding, dilation):
    windows = reached(size, kernel, stride, padding, dilation)
    assert convolution.output_size(size, kernel, stride, padding, dilation) == len(windows)
    last = windows[-1][-1] if windows else -1
    assert convolution.unseen(size, kernel, stride, padding, dilation) == size + 2 * padding - 1 - last


@settings(deadline=None, max_examples=100)
@given(st.tuples(st.integers(1, 12), st.integers(1, 12)), st.integers(1, 5), st.integers(1, 5), st.integers(0, 3), st.integers(1, 4))
def test_pixels_that_are_skipped_are_those_that_change_nothing(sides, kernel, stride, padding, dilation):
    """Lit one by one: with a kernel of ones, what is read shows in the map."""
    lit = np.eye(sides[0] * sides[1]).reshape(-1, *sides, 1)
    maps = convolution.convolve(lit, np.ones((kernel, kernel, 1, 1)), stride, padding, dilation)
    unread = int((maps.reshape(len(lit), -1).sum(axis=1) == 0).sum())
    assert convolution.skipped(sides, kernel, stride, padding, dilation) == unread


def test_sizes_by_hand():
    assert [convolution.output_size(28, 3), convolution.output_size(13, 2, 2), convolution.output_size(4, 5)] == [26, 6, 0]
    assert convolution.output_size(28, 3, stride=2, padding=1, dilation=2) == 13
    assert [convolution.unseen(28, 3), convolution.unseen(13, 2, 2), convolution.unseen(4, 5, padding=0)] == [0, 1, 4]
    assert convolution.unseen(1, 4, padding=1) == 3


def naive(images, kernel, stride, padding, dilation):
    """Cross-correlation window by window."""
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows, columns = (reached(size, side, stride, padding, dilation) for size, side in zip(images.shape[1:3], kernel.shape[:2], strict=True))
    outputs = np.zeros((len(images), len(rows), len(columns), kernel.shape[3]))
    for i, high in enumerate(rows):
        for j, wide in enumerate(columns):
            window = padded[:, high][:, :, wide]
            outputs[:, i, j] = (window[..., None] * kernel).sum(axis=(1, 2, 3))
    return outputs


def drawn(seed, sides, kernel_sides, channels, filters, count):
    random = np.random.default_rng(seed)
    return random.normal(size=(count, *sides, channels)), random.normal(size=(*kernel_sides, channels, filters))


CASES = st.builds(drawn, st.integers(0, 99), st.tuples(SIDES, SIDES), st.tuples(st.integers(1, 4), st.integers(1, 4)), SMALL, SMALL, SMALL)


@SHAPES
@given(CASES, SMALL, st.integers(0, 2), SMALL)
def test_a_convolution_is_what_a_loop_makes_of_every_window(case, stride, padding, dilation):
    close(convolution.convolve(*case, stride, padding, dilation), naive(*case, stride, padding, dilation))


@SHAPES
@given(CASES, st.sampled_from([(1, 1), (2, 1), (3, 1), (1, 2), (1, 3)]), st.integers(0, 2))
def test_a_convolution_is_that_of_keras(case, steps, padding):
    (images, kernel), (stride, dilation) = case, steps  # TensorFlow has no strides with dilation on a CPU
    ours = convolution.convolve(images, kernel, stride, padding, dilation)
    assume(ours.size)  # nor kernels larger than the image
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    close(ours, keras.ops.conv(padded, kernel, stride, "valid", "channels_last", dilation))


def test_an_image_smaller_than_the_kernel_has_no_rows_left():
    assert convolution.convolve(np.ones((2, 2, 5, 1)), np.ones((3, 3, 1, 4))).shape == (2, 0, 3, 4)
    assert convolution.convolve(np.ones((2, 2, 5, 1)), np.ones((3, 3, 1, 4)), padding=1).shape == (2, 2, 5, 4)


def test_patches_are_a_view_that_cannot_be_written_to():
    images = np.arange(2 * 5 * 6 * 3.0).reshape(2, 5, 6, 3)[:, ::-1]
    windows = convolution.patches(images, 2, 3, stride=2)
    assert windows.shape == (2, 2, 2, 2, 3, 3)
    assert np.shares_memory(windows, images)
    assert np.array_equal(windows[1, 1, 1], images[1, 2:4, 2:5])
    with pytest.raises(ValueError, match="read-only"):
        windows[0] = 0


@SHAPES
@given(CASES, st.sampled_from(["max", "average"]), SMALL, st.sampled_from([None, 1, 2, 3]))
def test_pooling_is_that_of_keras(case, kind, size, stride):
    images = case[0]
    assume(size <= min(images.shape[1:3]))
    theirs = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    close(convolution.pool(images, kind, size, stride), theirs(tf.constant(images), size, stride or size, "valid", "channels_last"))


def test_there_is_no_other_pooling():
    with pytest.raises(KeyError):
        convolution.pool(np.ones((1, 4, 4, 1)), "median", 2)


# --- whole networks


def filled(model, seed=0):
    """The model, with random numbers for biases and normalisations: no two of its layers' parts could be exchanged."""
    random = np.random.default_rng(seed)
    model.set_weights([random.uniform(0.2, 1.5, part.shape) if part.ndim == 1 else part for part in model.get_weights()])
    return model


def layers_of(model, convolutions, activation="relu", pooling="max", normalised=False, dense=True):
    return convolution.network(model.get_weights(), convolutions, activation, pooling, normalised, dense)


def in_keras(model, images):
    """What every layer of a model computes, but for those that only pass on."""
    inner = [layer.output for layer in model.layers if not isinstance(layer, keras.layers.Reshape | keras.layers.Dropout)]
    return [np.asarray(part) for part in keras.Model(model.inputs[0], inner)(images)]


def same_as_keras(model, layers, images, tolerance):
    ours, theirs = convolution.forward(layers, images), in_keras(model, images)
    assert len(ours) == len(theirs) == len(layers)
    for our, their in zip(ours, theirs, strict=True):
        assert our.dtype == their.dtype
        assert np.ptp(their) > 0.01
        close(our, their, tolerance)


SPECS = {
    "large": {"filters": (32, 64)},
    "normalised": {"filters": (6, 5), "batch_norm": True},
    "normalised, large kernel, average": {"filters": (6, 5), "batch_norm": True, "kernel_size": 5, "pooling": "average", "dropout": 0.5},
    "no pooling": {"filters": (4, 3), "pooling": "none", "dense_units": 16},
    "one convolution": {"filters": (8,), "dense_units": 0},
    "one normalised convolution": {"filters": (7,), "batch_norm": True, "pooling": "none", "dense_units": 12, "dropout": 0.2},
    "dense alone": {"filters": ()},
    "output alone": {"filters": (), "dense_units": 0},
}


@pytest.mark.parametrize("values", SPECS.values(), ids=SPECS.keys())
def test_every_layer_of_a_network_is_that_of_keras(values):
    spec = ConvolutionalSpec(**values)
    model = filled(models.portable(spec))
    layers = layers_of(model, len(spec.filters), "relu", spec.pooling, spec.batch_norm, spec.dense_units > 0)
    images = np.random.default_rng(1).normal(size=(3, 28, 28)).astype(np.float32)
    same_as_keras(model, layers, images, 1e-5)


@pytest.fixture
def double_precision():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def small_model(activation, pooling, normalised, dense, max_pooling=keras.layers.MaxPooling2D):
    """Two convolutions over small images of two channels; no side of anything is as long as another."""
    network = [keras.Input((15, 19, 2))]
    for depth, (filters, kernel) in enumerate([(3, (3, 2)), (4, (2, 3))]):
        network.append(keras.layers.Conv2D(filters, kernel, activation=activation, kernel_initializer=starts(depth)))
        network += [keras.layers.BatchNormalization()] if normalised else []
        network += [{"max": max_pooling, "average": keras.layers.AveragePooling2D}[pooling](2)] if pooling != "none" else []
    network.append(keras.layers.Flatten())
    network += [keras.layers.Dense(5, activation, kernel_initializer=starts(2))] if dense else []
    return filled(keras.Sequential([*network, keras.layers.Dense(3, "softmax", kernel_initializer=starts(3))]))


def starts(seed):
    return keras.initializers.GlorotNormal(seed)


SMALL_NETWORKS = [
    *((activation, "max", False, True) for activation in ACTIVATIONS if activation != "step"),
    ("relu", "average", True, True),
    ("linear", "none", True, False),
    ("tanh", "max", True, True),
    ("silu", "average", False, False),
]


@pytest.mark.parametrize("parts", SMALL_NETWORKS, ids=str)
def test_activations_and_slopes_of_pixels_are_those_of_keras(parts, double_precision):
    model = small_model(*parts)
    layers = layers_of(model, 2, *parts)
    random = np.random.default_rng(2)
    images, slope = random.normal(size=(4, 15, 19, 2)), random.normal(size=(4, 3))
    same_as_keras(model, layers, images, KERAS_CONSTANTS)
    ours = saliency.input_slope(layers, images, convolution.forward(layers, images), slope)
    close(ours, taped(model, images, slope), KERAS_CONSTANTS)


def taped(model, images, slope):
    """The slope of the pixels as TensorFlow finds it."""
    variable = tf.Variable(images)
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(slope * model(variable))
    return tape.gradient(value, variable).numpy()


def test_equal_pixels_share_the_slope_of_their_maximum(double_precision):
    """On an empty background whole squares are equal; the network that trains shares there too."""
    parts = ("tanh", "max", False, True)
    model = small_model(*parts, max_pooling=MaxPooling)
    layers, images = layers_of(model, 2, *parts), np.zeros((1, 15, 19, 2))
    images[0, 5:9, 7:10] = 1.0
    slope = np.array([[1.0, 0.0, -0.5]])
    ours = saliency.input_slope(layers, images, convolution.forward(layers, images), slope)
    close(ours, taped(model, images, slope))
    assert np.abs(ours - taped(small_like(model, parts), images, slope)).max() > 0.01 * np.abs(ours).max()


def small_like(model, parts):
    other = small_model(*parts)
    other.set_weights(model.get_weights())
    return other


@pytest.mark.parametrize("change", [lambda weights: weights[:-1], lambda weights: [*weights, weights[-1]], lambda weights: weights[:3]])
def test_weights_of_another_network_are_refused(change):
    weights = [np.ones(shape) for shape in ((3, 3, 1, 2), (2,), (338, 10), (10,))]
    assert [layer.kind for layer in convolution.network(weights, 1, "relu", "max", False, False)] == [
        "convolution",
        "max",
        "flatten",
        "dense",
    ]
    with pytest.raises(TypeError):
        convolution.network(change(weights), 1, "relu", "max", False, False)
    with pytest.raises(TypeError):
        convolution.network(weights, 1, "relu", "max", True, False)


# --- slopes by hand


def spatial(random, channels=1, kernel=(3, 2), filters=2, activation="tanh"):
    return Convolution(random.normal(size=(*kernel, channels, filters)) / 3, random.normal(size=filters), activation)


def normalisation(random, channels=2):
    return Normalisation(*random.uniform(0.5, 1.5, (4, channels)))


def tiny(random, side, pooling, activation="tanh"):
    """A network of every kind of layer, for images of two columns more than rows."""
    layers = [spatial(random), normalisation(random), Pooling(pooling, 2), spatial(random, 2, (2, 2), 3, activation), Flatten()]
    width = convolution.forward(layers, np.zeros((1, side, side + 2)))[-1].shape[1]
    dense = Dense(random.normal(size=(width, 4)) / np.sqrt(width), random.normal(size=4), activation)
    return [*layers, dense, Dense(random.normal(size=(4, 3)) / 2, random.normal(size=3), "softmax")]


def lead(inputs):
    """By how much the largest number of any square of four is larger than the second."""
    windows = convolution.patches(inputs, 2, 2, 2)
    second, largest = np.partition(windows.reshape(*windows.shape[:3], 4, -1), (2, 3), axis=3)[:, :, :, 2:].transpose(3, 0, 1, 2, 4)
    return (largest - second).min()


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 999), st.integers(6, 9), st.sampled_from(["max", "average"]), st.sampled_from(["tanh", "silu", "softplus"]))
def test_slopes_of_pixels_agree_with_finite_differences(seed, side, pooling, activation):
    random, step = np.random.default_rng(seed), 1e-5
    layers = tiny(random, side, pooling, activation)
    images, slope = random.normal(size=(2, side, side + 2)), random.normal(size=(2, 3))
    outputs = convolution.forward(layers, images)
    assume(lead(outputs[1]) > 10 * step)  # where another number is about to become the largest, there is no slope
    ours = saliency.input_slope(layers, images, outputs, slope)
    assume(np.abs(ours).max(axis=(1, 2)).min() > 1e-4)  # where it hardly depends on any pixel, a quotient is rounding and no more
    moves = step * np.eye(images[0].size).reshape(-1, *images[0].shape)
    for image, row, found in zip(images, slope, ours, strict=True):
        above, below = (convolution.forward(layers, image + sign * moves)[-1] @ row for sign in (1, -1))
        close(found.ravel(), (above - below) / (2 * step), 1e-6)


def test_pixels_that_pooling_leaves_over_have_no_slope():
    layer, inputs = Pooling("max", 2), np.random.default_rng(3).normal(size=(2, 5, 7, 3))
    slope = layer.backward(inputs, layer.forward(inputs), np.ones((2, 2, 3, 3)))
    assert not slope[:, 4].any()
    assert not slope[:, :, 6].any()
    assert np.array_equal(slope.sum(axis=(1, 2)), np.full((2, 3), 6.0))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_single_precision_stays_single(activation):
    random = np.random.default_rng(4)
    images = random.normal(size=(2, 8, 10))
    double = tiny(random, 8, "max", activation)
    single = [type(layer)(**{name: in_single(value) for name, value in vars(layer).items()}) for layer in double]
    exact, ours = convolution.forward(double, images), convolution.forward(single, images.astype(np.float32))
    for theirs, our in zip(exact, ours, strict=True):
        assert (theirs.dtype, our.dtype) == (np.float64, np.float32)
    slope = np.array([[1, 0, 0], [0, 0, 1]])
    assert saliency.input_slope(single, images.astype(np.float32), ours, slope).dtype == np.float32
    assert saliency.input_slope(double, images, exact, slope).dtype == np.float64


def in_single(value):
    return value.astype(np.float32) if isinstance(value, np.ndarray) else value


def test_an_explosion_is_quiet():
    layers = tiny(np.random.default_rng(5), 8, "max", "linear")
    large = [Convolution(1e200 * layer.kernel, layer.bias, "linear") if isinstance(layer, Convolution) else layer for layer in layers]
    images = 1e200 * np.ones((1, 8, 10))
    with np.errstate(all="raise"):
        outputs = convolution.forward(large, images)
        saliency.input_slope(large, images, outputs, np.ones((1, 3)))
    assert np.isnan(outputs[-1]).all()


# --- receptive fields


@st.composite
def positive_networks(draw):
    """Spatial layers without a negative number: whatever a unit can see moves it."""
    random, channels, layers = np.random.default_rng(draw(st.integers(0, 99))), 1, []
    for kind in draw(st.lists(st.sampled_from(["convolution", "normalisation", "max", "average"]), min_size=1, max_size=4)):
        if kind == "convolution":
            shape = (*draw(st.tuples(SMALL, SMALL)), channels, 2)
            layers.append(Convolution(random.uniform(0.5, 1, shape), random.uniform(size=2), "linear"))
            channels = 2
        elif kind == "normalisation":
            layers.append(normalisation(random, channels))
        else:
            layers.append(Pooling(kind, draw(st.integers(1, 2))))
    return layers


HIGH, WIDE = 17, 19


@SHAPES
@given(positive_networks(), st.data())
def test_a_receptive_field_is_the_pixels_that_move_the_unit(layers, data):
    empty = np.zeros((1, HIGH, WIDE, 1))
    outputs = convolution.forward(layers, empty)
    place = data.draw(st.integers(0, len(layers) - 1))
    row, column = (data.draw(st.integers(0, side - 1)) for side in outputs[place].shape[1:3])
    lit = np.eye(HIGH * WIDE).reshape(-1, HIGH, WIDE, 1)
    moved = np.abs(convolution.forward(layers, lit)[place] - outputs[place])[:, row, column].max(axis=-1) > 1e-9
    field = convolution.receptive_field(layers, place, row, column)
    seen = np.zeros((HIGH, WIDE), bool)
    seen[field.top : field.bottom, field.left : field.right] = True
    assert np.array_equal(moved.reshape(HIGH, WIDE), seen)


def test_receptive_fields_by_hand():
    random = np.random.default_rng(6)
    layers = [spatial(random, kernel=(3, 3)), Pooling("max", 2), spatial(random, 2, (3, 3)), Pooling("max", 2), Flatten()]
    assert convolution.receptive_field(layers, 0, 4, 7) == Field(4, 7, 7, 10)
    assert convolution.receptive_field(layers, 1, 0, 12) == Field(0, 4, 24, 28)
    assert convolution.receptive_field(layers, 3, 4, 0) == Field(16, 26, 0, 10)


def test_a_unit_without_a_place_has_no_field():
    layers = tiny(np.random.default_rng(7), 8, "max")
    for place in range(4, len(layers)):
        with pytest.raises(ValueError, match=f"layer {place} has no rows"):
            convolution.receptive_field(layers, place, 0, 0)


# --- occlusion and single units


@pytest.mark.parametrize(("side", "stride", "fill"), [(1, 1, 0.0), (3, 2, -0.5), (8, 1, 1.0), (5, 4, 0.25)])
def test_occlusion_is_what_covering_by_hand_does(side, stride, fill):
    layers = tiny(np.random.default_rng(8), 8, "max")
    image = np.random.default_rng(9).normal(size=(8, 10))
    before = image.copy()
    ours = saliency.occlusion(layers, image, side, stride, fill)
    assert np.array_equal(image, before)
    rows, columns = range(0, 9 - side, stride), range(0, 11 - side, stride)
    assert ours.shape == (len(rows), len(columns), 3)
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            covered = image.copy()
            covered[top : top + side, left : left + side] = fill
            close(ours[i, j], convolution.forward(layers, covered[None])[-1][0])
    assert np.ptp(ours, axis=(0, 1)).max() > 0.001


def test_occlusion_looks_at_few_images_at_once(monkeypatch):
    counts, whole = [], convolution.forward
    monkeypatch.setattr(saliency, "forward", lambda layers, images: counts.append(len(images)) or whole(layers, images))
    saliency.occlusion(tiny(np.random.default_rng(8), 8, "max"), np.ones((8, 10)), 1, 1)
    assert sum(counts) == 80
    assert max(counts) == saliency.BATCH < 80


def test_occlusion_of_whole_numbers_is_not_rounded():
    layers = tiny(np.random.default_rng(8), 8, "max")
    image = np.random.default_rng(10).integers(0, 3, (8, 10), np.uint8)
    close(saliency.occlusion(layers, image, 3, 2, 0.5), saliency.occlusion(layers, image.astype(float), 3, 2, 0.5))


def test_a_square_larger_than_the_image_has_no_place():
    assert saliency.occlusion(tiny(np.random.default_rng(8), 8, "max"), np.ones((8, 10)), 9, 1).shape == (0, 2, 3)


@SHAPES
@given(CASES, st.data())
def test_the_arithmetic_of_a_unit_makes_its_sum(case, data):
    images, kernel = case
    layer = Convolution(kernel, np.linspace(1, 2, kernel.shape[3]), "relu")
    sums = layer.sums(images)
    assume(sums.size)
    row, column, filter_ = (data.draw(st.integers(0, size - 1)) for size in sums.shape[1:])
    products, channels, total = convolution.unit_sum(layer, images[0], row, column, filter_)
    assert products.shape == kernel.shape[:3]
    close(products, images[0, row : row + kernel.shape[0], column : column + kernel.shape[1]] * kernel[..., filter_])
    close(channels, np.array([products[..., channel].sum() for channel in range(kernel.shape[2])]), 1e-9)
    assert total == pytest.approx(products.sum() + layer.bias[filter_], abs=1e-9)
    assert total == pytest.approx(sums[0, row, column, filter_], abs=1e-9)


@SHAPES
@given(CASES)
def test_the_channels_give_a_filter_its_mean_sum_and_a_neuron_its_whole_one(case):
    images, kernel = case
    layer = Convolution(kernel, np.linspace(1, 2, kernel.shape[3]), "relu")
    assume(layer.sums(images).size)
    given_ = convolution.channel_sums(layer, images[0])
    assert given_.shape == kernel.shape[2:]
    close(given_.sum(axis=0) + layer.bias, layer.sums(images[:1]).mean(axis=(0, 1, 2)), 1e-9)
    for channel in range(kernel.shape[2]):
        alone = Convolution(kernel[:, :, channel : channel + 1], np.zeros(kernel.shape[3]), "relu")
        close(given_[channel], alone.sums(images[:1, ..., channel : channel + 1]).mean(axis=(0, 1, 2)), 1e-9)
    random = np.random.default_rng(3)
    dense = Dense(random.normal(size=(images[0].size, 4)), random.normal(size=4), "relu")
    close(convolution.channel_sums(dense, images[0]).sum(axis=0) + dense.bias, dense.sums(images[:1].reshape(1, -1))[0], 1e-9)
    numbers = images[0].ravel()
    close(convolution.channel_sums(dense, numbers), numbers[:, None] * dense.kernel, 1e-9)


@pytest.mark.parametrize("parts", SMALL_NETWORKS, ids=str)
def test_how_the_loss_depends_on_every_output_is_what_tensorflow_finds(parts, double_precision):
    model = small_model(*parts, max_pooling=MaxPooling)
    layers = layers_of(model, 2, *parts)
    images, wanted = np.random.default_rng(4).normal(size=(1, 15, 19, 2)), 2
    ours = saliency.loss_slopes(layers, images, convolution.forward(layers, images), wanted)
    with tf.GradientTape() as tape:
        outputs = [tf.constant(images)]
        for layer in model.layers:
            outputs.append(layer(outputs[-1]))
            tape.watch(outputs[-1])
        loss = -tf.math.log(outputs[-1][0, wanted])
    theirs = tape.gradient(loss, outputs[1:-1])
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        close(our, their.numpy(), KERAS_CONSTANTS)


def test_there_is_no_unit_beyond_the_edge():
    layer = Convolution(np.ones((3, 3, 1, 2)), np.zeros(2), "relu")
    for place in ((2, 0, 0), (0, 4, 0), (0, 0, 2)):
        with pytest.raises(IndexError):
            convolution.unit_sum(layer, np.ones((4, 6, 1)), *place)
    assert convolution.unit_sum(layer, np.ones((4, 6, 1)), 1, 3, 1)[2] == 9


def test_layers_have_the_shapes_that_sizes_foretell():
    layers = tiny(np.random.default_rng(11), 9, "max")
    shapes = [(9, 11), *(outputs.shape[1:3] for outputs in convolution.forward(layers, np.zeros((1, 9, 11)))[:4])]
    steps = [((3, 2), 1), ((1, 1), 1), ((2, 2), 2), ((2, 2), 1)]
    for (before, after), (sides, stride) in zip(pairwise(shapes), steps, strict=True):
        assert after == tuple(convolution.output_size(size, side, stride) for size, side in zip(before, sides, strict=True))
