"""Pages are drawn in turn: many at once wait for Python's lock with every message and every array, and all of them are late."""

import functools
import threading
from collections.abc import Callable
from typing import Any

import streamlit as st

AT_ONCE = 2
"""Of sixty learners' pages: with one a slider is slower, with all of them four times as slow (`python -m tests.load`)."""

_turns = threading.BoundedSemaphore(AT_ONCE)
_pages = threading.BoundedSemaphore(1)
_mine = threading.local()


def in_turn(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Let this function wait for its turn, unless it is called by one that has it already."""

    @functools.wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Any:
        if getattr(_mine, "turn", False):
            return draw(*args, **kwargs)
        with _turns:
            _mine.turn = True
            try:
                return draw(*args, **kwargs)
            finally:
                _mine.turn = False

    return drawn


def page(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Let a whole page wait for the one before it too: a slider takes a fifth of its time, and is not to stand behind several."""
    drawn = in_turn(draw)

    @functools.wraps(draw)
    def one_by_one(*args: Any, **kwargs: Any) -> Any:
        with _pages:
            return drawn(*args, **kwargs)

    return one_by_one


def fragment(draw: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """A part of a page that is drawn again by itself, in turn; options as of `st.fragment`."""
    return st.fragment(in_turn(draw), **options)
