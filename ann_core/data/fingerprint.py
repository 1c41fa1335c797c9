"""Tells data apart by their content."""

import hashlib
from collections.abc import Iterable

import numpy as np


def fingerprint(arrays: Iterable[np.ndarray]) -> str:
    """Twelve hexadecimal digits of the SHA-256 of these arrays' bytes, one after the other."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()[:12]
