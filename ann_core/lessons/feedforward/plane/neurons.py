"""The neurons of a network for points: their names, what leads into each, and their formulas."""

from collections.abc import Sequence
from typing import NamedTuple

from ann_core.lessons.feedforward.plane.picture import feature_names
from ann_core.lessons.feedforward.plane.scene import class_names, named_axes
from ann_core.maths.inputs.features import FEATURES
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.maths.networks.dense import Layer
from ann_core.specs import PointsSpec
from ann_core.ui.language import tr

TERMS_A_LINE = 2


class Neuron(NamedTuple):
    """A neuron by layer, hidden ones first and the output's last, and by its place in the layer."""

    layer: int
    unit: int


def name_of(spec: PointsSpec, neuron: Neuron) -> str:
    """The name of a neuron in the film: h0.3 is the fourth of the first hidden layer, o0 an output."""
    return f"o{neuron.unit}" if neuron.layer == len(spec.layers) else f"h{neuron.layer}.{neuron.unit}"


def neurons(spec: PointsSpec) -> dict[str, Neuron]:
    """All neurons by name, from the first hidden layer to the output."""
    units = (*(layer.units for layer in spec.layers), spec.outputs)
    listed = [Neuron(layer, unit) for layer, count in enumerate(units) for unit in range(count)]
    return {name_of(spec, neuron): neuron for neuron in listed}


def label(spec: PointsSpec, neuron: Neuron) -> str:
    """What a neuron is called in words."""
    if neuron.layer < len(spec.layers):
        return tr("neuron.hidden", layer=neuron.layer + 1, unit=neuron.unit + 1)
    if spec.classes > 2:
        return tr("neuron.output_of", name=class_names(spec)[neuron.unit])
    return tr("neuron.output")


def input_names(spec: PointsSpec, layer: int) -> list[str]:
    """What comes into a layer in words: features, or the neurons of the layer before."""
    if layer == 0:
        return feature_names(spec, named_axes(spec))
    return [label(spec, Neuron(layer - 1, unit)) for unit in range(spec.layers[layer - 1].units)]


def input_symbols(spec: PointsSpec, layer: int) -> list[str]:
    """LaTeX for what comes into a layer: features, or the outputs of the layer before."""
    if layer == 0:
        return [FEATURES[name].formula for name in spec.features]
    return [rf"h^{{({layer})}}_{{{unit + 1}}}" for unit in range(spec.layers[layer - 1].units)]


def symbol(spec: PointsSpec, neuron: Neuron) -> str:
    """LaTeX for what comes out of a neuron."""
    if neuron.layer < len(spec.layers):
        return rf"h^{{({neuron.layer + 1})}}_{{{neuron.unit + 1}}}"
    return r"\hat{y}" if spec.outputs == 1 else rf"z_{{{neuron.unit + 1}}}"


def formula(spec: PointsSpec, network: Sequence[Layer], neuron: Neuron) -> str:
    """A neuron's formula with the numbers in it, as LaTeX."""
    layer = network[neuron.layer]
    terms = [
        f"{weight:+.2f}\\,{name}" for weight, name in zip(layer.kernel[:, neuron.unit], input_symbols(spec, neuron.layer), strict=True)
    ]
    if spec.bias:
        terms.append(f"{layer.bias[neuron.unit]:+.2f}")
    terms[0] = terms[0].removeprefix("+")
    lines = [" ".join(terms[first : first + TERMS_A_LINE]) for first in range(0, len(terms), TERMS_A_LINE)]
    activation = "" if layer.activation == "softmax" else ACTIVATIONS[layer.activation].sign
    opening, closing = (rf"{activation}\big(", r"\big)") if activation else ("", "")
    body = r" \\ &\quad ".join(lines)
    return rf"\begin{{aligned}} {symbol(spec, neuron)} &= {opening}{body}{closing} \end{{aligned}}"
