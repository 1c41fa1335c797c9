"""What did it learn: one image, its classes, its mistakes."""

import streamlit as st

from ann_core.lessons.convolutional.network import at
from ann_core.maths.networks.convolution import forward
from ann_core.training.engine.jobs import Prepared
from ann_core.training.examples.images import seen
from ann_core.training.records import Run
from ann_core.ui import turns
from ann_core.ui.figures import classified
from ann_core.ui.figures.classified import Asked
from ann_core.ui.figures.images import trained
from ann_core.ui.page import frame

EXPERIMENT = "convolutional"


def draw() -> None:
    frame.section(EXPERIMENT, "probe")
    if at_hand := trained(EXPERIMENT):
        turns.fragment(_probe)(*at_hand)


def _probe(run: Run, images: Prepared) -> None:
    views = {"image": _one_image, "classes": classified.confusion, "mistakes": classified.mistakes}
    classified.views(Asked(run, images, run.final), views)


def _one_image(asked: Asked) -> None:
    asked = Asked(asked.run, asked.images, classified.moment(asked.run))
    browse, answer = st.columns([5, 6], gap="large")
    with browse:
        number = classified.browse(asked)
    with answer:
        network = at(asked.run, asked.checkpoint)
        classified.answer(asked, number, forward(network, seen(asked.run.spec, asked.images.x_test[number][None]))[-1][0])
