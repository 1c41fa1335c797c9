"""A digit drawn by hand: tools, a canvas, and what is to be said of what is on it."""

from collections.abc import Callable

import streamlit as st

from ann_core.data.drawing import Stages, stages
from ann_core.ui import session
from ann_core.ui.inputs import canvas
from ann_core.ui.language import labels, tr

WIDTHS = {"pen": 22 / 280, "eraser": 40 / 280}
"""How wide the strokes are, as shares of the canvas's side."""
INKS = {"pen": "#ffffff", "eraser": "#000000"}
GROUND = "#000000"
EMPTY, FULL = 0.02, 0.9
DOT = 1.7


def tools(name: str, on_clear: Callable[[], None]) -> str:
    """Pen or eraser, as the learner says, and a button that clears the canvas of this name."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        described = {"format_func": labels("draw.tool", INKS), "key": f"{name}_tool", "required": True}
        tool = st.segmented_control(tr("draw.tool"), list(INKS), default="pen", label_visibility="collapsed", **described)
        st.button(tr("draw.clear"), key=f"{name}_clear", icon=":material/delete:", on_click=_clear, args=(name, on_clear))
    return tool


def paper(name: str, side: int, tool: str, on_change: Callable[[], None]) -> Stages | None:
    """A square canvas, so many pixels wide; the stages of what is drawn on it, None before the first stroke."""
    key, width = f"{name}_canvas_{session.value(_revision(name), 0)}", round(WIDTHS[tool] * side)
    rgba = canvas.freehand(key, side, width, INKS[tool], GROUND, on_change)
    return None if rgba is None else stages(rgba)


def remark(steps: Stages) -> str:
    """What is to be said of a drawing: that it is empty, full, no more than a dot, or how it was prepared."""
    if not steps.ink.max() > EMPTY:
        return "empty"
    if steps.ink.mean() > FULL:
        return "full"
    return "dot" if max(steps.cropped.shape) < DOT * WIDTHS["pen"] * len(steps.ink) else "prepared"


def _clear(name: str, on_clear: Callable[[], None]) -> None:
    session.put(_revision(name), session.value(_revision(name), 0) + 1)
    on_clear()


def _revision(name: str) -> str:
    return f"_{name}_revision"
