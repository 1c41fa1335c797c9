"""The network for memory tasks: one cell that goes through the sequence, and a dense layer that answers in the end."""

import keras
import numpy as np
from keras import layers

from ann_core.data.recall import TASKS
from ann_core.models.feedforward import initialiser
from ann_core.models.recurrent import CELLS, LAST, RECURRENT
from ann_core.specs import RecallSpec

WIDE_OPEN = 5.0
ALWAYS = 20.0  # σ of it is one, but for two parts in a thousand million
START = 3


def build(spec: RecallSpec) -> keras.Model:
    """A network from sequences (batch, gap + 1, inputs) to probabilities (batch, classes), that of one class, or a value (batch, 1)."""
    task = TASKS[spec.task]
    memory = {"recurrent_initializer": keras.initializers.Orthogonal(seed=spec.seed * 100 + RECURRENT)}
    if spec.cell != "simple":
        memory["bias_initializer"] = keras.initializers.Constant(start_of(spec))
    if spec.cell == "lstm":
        memory["unit_forget_bias"] = False  # the start says it all
    if not spec.input_gate:
        memory |= {f"{part}_constraint": Ungated() for part in ("kernel", "recurrent", "bias")}
    cell = CELLS[spec.cell](spec.units, kernel_initializer=initialiser(spec.seed, 0), **memory)
    answer = {0: "linear", 2: "sigmoid"}.get(spec.classes, "softmax")
    last = layers.Dense(spec.outputs, answer, kernel_initializer=initialiser(spec.seed, LAST))
    return keras.Sequential([keras.Input((spec.gap + 1, task.inputs)), cell, last])


def start_of(spec: RecallSpec) -> np.ndarray:
    """The first biases of the gates, float32, in Keras' order: (4 · units,) of an LSTM, (2, 3 · units) of a GRU.

    Open to memory is the "chrono" start of Tallec and Ollivier (2018): with a forget bias log(T), T drawn evenly, a unit
    keeps its memory for about T steps; the input gate begins as closed as the forget gate is open. In a GRU, the update
    gate does both.
    """
    units = spec.units
    lasting = np.log(np.random.default_rng([spec.seed, START]).uniform(1, 2 * spec.gap, units))
    keep = {"usual": 1.0 if spec.cell == "lstm" else 0.0, "zero": 0.0, "wide_open": WIDE_OPEN, "memory": lasting}[spec.start]
    if spec.cell == "gru":
        bias = np.zeros((2, 3 * units), np.float32)
        bias[0, :units] = keep
        return bias
    bias = np.zeros(4 * units, np.float32)
    bias[units : 2 * units] = keep
    if spec.start == "memory":
        bias[:units] = -lasting
    return bias


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class Ungated(keras.constraints.Constraint):
    """Holds the input gate of an LSTM open: no weights, and a bias for which it is one."""

    def __call__(self, weights):
        units = weights.shape[-1] // 4
        open_ = keras.ops.full((*weights.shape[:-1], units), ALWAYS if len(weights.shape) == 1 else 0.0)
        return keras.ops.concatenate([open_, weights[..., units:]], axis=-1)
