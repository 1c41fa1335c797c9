"""Points on a canvas: places as circles that can be clicked on and dragged about, and back."""

from collections.abc import Sequence

import numpy as np


def drawing(places: np.ndarray, radius: float, fills: Sequence[str]) -> dict:
    """Circles for a canvas at these pixels, (n, 2) from the upper left, each with its colour."""
    circles = [
        {"type": "Circle", "left": float(left), "top": float(top), "radius": radius, "originX": "center", "originY": "center"}
        | {"fill": fill, "stroke": "#ffffff", "strokeWidth": 1}
        for (left, top), fill in zip(places, fills, strict=True)
    ]
    return {"objects": circles}


def centre(circle: dict, radius: float) -> tuple[float, float]:
    """Where the middle of a circle of the canvas is, in pixels; the canvas may say its corner instead."""
    size = 2 * circle.get("radius", radius) + circle.get("strokeWidth", 1)
    shift = {"left": size / 2, "top": size / 2, "center": 0.0}
    left = circle["left"] + shift.get(circle.get("originX", "left"), 0.0) * circle.get("scaleX", 1)
    top = circle["top"] + shift.get(circle.get("originY", "top"), 0.0) * circle.get("scaleY", 1)
    return left, top
