"""The learner's own series: a column of a file."""

import streamlit as st

from ann_core.data.own.points import MOST_BYTES, MOST_ROWS, Table, numeric_columns, read_table
from ann_core.data.own.recurrent import OwnSeries, own_series
from ann_core.data.problem import DataProblem
from ann_core.ui import session
from ann_core.ui.language import plain, tr

FILE_KEY = "recurrent_own_file"
MEGABYTES = MOST_BYTES // 1_000_000


def draw() -> None:
    """The file, the choice of its column, and what is wrong with it, if anything."""
    kept = session.own_series()
    label = tr("own.file.label", rows=f"{MOST_ROWS:,}", megabytes=MEGABYTES)
    st.file_uploader(label, type=["csv", "txt", "tsv"], key=FILE_KEY, on_change=_opened, max_upload_size=MEGABYTES)
    if kept.table is not None:
        _column(kept.table)
    if kept.problem is not None:
        st.error(tr(f"data.problem.{kept.problem.code}", **kept.problem.values), icon=":material/report:")
    elif kept.brought is not None:
        _summary(kept.brought)
    st.caption(f":material/lock: {tr('own.private')}")


def _opened() -> None:
    kept, file = session.own_series(), session.value(FILE_KEY)
    kept.table, kept.brought, kept.problem = None, None, None
    if file is None:
        return
    try:
        kept.table = read_table(file.getvalue(), least_columns=1)
    except DataProblem as problem:
        kept.problem = problem


def _column(table: Table) -> None:
    kept, numeric = session.own_series(), numeric_columns(table)
    kept.brought, kept.problem = None, None
    if not numeric:
        kept.problem = DataProblem("series_no_numbers", n=len(table.cells.columns))
        return
    name = st.selectbox(tr("own.column"), numeric, key="recurrent_own_column")
    try:
        kept.brought = own_series(table, name)
    except DataProblem as problem:
        kept.problem = problem


def _summary(brought: OwnSeries) -> None:
    """How many values there are, what was filled in, what was left out."""
    st.markdown(f":material/check_circle: {tr('own.values', n=len(brought.series.values), name=plain(brought.name))}")
    if brought.filled:
        st.warning(tr("own.filled", n=brought.filled), icon=":material/healing:")
    if brought.cut:
        st.warning(tr("own.cut", rows=f"{MOST_ROWS:,}"), icon=":material/content_cut:")
    if brought.constant:
        st.info(tr("own.constant"), icon=":material/horizontal_rule:")
