"""A recurrent layer and a layer of attention, side by side, to measure what either costs."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf


def forward_passes(width: int) -> tuple[Callable[[np.ndarray], np.ndarray], ...]:
    """Keras' SimpleRNN, and its attention with one head, compiled as plain graphs: sequences (batch, length, width) to the same."""
    recurrent = keras.layers.SimpleRNN(width, return_sequences=True)
    attention = keras.layers.MultiHeadAttention(1, width)
    return tuple(_compiled(layer) for layer in (recurrent, lambda x: attention(x, x)))


def _compiled(layer: Callable) -> Callable[[np.ndarray], np.ndarray]:
    graph = tf.function(layer)
    return lambda x: graph(tf.constant(x)).numpy()
