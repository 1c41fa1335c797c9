"""What did it learn: ask the trained network, at any moment of its training."""

import numpy as np
import streamlit as st

from ann_core.charts import pixels
from ann_core.lessons.feedforward.picture import looked, over_pixels
from ann_core.training.engine.jobs import Prepared
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import turns
from ann_core.ui.figures import classified
from ann_core.ui.figures.classified import Asked
from ann_core.ui.figures.figure import picture
from ann_core.ui.figures.images import trained
from ann_core.ui.language import tr
from ann_core.ui.moments import moment_words
from ann_core.ui.page import frame

MOST_UNITS = 128


def draw() -> None:
    frame.heading("feedforward", "probe")
    if at_hand := trained("feedforward"):
        turns.fragment(_probe)(*at_hand)
    else:
        frame.text("feedforward", "probe")


def _probe(run: Run, images: Prepared) -> None:
    words, time = st.columns(2, gap="large")
    with words:
        frame.text("feedforward", "probe")
    with time:
        asked = Asked(run, images, classified.moment(run))
    classified.views(asked, {"image": _one_image, "classes": classified.confusion, "mistakes": classified.mistakes, "weights": _weights})


def _one_image(asked: Asked) -> None:
    browse, answer = st.columns([5, 6], gap="large")
    with browse:
        number = classified.browse(asked)
    with answer:
        classified.answer(asked, number, ask(asked.run, asked.checkpoint, asked.images.x_test[number]))


def ask(run: Run, checkpoint: Checkpoint, image: np.ndarray) -> np.ndarray:
    """Probabilities of the classes for one image, uint8 (28, 28): a forward pass through the weights of a checkpoint."""
    _, steps = looked(run.spec, checkpoint, image)
    return steps[-1].outputs[0]


def _weights(asked: Asked) -> None:
    """The weights into each unit of the first layer, laid out like the pixels they multiply."""
    kernel = over_pixels(asked.run.spec, asked.checkpoint.weights[0].T)
    units = min(len(kernel), MOST_UNITS)
    columns = min(16, units) if units > 10 else units
    st.markdown(tr("probe.weights.how", n=units))
    tiles = pixels.signed(kernel[:units])
    sheet = pixels.mosaic(tiles, columns)
    alt = tr("alt.weights", n=units, moment=moment_words(asked.run.spec, asked.checkpoint.moment))
    picture(pixels.enlarged(sheet, 2 if columns > 10 else 4), asked.source, alt)
