"""Dense layers: the forward pass of a feed-forward network."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ann_core.maths.learning.activations import activated, derivative, softmax


@dataclass(frozen=True)
class Layer:
    """A dense layer: kernel (inputs, units), bias (units,), and the name of its activation."""

    kernel: np.ndarray
    bias: np.ndarray
    activation: str


@dataclass(frozen=True)
class Step:
    """What one layer computed: weighted sums z and outputs a, both (batch, units)."""

    sums: np.ndarray
    outputs: np.ndarray


def layers(weights: Sequence[np.ndarray], activations: Sequence[str], biased: bool = True) -> list[Layer]:
    """The layers of a network from its weights: kernel, bias, kernel, bias …, or kernels alone, and their activations."""
    kernels = weights[::2] if biased else weights
    biases = weights[1::2] if biased else [np.zeros(kernel.shape[1], kernel.dtype) for kernel in kernels]
    return [Layer(*parts) for parts in zip(kernels, biases, activations, strict=True)]


def activate(sums: np.ndarray, activation: str) -> np.ndarray:
    """The activation of the sums; `softmax` looks at a whole row, the others at one number each."""
    return softmax(sums) if activation == "softmax" else activated(sums, activation)


def forward(network: Sequence[Layer], inputs: np.ndarray) -> list[Step]:
    """Forward propagation a ← f(a·W + b), layer after layer, one way. Inputs: (batch, inputs); one step a layer."""
    steps, outputs = [], np.asarray(inputs)
    for layer in network:
        sums = outputs @ layer.kernel + layer.bias  # (batch, units)
        outputs = activate(sums, layer.activation)
        steps.append(Step(sums, outputs))
    return steps


def deltas(network: Sequence[Layer], steps: Sequence[Step], slope: np.ndarray) -> list[np.ndarray]:
    """The signal that goes back: δ = ∂L/∂z of each layer, input side first, (batch, units), from ∂L/∂a of the last outputs.

    δ ← ∂L/∂a · f′(z), ∂L/∂a₋₁ = δ · Wᵀ, layer after layer from the back. Elementwise activations only.
    """
    found: list[np.ndarray] = []
    for layer, step in zip(reversed(network), reversed(steps), strict=True):
        found.append(slope * derivative(step.sums, layer.activation))
        slope = found[-1] @ layer.kernel.T
    return found[::-1]


def backward(network: Sequence[Layer], inputs: np.ndarray, steps: Sequence[Step], slope: np.ndarray) -> list[np.ndarray]:
    """Backpropagation: ∂L/∂W = aᵀ₋₁ · δ of each layer, input side first, from ∂L/∂a of the last outputs, (batch, outputs)."""
    coming = [inputs, *(step.outputs for step in steps[:-1])]
    return [before.T @ delta for before, delta in zip(coming, deltas(network, steps, slope), strict=True)]


def parameter_counts(sizes: Sequence[int], biased: bool = True) -> list[int]:
    """Weights, and biases if there are any, of each layer of a dense network with these layer sizes, inputs first."""
    return [(inputs + biased) * units for inputs, units in pairwise(sizes)]
