"""Draw a digit: from the strokes to the network's answer, with every stage in between."""

import numpy as np
import streamlit as st

from ann_core.charts import classes, pixels
from ann_core.data.drawing import Stages
from ann_core.lessons.convolutional import inside, surgery
from ann_core.lessons.convolutional.claim import DISTORTED
from ann_core.lessons.convolutional.drawn import maps, reasons
from ann_core.lessons.convolutional.drawn.own import own
from ann_core.lessons.convolutional.network import Looked, look
from ann_core.training.examples.images import WHITE
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.images import class_names, test_images
from ann_core.ui.inputs import drawing
from ann_core.ui.language import labels, tr
from ann_core.ui.page import frame

SIDE = 280
CANVAS, FRAGMENT = "draw", "drawing"
SHOWN, NARROW = 84, 24
VIEWS = {"maps": maps.draw, "reasons": reasons.draw, "nearest": reasons.nearest}


def draw() -> None:
    frame.heading("convolutional", "draw")
    turns.fragment(_drawing, key=FRAGMENT)()


def _drawing() -> None:
    run = session.bench("convolutional").run
    left, right = st.columns([3, 4], gap="large")
    with left:
        picture, steps = _subject(run)
    with right:
        frame.text("convolutional", "draw")
        if picture is None:
            st.caption(tr("draw.how"))
        looked = None if run is None or picture is None else look(run, picture)
        _answer(run, looked)
        if steps is not None:
            _show_stages(steps)
    if looked is not None and looked.finite:
        _inside(looked)


def _subject(run: Run | None) -> tuple[np.ndarray | None, Stages | None]:
    """The picture that the network is to look at: the learner's drawing, with the stages of its preparation, or a test image."""
    images = None if run is None else test_images(run)
    asked = "drawing"
    if images is not None:
        kinds = ("drawing", "test")
        described = {"format_func": labels("draw.subject", kinds), "key": "draw_subject", "required": True}
        asked = st.segmented_control(tr("draw.subject"), kinds, default="drawing", label_visibility="collapsed", **described)
    test = None
    if asked == "test":
        number = st.number_input(tr("probe.number"), 0, len(images.y_test) - 1, step=1, key="draw_number")
        test = images.x_test[number]
        st.image(pixels.enlarged(test, 8), width=SIDE, alt=tr("draw.test.alt"))
    steps = _canvas()  # beneath a test image too: a canvas that is not drawn loses its strokes
    own().digit = None if steps is None else steps.centred
    if test is not None or steps is None:
        return test, None
    return np.rint(WHITE * steps.centred).astype(np.uint8), steps


def _canvas() -> Stages | None:
    """The canvas with its tools, and what is to be said of the drawing; its stages, None where there is none."""
    steps = drawing.paper(CANVAS, SIDE, drawing.tools(CANVAS, _clear), _drawn)
    if steps is None:
        return None
    said = drawing.remark(steps)
    st.caption(tr(f"draw.remark.{said}"))
    return None if said == "empty" else steps


def _clear() -> None:
    own().digit = None
    _drawn()


def _drawn() -> None:
    """Draw anew what shows the drawing: this section first, then the bench, the distortions, the surgery."""
    run, fragments = session.bench("convolutional").run, [FRAGMENT]
    if session.bench(inside.EXHIBIT).spec.picture == "drawing":
        fragments.append(inside.FRAGMENT)
    if run is not None and test_images(run) is not None:
        fragments += [DISTORTED, *([surgery.FRAGMENT] if run.spec.filters else [])]
    st.rerun(fragments)


def _show_stages(steps: Stages) -> None:
    """How MNIST prepares its digits, step by step."""
    with st.container(horizontal=True, key="draw_stages"):
        for name in ("cropped", "fitted", "centred"):
            image = np.rint(WHITE * getattr(steps, name)).astype(np.uint8)
            rows, columns = image.shape
            longer = max(rows, columns)
            caption = tr(f"draw.stage.{name}", rows=rows, columns=columns)
            large, width = pixels.enlarged(image, max(1, SHOWN // longer)), max(NARROW, SHOWN * columns // longer)
            st.image(large, caption=caption, alt=caption, width=width)
    source_line(Source.exact("source.own_drawing"))


def _answer(run: Run | None, looked: Looked | None) -> None:
    if run is None:
        st.info(tr("draw.train_first"), icon=":material/touch_app:")
        return
    names = class_names(run)
    if looked is not None and not looked.finite:
        st.warning(tr("probe.exploded"), icon=":material/whatshot:")
        return
    if looked is None:
        st.markdown(tr("draw.waiting"))
    else:
        best = np.argsort(-looked.probabilities)[:2]
        words = {"guess": names[best[0]], "share": f"{looked.probabilities[best[0]]:.1%}"}
        second = {"second": names[best[1]], "other": f"{looked.probabilities[best[1]]:.1%}"}
        st.markdown(tr("draw.says", **words, **second))
    probabilities = np.zeros(len(names)) if looked is None else looked.probabilities
    kinds = tr("inside.likeliest"), tr("probe.other")
    rows = classes.class_rows(names, probabilities, probabilities == max(probabilities.max(), 1e-9), kinds)
    spec = classes.class_bars(tr("probe.probability"), tuple(names), *kinds)
    figure(spec, rows, Source.weights(run), tr("alt.probabilities"), "draw_probabilities")
    if run.data.name == "fashion_mnist":
        st.caption(tr("draw.clothes"))


def _inside(looked: Looked) -> None:
    tabs = st.tabs([tr(f"draw.view.{view}") for view in VIEWS], on_change="rerun", key="draw_view")
    for tab, show in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                show(looked)
