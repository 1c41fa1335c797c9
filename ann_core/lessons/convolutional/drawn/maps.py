"""What every filter of every layer makes of a picture, and every neuron behind them; any of these units can be picked."""

import numpy as np
import streamlit as st

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import tiles_panel
from ann_core.lessons.convolutional.drawn import units
from ann_core.lessons.convolutional.drawn.units import Unit
from ann_core.lessons.convolutional.network import Looked
from ann_core.maths.networks.convolution import Convolution, Dense
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import tr

FILM_KEY = "draw_maps"
COLUMNS = 8
PICK = "{place}.{filter}.{across}"
"""A unit's layer; its filter, or, where there are none, how many neurons stand in a row."""


def draw(looked: Looked) -> None:
    """All maps and neurons, and the unit that was picked."""
    st.caption(tr("maps.how"))
    source = Source.weights(looked.run)
    film(packed(_maps(looked), [""], words(), FILM_KEY, play=False), source, FILM_KEY, _picked)
    with st.container(border=True, key="draw_unit"):
        units.draw(looked, _chosen(looked), source)


def _maps(looked: Looked) -> list[Panel]:
    shown, number = [], 0
    for place, (layer, outputs) in enumerate(zip(looked.layers, looked.outputs, strict=True)):
        if isinstance(layer, Convolution):
            number += 1
        if outputs.ndim == 4:
            tiles = outputs[0].transpose(2, 0, 1)[None]
            picks = [PICK.format(place=place, filter=filter_, across=0) for filter_ in range(tiles.shape[1])]
            title = tr(f"maps.{layer.kind}", number=number, n=tiles.shape[1], rows=tiles.shape[2], columns=tiles.shape[3])
            shown.append(tiles_panel(title, tr("maps.alt"), tiles, COLUMNS, crisp=True, picks=picks))
        elif isinstance(layer, Dense):
            last = place == len(looked.layers) - 1
            values = layer.sums(looked.outputs[place - 1])[0] if last else outputs[0]
            pick = PICK.format(place=place, filter=0, across=panels.row_columns(len(values)))
            titles = Titles(tr("maps.sums" if last else "maps.dense", n=len(values)), tr("maps.dense.alt"))
            shown.append(panels.row_panel(titles, values, pick))
    return shown


def _picked() -> None:
    picked = session.value(FILM_KEY)["picked"]
    if picked and picked.get("cell"):
        place, filter_, across = map(int, picked["pick"].split("."))
        row, column = picked["cell"]
        session.put("_draw_unit", Unit(place, row * across + column) if across else Unit(place, filter_, row, column))


def _chosen(looked: Looked) -> Unit:
    """The unit that was picked, where this network has one there; else the strongest of the last maps, or the likeliest class."""
    unit = session.value("_draw_unit")
    if unit is not None and units.exists(looked, unit):
        return unit
    convolutions = [place for place, layer in enumerate(looked.layers) if isinstance(layer, Convolution)]
    if not convolutions:
        return Unit(len(looked.layers) - 1, int(looked.probabilities.argmax()))
    outputs = looked.outputs[convolutions[-1]][0]
    row, column, filter_ = np.unravel_index(outputs.argmax(), outputs.shape)
    return Unit(convolutions[-1], int(filter_), int(row), int(column))
