"""Recurrent networks: a cell step by step through a sequence, and backpropagation through time.

Sequences are (batch, time, inputs); the cells are those of `maths/cells.py`, their weights as Keras has them.
Every function computes in the precision of what it is given. Networks that are put `together` have an axis of their own before
the batch's, and go through their sequences, (networks, batch, time, inputs), in the same steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite, nan

import numpy as np

from ann_core.maths.learning.activations import activated, derivative, softmax
from ann_core.maths.learning.losses import LOSSES
from ann_core.maths.networks import dense
from ann_core.maths.networks.cells import Cell, Parts, State, cell


@dataclass(frozen=True)
class Unrolled:
    """A cell's way through x (batch, time, inputs): states h and `memory` c (batch, time + 1, units), the zero start included.

    `memory` is None but for an LSTM. `parts` are those of the steps, (batch, time, units) each, and `clamped` what was held.
    """

    x: np.ndarray
    states: np.ndarray
    memory: np.ndarray | None
    parts: dict[str, np.ndarray]
    clamped: dict[str, np.ndarray]


@dataclass(frozen=True)
class Slopes:
    """Slopes of a loss: ∂L/∂ of the weights, summed over the batch, in Keras' order and shapes, and of x (batch, time, inputs).

    `states` is the whole ∂L/∂h that arrives at each state, directly and through later steps, (batch, time + 1, units),
    `memory` the same for the cell state; None but for an LSTM.
    """

    weights: tuple[np.ndarray, ...]
    x: np.ndarray
    states: np.ndarray
    memory: np.ndarray | None


@np.errstate(all="ignore")  # an exploded network has no finite states, and that is told elsewhere
def unroll(cell: Cell, x: np.ndarray, clamped: Parts | None = None) -> Unrolled:
    """All steps of a cell through x (batch, time, inputs), from a state of zero.

    `clamped` holds some of the cell's `blocks`, in all sequences, at the numbers of an array (time, units) each; NaN where the
    cell computes. Raises `ValueError` where there is no such part to hold, or the shape is another.
    """
    held = _held(cell, x, clamped)
    states, (_, *steps) = zip(*_steps(cell, x, held), strict=True)
    return Unrolled(x, *_over_time(states), {name: np.stack([parts[name] for parts in steps], axis=1) for name in steps[0]}, held)


@np.errstate(all="ignore")
def end(cell: Cell, x: np.ndarray, clamped: Parts | None = None) -> State:
    """The state after the last step alone, (batch, units): several times as fast as all that `unroll` keeps."""
    for state, _ in _steps(cell, x, _held(cell, x, clamped)):
        last = state
    return last


def _held(cell: Cell, x: np.ndarray, clamped: Parts | None) -> Parts:
    shape, dtype = (x.shape[-2], cell.recurrent.shape[-2]), np.result_type(x, cell.kernel)
    held = {name: np.broadcast_to(np.asarray(numbers, dtype), shape) for name, numbers in (clamped or {}).items()}
    if unknown := sorted(held.keys() - set(cell.blocks)):
        raise ValueError(f"{type(cell).__name__} has no {unknown[0]} to hold")
    return held


def _steps(cell: Cell, x: np.ndarray, held: Parts) -> Iterator[tuple[State, Parts]]:
    """The start, which has no parts, and then the state and the parts of every step."""
    from_input = np.moveaxis(x, -2, 0) @ cell.kernel  # (time, batch, n · units), of all steps at once
    state = cell.start(x.shape[-3], from_input.dtype)
    yield state, {}
    for t, coming in enumerate(from_input):
        state, parts = cell.step(coming, state, {name: numbers[t] for name, numbers in held.items()})
        yield state, parts


def _over_time(states: Sequence[State]) -> State:
    h, c = zip(*states, strict=True)
    return State(np.stack(h, axis=1), None if c[0] is None else np.stack(c, axis=1))


@np.errstate(all="ignore")
def through_time(cell: Cell, unrolled: Unrolled, slope: np.ndarray) -> Slopes:
    """Backpropagation through time, from the ∂L/∂h that each state is given directly, (batch, time + 1, units).

    From the last step to the first, the slope of a state is what it is given and what the next step hands back. All steps share
    their weights, whose slopes are sums over the steps: ∂L/∂W = Σ xᵀ ∂L/∂(x W), ∂L/∂U = Σ h₋₁ᵀ ∂L/∂(h₋₁ U).
    """
    h, c = unrolled.states, unrolled.memory
    slope, coming, steps = np.asarray(slope, h.dtype), cell.start(len(h), h.dtype), []
    for t in reversed(range(h.shape[1] - 1)):
        before, after = State(h[:, t], None if c is None else c[:, t]), State(slope[:, t + 1] + coming.h, coming.c)
        parts = {name: values[:, t] for name, values in unrolled.parts.items()}
        held = {name: numbers[t] for name, numbers in unrolled.clamped.items()}
        *deltas, coming, after = cell.back(parts, before, after, held)
        steps.insert(0, (*deltas, after))
    *deltas, after = zip(*steps, strict=True)
    states, memory = _over_time([State(slope[:, 0] + coming.h, coming.c), *after])
    from_input, from_state = (np.stack(delta, axis=1) for delta in deltas)
    kernel, recurrent = (np.tensordot(*pair, ((0, 1), (0, 1))) for pair in ((unrolled.x, from_input), (h[:, :-1], from_state)))
    biases = np.stack([from_input.sum(axis=(0, 1)), from_state.sum(axis=(0, 1))])
    bias = biases if cell.bias.ndim == 2 else biases[0]
    return Slopes((kernel, recurrent, bias), from_input @ cell.kernel.T, states, memory)


@dataclass(frozen=True)
class Network:
    """A cell, and a dense layer that answers from its last state."""

    cell: Cell
    readout: dense.Layer


def network(kind: str, weights: Sequence[np.ndarray], activation: str, readout_activation: str = "linear") -> Network:
    """A network from the five weights of Keras' cell and dense layer. `TypeError` where there are more or fewer of them."""
    return Network(cell(kind, weights[:3], activation), dense.Layer(*weights[3:], readout_activation))


def together(networks: Sequence[Network]) -> Network:
    """Networks of the same kind and size as one: `end`, `answers` and `free_run` take many steps of theirs at once."""
    cells, readouts = [each.cell for each in networks], [each.readout for each in networks]
    kernel, recurrent = (np.stack([getattr(each, name) for each in cells]) for name in ("kernel", "recurrent"))
    bias = np.stack([each.bias[..., None, :] for each in cells], axis=-3)  # a GRU has two, and takes them apart first
    kernels, biases = np.stack([each.kernel for each in readouts]), np.stack([each.bias[None] for each in readouts])
    cell = type(cells[0])(kernel, recurrent, bias, cells[0].activation)
    return Network(cell, dense.Layer(kernels, biases, readouts[0].activation))


@np.errstate(all="ignore")
def answers(network: Network, x: np.ndarray) -> np.ndarray:
    """The network's answers (batch, outputs) to sequences x (batch, time, inputs) of any length."""
    return answered(network, end(network.cell, x))


def answered(network: Network, last: State) -> np.ndarray:
    """The answers (batch, outputs) from a last state."""
    return dense.activate(_sums(network.readout, last.h), network.readout.activation)


def _sums(layer: dense.Layer, inputs: np.ndarray) -> np.ndarray:
    return inputs @ layer.kernel + layer.bias


@np.errstate(all="ignore")
def class_slopes(network: Network, x: np.ndarray, targets: np.ndarray) -> Slopes:
    """Slopes of the mean cross-entropy of softmax over sequences x, targets (batch,): of the cell's weights, states and memory."""
    unrolled, readout = unroll(network.cell, x), network.readout
    shares = softmax(_sums(readout, unrolled.states[:, -1]))
    given = np.zeros_like(unrolled.states)
    given[:, -1] = (shares - np.eye(shares.shape[-1])[targets]) / len(x) @ readout.kernel.T
    return through_time(network.cell, unrolled, given)


@np.errstate(all="ignore")
def squared_error_slopes(network: Network, x: np.ndarray, targets: np.ndarray) -> Slopes:
    """Slopes of the mean squared error over sequences and outputs, targets (batch, outputs).

    The weights are those of the cell, and then the readout's kernel and bias.
    """
    unrolled, readout = unroll(network.cell, x), network.readout
    last = unrolled.states[:, -1]
    sums = _sums(readout, last)
    outputs = activated(sums, readout.activation)
    error = LOSSES["squared"].slope(outputs, np.reshape(np.asarray(targets, outputs.dtype), outputs.shape)) / outputs.size
    delta = error * derivative(sums, readout.activation)
    given = np.zeros_like(unrolled.states)
    given[:, -1] = delta @ readout.kernel.T
    slopes = through_time(network.cell, unrolled, given)
    return replace(slopes, weights=(*slopes.weights, last.T @ delta, delta.sum(axis=0)))


@np.errstate(all="ignore")
def answer_slopes(network: Network, unrolled: Unrolled) -> np.ndarray:
    """How strongly each value that is read moves the answer: ∂ answer / ∂ x, (batch, time, inputs), of a network with one output."""
    readout = network.readout
    slope = derivative(_sums(readout, unrolled.states[:, -1]), readout.activation)
    given = np.zeros_like(unrolled.states)
    given[:, -1] = slope @ readout.kernel.T
    return through_time(network.cell, unrolled, given).x


@np.errstate(all="ignore")
def free_run(network: Network, window: np.ndarray, steps: int) -> np.ndarray:
    """What the network goes on with after a window (time,), feeding on its own answers: (steps,), or (networks, steps) of some together.

    At each step the oldest value leaves the window, and the answer joins it. A value is read by all the windows that it is in
    at the same time; their states are rows, the window that began first is the last.
    """
    cell, length = network.cell, len(window)
    values = np.zeros((*cell.kernel.shape[:-2], length + steps), np.result_type(window, cell.kernel))
    values[..., :length] = window
    state, begun = cell.start(0, values.dtype), cell.start(1, values.dtype)
    for place in range(length + steps - 1):
        if place < steps:
            state = State(*(None if old is None else np.concatenate([new, old], axis=-2) for new, old in zip(begun, state, strict=True)))
        state, _ = cell.step(values[..., place, None, None] @ cell.kernel, state, {})
        if place >= length - 1:
            values[..., place + 1] = answered(network, State(state.h[..., -1:, :]))[..., 0, 0]
            state = State(*(None if rows is None else rows[..., :-1, :] for rows in state))
    return values[..., length:]


def clipped(slopes: Sequence[np.ndarray], most: float) -> tuple[list[np.ndarray], float]:
    """Slopes, all scaled alike so that their global norm, √Σ s² over all of them, is at most `most`; and the norm before.

    With 0 nothing is clipped. Where the norm is not finite, all become NaN, as in TensorFlow.
    """
    norm = hypot(*(float(np.linalg.norm(slope)) for slope in slopes))
    if not most or norm <= most:
        return list(slopes), norm
    scale = most / norm if isfinite(norm) else nan
    return [scale * slope for slope in slopes], norm
