"""The network for memory tasks: one cell that goes through the sequence, and a dense layer that answers in the end."""

import keras
from keras import layers

from ann_core.data.recall import TASKS
from ann_core.maths.networks.cells import ALWAYS_OPEN, first_biases
from ann_core.models.feedforward import initialiser
from ann_core.models.objectives import NEAR_ENOUGH, ONE_OF_MANY, ONE_OF_TWO, Objective
from ann_core.models.recurrent import CELLS
from ann_core.specs import RecallSpec
from ann_core.starts.base import seed_of
from ann_core.starts.recurrent import INPUTS, LAST, RECURRENT


def build(spec: RecallSpec) -> keras.Model:
    """A network from sequences (batch, gap + 1, inputs) to probabilities (batch, classes), that of one class, or a value (batch, 1)."""
    task = TASKS[spec.task]
    memory = {"recurrent_initializer": keras.initializers.Orthogonal(seed=seed_of(spec.seed, RECURRENT))}
    if spec.cell != "simple":
        memory["bias_initializer"] = keras.initializers.Constant(first_biases(spec.cell, spec.units, spec.start, spec.gap, spec.seed))
    if spec.cell == "lstm":
        memory["unit_forget_bias"] = False  # the start says it all
    if not spec.input_gate:
        memory |= {f"{part}_constraint": Ungated() for part in ("kernel", "recurrent", "bias")}
    cell = CELLS[spec.cell](spec.units, kernel_initializer=initialiser(spec.seed, INPUTS), **memory)
    answer = {0: "linear", 2: "sigmoid"}.get(spec.classes, "softmax")
    last = layers.Dense(spec.outputs, answer, kernel_initializer=initialiser(spec.seed, LAST))
    return keras.Sequential([keras.Input((spec.gap + 1, task.inputs)), cell, last])


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class Ungated(keras.constraints.Constraint):
    """Holds the input gate of an LSTM open: no weights, and a bias for which it is one."""

    def __call__(self, weights):
        units = weights.shape[-1] // 4
        open_ = keras.ops.full((*weights.shape[:-1], units), ALWAYS_OPEN if len(weights.shape) == 1 else 0.0)
        return keras.ops.concatenate([open_, weights[..., units:]], axis=-1)


def objective(spec: RecallSpec) -> Objective:
    """A symbol, yes or no, or a sum."""
    return {0: NEAR_ENOUGH, 2: ONE_OF_TWO}.get(spec.classes, ONE_OF_MANY)
