"""Why this answer: which pixels it hangs on, hidden and nudged; and which training images are like this one."""

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import enlarged
from ann_core.lessons.convolutional.network import Looked
from ann_core.maths.networks.convolution import Dense
from ann_core.maths.networks.saliency import input_slope, occlusion
from ann_core.probing import images
from ann_core.probing.images import Near
from ann_core.probing.measurement import light
from ann_core.ui import turns
from ann_core.ui.figures.figure import Source, source_line
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.images import class_names
from ann_core.ui.language import tr
from ann_core.ui.workbench import measure

SQUARE, STEP = 6, 2
NEIGHBOURS, SIZE = 8, 84


def draw(looked: Looked) -> None:
    """The picture once with a square hidden, at every place, and once with every pixel nudged."""
    names = class_names(looked.run)
    order = np.argsort(-looked.probabilities).tolist()
    label = st.selectbox(tr("reasons.class"), order, format_func=names.__getitem__, key=f"reasons_class_{order[0]}")
    if looked.run.spec.shuffled_pixels:
        st.info(tr("reasons.shuffled"), icon=":material/shuffle:")
        return
    falls, slope = hidden(looked, label), nudged(looked, label)
    picture = looked.inputs[0] / max(float(looked.inputs.max()), 1e-9)
    shown = [
        panels.input_panel(Titles(tr("reasons.picture"), tr("reasons.picture.alt")), picture),
        panels.map_panel(Titles(tr("reasons.hidden", side=SQUARE), tr("reasons.hidden.alt")), spread(falls, picture.shape)),
        panels.map_panel(Titles(tr("reasons.nudged"), tr("reasons.nudged.alt")), slope),
    ]
    film(packed(shown, [""], words(), "reasons", play=False), Source.weights(looked.run), "reasons_film")
    st.markdown(said(names[label], float(looked.probabilities[label]), falls))


def said(name: str, share: float, falls: np.ndarray) -> str:
    """What the pictures mean, and how far the probability of a class falls and rises, from its fall behind each square."""
    most, least = float(falls.max()), float(falls.min())
    fallen = tr("reasons.falls", most=f"{most:.1%}") if most > 0 else tr("reasons.never_falls")
    risen = tr("reasons.rises", least=f"{-least:.1%}") if least < 0 else tr("reasons.never_rises")
    return tr("reasons.said", name=name, share=f"{share:.1%}", most=fallen, least=risen)


def hidden(looked: Looked, label: int) -> np.ndarray:
    """By how much the probability of a class falls behind each black square: (rows, columns) of squares."""
    return looked.probabilities[label] - occlusion(looked.layers, looked.inputs[0], SQUARE, STEP)[..., label]


def spread(falls: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """For each pixel of a picture of this shape the mean over the squares that cover it."""
    lost, count = np.zeros(shape), np.zeros(shape)
    for (row, column), fall in np.ndenumerate(falls):
        covered = slice(row * STEP, row * STEP + SQUARE), slice(column * STEP, column * STEP + SQUARE)
        lost[covered] += fall
        count[covered] += 1
    return lost / np.maximum(count, 1)


def nudged(looked: Looked, label: int) -> np.ndarray:
    """How fast the sum of a class, before softmax, rises with each pixel: (rows, columns)."""
    last = looked.layers[-1]
    layers = [*looked.layers[:-1], Dense(last.kernel, last.bias, "linear")]
    outputs = [*looked.outputs[:-1], layers[-1].forward(looked.outputs[-2])]
    slope = np.zeros_like(outputs[-1])
    slope[0, label] = 1
    return input_slope(layers, looked.inputs, outputs, slope)[0, ..., 0]


def nearest(looked: Looked) -> None:
    """The training images that are most like this one."""
    key = f"{looked.run.key} {looked.picture.tobytes().hex()}"
    live = measure.measurement("nearest").task is not None
    turns.fragment(_nearest, run_every=0.25 if live else None)(looked, key, live)


def _nearest(looked: Looked, key: str, live: bool) -> None:
    st.caption(tr("nearest.how"))
    arguments = lambda: (light(looked.run), looked.picture, NEIGHBOURS)  # noqa: E731
    found = measure.measured("nearest", key, images.nearest, arguments, live)
    if found is not None:
        by_pixels, by_network = found
        _row(looked, tr("nearest.pixels"), by_pixels)
        _row(looked, tr("nearest.network"), by_network)
        source_line(Source.run(looked.run))


def _row(looked: Looked, title: str, near: Near) -> None:
    names = class_names(looked.run)
    st.markdown(f"**{title}**")
    with st.container(horizontal=True):
        for image, label, distance in zip(near.images, near.labels, near.distances, strict=True):
            caption = tr("nearest.one", name=names[label], distance=f"{distance:.2f}")
            st.image(enlarged(image, 3), caption=caption, alt=caption, width=SIZE)
