"""The convolutional network: filters that slide over the image, pooling, and dense layers that decide."""

from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from keras import layers

from ann_core.data.images import CLASSES, SIDE
from ann_core.maths.networks.winograd import on_squares, transforms
from ann_core.models.feedforward import initialiser
from ann_core.specs import ConvolutionalSpec


class Convolution(layers.Conv2D):
    """Keras' convolution, computed as one matrix product of all patches with all filters.

    XLA has fast matrix products on a CPU, but slow convolutions: the article's network trains ten times faster so.
    """

    def convolution_op(self, inputs, kernel):
        high, wide, channels, filters = kernel.shape
        rows, columns = inputs.shape[1] - high + 1, inputs.shape[2] - wide + 1
        shifted = [inputs[:, i : i + rows, j : j + columns] for i in range(high) for j in range(wide)]
        patches = tf.reshape(tf.concat(shifted, axis=-1), (-1, high * wide * channels))
        return tf.reshape(patches @ tf.reshape(kernel, (-1, filters)), (-1, rows, columns, filters))


class MaxPooling(layers.MaxPooling2D):
    """Keras' maximum of squares of two by two, with a gradient that XLA computes faster."""

    def call(self, inputs):
        rows, columns, channels = inputs.shape[1] // 2, inputs.shape[2] // 2, inputs.shape[3]
        squares = tf.reshape(inputs[:, : 2 * rows, : 2 * columns], (-1, rows, 2, columns, 2, channels))
        return tf.reduce_max(squares, axis=(2, 4))


class PooledConvolution(layers.Conv2D):
    """Keras' convolution and its pooling of squares of two by two, in one; what pooling leaves out is not computed.

    The four places of every square stand behind one another, each with all images: pooling then reads whole rows of memory.
    """

    def __init__(self, filters: int, kernel_size: int, pooling: str, **options) -> None:
        super().__init__(filters, kernel_size, **options)
        self.pooled = POOLED[pooling]
        self.largest_stays = pooling == "max" and self.activation is not keras.activations.silu

    def compute_output_shape(self, input_shape):
        batch, rows, columns, filters = super().compute_output_shape(input_shape)
        return batch, rows // 2, columns // 2, filters

    def call(self, inputs):
        rows, columns = self.compute_output_shape(inputs.shape)[1:3]
        sums = _slid if inputs.shape[-1] == 1 else _by_winograd
        places = tf.reshape(sums(inputs, self.kernel, rows, columns), (4, -1, rows, columns, self.filters))
        if self.largest_stays:  # of a function that rises everywhere: then three of four places need not be activated
            return self.activation(self.pooled(places, axis=0) + self.bias)
        return self.pooled(self.activation(places + self.bias), axis=0)


POOLED = {"max": tf.reduce_max, "average": tf.reduce_mean}


def _at(inputs, down, right, rows, columns):
    """What lies so far from the corner of every square: (batch, rows, columns, channels)."""
    return inputs[:, down : down + 2 * rows - 1 : 2, right : right + 2 * columns - 1 : 2]


def _slid(inputs, kernel, rows, columns):
    """One matrix product of all patches, those of the squares' first places first."""
    side, _, channels, filters = kernel.shape
    steps = [(down, right) for down in range(side) for right in range(side)]
    places = [(down, right) for down in range(2) for right in range(2)]
    patches = [tf.concat([_at(inputs, i + down, j + right, rows, columns) for i, j in steps], axis=-1) for down, right in places]
    return tf.reshape(tf.stack(patches), (-1, side * side * channels)) @ tf.reshape(kernel, (-1, filters))


def _by_winograd(inputs, kernel, rows, columns):
    """A product of matrices for every place of the transformed patch: 16 multiplications instead of 36 where the side is 3."""
    side, _, channels, filters = kernel.shape
    reach = range(side + 1)
    of_kernel, of_inputs, of_outputs = (tf.constant(matrix, inputs.dtype) for matrix in on_squares(transforms(2, side)))
    patches = tf.stack([_at(inputs, down, right, rows, columns) for down in reach for right in reach])
    patches = tf.reshape(of_inputs @ tf.reshape(patches, (len(reach) ** 2, -1)), (len(reach) ** 2, -1, channels))
    kernels = tf.reshape(of_kernel @ tf.reshape(kernel, (side * side, -1)), (-1, channels, filters))
    return of_outputs @ tf.reshape(patches @ kernels, (len(reach) ** 2, -1))


def _fast(spec: ConvolutionalSpec, filters: int, **options) -> Iterator[layers.Layer]:
    """A convolution and what follows it up to the next, where it can be in one."""
    if spec.pooling != "none" and not spec.batch_norm:
        yield PooledConvolution(filters, spec.kernel_size, spec.pooling, **options)
    else:
        yield from one_by_one(spec, Convolution(filters, spec.kernel_size, **options), MaxPooling)


def _plain(spec: ConvolutionalSpec, filters: int, **options) -> Iterator[layers.Layer]:
    """The same of Keras' own layers."""
    yield from one_by_one(spec, layers.Conv2D(filters, spec.kernel_size, **options), layers.MaxPooling2D)


def one_by_one(spec: ConvolutionalSpec, convolution: layers.Layer, max_pooling: type) -> Iterator[layers.Layer]:
    """A convolution and what follows it up to the next, each a layer."""
    yield convolution
    if spec.batch_norm:
        yield layers.BatchNormalization()
    if spec.pooling != "none":
        yield {"max": max_pooling, "average": layers.AveragePooling2D}[spec.pooling](2)


def build(spec: ConvolutionalSpec, convolved: Callable[..., Iterator[layers.Layer]] = _fast) -> keras.Model:
    """A network from images (batch, 28, 28) to the probabilities of the classes (batch, 10)."""
    network = [keras.Input((SIDE, SIDE)), layers.Reshape((SIDE, SIDE, 1))]
    for depth, filters in enumerate(spec.filters):
        start = initialiser(spec.seed, depth)
        network.extend(convolved(spec, filters, activation=spec.activation, kernel_initializer=start))
    depth = len(spec.filters)
    network.append(layers.Flatten())
    if spec.dense_units:
        network.append(layers.Dense(spec.dense_units, spec.activation, kernel_initializer=initialiser(spec.seed, depth)))
    if spec.dropout:
        network.append(layers.Dropout(spec.dropout, seed=spec.seed))
    network.append(layers.Dense(CLASSES, "softmax", kernel_initializer=initialiser(spec.seed, depth + 1)))
    return keras.Sequential(network)


def portable(spec: ConvolutionalSpec) -> keras.Model:
    """The same network of Keras' own layers: slower to train, and loaded by any Keras."""
    return build(spec, _plain)
