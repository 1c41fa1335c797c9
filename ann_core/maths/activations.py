"""Activation functions and their derivatives, as one table of records."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEAKY_SLOPE = 0.2


@dataclass(frozen=True)
class Activation:
    """An activation: elementwise `function` and `derivative` of the sum z, and its formula in LaTeX."""

    name: str
    function: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]
    formula: str


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e⁻ᶻ), without overflow for large |z|."""
    z = np.asarray(z)
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, decay) / (1 + decay)


def softmax(z: np.ndarray) -> np.ndarray:
    """eᶻ / Σ eᶻ over the last axis: positive shares that sum to one."""
    growth = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return growth / growth.sum(axis=-1, keepdims=True)


def _elu(z: np.ndarray) -> np.ndarray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _sigmoid_slope(z: np.ndarray) -> np.ndarray:
    share = sigmoid(z)
    return share * (1 - share)


def _silu_slope(z: np.ndarray) -> np.ndarray:
    share = sigmoid(z)
    return share * (1 + z * (1 - share))


ACTIVATIONS = {
    record.name: record
    for record in (
        Activation("relu", lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0), r"\max(0, z)"),
        Activation(
            "leaky_relu",
            lambda z: np.where(z > 0, z, LEAKY_SLOPE * z),
            lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE),
            rf"\max({LEAKY_SLOPE}\,z,\; z)",
        ),
        Activation("elu", _elu, lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))), r"z > 0:\ z;\ \text{else } e^z - 1"),
        Activation("silu", lambda z: z * sigmoid(z), _silu_slope, r"z\,\sigma(z)"),
        Activation("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2, r"\tanh z"),
        Activation("sigmoid", sigmoid, _sigmoid_slope, r"1/(1 + e^{-z})"),
        Activation("linear", lambda z: z * 1.0, lambda z: np.ones_like(z, dtype=float), "z"),
    )
}
"""Elementwise activations by the name Keras knows them under."""
