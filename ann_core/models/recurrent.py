"""The recurrent network: one cell that goes through the window step by step, and a dense layer that answers."""

import keras
from keras import layers

from ann_core.models.feedforward import initialiser
from ann_core.models.objectives import VALUE, Objective
from ann_core.specs import RecurrentSpec
from ann_core.starts.base import seed_of
from ann_core.starts.recurrent import INPUTS, LAST, RECURRENT

CELLS = {"simple": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}


def build(spec: RecurrentSpec) -> keras.Model:
    """A network from windows (batch, window, 1) to the next value (batch, 1)."""
    memory = {"recurrent_initializer": keras.initializers.Orthogonal(seed=seed_of(spec.seed, RECURRENT))}
    if not spec.recurrence:
        memory = {"recurrent_initializer": "zeros", "recurrent_constraint": keras.constraints.MaxNorm(0)}
    cell = CELLS[spec.cell](spec.units, spec.activation, kernel_initializer=initialiser(spec.seed, INPUTS), **memory)
    return keras.Sequential([keras.Input((spec.window, 1)), cell, layers.Dense(1, kernel_initializer=initialiser(spec.seed, LAST))])


def objective(spec: RecurrentSpec) -> Objective:
    """The next value."""
    return VALUE
