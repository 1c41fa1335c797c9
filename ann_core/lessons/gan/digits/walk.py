"""A walk through the noise, from one digit to another; and the real digit nearest to each generated one."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import pairs_panel, pictures_panel
from ann_core.data.images import brightness
from ann_core.exhibits.gan import WalkExhibit
from ann_core.lessons.gan.digits.train import EXPERIMENT, played
from ann_core.maths.networks import gan
from ann_core.probing.gan import players
from ann_core.probing.gan_digits import compared, copies, nearest_digits
from ann_core.training.examples.gan import watched_noise
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame

EXHIBIT = "walk"
STEPS, MILESTONES, ACROSS = 41, 9, 3
PACE = 10.0
SHOWN = 8


def draw(lesson: Lesson) -> None:
    frame.section("gan", "walk")
    run = played()
    if run is None:
        not_yet("judge.play_first", session.bench(EXPERIMENT).run)
        return
    turns.fragment(_walk)(lesson, run)
    frame.text("gan", "copies")
    _nearest(run)


def _walk(lesson: Lesson, run: Run) -> None:
    picture, settings = frame.picture_and_settings("walk")
    with settings:
        controls.controls(EXHIBIT, ("walk_from", "walk_to", "walk_path"))
    asked: WalkExhibit = session.bench(EXHIBIT).spec
    with picture:
        content = film_of(run, asked, f"{run.key} {asked.key()} {current()}")
        film(content, Source.run(run), "walk_film")
        st.caption(tr("walk.how", n=run.spec.noise_size))
    address.write(lesson)


def between(first: np.ndarray, second: np.ndarray, path: str, steps: int = STEPS) -> np.ndarray:
    """Noise on the way from one to the other, both (inputs,): (steps, inputs).

    On an arc both are turned into each other, and the length goes evenly: straight through the middle lies noise that is
    shorter than any that was drawn. Two that point the same way, or the opposite one, have no arc: there it is straight.
    """
    share = np.linspace(0, 1, steps)[:, None]
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    cosine = first @ second / max(lengths[0] * lengths[1], 1e-12)
    angle = np.arccos(np.clip(cosine, -1, 1))
    if path == "straight" or np.sin(angle) < 1e-6:
        return ((1 - share) * first + share * second).astype(np.float32)
    turned = (np.sin((1 - share) * angle) * first / lengths[0] + np.sin(share * angle) * second / lengths[1]) / np.sin(angle)
    return (((1 - share) * lengths[0] + share * lengths[1]) * turned).astype(np.float32)


def pictures_on_the_way(run: Run, asked: WalkExhibit) -> np.ndarray:
    """What the generator makes on the way: uint8 (steps, 8, 8)."""
    noise = watched_noise(run.spec)
    way = between(noise[asked.walk_from - 1], noise[asked.walk_to - 1], asked.walk_path)
    return brightness(gan.generate(players(run.spec, run.final).generator, way))


def film_of(run: Run, asked: WalkExhibit, name: str) -> bytes:
    """One picture that changes, and the milestones of the way."""
    made = pictures_on_the_way(run, asked)
    milestones = made[np.linspace(0, STEPS - 1, MILESTONES).round().astype(int)]
    large = pictures_panel(Titles(tr("walk.here"), tr("walk.here.alt")), made[:, None], 1, side=220.0)
    strip = pictures_panel(Titles(tr("walk.milestones"), tr("walk.milestones.alt")), milestones[None], ACROSS, side=220.0 / ACROSS)
    ends = {"first": asked.walk_from, "second": asked.walk_to}
    captions = [tr("walk.moment", share=f"{share:.0%}", **ends) for share in np.linspace(0, 1, STEPS)]
    return packed([large, strip], captions, words(), name, play=False, pace=PACE, begin=0)


def _nearest(run: Run) -> None:
    """Generated digits above the training digits nearest to them, and the distances of all beside those of real ones."""
    st.markdown(_distances(run.key, current(), run))
    film(_pairs(run.key, current(), run), Source.run(run), "nearest_film")


@st.cache_resource(max_entries=24, show_spinner=False)
def _distances(key: str, language: str, _run: Run) -> str:
    samples = _run.final.predicted
    own, real = (nearest_digits(pictures).distances for pictures in (samples, compared().real))
    values = {"samples": f"{np.median(own):.1f}", "least": f"{own.min():.1f}", "real": f"{np.median(real):.1f}"}
    return tr("copies.told", copies=copies(samples), count=f"{len(samples):,}", **values)


@st.cache_resource(max_entries=24, show_spinner=False)
def _pairs(key: str, language: str, _run: Run) -> bytes:
    samples = _run.final.predicted[:SHOWN]
    found = nearest_digits(samples)
    captions = [f"{distance:.1f}" for distance in found.distances]
    titles = Titles(tr("copies.title"), tr("copies.alt"))
    shown = pairs_panel(titles, samples, found.pictures, captions, (tr("copies.generated"), tr("copies.nearest"), tr("copies.distance")))
    return packed([shown], [""], words(), f"{key} {language}", play=False)
