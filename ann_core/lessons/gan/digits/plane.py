"""The plane of noise that two tiles span: what the generator makes at each of its places."""

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import middles, pictures_panel, plane_panel
from ann_core.data.images import brightness
from ann_core.exhibits.gan import WalkExhibit
from ann_core.maths.networks import gan
from ann_core.probing.gan import players
from ann_core.training.examples.gan import watched_noise
from ann_core.training.records import Run
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, fixed, tr

TILES, WITHIN = 9, 5
"""So many pictures stand in a row and a column, and in each so many places, of which the one in the middle is the picture's."""
PLACES = TILES * WITHIN
REACH = 1.125
"""How much of either noise there is at most; a place is 1/20 wide."""
LINE_STEPS = 41
BEGIN = 0.5, 0.5
PACE = 30.0


def draw(run: Run, asked: WalkExhibit) -> None:
    """The plane, and the digit at the place that is pointed at."""
    film(_film(run.key, asked.key(), current(), run, asked), Source.run(run), "plane_film")
    st.caption(tr("plane.how"))


@st.cache_resource(max_entries=24, show_spinner=False)
def _film(key: str, of_walk: str, language: str, _run: Run, _asked: WalkExhibit) -> bytes:
    return film_of(_run, _asked, f"{key} {of_walk} {language}")


def film_of(run: Run, asked: WalkExhibit, name: str) -> bytes:
    """The plane with small pictures, and a large one: the film has a moment for every place, in reading order from above."""
    noise, amounts = ends_of(run, asked), places()
    made = pictures_at(run, noise, amounts)
    middle = slice(WITHIN // 2, None, WITHIN)
    small = made.reshape(PLACES, PLACES, *made.shape[1:])[middle, middle]
    ends = {"first": asked.walk_from, "second": asked.walk_to}
    axes = tr("plane.right", **ends), tr("plane.up", **ends)
    line = way(*noise, asked.walk_path, LINE_STEPS)
    titles = Titles(tr("plane.title"), tr("plane.alt", **ends))
    shown = plane_panel(titles, small, WITHIN, REACH, line, axes, [_tile(1, 0), _tile(0, 1)])
    large = pictures_panel(Titles(tr("plane.here"), tr("plane.here.alt")), made[:, None], 1, side=shown.height)
    begin = int(np.abs(amounts - BEGIN).sum(axis=1).argmin())
    keys = {"keys.lead": tr("film.keys.lead")}
    return packed([shown, large], captions(amounts, ends), words() | keys, name, play=False, pace=PACE, begin=begin)


def places() -> np.ndarray:
    """How much of both noises there is at every place, in reading order from above: (places², 2)."""
    amounts = middles(PLACES, REACH)
    up, right = np.meshgrid(amounts[::-1], amounts, indexing="ij")
    return np.stack([right, up], axis=-1).reshape(-1, 2)


def pictures_at(run: Run, noise: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """What the generator makes of so much of either noise, amounts (n, 2) and noise (2, noise size): uint8 (n, 8, 8)."""
    return brightness(gan.generate(players(run.spec, run.final).generator, (amounts @ noise).astype(np.float32)))


def captions(amounts: np.ndarray, ends: dict[str, int]) -> list[str]:
    """Of which noise the large digit is made, at every place."""
    sentence = tr("plane.moment", right="{right}", sign="{sign}", up="{up}", **ends)  # looked up once for two thousand places
    return [sentence.format(right=fixed(a, 2), sign="−" if b < -1e-9 else "+", up=fixed(abs(b), 2)) for a, b in amounts]


def _tile(right: float, up: float) -> tuple[int, int]:
    """The row and the column of the picture with so much of either noise."""
    at = middles(TILES, REACH)
    return int(np.abs(at + up).argmin()), int(np.abs(at - right).argmin())


def ends_of(run: Run, asked: WalkExhibit) -> np.ndarray:
    """The noise of both ends of the walk: float32 (2, noise size)."""
    return watched_noise(run.spec)[[asked.walk_from - 1, asked.walk_to - 1]]


def way(first: np.ndarray, second: np.ndarray, path: str, steps: int) -> np.ndarray:
    """How much of both noises, each (inputs,), there is on the way from one to the other: (steps, 2).

    On an arc both are turned into each other, and the length goes evenly: straight through the middle lies noise that is
    shorter than any that was drawn. Two that point the same way, or the opposite one, have no arc: there it is straight.
    """
    share = np.linspace(0, 1, steps)
    straight = np.stack([1 - share, share], axis=1)
    lengths = np.linalg.norm([first, second], axis=1)
    cosine = first @ second / max(lengths.prod(), 1e-12)
    angle = np.arccos(np.clip(cosine, -1, 1))
    if path == "straight" or np.sin(angle) < 1e-6:
        return straight
    return (straight @ lengths)[:, None] * np.sin(straight * angle) / np.sin(angle) / lengths


def between(first: np.ndarray, second: np.ndarray, path: str, steps: int) -> np.ndarray:
    """Noise on the way from one to the other, both (inputs,): float32 (steps, inputs)."""
    return (way(first, second, path, steps) @ np.stack([first, second])).astype(np.float32)
