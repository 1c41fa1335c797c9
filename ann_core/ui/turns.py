"""Pages are drawn in turn: many at once wait for Python's lock with every message and every array, and all of them are late."""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

AT_ONCE = 2
"""Of sixty learners' pages: with one a slider is slower, with all of them four times as slow (`python -m tests.load`)."""

SEEN_FIRST = 1.3
"""Seconds that a browser needs to draw the first picture of a page, before the rest of the page comes and takes its time."""

_turns = threading.BoundedSemaphore(AT_ONCE)
_pages = threading.BoundedSemaphore(1)
_mine = threading.local()
_queue = threading.Condition()
_waiting: set[int] = set()
"""Threads."""


def in_turn(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Let this function wait for its turn, unless it is called by one that has it already."""

    @functools.wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Any:
        if getattr(_mine, "turn", False):
            return draw(*args, **kwargs)
        with _got(_turns):
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
        with _got(_pages):
            return drawn(*args, **kwargs)

    return one_by_one


@contextmanager
def _got(turn: threading.BoundedSemaphore) -> Iterator[None]:
    """A turn, as soon as it is free; whoever waits for one is known to wait."""
    me = threading.get_ident()
    with _queue:
        _waiting.add(me)
        _queue.notify_all()
    turn.acquire()
    with _queue:
        _waiting.discard(me)
    try:
        yield
    finally:
        turn.release()


def let_be_seen() -> None:
    """Wait until a browser has had time to draw what has been sent, or until anybody else wants a turn."""
    with _queue:
        _queue.wait_for(lambda: _waiting, SEEN_FIRST)


def fragment(draw: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """A part of a page that is drawn again by itself, in turn; options as of `st.fragment`."""
    return st.fragment(in_turn(draw), **options)
