"""One palette for everything: the same thing has the same colour on every page, in light and in dark.

The pairs, and the first five of every list, hold for the three kinds of colour blindness: a test simulates them.
"""

import numpy as np

TRAINING = "#2a7fc9"
VALIDATION = "#e5892d"
POSITIVE = "#2e7d32"
NEGATIVE = "#d264b0"
REAL = "#4f63e8"
FAKE = "#e3b02a"
CHOSEN = "#7a5af0"
QUIET = "#8b95a5"

RUNS = (CHOSEN, "#e3b02a", "#1b9e77", "#a3491f", "#4b6d86")
"""Runs that are compared: the learner's own, then those that are pinned."""

CLASSES = (NEGATIVE, POSITIVE, FAKE, REAL)
"""Points of up to four classes; two classes are the two signs of an answer."""

CATEGORIES = (TRAINING, VALIDATION, "#a3491f", QUIET, "#4b6d86", NEGATIVE, CHOSEN, POSITIVE, FAKE, "#1b9e77")


def diverging(values: np.ndarray) -> np.ndarray:
    """Colours for signed values: (…,) in -1 … 1 to uint8 (…, 3); negative and positive colour, white between."""
    share = np.clip(np.nan_to_num(values), -1, 1)[..., np.newaxis]
    strong = np.where(share < 0, _rgb(NEGATIVE), _rgb(POSITIVE))
    return np.rint(255 + (strong - 255) * np.abs(share)).astype(np.uint8)


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], dtype=float)
