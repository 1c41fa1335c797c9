"""The memory of this process, as the C library keeps it: glibc holds on to much that is free."""

import ctypes
import sys

M_ARENA_MAX = -8
FEW = 2


def give_back() -> None:
    """Give memory that is free back to the system."""
    if trim := _function("malloc_trim"):
        trim(0)


def few_arenas() -> None:
    """Let all threads share a few heaps: Streamlit runs every rerun on a thread of its own, and each would keep what it once needed."""
    if limit := _function("mallopt"):
        limit(M_ARENA_MAX, FEW)


def _function(name: str):
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
