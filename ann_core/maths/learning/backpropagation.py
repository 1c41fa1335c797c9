"""Backpropagation by hand: the worksheet of a network of two inputs, two hidden neurons and one output.

z_j = w_1j x_1 + w_2j x_2 + b_j and h_j = f(z_j) for j = 1, 2; z_o = v_1 h_1 + v_2 h_2 + c; o = g(z_o); L = ½ (o - t)².
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ann_core.maths.learning.activations import ACTIVATIONS, LEAKY_SLOPE
from ann_core.maths.networks.dense import Layer, Step, forward

PARAMETERS = {
    "v1": "v_1",
    "v2": "v_2",
    "c": "c",
    "w11": "w_{11}",
    "w12": "w_{12}",
    "w21": "w_{21}",
    "w22": "w_{22}",
    "b1": "b_1",
    "b2": "b_2",
}
"""Symbols of the parameters by key, in the order in which their gradients are found."""
STAGES = ("forward", "loss", "backward", "gradients", "update")


@dataclass(frozen=True)
class Small:
    """A 2-2-1 network: hidden_kernel (2, 2) holds w_ij from input i to hidden neuron j, output_kernel (2,) v_j, biases b_j and c.

    `activation` is any of ACTIVATIONS, `output_activation` "sigmoid" or "linear".
    """

    hidden_kernel: np.ndarray
    hidden_bias: np.ndarray
    output_kernel: np.ndarray
    output_bias: float
    activation: str = "tanh"
    output_activation: str = "sigmoid"


@dataclass(frozen=True)
class Term:
    """One line of the worksheet: what it is called, its formula in symbols and in numbers, all LaTeX, and its value."""

    key: str
    symbol: str
    formula: str
    numbers: str
    value: float
    stage: str


def loss(network: Small, inputs: Sequence[float], target: float) -> float:
    """Half the squared error, L = ½ (o - t)²."""
    return 0.5 * float(_forward(network, inputs)[1].outputs[0] - target) ** 2


def gradients(network: Small, inputs: Sequence[float], target: float) -> dict[str, float]:
    """Backpropagation: how the loss changes with each parameter, by its key.

    δ_o = (o - t) g'(z_o) and δ_j = δ_o v_j f'(z_j); then ∂L/∂v_j = δ_o h_j, ∂L/∂c = δ_o, ∂L/∂w_ij = δ_j x_i, ∂L/∂b_j = δ_j.
    """
    hidden, output = _forward(network, inputs)
    delta_output = (output.outputs - target) * ACTIVATIONS[network.output_activation].derivative(output.sums)  # (1,)
    delta = delta_output * np.asarray(network.output_kernel) * ACTIVATIONS[network.activation].derivative(hidden.sums)  # (2,)
    return _by_key(np.outer(inputs, delta), delta, delta_output * hidden.outputs, delta_output[0])


def finite_differences(network: Small, inputs: Sequence[float], target: float, step: float = 1e-6) -> dict[str, float]:
    """The same without backpropagation: each parameter moved a step up and down, (L(p + step) - L(p - step)) / (2 step)."""
    values = parameters(network)

    def moved(key: str, by: float) -> float:
        return loss(_with(network, {**values, key: values[key] + by}), inputs, target)

    return {key: (moved(key, step) - moved(key, -step)) / (2 * step) for key in values}


def updated(network: Small, inputs: Sequence[float], target: float, learning_rate: float) -> Small:
    """The network after one step of gradient descent: p ← p - η ∂L/∂p."""
    slopes = gradients(network, inputs, target)
    return _with(network, {key: value - learning_rate * slopes[key] for key, value in parameters(network).items()})


def parameters(network: Small) -> dict[str, float]:
    """The nine parameters of a network, by key."""
    return _by_key(network.hidden_kernel, network.hidden_bias, network.output_kernel, network.output_bias)


def _forward(network: Small, inputs: Sequence[float]) -> list[Step]:
    """Sums and outputs of the hidden layer, both (2,), and of the output, both (1,)."""
    hidden = Layer(np.asarray(network.hidden_kernel), np.asarray(network.hidden_bias), network.activation)
    output = Layer(np.reshape(network.output_kernel, (2, 1)), np.reshape(network.output_bias, 1), network.output_activation)
    return forward((hidden, output), np.asarray(inputs, float))


def _by_key(hidden_kernel: np.ndarray, hidden_bias: np.ndarray, output_kernel: np.ndarray, output_bias: float) -> dict[str, float]:
    numbers = (*output_kernel, output_bias, *np.ravel(hidden_kernel), *hidden_bias)
    return dict(zip(PARAMETERS, map(float, numbers), strict=True))


def _with(network: Small, values: Mapping[str, float]) -> Small:
    v1, v2, c, w11, w12, w21, w22, b1, b2 = (values[key] for key in PARAMETERS)
    return replace(
        network,
        hidden_kernel=np.array([[w11, w12], [w21, w22]]),
        hidden_bias=np.array([b1, b2]),
        output_kernel=np.array([v1, v2]),
        output_bias=c,
    )


@dataclass(frozen=True)
class Notation:
    """How an activation of the sum z with the output h, and its slope there, are written."""

    output: str
    slope: str


def _either(above: str, below: str) -> str:
    return rf"\begin{{cases}} {above} & z > 0 \\ {below} & z \le 0 \end{{cases}}"


NOTATIONS = {
    "relu": Notation(r"\max(0, z)", _either("1", "0")),
    "leaky_relu": Notation(rf"\max(z, z · {LEAKY_SLOPE})", _either("1", str(LEAKY_SLOPE))),
    "elu": Notation(r"\max(0, z) + \min(0, e^{z} - 1)", r"\min(1, e^{z})"),
    "silu": Notation(r"z · \sigma(z)", r"\sigma(z) + h · (1 - \sigma(z))"),
    "gelu": Notation(r"z · \Phi(z)", r"\Phi(z) + z · \varphi(z)"),
    "softplus": Notation(r"\ln(1 + e^{z})", r"\sigma(z)"),
    "tanh": Notation(r"\tanh(z)", "1 - h^2"),
    "sigmoid": Notation(r"\sigma(z)", "h · (1 - h)"),
    "linear": Notation("z", "1"),
    "step": Notation(_either("1", "0"), "0"),
}
"""Notations by the name of the activation; Φ and φ are the standard normal distribution and its density."""


def _slope(above: str, below: str) -> str:
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


SYMBOLS = {
    **PARAMETERS,
    "x1": "x_1",
    "x2": "x_2",
    "t": "t",
    "eta": r"\eta",
    **{f"{name}{j}": f"{name}_{j}" for name in "zh" for j in (1, 2)},
    "zo": "z_o",
    "o": "o",
    "loss": "L",
    "dL_do": _slope("L", "o"),
    "do_dzo": _slope("o", "z_o"),
    **{f"dzo_dh{j}": _slope("z_o", f"h_{j}") for j in (1, 2)},
    **{f"dL_dh{j}": _slope("L", f"h_{j}") for j in (1, 2)},
    **{f"dh{j}_dz{j}": _slope(f"h_{j}", f"z_{j}") for j in (1, 2)},
    **{f"delta_{neuron}": rf"\delta_{neuron}" for neuron in "o12"},
    **{f"dL_d{key}": _slope("L", symbol) for key, symbol in PARAMETERS.items()},
    **{f"new_{key}": f"{symbol}^{{+}}" for key, symbol in PARAMETERS.items()},
}
"""Symbols of everything on the worksheet, by key: ∂L/∂p is dL_dp, the updated parameter p⁺ is new_p."""


def worksheet(network: Small, inputs: Sequence[float], target: float, learning_rate: float) -> tuple[Term, ...]:
    """Every number of one training step on one example, inputs (2,), in the order in which one computes them by hand."""
    x1, x2 = inputs
    sheet = _Sheet({**parameters(network), "x1": x1, "x2": x2, "t": target, "eta": learning_rate})
    _write_forward(sheet, network)
    _write_backward(sheet, network)
    _write_gradients(sheet)
    for key in PARAMETERS:
        sheet.write("update", f"new_{key}", f"{key} - eta · dL_d{key}", sheet[key] - sheet["eta"] * sheet[f"dL_d{key}"])
    return tuple(sheet.terms)


class _Sheet:
    """Terms written down one after another, and all values so far by key.

    Templates are formulas in keys: "w11 · x1 + w21 · x2 + b1".
    """

    def __init__(self, given: Mapping[str, float]) -> None:
        self.values = {key: float(value) for key, value in given.items()}
        self.terms: list[Term] = []

    def __getitem__(self, key: str) -> float:
        return self.values[key]

    def write(self, stage: str, key: str, template: str, value: float) -> None:
        numbers = {name: f"{number:z.4f}" for name, number in self.values.items()}
        self.values[key] = float(value)
        self.terms.append(Term(key, SYMBOLS[key], _fill(template, SYMBOLS), _fill(template, numbers), float(value), stage))

    def reckon(self, stage: str, key: str, template: str) -> None:
        """Writes down a sum of products, of the value that its template says."""
        products = [product.split(" · ") for product in template.split(" + ")]
        self.write(stage, key, template, sum(math.prod(self[name] for name in names) for names in products))

    def activate(self, key: str, sums: str, activation: str) -> None:
        template = _fill(NOTATIONS[activation].output, {"z": sums})
        self.write("forward", key, template, ACTIVATIONS[activation].function(self[sums]))

    def differentiate(self, key: str, sums: str, output: str, activation: str) -> None:
        template = _fill(NOTATIONS[activation].slope, {"z": sums, "h": output})
        self.write("backward", key, template, ACTIVATIONS[activation].derivative(self[sums]))


def _write_forward(sheet: _Sheet, network: Small) -> None:
    for j in (1, 2):
        sheet.reckon("forward", f"z{j}", f"w1{j} · x1 + w2{j} · x2 + b{j}")
        sheet.activate(f"h{j}", f"z{j}", network.activation)
    sheet.reckon("forward", "zo", "v1 · h1 + v2 · h2 + c")
    sheet.activate("o", "zo", network.output_activation)
    sheet.write("loss", "loss", r"\frac{1}{2} · (o - t)^2", 0.5 * (sheet["o"] - sheet["t"]) ** 2)


def _write_backward(sheet: _Sheet, network: Small) -> None:
    sheet.write("backward", "dL_do", "o - t", sheet["o"] - sheet["t"])
    sheet.differentiate("do_dzo", "zo", "o", network.output_activation)
    sheet.reckon("backward", "delta_o", "dL_do · do_dzo")
    for j in (1, 2):
        sheet.reckon("backward", f"dzo_dh{j}", f"v{j}")
        sheet.reckon("backward", f"dL_dh{j}", f"delta_o · dzo_dh{j}")
        sheet.differentiate(f"dh{j}_dz{j}", f"z{j}", f"h{j}", network.activation)
        sheet.reckon("backward", f"delta_{j}", f"dL_dh{j} · dh{j}_dz{j}")


def _write_gradients(sheet: _Sheet) -> None:
    sources = {"v1": "delta_o · h1", "v2": "delta_o · h2", "c": "delta_o"}
    sources |= {f"w{i}{j}": f"delta_{j} · x{i}" for i in (1, 2) for j in (1, 2)}
    sources |= {f"b{j}": f"delta_{j}" for j in (1, 2)}
    for key, template in sources.items():
        sheet.reckon("gradients", f"dL_d{key}", template)


def _fill(template: str, words: Mapping[str, str]) -> str:
    """The template with its keys replaced; a negative number is put in brackets where a sign stands before it."""

    def word(match: re.Match) -> str:
        text, before = words.get(match[0], match[0]), template[: match.start()]
        bare = not text.startswith("-") or not before or before.endswith(("(", "{", ", ", "& "))
        return text if bare else f"({text})"

    return re.sub(r"(?<![A-Za-z\\])[A-Za-z]\w*", word, template).replace("·", r"\cdot")
