"""Draw a digit: from the strokes to the network's answer, with every stage in between."""

import numpy as np
import streamlit as st

from ann_core.charts import classes, pixels
from ann_core.data.drawing import Stages, stages
from ann_core.lessons.convolutional import inside, surgery
from ann_core.lessons.convolutional.claim import DISTORTED
from ann_core.lessons.convolutional.drawn import maps, reasons
from ann_core.lessons.convolutional.drawn.own import own
from ann_core.lessons.convolutional.network import Looked, look
from ann_core.training.examples.images import WHITE
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.images import class_names, test_images
from ann_core.ui.inputs import canvas
from ann_core.ui.language import labels, tr
from ann_core.ui.page import frame

SIDE = 280
FRAGMENT = "drawing"
WIDTHS = {"pen": 22, "eraser": 40}
INKS = {"pen": "#ffffff", "eraser": "#000000"}
GROUND = "#000000"
EMPTY, FULL = 0.02, 0.9
DOT = 1.7
SHOWN, NARROW = 84, 24
VIEWS = {"maps": maps.draw, "reasons": reasons.draw, "nearest": reasons.nearest}


def draw() -> None:
    frame.section("convolutional", "draw")
    st.fragment(_drawing, key=FRAGMENT)()


def _drawing() -> None:
    run = session.bench("convolutional").run
    left, right = st.columns([3, 4], gap="large")
    with left:
        picture, steps = _subject(run)
    with right:
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
    with st.container(horizontal=True, vertical_alignment="bottom"):
        described = {"format_func": labels("draw.tool", INKS), "key": "draw_tool", "required": True}
        tool = st.segmented_control(tr("draw.tool"), list(INKS), default="pen", label_visibility="collapsed", **described)
        st.button(tr("draw.clear"), key="draw_clear", icon=":material/delete:", on_click=_clear)
    rgba = canvas.freehand(f"draw_canvas_{session.value('_draw_revision', 0)}", SIDE, WIDTHS[tool], INKS[tool], GROUND, _drawn)
    if rgba is None:
        st.caption(tr("draw.how"))
        return None
    steps = stages(rgba)
    said = remark(steps)
    st.caption(tr(f"draw.remark.{said}"))
    return None if said == "empty" else steps


def _clear() -> None:
    session.put("_draw_revision", session.value("_draw_revision", 0) + 1)
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


def remark(steps: Stages) -> str:
    """What is to be said of a drawing: that it is empty, full, no more than a dot, or how it was prepared."""
    if not steps.ink.max() > EMPTY:
        return "empty"
    if steps.ink.mean() > FULL:
        return "full"
    return "dot" if max(steps.cropped.shape) < DOT * WIDTHS["pen"] else "prepared"


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
    figure(spec, rows, Source.exact("source.forward", epoch=run.epochs), tr("alt.probabilities"), "draw_probabilities")
    if run.data.name == "fashion_mnist":
        st.caption(tr("draw.clothes"))


def _inside(looked: Looked) -> None:
    tabs = st.tabs([tr(f"draw.view.{view}") for view in VIEWS], on_change="rerun", key="draw_view")
    for tab, show in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                show(looked)
