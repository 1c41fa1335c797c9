"""Recurrent cells: what a simple cell, a GRU and an LSTM compute at one step, and what they hand back at it.

Inputs are (batch, inputs). Weights are as Keras has them: a kernel W (inputs, n · units) for the inputs, a recurrent kernel
U (units, n · units) for the state, both with their n blocks of columns side by side, and a bias.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from ann_core.maths.learning.activations import activated, derivative

WIDE_OPEN = 5.0
ALWAYS_OPEN = 20.0  # as a bias: σ of it is one, but for two parts in a thousand million

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
        *together, units, _ = self.recurrent.shape
        zero = np.zeros((*together, batch, units), dtype)
        return State(zero, zero if self.remembers else None)

    def _split(self, columns: np.ndarray) -> np.ndarray:
        """The blocks (n, …, batch, units) of columns (…, batch, n · units), a view."""
        return np.moveaxis(columns.reshape(*columns.shape[:-1], len(self.blocks), self.recurrent.shape[-2]), -2, 0)

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


def first_biases(kind: str, units: int, start: str, gap: int, seed: int) -> np.ndarray:
    """The biases that an LSTM, (4 · units,), or a GRU, (2, 3 · units), begins with: float32, in Keras' order; of a simple cell zeros.

    `start`: "usual" as in Keras, "zero", "wide_open", or "memory": the "chrono" start of Tallec and Ollivier (2018). With a
    forget bias log(T), T drawn evenly up to twice the gap, a unit keeps its memory for about T steps; its input gate begins
    as closed as its forget gate is open. In a GRU the update gate does both.
    """
    if kind == "simple":
        return np.zeros(units, np.float32)
    lasting = np.log(np.random.default_rng([seed, 3]).uniform(1, 2 * gap, units))
    keep = {"usual": 1.0 if kind == "lstm" else 0.0, "zero": 0.0, "wide_open": WIDE_OPEN, "memory": lasting}[start]
    bias = np.zeros((2, 3 * units) if kind == "gru" else 4 * units, np.float32)
    if kind == "gru":
        bias[0, :units] = keep
    else:
        bias[units : 2 * units] = keep
        bias[:units] = -lasting if start == "memory" else 0
    return bias


def parameters(kind: str, inputs: int, units: int) -> int:
    """How many numbers a cell of `CELLS` has to learn."""
    biases = 2 if kind == "gru" else 1
    return max(len(CELLS[kind].blocks), 1) * units * (inputs + units + biases)


def cell(kind: str, weights: Sequence[np.ndarray], activation: str) -> Cell:
    """A cell of `CELLS` from Keras' weights: kernel, recurrent kernel, bias. `TypeError` where there are more or fewer of them."""
    return CELLS[kind](*weights, activation)
