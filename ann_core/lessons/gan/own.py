"""What a learner paints for the generator to imitate."""

import numpy as np
import streamlit as st

from ann_core.data.gan import spread_out
from ann_core.data.points import Points
from ann_core.training.examples.gan import REAL_POINTS
from ann_core.ui import session
from ann_core.ui.inputs import canvas
from ann_core.ui.language import tr

SIDE, PEN = 260, 18
INK, GROUND = "#ffffff", "#000000"
BRIGHT = 128
DOT_SHARE, FULL_SHARE = 0.01, 0.9


def draw() -> None:
    """The canvas, and what is made of it."""
    target = session.own_target()
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=SIDE):
            rgba = canvas.freehand(f"gan_canvas_{target.revision}", SIDE, PEN, INK, GROUND, lambda: None)
        with st.container():
            st.button(tr("draw.clear"), key="gan_clear", icon=":material/delete:", on_click=_clear)
            st.caption(tr(remark(rgba)))
    if rgba is not None:
        target.points = points_of(rgba)


def points_of(rgba: np.ndarray) -> Points | None:
    """Points spread over what is painted, RGBA (side, side, 4); None where nothing is."""
    painted = np.asarray(rgba)[..., 0] > BRIGHT
    if not painted.any():
        return None
    x = spread_out(painted, REAL_POINTS, 0)
    return Points(x, np.zeros(len(x), np.uint8))


def remark(rgba: np.ndarray | None) -> str:
    """What is to be said of a painting: a message id."""
    share = 0.0 if rgba is None else float((np.asarray(rgba)[..., 0] > BRIGHT).mean())
    if not share:
        return "target.empty"
    return "target.dot" if share < DOT_SHARE else "target.full" if share > FULL_SHARE else "target.painted"


def _clear() -> None:
    target = session.own_target()
    target.points, target.revision = None, target.revision + 1
