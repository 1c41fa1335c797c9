"""Arrays as pictures: single images, mosaics of many, and images as marks that can be picked."""

import base64
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from io import BytesIO
from types import MappingProxyType
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from PIL import Image

from ann_core.charts.base import ROWS, ready
from ann_core.charts.film import SHARES_OF_CLASS, Box, Dots, Lines, Panel, Picture, Place, Words
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, CLASSES, FAKE, NEGATIVE, POSITIVE, diverging

GAP = 2
TILE = 56.0
STRIP, TILE_WORDS = 14.0, 10.0
"""Above a tile, for its number and a word."""
PLANE_TILE, MARGIN = 38.0, 22.0
NOTHING: Mapping[int, str] = MappingProxyType({})
PAIR_LABEL = 120.0
GAP_GREY = 128


def enlarged(pixels: np.ndarray, times: int) -> np.ndarray:
    """Each pixel of (height, width[, 3]) as a square of `times` × `times`."""
    return pixels.repeat(times, axis=0).repeat(times, axis=1)


def signed(values: np.ndarray) -> np.ndarray:
    """Signed values (…, height, width) in colours, each image scaled by its own greatest magnitude."""
    greatest = np.nanmax(np.abs(values), axis=(-2, -1), keepdims=True, initial=0)
    return diverging(np.divide(values, greatest, out=np.zeros_like(values, dtype=float), where=greatest > 0))


def mosaic(tiles: np.ndarray, columns: int) -> np.ndarray:
    """Tiles (n, height, width, 3) side by side, in rows of `columns`, with a small gap: (h, w, 3)."""
    count, height, width, _ = tiles.shape
    rows = -(-count // columns)
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3), GAP_GREY, np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // columns * (height + GAP), place % columns * (width + GAP)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def tiles_panel(title: str, alt: str, weights: np.ndarray, columns: int, crisp: bool = False, picks: Sequence[str] = ()) -> Panel:
    """A panel of a film: signed values (moments, n, height, width) as tiles, each scaled by its greatest magnitude at the end.

    `picks` are what a click on each of them says.
    """
    count = weights.shape[1]
    greatest = np.nanmax(np.abs(weights[-1]), axis=(-2, -1), initial=0)
    marks = []
    for place in range(count):
        box = Box(place % columns * TILE, place // columns * TILE, TILE - GAP, TILE - GAP)
        pick = picks[place] if picks else ""
        marks.append(Picture.signed(box, weights[:, place], greatest[place], pick=pick, crisp=crisp, name=str(place + 1)))
    return Panel(title, alt, columns * TILE, -(-count // columns) * TILE, marks)


def pictures_panel(titles: Titles, pictures: np.ndarray, columns: int, side: float = TILE) -> Panel:
    """Grey pictures, uint8 (moments, n, height, width), as tiles in rows of so many `columns`."""
    count = pictures.shape[1]
    boxes = [Box(place % columns * side, place // columns * side, side - GAP, side - GAP) for place in range(count)]
    marks = [Picture(box, pictures[:, place], "grey", crisp=True, name=str(place + 1)) for place, box in enumerate(boxes)]
    return Panel(*titles, columns * side, -(-count // columns) * side, marks)


def numbered_panel(
    titles: Titles,
    pictures: np.ndarray,
    columns: int,
    picks: Sequence[str] = (),
    chosen: Collection[int] = (),
    said: Mapping[int, str] = NOTHING,
    told: bool = True,
    first: int = 1,
) -> Panel:
    """Grey pictures, uint8 (moments, n, height, width), as tiles, each beneath its number, counted from the `first`.

    `picks` are what a click on each of them says. Those `chosen` are framed; beside its number stands what is `said` of a tile.
    """
    count = pictures.shape[1]
    corners = [(place % columns * TILE, place // columns * (TILE + STRIP)) for place in range(count)]
    boxes = [Box(x, y + STRIP, TILE - GAP, TILE - GAP) for x, y in corners]
    numbers = range(first, first + count)
    marks: list[Any] = [
        Picture(box, pictures[:, number - first], "grey", pick, number in chosen, crisp=True, name=str(number))
        for number, box, pick in zip(numbers, boxes, picks or [""] * count, strict=True)
    ]
    marks.append(Words([str(number) for number in numbers], [(x, y + STRIP / 2) for x, y in corners], "left", TILE_WORDS))
    here = {number: said[number] for number in numbers if number in said}
    ends = [(boxes[number - first].x + TILE - GAP, boxes[number - first].y - STRIP / 2) for number in here]
    marks.append(Words(list(here.values()), ends, "right", TILE_WORDS, CHOSEN))
    return Panel(*titles, columns * TILE, -(-count // columns) * (TILE + STRIP), marks, told=told)


def plane_panel(
    titles: Titles, pictures: np.ndarray, places: int, reach: float, way: np.ndarray, axes: tuple[str, str], ends: Sequence[tuple[int, int]]
) -> Panel:
    """Grey pictures over a plane from -`reach` to `reach`, uint8 (rows, columns, height, width): those of the middles of its tiles.

    In each tile there are `places` × `places` that can be pointed at, and the film has a moment for each, in reading order from
    above. `way` (steps, 2) is a line in the plane; the tiles at its `ends`, row and column, are framed. `axes` name what goes to the
    right, and up.
    """
    rows, columns = pictures.shape[:2]
    box = Box(MARGIN, MARGIN, columns * PLANE_TILE, rows * PLANE_TILE)
    marks: list[Any] = []
    for row, column in sorted(np.ndindex(rows, columns), key=lambda cell: cell in ends):  # frames lie above their neighbours
        corner = Box(MARGIN + column * PLANE_TILE, MARGIN + row * PLANE_TILE, PLANE_TILE - GAP, PLANE_TILE - GAP)
        marks.append(Picture(corner, pictures[row, column][None], "grey", chosen=(row, column) in ends, crisp=True))
    marks.append(Lines.cut(box, way[None, None], reach, colour=CHOSEN, width=2.5))
    here = middles(columns * places, reach)
    everywhere = np.stack(np.meshgrid(here, middles(rows * places, reach)[::-1]), axis=-1).reshape(-1, 1, 2)
    full = np.array([CLASSES.index(FAKE) * SHARES_OF_CLASS + SHARES_OF_CLASS - 1], np.uint8)
    marks.append(Dots.at(box, everywhere, -reach, reach, full, palette="classes", radius=5.0))
    marks.append(Place(box, "", rows * places, columns * places, leads=True))
    foot = MARGIN + rows * PLANE_TILE + 10
    marks += [Words([axes[0]], [(box.x + box.width, foot)], "right"), Words([axes[1]], [(box.x, MARGIN - 11)], "left")]
    return Panel(*titles, box.width + 2 * MARGIN, foot + 10, marks, told=False)


def middles(count: int, reach: float) -> np.ndarray:
    """The middles of so many cells from -`reach` to `reach`, (count,)."""
    return (np.arange(count) - (count - 1) / 2) * (2 * reach / count)


def pairs_panel(
    titles: Titles, above: np.ndarray, below: np.ndarray, captions: Sequence[str], words: tuple[str, str, str], side: float = TILE
) -> Panel:
    """Grey pictures, uint8 (n, height, width), above others, with a caption to each pair; `words` name the three rows."""
    marks: list[Any] = []
    for row, pictures in enumerate((above, below)):
        for place, picture in enumerate(pictures):
            box = Box(PAIR_LABEL + place * side, row * side, side - GAP, side - GAP)
            marks.append(Picture(box, picture[None], "grey", crisp=True, name=f"{words[row]} {place + 1}"))
    middles = [PAIR_LABEL + (place + 0.5) * side for place in range(len(captions))]
    marks.append(Words(list(captions), [(x, 2 * side + 10) for x in middles]))
    marks.append(Words(list(words), [(PAIR_LABEL - 8, y) for y in (side / 2, 1.5 * side, 2 * side + 10)], "right"))
    return Panel(*titles, PAIR_LABEL + len(captions) * side, 2 * side + 22, marks)


def data_uri(pixels: np.ndarray) -> str:
    """An image, uint8, as text that a chart can show."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


@cache
def gallery(columns: int, rows: int, right: str, wrong: str, truth: str, guess: str) -> dict[str, Any]:
    """The spec of images in a grid; a click on one selects it under the name `picked`. Frames tell right from wrong."""
    picked = alt.selection_point(name="picked", fields=["index"], on="click", toggle=False)
    base = alt.Chart(ROWS).encode(
        alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(columns)), paddingInner=0.06, paddingOuter=0.03)),
        alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(rows)), paddingInner=0.06, paddingOuter=0.03)),
    )
    kinds = alt.Scale(domain=[right, wrong], range=[POSITIVE, NEGATIVE])
    legend = alt.Legend(orient="top", direction="horizontal")
    tooltip = [alt.Tooltip("index:Q", title="#"), alt.Tooltip("truth:N", title=truth), alt.Tooltip("guess:N", title=guess)]
    frames = base.mark_rect(cornerRadius=4, cursor="pointer").encode(
        alt.Fill("kind:N", title=None, scale=kinds, legend=legend),
        stroke=alt.condition("datum.current", alt.value(CHOSEN), alt.value("transparent")),
        strokeWidth=alt.value(4),
        tooltip=tooltip,
    )
    images = base.mark_image(width=36, height=36, cursor="pointer").encode(url="url:N", tooltip=tooltip)
    return ready(frames.add_params(picked) + images, 48 * rows + 50)


def gallery_rows(
    images: np.ndarray, indices: np.ndarray, columns: int, current: int, truth: Sequence[str], guess: Sequence[str], words: tuple[str, str]
) -> pd.DataFrame:
    """Rows for `gallery`: images uint8 (n, height, width) with their indices, true and predicted classes."""
    places = np.arange(len(indices))
    right = np.asarray(truth, dtype=object) == np.asarray(guess, dtype=object)
    return pd.DataFrame(
        {
            "index": indices,
            "column": places % columns,
            "row": places // columns,
            "url": [data_uri(image) for image in images],
            "truth": truth,
            "guess": guess,
            "kind": np.where(right, *words),
            "current": indices == current,
        }
    )
