"""The idea: look at a little at a time, and look everywhere for the same."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.exhibits import SharingExhibit
from ann_core.maths.networks.convolution import output_size
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame

EXHIBIT = "sharing"
SIDES = np.arange(8, 225)


def draw(lesson: Lesson) -> None:
    frame.section("convolutional", "idea")
    turns.fragment(_sharing)(lesson)


def _sharing(lesson: Lesson) -> None:
    frame.text("convolutional", "sharing")
    picture, settings = frame.picture_and_settings("sharing")
    with settings:
        controls.controls(EXHIBIT, ("side", "kernel_size", "kernels"))
    spec: SharingExhibit = session.bench(EXHIBIT).spec
    dense, shared = dense_parameters(spec), shared_parameters(spec)
    with picture:
        names = tr("sharing.dense"), tr("sharing.convolution")
        counts = [dense_parameters(spec, side) for side in SIDES]
        lines = {names[0]: (SIDES, counts), names[1]: (SIDES, np.full(len(SIDES), shared))}
        dots = {names[0]: ([spec.side], [dense]), names[1]: ([spec.side], [shared])}
        chart = functions.functions(tr("sharing.side"), tr("sharing.parameters"), names, (8, 224), (10, 1e12), log=True)
        figure(chart, functions.function_rows(lines, dots, [spec.side]), Source.exact(), tr("sharing.alt"), "sharing_counts")
    outputs = output_size(spec.side, spec.kernel_size)
    values = {"side": spec.side, "outputs": outputs, "n": spec.kernels, "size": spec.kernel_size, "pixels": spec.side**2}
    st.markdown(tr("sharing.said", dense=f"{dense:,}", shared=f"{shared:,}", times=f"{dense / shared:,.0f}", **values))
    address.write(lesson)


def shared_parameters(spec: SharingExhibit) -> int:
    """Weights and biases of a convolution over a grey image."""
    return spec.kernels * (spec.kernel_size**2 + 1)


def dense_parameters(spec: SharingExhibit, side: int = 0) -> int:
    """Weights and biases of a dense layer with as many outputs as the convolution has, for an image of this side."""
    side = int(side) or spec.side
    return spec.kernels * output_size(side, spec.kernel_size) ** 2 * (side**2 + 1)
