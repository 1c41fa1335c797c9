"""Any unit of a network that looks at a picture: what it sees, and its sum as numbers, down to every product."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.lessons.convolutional.network import Looked, Passed, coming_to
from ann_core.maths.networks.convolution import Convolution, Dense, Flatten, Normalisation, Pooling, receptive_field, unit_sum
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.images import class_names
from ann_core.ui.language import tr

COLUMNS, WIDE = 8, 16
"""So many numbers stand in a row; more where there are many."""


class Unit(NamedTuple):
    """A unit: its layer's place in the network, its filter, its row and column; of a dense layer the number of the neuron alone."""

    place: int
    filter: int
    row: int = 0
    column: int = 0


def exists(passed: Passed | Looked, unit: Unit) -> bool:
    """Whether the network has such a unit, and one that computes something."""
    if unit.place >= len(passed.outputs) or isinstance(passed.layers[unit.place], Flatten):
        return False
    outputs = passed.outputs[unit.place][0]
    within = (unit.row, unit.column, unit.filter) if outputs.ndim == 3 else (unit.filter,)
    return all(place < size for place, size in zip(within, outputs.shape, strict=True))


def draw(looked: Looked, unit: Unit, source: Source) -> None:
    """What a unit is, what it sees, its arithmetic."""
    if isinstance(looked.layers[unit.place], Dense):
        _neuron(looked, unit, source)
    else:
        _cell(looked, unit, source)


def _cell(looked: Looked, unit: Unit, source: Source) -> None:
    """A cell of a map."""
    layer, value = looked.layers[unit.place], looked.outputs[unit.place][0, unit.row, unit.column, unit.filter]
    field = receptive_field(looked.layers, unit.place, unit.row, unit.column)
    where = {"filter": unit.filter + 1, "row": unit.row + 1, "column": unit.column + 1}
    st.markdown(tr("unit.title", value=f"{value:.3f}", **where))
    rows, columns = field.bottom - field.top, field.right - field.left
    window = np.stack(np.meshgrid(range(field.top, field.bottom), range(field.left, field.right), indexing="ij"), axis=-1).reshape(1, -1, 2)
    titles = Titles(tr("unit.field", rows=rows, columns=columns), tr("unit.field.alt"))
    shown = [panels.input_panel(titles, looked.inputs[0] / max(float(looked.inputs.max()), 1e-9), window, "grey", 0)]
    explain = {Convolution: of_convolution, Pooling: of_pooling, Normalisation: of_normalisation}[type(layer)]
    more, said = explain(layer, coming_to(looked, unit.place), unit)
    film(packed([*shown, *more], [""], words(), "unit", play=False), source, "draw_unit_film")
    st.markdown(said)


def _neuron(looked: Looked, unit: Unit, source: Source) -> None:
    """A neuron of a dense layer, or one of the sums from which the answer is made."""
    layer, value = looked.layers[unit.place], looked.outputs[unit.place][0, unit.filter]
    if layer.activation == "softmax":
        st.markdown(tr("unit.class", name=class_names(looked.run)[unit.filter], value=f"{value:.1%}"))
    else:
        st.markdown(tr("unit.neuron", number=unit.filter + 1, value=f"{value:.3f}"))
    shown, said = of_dense(layer, coming_to(looked, unit.place), unit)
    film(packed(shown, [""], words(), "unit", play=False), source, "draw_unit_film")
    st.markdown(said)


def _channel(sums: np.ndarray, unit: Unit) -> int:
    """Which channel is looked into: the learner says it; to begin with, the one that counts most."""
    strongest = int(np.abs(sums).argmax())
    if len(sums) == 1:
        return 0
    key = "unit_channel_" + "_".join(map(str, unit))
    return st.slider(tr("unit.channel"), 1, len(sums), strongest + 1, key=key) - 1


def _sums_panel(sums: np.ndarray) -> list[Panel]:
    if len(sums) == 1:
        return []
    return [panels.numbers_panel(Titles(tr("unit.channels", n=len(sums)), tr("unit.channels.alt")), sums, COLUMNS)]


def _channel_title(sums: np.ndarray, channel: int) -> str:
    strongest = len(sums) > 1 and channel == int(np.abs(sums).argmax())
    return tr("unit.sheet" if strongest else "unit.sheet.other", channel=channel + 1)


def of_convolution(layer: Convolution, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    """The sums of its channels, and the products of one of them."""
    products, sums, total = unit_sum(layer, coming, unit.row, unit.column, unit.filter)
    channel, side = _channel(sums, unit), len(products)
    patch = coming[unit.row : unit.row + side, unit.column : unit.column + side, channel]
    titles = Titles(_channel_title(sums, channel), tr("unit.sheet.alt"))
    parts = [tr("unit.patch" if unit.place else "bench.patch"), tr("bench.kernel"), tr("bench.products")]
    sheet = panels.sheet_panel(titles, parts, patch[None], layer.kernel[:, :, channel, unit.filter], "signed")
    output = layer.forward(coming[None])[0, unit.row, unit.column, unit.filter]
    return [*_sums_panel(sums), sheet], _said(layer, unit, total, output)


def of_dense(layer: Dense, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    """The products of what comes in with its weights: as numbers, or, where maps come in, map by map."""
    weights = layer.kernel[:, unit.filter].reshape(coming.shape)
    products = coming * weights
    total, outputs = float(products.sum() + layer.bias[unit.filter]), layer.forward(coming.reshape(1, -1))[0]
    said = _said(layer, unit, total, outputs[unit.filter])
    if coming.ndim == 1:
        columns = COLUMNS if len(products) <= COLUMNS**2 else WIDE
        return [panels.numbers_panel(Titles(tr("unit.products", n=len(products)), tr("unit.products.alt")), products, columns)], said
    sums = products.sum(axis=(0, 1))
    channel = _channel(sums, unit)
    parts = {"unit.patch": coming, "unit.weights": weights, "bench.products": products}
    shown = [
        panels.map_panel(Titles(f"{_channel_title(sums, channel)}: {tr(part)}", tr("unit.map.alt")), values[..., channel])
        for part, values in parts.items()
    ]
    return [*_sums_panel(sums), *shown], said


def _said(layer: Convolution | Dense, unit: Unit, total: float, output: float) -> str:
    """The sum with its bias, and what the activation makes of it."""
    bias = float(layer.bias[unit.filter])
    values = {"sum": f"{total - bias:.3f}", "bias": f"{bias:.3f}", "total": f"{total:.3f}"}
    if layer.activation == "softmax":
        return tr("unit.sum.softmax", output=f"{output:.1%}", classes=len(layer.bias), **values)
    return tr("unit.sum", name=tr(f"choice.{layer.activation}"), output=f"{output:.3f}", **values)


def of_pooling(layer: Pooling, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    top, left = unit.row * layer.size, unit.column * layer.size
    patch = coming[top : top + layer.size, left : left + layer.size, unit.filter]
    value = layer.forward(coming[None])[0, unit.row, unit.column, unit.filter]
    shown = [panels.patch_panel(Titles(tr("unit.square"), tr("bench.patch.alt")), patch[None])]
    return shown, tr("bench.pool_place", name=tr(f"choice.{layer.kind}"), value=f"{value:.3f}")


def of_normalisation(layer: Normalisation, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    before, channel = coming[unit.row, unit.column, unit.filter], unit.filter
    deviation = np.sqrt(layer.variance[channel] + layer.epsilon)
    output = (before - layer.mean[channel]) / deviation * layer.scale[channel] + layer.shift[channel]
    numbers = {"before": before, "mean": layer.mean[channel], "deviation": deviation, "scale": layer.scale[channel]}
    written = {name: f"{number:.3f}" for name, number in (numbers | {"shift": layer.shift[channel], "output": output}).items()}
    return [], tr("unit.normalisation", **written)
