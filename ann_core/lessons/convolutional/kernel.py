"""A kernel in the learner's hand: one of those made for a purpose, or any other, entry by entry."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from ann_core.maths.inputs.kernels import KERNELS, as_grid
from ann_core.ui import session
from ann_core.ui.inputs import grid
from ann_core.ui.language import labels, tr

SIZES = (3, 5)
MOST = 10.0
Take = Callable[[tuple[float, ...]], None]


def in_hand(key: str, entries: tuple[float, ...], take: Take, sizes: tuple[int, ...] = SIZES) -> tuple[float, ...]:
    """Draw the choice of kernels above a table to type one into; what the table says. The choice names what is in the table now."""
    above = st.container()
    typed = _edited(key, entries)
    with above:
        _choose(key, typed, take, sizes)
    return typed


def _edited(key: str, entries: tuple[float, ...]) -> tuple[float, ...]:
    """A table of a kernel, 3×3 or 5×5; what it says, row by row."""
    kernel = as_grid(entries)
    return tuple(grid.edited(key, kernel, MOST, [str(number + 1) for number in range(len(kernel))]).ravel().tolist())


def _choose(key: str, entries: tuple[float, ...], take: Take, sizes: tuple[int, ...]) -> None:
    """The choice of kernels, and of their size where there is one; `take` is given the entries of what is chosen."""
    size = round(len(entries) ** 0.5)
    same = [name for name, kernel in KERNELS.items() if kernel.entries(size) == entries]
    session.put(f"{key}_named", same[0] if same else None)
    described = {"format_func": labels("kernel", KERNELS), "key": f"{key}_named", "on_change": _named, "args": (key, size, take)}
    st.selectbox(tr("kernel.choose"), list(KERNELS), index=None, placeholder=tr("kernel.own"), **described)
    if len(sizes) > 1:
        session.put(f"{key}_size", size)
        described = {"format_func": "{0}×{0}".format, "key": f"{key}_size", "on_change": _sized, "args": (key, entries, take)}
        st.segmented_control(tr("kernel.size"), sizes, required=True, **described)


def _named(key: str, size: int, take: Take) -> None:
    name = session.value(f"{key}_named")
    if name in KERNELS:
        take(KERNELS[name].entries(size))


def _sized(key: str, entries: tuple[float, ...], take: Take) -> None:
    """The relative of a known kernel; any other gets a border of zeros, or loses its border."""
    size, now = session.value(f"{key}_size"), as_grid(entries)
    known = [kernel for kernel in KERNELS.values() if kernel.entries(len(now)) == entries]
    if known:
        take(known[0].entries(size))
    elif len(now) != size:
        take(tuple((np.pad(now, 1) if len(now) < size else now[1:-1, 1:-1]).ravel().tolist()))
