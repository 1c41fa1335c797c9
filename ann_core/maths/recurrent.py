"""Recurrent networks: simple, GRU and LSTM cells step by step through a sequence, and backpropagation through time.

Sequences are (batch, time, inputs). Weights are as Keras has them: a kernel W (inputs, n · units) for the inputs, a recurrent
kernel U (units, n · units) for the state, both with their n blocks of columns side by side, and a bias.
Every function computes in the precision of what it is given.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite, nan
from typing import ClassVar, NamedTuple

import numpy as np

from ann_core.maths import dense
from ann_core.maths.activations import ACTIVATIONS
from ann_core.maths.losses import LOSSES

Parts = Mapping[str, np.ndarray]
"""Arrays by the name of a part of a cell."""


class State(NamedTuple):
    """What a cell hands on to the next step, (batch, units): its state h, and an LSTM its cell state c. Or the slopes of these."""

    h: np.ndarray
    c: np.ndarray | None = None


Back = tuple[np.ndarray, np.ndarray, State, State]
"""What backpropagation finds at a step: ∂L/∂(x W) and ∂L/∂(h U), (batch, n · units), the slopes before the step and after it."""


@dataclass(frozen=True)
class Cell(ABC):
    """What all cells share: kernel (inputs, n · units), recurrent (units, n · units), bias, and the name of the activation φ.

    `blocks` are the parts which the blocks of columns belong to, in Keras' order, and which can be held at a number. Gates use
    the sigmoid σ.
    """

    blocks: ClassVar[tuple[str, ...]]
    remembers: ClassVar[bool] = False  # whether there is a cell state
    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    activation: str

    @abstractmethod
    def step(self, from_input: np.ndarray, before: State, held: Parts) -> tuple[State, Parts]:
        """The state after a step and the parts of the step, from x W (batch, n · units) and the state before."""

    @abstractmethod
    def back(self, parts: Parts, before: State, slope: State, held: Parts) -> Back:
        """Backpropagation through a step, from its parts, the state before, and the slopes of the state after."""

    def start(self, batch: int, dtype: np.dtype) -> State:
        """The state before the first step: zero."""
        zero = np.zeros((batch, len(self.recurrent)), dtype)
        return State(zero, zero if self.remembers else None)

    def _split(self, columns: np.ndarray) -> np.ndarray:
        """The blocks (n, batch, units) of columns (batch, n · units), a view."""
        return columns.reshape(len(columns), len(self.blocks), len(self.recurrent)).swapaxes(0, 1)

    def _part(self, name: str, sums: np.ndarray, held: Parts) -> np.ndarray:
        """A part from its sums, or the number it is held at."""
        part = activated(sums, self._activation(name))
        return np.where(np.isnan(held[name]), part, held[name]) if name in held else part

    def _delta(self, name: str, slope: np.ndarray, parts: Parts, held: Parts) -> np.ndarray:
        """∂L/∂ of a part's sums from ∂L/∂ of the part: zero where it is held."""
        delta = slope * derivative(parts[f"{name}_sum"], self._activation(name))
        return np.where(np.isnan(held[name]), delta, 0) if name in held else delta

    def _activation(self, name: str) -> str:
        return self.activation if name == "candidate" else "sigmoid"


@dataclass(frozen=True)
class SimpleCell(Cell):
    """A simple cell, Keras' SimpleRNN: h ← φ(x W + h U + b), bias (units,).

    Parts: "from_input", x W; "from_state", h U; "sum", both and the bias. None can be held.
    """

    blocks: ClassVar = ()

    def step(self, from_input: np.ndarray, before: State, held: Parts) -> tuple[State, Parts]:
        from_state = before.h @ self.recurrent
        total = from_input + from_state + self.bias
        return State(activated(total, self.activation)), {"from_input": from_input, "from_state": from_state, "sum": total}

    def back(self, parts: Parts, before: State, slope: State, held: Parts) -> Back:
        """δ = ∂L/∂h · φ′ of the sum; before the step ∂L/∂h is δ Uᵀ."""
        delta = slope.h * derivative(parts["sum"], self.activation)
        return delta, delta, State(delta @ self.recurrent.T), slope


@dataclass(frozen=True)
class GruCell(Cell):
    """A gated recurrent unit, Keras' GRU with `reset_after`: bias (2, 3 · units), b₁ for x W and b₂ for h U.

    Update gate z = σ(x W + b₁ + h U + b₂), reset gate r likewise, candidate k = φ(x W + b₁ + r (h U + b₂)), h ← z h + (1 - z) k.
    Parts: "update", "reset", "candidate", their sums, "update_sum" and so on, and "recalled", the candidate's h U + b₂.
    """

    blocks: ClassVar = ("update", "reset", "candidate")

    def step(self, from_input: np.ndarray, before: State, held: Parts) -> tuple[State, Parts]:
        input_bias, state_bias = self.bias
        update_input, reset_input, candidate_input = self._split(from_input + input_bias)
        update_state, reset_state, recalled = self._split(before.h @ self.recurrent + state_bias)
        sums = {"update_sum": update_input + update_state, "reset_sum": reset_input + reset_state}
        update = self._part("update", sums["update_sum"], held)
        reset = self._part("reset", sums["reset_sum"], held)
        sums["candidate_sum"] = candidate_input + reset * recalled
        candidate = self._part("candidate", sums["candidate_sum"], held)
        after = State(update * before.h + (1 - update) * candidate)
        return after, {"update": update, "reset": reset, "candidate": candidate, **sums, "recalled": recalled}

    def back(self, parts: Parts, before: State, slope: State, held: Parts) -> Back:
        """∂L/∂h goes to z and k, and z times past both to the state before; that of k goes to r and to what was recalled."""
        update = self._delta("update", slope.h * (before.h - parts["candidate"]), parts, held)
        candidate = self._delta("candidate", slope.h * (1 - parts["update"]), parts, held)
        reset = self._delta("reset", candidate * parts["recalled"], parts, held)
        from_input = np.concatenate([update, reset, candidate], axis=-1)
        from_state = np.concatenate([update, reset, candidate * parts["reset"]], axis=-1)
        return from_input, from_state, State(slope.h * parts["update"] + from_state @ self.recurrent.T), slope


@dataclass(frozen=True)
class LstmCell(Cell):
    """Long short-term memory, Keras' LSTM: bias (4 · units,).

    Input, forget and output gate i, f, o = σ(x W + h U + b), candidate k = φ(x W + h U + b), c ← f c + i k, h ← o φ(c).
    Parts: "input", "forget", "candidate", "output", their sums, "input_sum" and so on, and "squashed", φ(c).
    """

    blocks: ClassVar = ("input", "forget", "candidate", "output")
    remembers: ClassVar = True

    def step(self, from_input: np.ndarray, before: State, held: Parts) -> tuple[State, Parts]:
        blocks = zip(self.blocks, self._split(from_input), self._split(before.h @ self.recurrent + self.bias), strict=True)
        sums = {f"{name}_sum": of_input + of_state for name, of_input, of_state in blocks}
        parts = {name: self._part(name, sums[f"{name}_sum"], held) for name in self.blocks}
        memory = parts["forget"] * before.c + parts["input"] * parts["candidate"]
        squashed = activated(memory, self.activation)
        return State(parts["output"] * squashed, memory), {**parts, **sums, "squashed": squashed}

    def back(self, parts: Parts, before: State, slope: State, held: Parts) -> Back:
        """∂L/∂c = o φ′(c) ∂L/∂h and what later steps hand back; it goes to i, f and k, and f times to the cell state before."""
        memory = parts["forget"] * before.c + parts["input"] * parts["candidate"]
        onward = slope.c + slope.h * parts["output"] * derivative(memory, self.activation)
        slopes = {
            "input": onward * parts["candidate"],
            "forget": onward * before.c,
            "candidate": onward * parts["input"],
            "output": slope.h * parts["squashed"],
        }
        delta = np.concatenate([self._delta(name, slopes[name], parts, held) for name in self.blocks], axis=-1)
        return delta, delta, State(delta @ self.recurrent.T, onward * parts["forget"]), State(slope.h, onward)


CELLS = {"simple": SimpleCell, "gru": GruCell, "lstm": LstmCell}


def cell(kind: str, weights: Sequence[np.ndarray], activation: str) -> Cell:
    """A cell of `CELLS` from Keras' weights: kernel, recurrent kernel, bias. `TypeError` where there are more or fewer of them."""
    return CELLS[kind](*weights, activation)


def activated(sums: np.ndarray, activation: str) -> np.ndarray:
    """The activation of the sums, in their precision."""
    return ACTIVATIONS[activation].function(sums).astype(sums.dtype, copy=False)


def derivative(sums: np.ndarray, activation: str) -> np.ndarray:
    """The derivative of the activation at the sums, in their precision."""
    return ACTIVATIONS[activation].derivative(sums).astype(sums.dtype, copy=False)


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
    shape, dtype = (x.shape[1], len(cell.recurrent)), np.result_type(x, cell.kernel)
    held = {name: np.broadcast_to(np.asarray(numbers, dtype), shape) for name, numbers in (clamped or {}).items()}
    if unknown := sorted(held.keys() - set(cell.blocks)):
        raise ValueError(f"{type(cell).__name__} has no {unknown[0]} to hold")
    states, (_, *steps) = zip(*_steps(cell, x, held), strict=True)
    return Unrolled(x, *_over_time(states), {name: np.stack([parts[name] for parts in steps], axis=1) for name in steps[0]}, held)


def _steps(cell: Cell, x: np.ndarray, held: Parts) -> Iterator[tuple[State, Parts]]:
    """The start, which has no parts, and then the state and the parts of every step."""
    from_input = x.swapaxes(0, 1) @ cell.kernel  # (time, batch, n · units), of all steps at once
    state = cell.start(len(x), from_input.dtype)
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


@np.errstate(all="ignore")
def answers(network: Network, x: np.ndarray) -> np.ndarray:
    """The network's answers (batch, outputs) to sequences x (batch, time, inputs) of any length."""
    for state, _ in _steps(network.cell, x, {}):
        last = state.h
    return activated(_sums(network.readout, last), network.readout.activation)


def _sums(layer: dense.Layer, inputs: np.ndarray) -> np.ndarray:
    return inputs @ layer.kernel + layer.bias


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


def free_run(network: Network, window: np.ndarray, steps: int) -> np.ndarray:
    """What the network goes on with after a window (time,), feeding on its own answers: (steps,).

    At each step the oldest value leaves the window, and the answer joins it.
    """
    length = len(window)
    values = np.zeros(length + steps, np.result_type(window, network.cell.kernel))
    values[:length] = window
    for step in range(steps):
        values[length + step] = answers(network, values[None, step : step + length, None]).item()
    return values[length:]


def clipped(slopes: Sequence[np.ndarray], most: float) -> tuple[list[np.ndarray], float]:
    """Slopes, all scaled alike so that their global norm, √Σ s² over all of them, is at most `most`; and the norm before.

    With 0 nothing is clipped. Where the norm is not finite, all become NaN, as in TensorFlow.
    """
    norm = hypot(*(float(np.linalg.norm(slope)) for slope in slopes))
    if not most or norm <= most:
        return list(slopes), norm
    scale = most / norm if isfinite(norm) else nan
    return [scale * slope for slope in slopes], norm
