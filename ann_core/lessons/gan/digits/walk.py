"""A walk through the noise, from one digit to another: both are picked on the sheet."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import numbered_panel, pictures_panel
from ann_core.data.images import brightness
from ann_core.exhibits.gan import WATCHED_DIGITS, WalkExhibit
from ann_core.lessons.gan.digits import copies, plane, sheet
from ann_core.lessons.gan.digits.plane import between, ends_of
from ann_core.lessons.gan.digits.train import EXPERIMENT, played
from ann_core.maths.networks import gan
from ann_core.probing.gan import players
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame

EXHIBIT, FILM_KEY = "walk", "walk_film"
ENDS = ("walk_from", "walk_to")
STEPS, MILESTONES, ACROSS = 41, 9, 3
PACE = 10.0


@dataclass
class Hand:
    """Which end of the walk the next tile that is picked becomes."""

    picks: str = ENDS[0]


def draw(lesson: Lesson) -> None:
    frame.heading("gan", "walk")
    run = played()
    if run is None:
        frame.text("gan", "walk")
        not_yet("judge.play_first", session.bench(EXPERIMENT).run)
        return
    turns.fragment(_walk)(lesson, run)
    copies.draw(run)


def _walk(lesson: Lesson, run: Run) -> None:
    said, settings = st.columns([2, 1], gap="medium", vertical_alignment="center")
    with said:
        frame.text("gan", "walk")
    with settings:
        controls.controls(EXHIBIT, ("walk_path",))
    asked: WalkExhibit = session.bench(EXHIBIT).spec
    with st.container(key="exhibit_walk"):
        content = film_of(run, asked, hand().picks, f"{run.key} {asked.key()} {current()}")
        film(content, Source.run(run), FILM_KEY, _picked)
        st.caption(tr("walk.how", n=run.spec.noise_size))
        plane.draw(run, asked)
    address.write(lesson)


def hand() -> Hand:
    return session.kept("_walk_hand", Hand)


def _picked() -> None:
    """A tile was picked: the walk begins there or ends there, in turn."""
    if found := sheet.picked(session.value(FILM_KEY)["picked"], ENDS, WATCHED_DIGITS):
        end, number = found
        bench = session.bench(EXHIBIT)
        bench.spec = bench.spec.changed(**{end: number})
        hand().picks = ENDS[end == ENDS[0]]


def pictures_on_the_way(run: Run, asked: WalkExhibit) -> np.ndarray:
    """What the generator makes on the way: uint8 (steps, 8, 8)."""
    noise = between(*ends_of(run, asked), asked.walk_path, STEPS)
    return brightness(gan.generate(players(run.spec, run.final).generator, noise))


def film_of(run: Run, asked: WalkExhibit, picks: str, name: str) -> bytes:
    """The sheet on which both ends are picked, one picture that changes on the way, and the milestones of the way."""
    made = pictures_on_the_way(run, asked)
    milestones = made[np.linspace(0, STEPS - 1, MILESTONES).round().astype(int)]
    all_tiles = _sheet(run, asked, picks)
    side = all_tiles.height
    large = pictures_panel(Titles(tr("walk.here"), tr("walk.here.alt")), made[:, None], 1, side)
    strip = pictures_panel(Titles(tr("walk.milestones"), tr("walk.milestones.alt")), milestones[None], ACROSS, side / ACROSS)
    ends = {"first": asked.walk_from, "second": asked.walk_to}
    captions = [tr("walk.moment", share=f"{share:.0%}", **ends) for share in np.linspace(0, 1, STEPS)]
    return packed([all_tiles, large, strip], captions, words(), name, play=False, pace=PACE, begin=0)


def _sheet(run: Run, asked: WalkExhibit, picks: str) -> Panel:
    """The digits that the trained generator makes, with both ends of the walk framed and named."""
    tiles = sheet.tiles([run.final])
    said = {getattr(asked, end): tr(f"walk.{end}") for end in ENDS}
    if len(said) == 1:
        said = {asked.walk_from: tr("walk.both")}
    titles = Titles(tr(f"walk.pick.{picks}"), tr("walk.sheet.alt", n=WATCHED_DIGITS, first=asked.walk_from, second=asked.walk_to))
    return numbered_panel(titles, tiles, sheet.COLUMNS, [f"{picks} {number}" for number in range(1, WATCHED_DIGITS + 1)], said, said)
