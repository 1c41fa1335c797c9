"""A table of numbers to type into."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.spec import Spec
from ann_core.ui import session
from ann_core.ui.language import labels, tr

STEP = 0.001


@dataclass(frozen=True)
class Table:
    """A field's table of numbers: the key of its widget, all its rows and columns, and what those in use are called.

    One that is `lying` is drawn with its rows from left to right.
    """

    key: str
    whole: np.ndarray
    rows: Sequence[str]
    columns: Sequence[str]
    lying: bool = False


@dataclass
class Editor:
    """A table of entries: which one it is, the entries it began with, and those that it held last."""

    revision: int = 0
    begun: np.ndarray | None = None
    entries: np.ndarray | None = None


def edited(key: str, entries: np.ndarray, most: float, columns: Sequence[str], rows: Sequence[str] = ()) -> np.ndarray:
    """Draw a table with these entries (rows, columns), between -`most` and `most`; what it says. Rounded to six digits.

    It begins anew when `entries` come from elsewhere.
    """
    editor: Editor = session.kept(f"_{key}_editor", Editor)
    if editor.entries is None or not np.array_equal(entries, editor.entries):
        editor.revision, editor.begun = editor.revision + 1, entries
    table = pd.DataFrame(editor.begun, columns=list(columns), index=list(rows) or None)
    described = {name: st.column_config.NumberColumn(min_value=-most, max_value=most, step=STEP, format="%.3g") for name in columns}
    shown = st.data_editor(
        table, hide_index=not rows, column_config=described, key=f"{key}_editor_{editor.revision}", num_rows="fixed", width="content"
    )
    typed = np.clip(np.nan_to_num(shown.to_numpy(float)), -most, most)
    editor.entries = np.array([[float(f"{entry:.6g}") for entry in row] for row in typed])
    return editor.entries


def one_of(exhibit: str, names: Sequence[str], table_of: Callable[[Spec, str], Table], most: float) -> None:
    """Draw whichever of these fields' tables is chosen, as far as it is in use, and put what it says on the bench."""
    bench = session.bench(exhibit)
    described = {"format_func": labels("field", names), "default": names[0], "key": f"{exhibit}_table"}
    name = st.segmented_control(tr("cell.table"), names, required=True, wrap=True, **described)
    table = table_of(bench.spec, name)
    in_use = slice(len(table.rows)), slice(len(table.columns))
    shown = table.whole[in_use]
    typed = (
        edited(table.key, shown.T, most, table.rows, table.columns).T
        if table.lying
        else edited(table.key, shown, most, table.columns, table.rows)
    )
    if not np.array_equal(typed, shown):
        table.whole[in_use] = typed
        bench.spec = bench.spec.changed(**{name: tuple(table.whole.ravel().tolist())})
