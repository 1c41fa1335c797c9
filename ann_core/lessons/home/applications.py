"""Applications: which network serves what, and what the world looks like to it: numbers, always."""

import numpy as np
import streamlit as st

from ann_core.catalogue import NETWORKS
from ann_core.charts import functions, pixels
from ann_core.data import images, recurrent
from ann_core.ui import turns
from ann_core.ui.figures.figure import Source, figure, picture, source_line
from ann_core.ui.language import labels, tr
from ann_core.ui.page import frame

FIELDS = {
    "images": ("convolutional", "feedforward"),
    "speech": ("recurrent", "lstm", "attention"),
    "language": ("attention", "lstm"),
    "recommendation": ("feedforward", "attention"),
    "driving": ("convolutional", "recurrent"),
    "finance": ("lstm", "recurrent", "feedforward"),
    "creation": ("gan", "attention"),
}
"""Fields of application, and networks that serve them."""

KINDS = ("image", "text", "series")
LARGE = 8
MOST_LETTERS = 40
TEXT_KEY = "numbers_text"
WINDOW = 10
IN_TABLE = {"`": "`` ` ``", "|": "`\\|`"}
"""Letters that mean something in a table of Markdown."""


def draw() -> None:
    frame.section("home", "applications")
    head = f"| {tr('applications.field')} | {tr('applications.what')} | {tr('applications.network')} |\n|---|---|---|\n"
    st.markdown(head + "\n".join(_row(field, networks) for field, networks in FIELDS.items()))
    frame.text("home", "numbers")
    turns.fragment(_numbers)()


def _row(field: str, networks: tuple[str, ...]) -> str:
    named = tr("list.comma").join(f"{NETWORKS[key]} {tr(f'lesson.{key}.title')}" for key in networks)
    return f"| **{tr(f'application.{field}')}** | {tr(f'application.{field}.what')} | {named} |"


def _numbers() -> None:
    """What a network gets of an image, a text, a series."""
    kind = st.segmented_control(
        tr("numbers.kind"), KINDS, format_func=labels("numbers", KINDS), default="image", key="numbers_kind", required=True
    )
    {"image": _image, "text": _text, "series": _series}[kind]()


def _image() -> None:
    found = images.load("digits")
    number = st.slider(tr("numbers.which"), 0, len(found.x_test) - 1, 7, key="numbers_image")
    left, right = st.columns([1, 2], gap="medium")
    image = found.x_test[number]
    with left:
        picture(pixels.enlarged(image, LARGE), Source.exact("source.digit", number=number), tr("numbers.image.alt"))
    with right:
        rows = "\n".join(" ".join(f"{value:3d}" for value in row[4:24:2]) for row in image[4:24:2])
        st.code(rows, language=None)
        st.caption(tr("numbers.image.how"))


def _text() -> None:
    text = st.text_input(tr("numbers.your_text"), tr("numbers.sample"), max_chars=MOST_LETTERS, key=TEXT_KEY)
    letters = "| " + " | ".join(IN_TABLE.get(letter, f"`{letter}`") for letter in text) + " |"
    numbers = "| " + " | ".join(str(ord(letter)) for letter in text) + " |"
    if text:
        st.markdown(f"{letters}\n|{'---|' * len(text)}\n{numbers}")
    source_line(Source.exact())
    st.caption(tr("numbers.text.how"))


def _series() -> None:
    values = recurrent.series("sine", 60, 40.0).values
    here = st.slider(tr("numbers.moment"), WINDOW, 59, 30, key="numbers_moment")
    names = tr("numbers.series"), tr("numbers.window")
    window = np.arange(here - WINDOW, here)
    lines, dots = {names[0]: (np.arange(60), values)}, {names[1]: (window, values[window])}
    chart = functions.functions(tr("numbers.time"), tr("numbers.value"), names, (0, 60), (-1.2, 1.2))
    figure(chart, functions.function_rows(lines, dots, [here]), Source.exact(), tr("numbers.series.alt"), "numbers_series")
    st.caption(tr("numbers.series.how", numbers=", ".join(f"{value:.2f}" for value in values[window])))
