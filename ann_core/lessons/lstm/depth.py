"""The unit that counts brackets: found, named, framed, and drawn beside the depth."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.charts.film import Panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.lstm import Cells, depth_panel
from ann_core.probing import recall
from ann_core.probing.memory import recall_depth
from ann_core.probing.memory.recall_depth import COUNTS, Counter
from ann_core.probing.recall import Way
from ann_core.training.records import Run
from ann_core.ui.language import digits, sentences, tr


class Found(NamedTuple):
    """The unit that counts best at the end of a training, and, where it was kept, as it began."""

    now: Counter | None
    before: Counter | None


@st.cache_data(max_entries=64, show_spinner=False)
def _found(run_key: str, _run: Run) -> Found:
    begun = _run.checkpoints[0]
    before = None if begun.epoch else recall_depth.counter(_run.spec, recall.network_of(_run, begun))
    return Found(recall_depth.counter(_run.spec, recall.network_of(_run)), before)


def shown(run: Run, x: np.ndarray, found: Way) -> tuple[dict[str, list[Cells]], list[Panel]]:
    """The row of the unit that counts, to be framed in the picture of the memory, and its way through a sequence beside the depth.

    The sequence is x (time, inputs). Nothing where no brackets are watched, or no unit counts.
    """
    best = _best(run)
    if best is None or not best.counts:
        return {}, []
    name = "state" if found.unrolled.memory is None else "memory"
    values = recall_depth.kept(found.unrolled)[0, :, best.unit]
    titles = Titles(tr("counter.title", number=best.unit + 1), tr("counter.alt", number=best.unit + 1))
    names = tr("counter.open"), tr("counter.kept", number=best.unit + 1)
    panel = depth_panel(titles, recall_depth.depths(x), values, (best.base, best.slope), names)
    return {name: [Cells(0, len(x), best.unit, best.unit + 1)]}, [panel]


def _best(run: Run) -> Counter | None:
    return _found(run.key, run).now if run.spec.task == "brackets" else None


def tell(run: Run) -> None:
    """Which unit counts, as far as any does."""
    if run.spec.task == "brackets":
        st.markdown(sentences(*(tr(message, **values) for message, values in told(_found(run.key, run)))))


def told(found: Found) -> list[tuple[str, dict]]:
    """The same as messages with values."""
    now, before = found
    if now is None:
        return [("counter.nothing", {})]
    values = {"number": now.unit + 1, "r": _r(now), "n": now.count, "level": f"{COUNTS:g}"}
    if not now.counts:
        return [("counter.nobody", values)]
    way = {"base": digits(now.base), "by": digits(abs(now.slope))}
    lines = [("counter.counts", values), ("counter.rises" if now.slope > 0 else "counter.sinks", way)]
    return [*lines, ("counter.before", {"r": _r(before)})] if before is not None else lines


def _r(counter: Counter) -> str:
    return f"{counter.r:.2f}".replace("-", "−")
