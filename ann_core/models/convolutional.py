"""The convolutional network: filters that slide over the image, pooling, and dense layers that decide."""

import keras
import tensorflow as tf
from keras import layers

from ann_core.data.images import CLASSES, SIDE
from ann_core.models.feedforward import initialiser
from ann_core.specs import ConvolutionalSpec


class Convolution(layers.Conv2D):
    """Keras' convolution, computed as one matrix product of all patches with all filters.

    XLA has fast matrix products on a CPU, but slow convolutions: the article's network trains ten times faster so,
    and half as fast again as in a plain graph with TensorFlow's own convolutions.
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


def build(spec: ConvolutionalSpec, convolution: type = Convolution, max_pooling: type = MaxPooling) -> keras.Model:
    """A network from images (batch, 28, 28) to the probabilities of the classes (batch, 10)."""
    pooling = {"max": max_pooling, "average": layers.AveragePooling2D}
    network = [keras.Input((SIDE, SIDE)), layers.Reshape((SIDE, SIDE, 1))]
    for depth, filters in enumerate(spec.filters):
        start = initialiser(spec.seed, depth)
        network.append(convolution(filters, spec.kernel_size, activation=spec.activation, kernel_initializer=start))
        if spec.batch_norm:
            network.append(layers.BatchNormalization())
        if spec.pooling != "none":
            network.append(pooling[spec.pooling](2))
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
    return build(spec, layers.Conv2D, layers.MaxPooling2D)
