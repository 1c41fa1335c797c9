"""Series, and the windows that a network learns to continue."""

import numpy as np


def series(kind: str, length: int, span: float) -> np.ndarray:
    """A series of `length` values, float32 (length,), at even steps from 0 to `span`, both included.

    Raises `KeyError` for a kind that is not there.
    """
    return KINDS[kind](np.linspace(0, span, length)).astype(np.float32)


KINDS = {"sine": np.sin}


def windows(values: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Every window of a series, (n, window, 1), and the value that follows it, (n, 1).

    n is the series' length less the window's. Raises `ValueError` where no window fits.
    """
    if window >= len(values):
        raise ValueError(f"expected a window shorter than the series of {len(values)}, got {window}")
    before = np.lib.stride_tricks.sliding_window_view(values, window)[:-1]
    return before[..., None].copy(), values[window:, None].copy()
