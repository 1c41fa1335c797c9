"""Three questions with numbers from the learner's own network."""

import streamlit as st

from ann_core.data.images import SIDE
from ann_core.maths.networks.convolution import output_size
from ann_core.specs import ConvolutionalSpec
from ann_core.ui import session
from ann_core.ui.language import tr
from ann_core.ui.page import frame, quiz
from ann_core.ui.page.quiz import Question, of_numbers


def draw() -> None:
    frame.section("convolutional", "questions")
    spec = session.bench("convolutional").spec
    if not spec.filters:
        st.info(tr("guess.without.filters"), icon=":material/info:")
        return
    quiz.quiz("convolutional", [map_side(spec), kernel_parameters(spec), field(spec)])


def map_side(spec: ConvolutionalSpec) -> Question:
    """How wide the maps are behind the first convolution and its pooling."""
    convolved = output_size(SIDE, spec.kernel_size)
    right = convolved if spec.pooling == "none" else convolved // 2
    values = {"side": SIDE, "size": spec.kernel_size, "convolved": convolved}
    return of_numbers("map_side", right, (SIDE, SIDE // 2, convolved, right + 1), **values)


def kernel_parameters(spec: ConvolutionalSpec) -> Question:
    """How many numbers there are to learn in the last convolution."""
    channels = (1, *spec.filters)[-2]
    filters, weights = spec.filters[-1], spec.kernel_size**2
    right = (weights * channels + 1) * filters
    wrong = ((weights + 1) * filters, weights * channels * filters, weights * filters)
    return of_numbers("kernel_parameters", right, wrong, size=spec.kernel_size, channels=channels, filters=filters)


def field(spec: ConvolutionalSpec) -> Question:
    """How many pixels wide the part of the picture is that a unit of the last convolution sees."""
    size, step = spec.kernel_size, 1 if spec.pooling == "none" else 2
    right = size if len(spec.filters) == 1 else size + (size - 1) * step + step - 1
    wrong = (size, 2 * size, SIDE, right + 2)
    return of_numbers("field", right, [number for number in wrong if number != right], layers=len(spec.filters), size=size)
