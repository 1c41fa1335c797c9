"""One palette for everything: the same thing has the same colour on every page, in light and in dark.

The pairs differ in lightness as well as in hue, so that they hold for colour-blind readers too.
"""

import numpy as np

TRAINING = "#2a7fc9"
VALIDATION = "#e5892d"
POSITIVE = "#0a8f7a"
NEGATIVE = "#c8447a"
REAL = "#5b6ee1"
FAKE = "#d8a31a"
CHOSEN = "#7a5af0"
QUIET = "#8b95a5"

RUNS = (CHOSEN, "#d8a31a", "#4a9a3f", "#a0522d", "#56788f")
"""Runs that are compared: the learner's own, then those that are pinned."""

CLASSES = (NEGATIVE, POSITIVE, FAKE, REAL)
"""Points of up to four classes; two classes are the two signs of an answer."""

CATEGORIES = (TRAINING, VALIDATION, POSITIVE, NEGATIVE, CHOSEN, FAKE, "#56788f", "#a0522d", "#4a9a3f", QUIET)


def diverging(values: np.ndarray) -> np.ndarray:
    """Colours for signed values: (…,) in -1 … 1 to uint8 (…, 3); negative and positive colour, white between."""
    share = np.clip(np.nan_to_num(values), -1, 1)[..., np.newaxis]
    strong = np.where(share < 0, _rgb(NEGATIVE), _rgb(POSITIVE))
    return np.rint(255 + (strong - 255) * np.abs(share)).astype(np.uint8)


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], dtype=float)
