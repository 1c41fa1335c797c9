"""What a recurrent layer and a layer of attention cost, measured on sequences of growing length."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ann_core.probing.measurement import Share
from ann_core.training.records import TrainingFailed

LENGTHS = (16, 64, 256, 512, 1024, 2048)
WIDTH, BATCH, REPEATS = 32, 4, 5


def forward_seconds(say: Callable[[Any], None], should_stop: Callable[[], bool]) -> np.ndarray:
    """Seconds of a forward pass through a recurrent layer and through attention: (2, lengths), medians of some repeats.

    Both have as many units as the vectors have numbers.
    """
    from ann_core.models import attention_costs

    passes = attention_costs.forward_passes(WIDTH)
    found = np.zeros((len(passes), len(LENGTHS)))
    for place, length in enumerate(LENGTHS):
        if should_stop():
            raise TrainingFailed("stopped")
        say(Share(place / len(LENGTHS)))
        x = np.random.default_rng(length).standard_normal((BATCH, length, WIDTH), np.float32)
        for row, run in enumerate(passes):
            run(x)  # compiles
            found[row, place] = np.median([_seconds(run, x) for _ in range(REPEATS)])
    return found


def _seconds(run: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> float:
    begun = time.perf_counter()
    run(x)
    return time.perf_counter() - begun
