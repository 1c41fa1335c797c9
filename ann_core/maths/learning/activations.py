"""Activation functions and their derivatives, as one table of records."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEAKY_SLOPE = 0.2
LARGEST_SQUARE = 1_000.0  # beyond, its exponential is zero anyway


@dataclass(frozen=True)
class Activation:
    """An activation: elementwise `function` and `derivative` of the sum z, its formula and its sign in LaTeX.

    `trains`: whether a network can learn through it; a step has no slope to learn by. `broken`: the sums at which it has a corner
    or jumps, and the derivative is only what is taken for one.
    """

    name: str
    function: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]
    formula: str
    trains: bool = True
    sign: str = ""
    broken: tuple[float, ...] = ()


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e⁻ᶻ), without overflow for large |z|."""
    z = np.asarray(z)
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, decay) / (1 + decay)


def softmax(z: np.ndarray) -> np.ndarray:
    """eᶻ / Σ eᶻ over the last axis: positive shares that sum to one."""
    growth = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return growth / growth.sum(axis=-1, keepdims=True)


def softmax_slopes(shares: np.ndarray) -> np.ndarray:
    """∂aᵢ/∂zⱼ = aᵢ (δᵢⱼ − aⱼ) of softmax, from its outputs a (n,): (n, n)."""
    return np.diag(shares) - np.outer(shares, shares)


def _elu(z: np.ndarray) -> np.ndarray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _sigmoid_slope(z: np.ndarray) -> np.ndarray:
    share = sigmoid(z)
    return share * (1 - share)


def _silu_slope(z: np.ndarray) -> np.ndarray:
    share = sigmoid(z)
    return share * (1 + z * (1 - share))


def _share_below(z: np.ndarray) -> np.ndarray:
    """Φ(z), the share of a standard normal distribution below z."""
    return 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(np.asarray(z) / math.sqrt(2)))


def _gelu_slope(z: np.ndarray) -> np.ndarray:
    return _share_below(z) + z * np.exp(-np.minimum(np.square(z), LARGEST_SQUARE) / 2) / math.sqrt(2 * math.pi)


def _softplus(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


ACTIVATIONS = {
    record.name: record
    for record in (
        Activation(
            "relu",
            lambda z: np.maximum(z, 0),
            lambda z: np.where(z > 0, 1.0, 0.0),
            r"\max(0, z)",
            sign=r"\operatorname{ReLU}",
            broken=(0.0,),
        ),
        Activation(
            "leaky_relu",
            lambda z: np.where(z > 0, z, LEAKY_SLOPE * z),
            lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE),
            rf"\max({LEAKY_SLOPE}\,z,\; z)",
            sign=r"\operatorname{LeakyReLU}",
            broken=(0.0,),
        ),
        Activation(
            "elu",
            _elu,
            lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
            r"z > 0:\ z;\ \text{else } e^z - 1",
            sign=r"\operatorname{ELU}",
        ),
        Activation("silu", lambda z: z * sigmoid(z), _silu_slope, r"z\,\sigma(z)", sign=r"\operatorname{SiLU}"),
        Activation("gelu", lambda z: z * _share_below(z), _gelu_slope, r"z\,\Phi(z)", sign=r"\operatorname{GELU}"),
        Activation("softplus", _softplus, sigmoid, r"\ln(1 + e^z)", sign=r"\operatorname{softplus}"),
        Activation("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2, r"\tanh z", sign=r"\tanh"),
        Activation("sigmoid", sigmoid, _sigmoid_slope, r"1/(1 + e^{-z})", sign=r"\sigma"),
        Activation("linear", lambda z: z * 1.0, lambda z: np.ones_like(z, dtype=float), "z"),
        Activation(
            "step",
            lambda z: np.where(z > 0, 1.0, 0.0),
            lambda z: np.zeros_like(z, dtype=float),
            r"z > 0:\ 1;\ \text{else } 0",
            trains=False,
            broken=(0.0,),
        ),
    )
}
"""Elementwise activations by the name Keras knows them under; Keras has no step."""


def activated(sums: np.ndarray, activation: str) -> np.ndarray:
    """The activation of the sums, in their precision."""
    return ACTIVATIONS[activation].function(sums).astype(sums.dtype, copy=False)


def derivative(sums: np.ndarray, activation: str) -> np.ndarray:
    """The derivative of the activation at the sums, in their precision."""
    return ACTIVATIONS[activation].derivative(sums).astype(sums.dtype, copy=False)
