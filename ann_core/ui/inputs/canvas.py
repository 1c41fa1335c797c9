"""Points on a canvas: places as circles that can be clicked on and dragged about, and back."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

GROUND, EDGE = "#eef0f2", "#ffffff"
LINE, AXIS = "#d5d9de", "#5b6672"
LETTER = 14
NUMBERS = ("left", "top", "radius", "strokeWidth", "scaleX")
MOST, FARTHEST = 2_000, 1e6


def _canvas() -> Callable:
    from streamlit_drawable_canvas import st_canvas  # only while Streamlit runs can it be imported

    return st_canvas


def circles(key: str, side: int, radius: float, fill: str, begun_with: dict, halves: float = 0) -> list[dict] | None:
    """A square canvas, so many pixels wide, to click circles on and drag them; what is on it, None before it has said so.

    Where there are `halves`, it has axes, which reach so many units from the middle to each side.
    """
    drawn = _canvas()(
        fill_color=fill,
        stroke_color=EDGE,
        stroke_width=1,
        background_color=GROUND,
        background_image=_axes(side, halves) if halves else None,
        height=side,
        width=side,
        drawing_mode="point",
        point_display_radius=radius,
        initial_drawing=begun_with,
        key=key,
    )
    return None if drawn.json_data is None else whole_circles(drawn.json_data)


@cache
def _axes(side: int, halves: float) -> Image.Image:
    """A plane with a line at every unit, and the numbers at the axes' ends."""
    image = Image.new("RGB", (side, side), GROUND)
    pen, middle = ImageDraw.Draw(image), side // 2
    for unit in range(-int(halves), int(halves) + 1):
        place = round((unit / halves + 1) * side / 2)
        described = {"fill": LINE if unit else AXIS, "width": 1 if unit else 2}
        pen.line((place, 0, place, side), **described)
        pen.line((0, place, side, place), **described)
    for text, at, anchor in ((f"{-halves:g}", (4, middle + 3), "la"), (f"{halves:g}", (side - 4, middle + 3), "ra")):
        pen.text(at, text, fill=AXIS, anchor=anchor, font_size=LETTER)
    for text, at, anchor in ((f"{halves:g}", (middle + 5, 3), "la"), (f"{-halves:g}", (middle + 5, side - 3), "ld")):
        pen.text(at, text, fill=AXIS, anchor=anchor, font_size=LETTER)
    return image


def whole_circles(said: object) -> list[dict]:
    """The circles in what a browser says of a canvas, which may be anything: those with finite places, no more than so many."""
    objects = said.get("objects") if isinstance(said, dict) else None
    return [each for each in objects if _whole(each)][:MOST] if isinstance(objects, list) else []


def _whole(circle: object) -> bool:
    return (
        isinstance(circle, dict)
        and {"left", "top"} <= circle.keys()
        and all(isinstance(circle.get(name, 0), int | float) and abs(circle.get(name, 0)) < FARTHEST for name in NUMBERS)
        and isinstance(circle.get("originX", ""), str)
    )


def drawing(places: np.ndarray, radius: float, fills: Sequence[str]) -> dict:
    """Circles for a canvas at these pixels, (n, 2) from the upper left, each with its colour."""
    objects = [
        {"type": "Circle", "left": float(left), "top": float(top), "radius": radius, "originX": "center", "originY": "center"}
        | {"fill": fill, "stroke": EDGE, "strokeWidth": 1}
        for (left, top), fill in zip(places, fills, strict=True)
    ]
    return {"objects": objects}


def centre(circle: dict, radius: float) -> tuple[float, float]:
    """Where the middle of a circle of the canvas is, in pixels; the canvas may say its corner instead."""
    size = 2 * circle.get("radius", radius) + circle.get("strokeWidth", 1)
    shift = {"left": size / 2, "top": size / 2, "center": 0.0}
    left = circle["left"] + shift.get(circle.get("originX", "left"), 0.0) * circle.get("scaleX", 1)
    top = circle["top"] + shift.get(circle.get("originY", "top"), 0.0) * circle.get("scaleY", 1)
    return left, top


def freehand(key: str, side: int, width: int, ink: str, ground: str, on_change: Callable[[], None]) -> np.ndarray | None:
    """A square canvas to draw on with mouse or finger, strokes so many pixels wide: RGBA (side, side, 4), None before the first stroke."""
    drawn = _canvas()(
        stroke_color=ink,
        stroke_width=width,
        background_color=ground,
        height=side,
        width=side,
        drawing_mode="freedraw",
        return_image_data=True,
        key=key,
        on_change=on_change,
    )
    return drawn.image_data
