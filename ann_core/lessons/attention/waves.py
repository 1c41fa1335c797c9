"""Where am I? Sinusoidal positions as a picture, and how alike any two places are."""

import numpy as np

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.charts.networks.attention import alike_panel, waves_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.exhibits import WavesExhibit
from ann_core.maths.networks.attention import waves
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import signed, tr
from ann_core.ui.page import address, frame

EXHIBIT = "waves"
PACE = 8.0


def draw(lesson: Lesson) -> None:
    frame.section("attention", "waves")
    turns.fragment(_waves)(lesson)


def _waves(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("waves")
    with settings:
        controls.controls(EXHIBIT, ("places", "wave_width"))
    with picture:
        film(film_of(session.bench(EXHIBIT).spec), Source.exact(), "waves_film")
    address.write(lesson)


def place_words(products: np.ndarray, place: int) -> str:
    """How alike a place is to itself, to its neighbours, and where it is least so: dot products (places, places)."""
    row = products[place]
    near = [row[other] for other in (place - 1, place + 1) if 0 <= other < len(row)]
    values = {"own": signed(row[place]), "near": tr("list.comma").join(map(signed, near)), "least": signed(row.min())}
    return tr("waves.place", number=place + 1, at=int(row.argmin()) + 1, **values)


def film_of(spec: WavesExhibit) -> bytes:
    """All places, and the dot product of each with all others, one place a moment."""
    made = waves(spec.places, spec.wave_width)
    shown = [
        waves_panel(Titles(tr("waves.title"), tr("waves.alt")), made),
        alike_panel(Titles(tr("waves.alike"), tr("waves.alike.alt")), made @ made.T),
    ]
    moments = [place_words(made @ made.T, place) for place in range(spec.places)]
    return packed(shown, moments, words(), f"waves {spec.key()}", play=False, columns=1, pace=PACE, begin=spec.places // 2)
