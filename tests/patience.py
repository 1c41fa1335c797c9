"""How tests wait for what is sure to come: beside other work it may take many times as long as alone."""

import time
from collections.abc import Callable

PATIENCE = 300.0
"""Seconds."""


def wait_for(condition: Callable[[], object], meanwhile: Callable[[], object] = lambda: time.sleep(0.02)) -> None:
    """Wait until this holds; `meanwhile` is done between two looks."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        meanwhile()
