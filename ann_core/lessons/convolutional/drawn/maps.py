"""What every filter of every layer makes of a picture; and any unit of them: what it sees, and its sum as numbers."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import tiles_panel
from ann_core.lessons.convolutional.network import Looked
from ann_core.maths.networks.convolution import Convolution, Dense, Normalisation, Pooling, receptive_field, unit_sum
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import tr

FILM_KEY = "draw_maps"
COLUMNS = 8
PICK = "{place}.{filter}"


class Unit(NamedTuple):
    """A unit of a map: its layer's place in the network, its filter, its row and column."""

    place: int
    filter: int
    row: int
    column: int


def draw(looked: Looked) -> None:
    """All maps, and the unit that was picked."""
    st.caption(tr("maps.how"))
    source = Source.exact("source.forward", epoch=looked.run.epochs)
    film(packed(_maps(looked), [""], words(), FILM_KEY, play=False), source, FILM_KEY, _picked)
    unit = _chosen(looked)
    if unit is not None:
        with st.container(border=True, key="draw_unit"):
            _unit(looked, unit, source)


def _maps(looked: Looked) -> list[Panel]:
    shown, number = [], 0
    for place, (layer, outputs) in enumerate(zip(looked.layers, looked.outputs, strict=True)):
        if isinstance(layer, Convolution):
            number += 1
        if outputs.ndim == 4:
            tiles = outputs[0].transpose(2, 0, 1)[None]
            picks = [PICK.format(place=place, filter=filter_) for filter_ in range(tiles.shape[1])]
            title = tr(f"maps.{layer.kind}", number=number, n=tiles.shape[1], rows=tiles.shape[2], columns=tiles.shape[3])
            shown.append(tiles_panel(title, tr("maps.alt"), tiles, COLUMNS, crisp=True, picks=picks))
        elif isinstance(layer, Dense) and place < len(looked.layers) - 1:
            title = tr("maps.dense", n=outputs.shape[1])
            shown.append(panels.row_panel(Titles(title, tr("maps.alt")), outputs[0]))
    return shown


def _picked() -> None:
    picked = session.value(FILM_KEY)["picked"]
    if picked and picked.get("cell"):
        place, filter_ = map(int, picked["pick"].split("."))
        session.put("_draw_unit", Unit(place, filter_, *picked["cell"]))


def _chosen(looked: Looked) -> Unit | None:
    """The unit that was picked, where this network has one there; else the strongest of the last maps."""
    unit = session.value("_draw_unit")
    if unit is not None and unit.place < len(looked.outputs):
        outputs = looked.outputs[unit.place]
        if outputs.ndim == 4 and unit.filter < outputs.shape[3] and unit.row < outputs.shape[1] and unit.column < outputs.shape[2]:
            return unit
    convolutions = [place for place, layer in enumerate(looked.layers) if isinstance(layer, Convolution)]
    if not convolutions:
        return None
    outputs = looked.outputs[convolutions[-1]][0]
    row, column, filter_ = np.unravel_index(outputs.argmax(), outputs.shape)
    return Unit(convolutions[-1], int(filter_), int(row), int(column))


def _unit(looked: Looked, unit: Unit, source: Source) -> None:
    layer, value = looked.layers[unit.place], looked.outputs[unit.place][0, unit.row, unit.column, unit.filter]
    field = receptive_field(looked.layers, unit.place, unit.row, unit.column)
    where = {"filter": unit.filter + 1, "row": unit.row + 1, "column": unit.column + 1}
    st.markdown(tr("unit.title", value=f"{value:.3f}", **where))
    rows, columns = field.bottom - field.top, field.right - field.left
    window = np.stack(np.meshgrid(range(field.top, field.bottom), range(field.left, field.right), indexing="ij"), axis=-1).reshape(1, -1, 2)
    titles = Titles(tr("unit.field", rows=rows, columns=columns), tr("unit.field.alt"))
    shown = [panels.input_panel(titles, looked.inputs[0] / max(float(looked.inputs.max()), 1e-9), window, "grey", 0)]
    coming = looked.inputs[0][..., None] if unit.place == 0 else looked.outputs[unit.place - 1][0]
    explain = {Convolution: _of_convolution, Pooling: _of_pooling, Normalisation: _of_normalisation}[type(layer)]
    more, said = explain(layer, coming, unit)
    film(packed([*shown, *more], [""], words(), "unit", play=False), source, "draw_unit_film")
    st.markdown(said)


def _of_convolution(layer: Convolution, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    """The sums of its channels, and the products of the one that counts most."""
    products, sums, total = unit_sum(layer, coming, unit.row, unit.column, unit.filter)
    strongest = int(np.abs(sums).argmax())
    side = len(products)
    patch = coming[unit.row : unit.row + side, unit.column : unit.column + side, strongest]
    kernel = layer.kernel[:, :, strongest, unit.filter]
    shown = []
    if len(sums) > 1:
        shown.append(panels.numbers_panel(Titles(tr("unit.channels", n=len(sums)), tr("unit.channels.alt")), sums, COLUMNS))
    titles = Titles(tr("unit.sheet", channel=strongest + 1), tr("bench.sheet.alt"))
    parts = [tr("bench.patch" if len(sums) == 1 else "unit.patch"), tr("bench.kernel"), tr("bench.products")]
    shown.append(panels.sheet_panel(titles, parts, patch[None], kernel, "signed"))
    values = {"sum": f"{sums.sum():.3f}", "bias": f"{layer.bias[unit.filter]:.3f}", "total": f"{total:.3f}"}
    name, output = tr(f"choice.{layer.activation}"), layer.forward(coming[None])[0, unit.row, unit.column, unit.filter]
    return shown, tr("unit.sum", name=name, output=f"{output:.3f}", **values)


def _of_pooling(layer: Pooling, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    top, left = unit.row * layer.size, unit.column * layer.size
    patch = coming[top : top + layer.size, left : left + layer.size, unit.filter]
    value = layer.forward(coming[None])[0, unit.row, unit.column, unit.filter]
    shown = [panels.patch_panel(Titles(tr("unit.square"), tr("bench.patch.alt")), patch[None])]
    return shown, tr("bench.pool_place", name=tr(f"choice.{layer.kind}"), value=f"{value:.3f}")


def _of_normalisation(layer: Normalisation, coming: np.ndarray, unit: Unit) -> tuple[list[Panel], str]:
    before, channel = coming[unit.row, unit.column, unit.filter], unit.filter
    deviation = np.sqrt(layer.variance[channel] + layer.epsilon)
    output = (before - layer.mean[channel]) / deviation * layer.scale[channel] + layer.shift[channel]
    numbers = {"before": before, "mean": layer.mean[channel], "deviation": deviation, "scale": layer.scale[channel]}
    written = {name: f"{number:.3f}" for name, number in (numbers | {"shift": layer.shift[channel], "output": output}).items()}
    return [], tr("unit.normalisation", **written)
