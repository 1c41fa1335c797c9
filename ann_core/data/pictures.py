"""Pictures in colour: a learner's own, read and shrunk, and a small one that is drawn by code."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from ann_core.data.images import SIDE
from ann_core.data.problem import DataProblem

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
OPAQUE = ("L", "RGB", "CMYK")
LARGEST_16_BIT = 65_535
LUMA = (0.299, 0.587, 0.114)
"""How bright red, green and blue look, as shares of grey."""

SKY, SUN, GRASS = (120, 190, 240), (255, 215, 50), (60, 160, 60)
WALL, ROOF, DOOR, WINDOW = (205, 50, 45), (95, 55, 40), (70, 35, 25), (255, 245, 190)

LOCK = threading.Lock()


def read_picture(content: bytes, side: int = SIDE) -> np.ndarray:
    """The picture in a file, shrunk so that its longer side is at most `side` pixels: uint8 (h, w, 3). Raises `DataProblem`.

    Of an animation it is the first frame; what is transparent becomes white.
    """
    if len(content) > MOST_BYTES:
        raise DataProblem("picture_too_large", megabytes=f"{MOST_BYTES / 1e6:g}")
    with _alone():
        try:
            image = _opened(content)
            width, height = image.size
            if width * height <= MOST_PIXELS:
                return _shrunk(image, side)
        except Exception as error:  # Pillow's readers raise whatever a broken file leads them to
            raise DataProblem("picture_unreadable") from error
    raise DataProblem("picture_too_many_pixels", width=width, height=height)


def grey(picture: np.ndarray) -> np.ndarray:
    """How bright a picture in colour, uint8 (h, w, 3), looks: uint8 (h, w)."""
    return np.rint(picture @ np.array(LUMA)).astype(np.uint8)


def scene() -> np.ndarray:
    """A red house on green grass under a blue sky with a sun: uint8 (28, 28, 3)."""
    image = Image.new("RGB", (SIDE, SIDE), SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 21, 27, 27), GRASS)
    draw.ellipse((20, 2, 25, 7), SUN)
    draw.polygon(((3, 12), (10, 5), (11, 5), (18, 12)), ROOF)
    draw.rectangle((5, 13, 16, 23), WALL)
    draw.rectangle((7, 15, 9, 18), WINDOW)
    draw.rectangle((12, 16, 14, 23), DOOR)
    return np.array(image)


@contextmanager
def _alone() -> Iterator[None]:
    """One picture at a time: a large one takes memory, and both warnings and Pillow's limit belong to the whole process."""
    with LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _opened(content: bytes) -> Image.Image:
    """A picture of which only the header has been read; Pillow's own limit would hide the size."""
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _shrunk(image: Image.Image, side: int) -> np.ndarray:
    image.draft(None, (4 * side, 4 * side))  # a large JPEG is decoded at a fraction of its size
    ImageOps.exif_transpose(image, in_place=True)
    deep = image.mode == "F" or image.mode.startswith("I")
    if deep:
        small = Image.fromarray(np.asarray(image, np.float32))
    else:
        small = image if image.mode in OPAQUE and not image.has_transparency_data else image.convert("RGBA")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    if deep:
        small = Image.fromarray(_eight_bits(np.asarray(small, float), whole=image.mode != "F"))
    white = Image.new("RGBA", small.size, "white")
    return np.array(Image.alpha_composite(white, small.convert("RGBA")).convert("RGB"))


def _eight_bits(values: np.ndarray, whole: bool) -> np.ndarray:
    """Brightness 0 … 255: whole numbers by the range of 16 bits, others by their own; what is no number is dark."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.zeros(values.shape, np.uint8)
    low, high = (0.0, max(LARGEST_16_BIT, finite.max())) if whole else (finite.min(), finite.max())
    shares = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-30)
    return np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8)
