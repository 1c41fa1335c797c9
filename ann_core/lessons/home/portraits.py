"""The six networks as small living pictures, each of a training that was recorded."""

from collections.abc import Callable

import streamlit as st

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks import portraits as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.data.gan import EDGE
from ann_core.data.points import REACH
from ann_core.lessons.feedforward.plane import picture
from ann_core.lessons.feedforward.plane.scene import scene_of
from ann_core.lessons.gan.picture import real_points
from ann_core.probing.recordings import Recorded, kept, shown_digit
from ann_core.training.examples.images import WHITE
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, tr
from ann_core.ui.moments import moment_words


def draw(lesson: str) -> None:
    shown = kept(lesson)
    film(_film(lesson, current()), source_of(shown), f"portrait_{lesson}")


def source_of(shown: Recorded, made_here: bool = False) -> Source:
    """Where a picture of a recording comes from: recorded beforehand, or this server's own training."""
    kind, message = ("run", "source.aside") if made_here else ("kept", "source.recorded")
    values = {"data": tr(f"choice.{shown.data.name}"), "n": shown.data.training, "seed": shown.spec.seed, "moment": "{moment}"}
    return Source(kind, tr(message, **values), tuple(moment_words(shown.spec, moment) for moment in shown.moments))


@st.cache_resource(show_spinner=False)
def _film(lesson: str, language: str) -> bytes:
    shown = kept(lesson)
    titles = Titles("", tr(f"home.portrait.{lesson}"))
    return packed([PORTRAITS[lesson](titles, shown)], [""] * len(shown.moments), words(), lesson, play=True, small=True)


def _plane(titles: Titles, shown: Recorded) -> Panel:
    scene = scene_of(shown.spec, shown.checkpoints, shown.rows)
    x, y = (part[: scene.training] for part in scene.points)
    surface = picture.surfaces(scene, scene.networks)
    return panels.plane_portrait(titles, surface, x, picture.targets_as_colours(shown.spec, y), REACH)


def _eyes(titles: Titles, shown: Recorded) -> Panel:
    return panels.eyes_portrait(titles, shown_digit() / WHITE, shown.arrays["maps"], shown.arrays["probabilities"])


def _forecast(titles: Titles, shown: Recorded) -> Panel:
    return panels.forecast_portrait(titles, shown.arrays["truth"], shown.arrays["predicted"], (tr("series.truth"), tr("home.forecast")))


def _memory(titles: Titles, shown: Recorded) -> Panel:
    return panels.memory_portrait(titles, shown.arrays["memory"])


def _looks(titles: Titles, shown: Recorded) -> Panel:
    return panels.looks_portrait(titles, shown.arrays["looks"])


def _imitation(titles: Titles, shown: Recorded) -> Panel:
    names = tr("choice.real_points"), tr("choice.generated_points")
    real = real_points(shown.spec)[: len(shown.arrays["samples"][0])]
    return panels.imitation_portrait(titles, shown.arrays["beliefs"], real, shown.arrays["samples"], EDGE, names)


PORTRAITS: dict[str, Callable[[Titles, Recorded], Panel]] = {
    "feedforward": _plane,
    "convolutional": _eyes,
    "recurrent": _forecast,
    "lstm": _memory,
    "attention": _looks,
    "gan": _imitation,
}
