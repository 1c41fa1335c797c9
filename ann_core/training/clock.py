"""How long a thread has worked: while it lets others go first, its clock stands still."""

import threading
import time

_held = threading.local()


def seconds() -> float:
    """Seconds of this thread's work since some moment."""
    return time.perf_counter() - getattr(_held, "seconds", 0.0)


def hold(length: float) -> None:
    """So many seconds that have just gone by were not this thread's."""
    _held.seconds = getattr(_held, "seconds", 0.0) + length
