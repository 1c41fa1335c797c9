"""Values, places and weights of a film as small integers."""

import numpy as np

FINEST = 65_535
SHARES_OF_CLASS = 64
Ends = np.ndarray | float


def signed_values(values: np.ndarray, greatest: np.ndarray | float) -> np.ndarray:
    """Values of either sign as uint8: 128 is zero; `greatest` and beyond are the ends."""
    share = np.divide(values, greatest, out=np.zeros(np.shape(values)), where=np.asarray(greatest) > 0)
    return np.rint(128 + 127 * np.clip(np.nan_to_num(share), -1, 1)).astype(np.uint8)


def light_values(values: np.ndarray) -> np.ndarray:
    """Values of 0 … 1 as uint8, for the palettes grey, red, green and blue: from black to full light."""
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)


def class_values(probabilities: np.ndarray) -> np.ndarray:
    """Probabilities (…, classes) as uint8 (…): the likeliest class, and how far its probability is beyond chance."""
    chance = 1 / probabilities.shape[-1]
    share = (probabilities.max(axis=-1) - chance) / (1 - chance)
    steps = np.rint((SHARES_OF_CLASS - 1) * np.clip(np.nan_to_num(share), 0, 1))
    return (probabilities.argmax(axis=-1) * SHARES_OF_CLASS + steps).astype(np.uint8)


def strengths(values: np.ndarray, greatest: float) -> np.ndarray:
    """Weights as int8 between -127 and 127."""
    return (signed_values(values, greatest).astype(np.int16) - 128).astype(np.int8)


def places(values: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> np.ndarray:
    """Coordinates as uint16: `low` is the left or lower side of the box, `high` the right or upper one."""
    share = (np.asarray(values, float) - low) / (np.asarray(high, float) - low)
    return np.rint(FINEST * np.clip(np.nan_to_num(share), 0, 1)).astype(np.uint16)


def beyond(points: np.ndarray, low: Ends, high: Ends) -> np.ndarray:
    """The points (moments, n, 2) outside a box from `low` to `high`: float32 (k, 4), moment, number and true place of each."""
    outside = np.isfinite(points).all(axis=-1) & ((points < low) | (points > high)).any(axis=-1)
    return np.concatenate([np.argwhere(outside), points[outside]], axis=1).astype(np.float32)


def corners(low: Ends, high: Ends) -> np.ndarray:
    """The coordinates of a box's lower left and upper right corner: (2, 2)."""
    return np.array([np.broadcast_to(low, 2), np.broadcast_to(high, 2)], np.float32)
