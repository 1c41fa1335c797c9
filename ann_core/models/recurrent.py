"""The recurrent network: one cell that goes through the window step by step, and a dense layer that answers."""

import keras
from keras import layers

from ann_core.models.feedforward import initialiser
from ann_core.specs import RecurrentSpec

CELLS = {"simple": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}
RECURRENT, LAST = 1, 2


def build(spec: RecurrentSpec) -> keras.Model:
    """A network from windows (batch, window, 1) to the next value (batch, 1)."""
    cell = CELLS[spec.cell](
        spec.units,
        spec.activation,
        kernel_initializer=initialiser(spec.seed, 0),
        recurrent_initializer=keras.initializers.Orthogonal(seed=spec.seed * 100 + RECURRENT),
    )
    return keras.Sequential([keras.Input((spec.window, 1)), cell, layers.Dense(1, kernel_initializer=initialiser(spec.seed, LAST))])
