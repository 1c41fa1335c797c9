"""The learner's own points: clicked and dragged, typed into a table, or read from a file."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ann_core.charts.palette import CLASSES
from ann_core.data.own.points import MOST_BYTES, MOST_ROWS, OwnPoints, Table, numeric_columns, own_points, placed_points, read_table
from ann_core.data.points import REACH
from ann_core.data.problem import DataProblem
from ann_core.ui import session
from ann_core.ui.inputs import canvas
from ann_core.ui.language import labels, plain, sentences, tr
from ann_core.ui.session import Bench

SIDE = 320
DOT = 6
LETTERS = "ABCD"
WAYS = ("click", "type", "file")
FILE_KEY = "points_own_file"
SHOWN_LINES = 8
MEGABYTES = MOST_BYTES // 1_000_000


def adapt(bench: Bench) -> None:
    """Let the settings know how many classes the learner's points have."""
    own = session.own_points()
    if own is not None and bench.spec.dataset == "own" and bench.spec.own_classes != own.classes:
        bench.spec = bench.spec.changed(own_classes=own.classes)


def draw() -> None:
    """The three ways to points of one's own, and what is wrong with them, if anything."""
    words = labels("own.way", WAYS)
    way = st.segmented_control(
        tr("own.way"), WAYS, format_func=words, default="click", key="points_own_way", required=True, on_change=_begin_again
    )
    with st.container(horizontal=True, gap="medium"):
        plane = st.container(width=SIDE if way == "click" else "content")
        with st.container():
            {"click": partial(_click, plane), "type": _type, "file": _file}[way]()
            _said()
            st.caption(f":material/lock: {tr('own.private')}")


def _said() -> None:
    """What there is of points, or what is wrong with them."""
    kept = session.own()
    if kept.problem is not None:
        st.error(tr(f"data.problem.{kept.problem.code}", **kept.problem.values), icon=":material/report:")
    elif kept.points is not None:
        _summary(kept.points)


def _begin_again() -> None:
    """Let the canvas and the table begin with the points there are now."""
    kept = session.own()
    kept.begun_with, kept.revision = kept.placed, kept.revision + 1


def _use(make: Callable[[], OwnPoints]) -> None:
    """Keep what `make` gives as the learner's points, or the reason why it gives none."""
    kept = session.own()
    try:
        kept.points, kept.problem = make(), None
    except DataProblem as problem:
        kept.points, kept.problem = None, problem


def _click(plane: DeltaGenerator) -> None:
    """A canvas to click points on and drag them about, in its place."""
    kept = session.own()
    letter = st.segmented_control(tr("own.class"), list(LETTERS), default="A", key="points_own_letter", required=True)
    fill, begun_with = CLASSES[LETTERS.index(letter)], _drawing(kept.begun_with)
    _coloured()
    with plane:
        circles = canvas.circles(f"points_canvas_{kept.revision}", SIDE, DOT, fill, begun_with, halves=REACH)
    st.caption(sentences(tr("own.click.axes", reach=f"{REACH:g}"), tr("own.click.how")))
    if circles is not None:
        _take(_placed(circles))


def _coloured() -> None:
    """The buttons of the classes have their colours."""
    rules = (f".st-key-points_own_letter button:nth-of-type({n}) {{box-shadow: inset 0 -0.3rem {CLASSES[n - 1]}}}" for n in range(1, 5))
    st.html(f"<style>{' '.join(rules)}</style>")


def _take(placed: pd.DataFrame) -> None:
    """Keep points placed by hand, if they are not those that were there."""
    kept = session.own()
    if not placed.equals(kept.placed) and (len(placed) or len(kept.placed)):
        kept.placed = placed
        _use(lambda: placed_points(placed))


def _drawing(placed: pd.DataFrame) -> dict:
    """Points as circles of the canvas."""
    known = placed[placed["label"].isin(list(LETTERS))]
    places = np.stack([(known["x1"] / REACH + 1) * SIDE / 2, (1 - known["x2"] / REACH) * SIDE / 2], axis=1)
    return canvas.drawing(places, DOT, [CLASSES[LETTERS.index(label)] for label in known["label"]])


def _placed(circles: list[dict]) -> pd.DataFrame:
    """The circles of the canvas as points: their centres, and the class of their colour."""
    rows = []
    for circle in circles:
        left, top = canvas.centre(circle, DOT)
        fill = str(circle.get("fill", "")).lower()
        if fill in CLASSES:
            x1, x2 = (2 * left / SIDE - 1) * REACH, (1 - 2 * top / SIDE) * REACH
            rows.append((round(x1, 2), round(x2, 2), LETTERS[CLASSES.index(fill)]))
    return pd.DataFrame(rows, columns=["x1", "x2", "label"])


def _type() -> None:
    """The placed points as a table to type into."""
    kept = session.own()
    number = st.column_config.NumberColumn
    columns = {
        "x1": number("x₁", min_value=-REACH, max_value=REACH, required=True),
        "x2": number("x₂", min_value=-REACH, max_value=REACH, required=True),
        "label": st.column_config.SelectboxColumn(tr("own.class"), options=list(LETTERS), required=True),
    }
    typed = st.data_editor(kept.begun_with, column_config=columns, num_rows="dynamic", hide_index=True, key=f"points_table_{kept.revision}")
    _take(typed.dropna().reset_index(drop=True))


def _file() -> None:
    """A file with a table, and the choice of its columns."""
    kept = session.own()
    st.file_uploader(
        tr("own.file.label", rows=f"{MOST_ROWS:,}", megabytes=MEGABYTES),
        type=["csv", "txt", "tsv"],
        key=FILE_KEY,
        on_change=_opened,
        max_upload_size=MEGABYTES,
    )
    if kept.table is not None:
        _columns(kept.table)


def _opened() -> None:
    kept, file = session.own(), session.value(FILE_KEY)
    kept.table, kept.points, kept.problem = None, None, None
    if file is None:
        return
    try:
        kept.table = read_table(file.getvalue())
    except DataProblem as problem:
        kept.problem = problem


def _columns(table: Table) -> None:
    """Which columns are the two inputs, and which is asked for."""
    numeric, everything = numeric_columns(table), list(table.cells)
    if len(numeric) < 2:
        session.own().problem = DataProblem("own_no_numbers", n=len(numeric))
        return
    first = st.selectbox(tr("own.first"), numeric, key="points_own_first")
    second = st.selectbox(tr("own.second"), [name for name in numeric if name != first], key="points_own_second")
    others = [name for name in everything if name not in (first, second)]
    target = st.selectbox(tr("own.target"), others, index=len(others) - 1, key="points_own_target")
    as_value = st.toggle(tr("own.as_value"), value=_looks_like_value(table, target), key=f"points_own_value_{target}")
    _use(lambda: own_points(table, (first, second), target, as_value))


def _looks_like_value(table: Table, target: str) -> bool:
    return target in numeric_columns(table) and table.cells[target].nunique() > len(LETTERS)


def _summary(own: OwnPoints) -> None:
    """How many points there are, what was left out, and why."""
    count = len(own.points.x)
    names = tr("list.comma").join(map(plain, own.labels))
    what = tr("own.classes", n=own.classes, names=names) if own.labels else tr("own.value", name=plain(own.target))
    st.markdown(f":material/check_circle: {tr('own.there', n=count)} · {what}")
    if own.dropped:
        shown = tr("list.comma").join(map(str, own.dropped[:SHOWN_LINES])) + (" …" if len(own.dropped) > SHOWN_LINES else "")
        st.warning(tr("own.dropped", n=len(own.dropped), lines=shown), icon=":material/playlist_remove:")
    if own.cut:
        st.warning(tr("own.cut", rows=f"{MOST_ROWS:,}"), icon=":material/content_cut:")
