"""What did it learn: its kernels and maps through the training, its classes, its mistakes."""

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import tiles_panel
from ann_core.data.images import SIDE
from ann_core.lessons.convolutional.beside import COLUMNS, kernels
from ann_core.lessons.convolutional.network import at, look
from ann_core.maths.networks.convolution import Convolution, forward
from ann_core.training.engine.jobs import Prepared
from ann_core.training.examples.images import seen
from ann_core.training.records import Run
from ann_core.ui.figures import classified
from ann_core.ui.figures.classified import Asked
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.images import trained
from ann_core.ui.language import current, tr
from ann_core.ui.page import frame

EXPERIMENT = "convolutional"


def draw() -> None:
    frame.section(EXPERIMENT, "probe")
    if at_hand := trained(EXPERIMENT):
        st.fragment(_probe)(*at_hand)


def _probe(run: Run, images: Prepared) -> None:
    views = {"film": _learning, "image": _one_image, "classes": classified.confusion, "mistakes": classified.mistakes}
    classified.views(Asked(run, images, run.final), views)


def _one_image(asked: Asked) -> None:
    asked = Asked(asked.run, asked.images, classified.moment(asked.run))
    browse, answer = st.columns([5, 6], gap="large")
    with browse:
        number = classified.browse(asked)
    with answer:
        network = at(asked.run, asked.checkpoint)
        classified.answer(asked, number, forward(network, seen(asked.run.spec, asked.images.x_test[number][None]))[-1][0])


def _learning(asked: Asked) -> None:
    """Kernels, and what they make of a test image, at every moment of the training."""
    run = asked.run
    if not run.spec.filters:
        st.info(tr("probe.no_filters"), icon=":material/info:")
        return
    number = st.number_input(tr("probe.number"), 0, len(asked.images.y_test) - 1, step=1, key="convolutional_film_number")
    content = _film(run.key, number, current(), run, asked.images.x_test[number])
    film(content, Source.course(run.data, run.spec.seed, run.checkpoints), "convolutional_film")


@st.cache_resource(max_entries=8, show_spinner=False)
def _film(key: str, number: int, language: str, _run: Run, _picture: np.ndarray) -> bytes:
    inputs = seen(_run.spec, _picture[None])
    light = inputs[0] / max(float(inputs.max()), 1e-9)
    shown = [panels.input_panel(Titles(tr("maps.picture"), tr("bench.input.alt")), light.reshape(SIDE, SIDE))]
    tiles = kernels(_run.checkpoints)
    shown.append(tiles_panel(tr("maps.kernels", n=tiles.shape[1]), tr("maps.kernels.alt"), tiles, COLUMNS, crisp=True))
    made = [forward(at(_run, checkpoint), inputs) for checkpoint in _run.checkpoints]
    places = [place for place, layer in enumerate(look(_run, _picture).layers) if isinstance(layer, Convolution)]
    for place, layer in enumerate(places, 1):
        maps = np.stack([outputs[layer][0] for outputs in made]).transpose(0, 3, 1, 2)
        title = tr("maps.convolution", number=place, n=maps.shape[1], rows=maps.shape[2], columns=maps.shape[3])
        shown.append(tiles_panel(title, tr("maps.alt"), maps, COLUMNS, crisp=True))
    captions = [_caption(_run, checkpoint.epoch) for checkpoint in _run.checkpoints]
    return packed(shown, captions, words(), f"{key} {number}", play=False)


def _caption(run: Run, epoch: int) -> str:
    if not epoch:
        return tr("film.untrained")
    return f"{tr('film.epoch', epoch=epoch)} · {tr('maps.accuracy', share=f'{run.value(run.metrics[3], epoch):.1%}')}"
