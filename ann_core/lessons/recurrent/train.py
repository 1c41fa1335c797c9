"""Train it: a series, the network that is to continue it, the forecast as it comes about."""

from collections.abc import Sequence

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.recurrent import beside, own
from ann_core.lessons.recurrent.at_hand import at_hand
from ann_core.lessons.recurrent.picture import film_of
from ann_core.training.engine.tasks import Part
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.panel import failure_words
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "recurrent"
FILM_KEY = "recurrent_film"
GROUPS = {
    "data": ("series", "length", "span", "noise", "window", "held_out"),
    "network": ("cell", "units", "activation"),
    "learning": ("optimiser", "learning_rate", "momentum", "clip_norm", "batch_size", "epochs"),
    "more": ("normalise", "shuffled_order", "recurrence", "seed"),
}
SEEN_AT_ONCE = {"series", "length", "span", "noise"}


def draw(lesson: Lesson) -> None:
    frame.section("recurrent", "train")
    st.fragment(_experiment)(lesson)
    workbench.compare(EXPERIMENT, VIEWS)


def _experiment(lesson: Lesson) -> None:
    session.put_what_waits()
    controls.preset_choice(EXPERIMENT)
    training, settings = st.columns([2, 1], gap="large")
    with settings:
        workbench.settings_of(EXPERIMENT, GROUPS, ("data", "network", "learning"), {"data": _data})
    with training:
        workbench.train(EXPERIMENT, VIEWS)
    address.write(lesson)


def _data(fields: Sequence[str]) -> None:
    """The series, with a file where it is the learner's own, and the rest."""
    controls.controls(EXPERIMENT, fields[:1])
    if session.bench(EXPERIMENT).spec.series == "own":
        own.draw()
    controls.controls(EXPERIMENT, fields[1:])


def _draw(part: Part, live: bool) -> None:
    """The forecast at the latest moment while the training goes on, then the whole film; the learning curves."""
    bench = session.bench(EXPERIMENT)
    if not live and not SEEN_AT_ONCE.isdisjoint(bench.spec.differences(bench.run.spec)):
        _preview()
        st.button(tr("points.back"), key="recurrent_back", icon=":material/undo:", on_click=controls.fill, args=(bench.run.spec,))
        return
    if live:
        content = film_of(at_hand(part.spec), part.checkpoints[-1:], part.rows, "live", play=False)
    else:
        content = _whole(bench.run.key, current(), bench.run)
    film(content, Source.moment(part), FILM_KEY)
    draw_curves(part, live)


@st.cache_resource(max_entries=24, show_spinner=False)
def _whole(key: str, language: str, _run: Run) -> bytes:
    """The film of a whole run, made once a run and language."""
    return film_of(at_hand(_run.spec), _run.checkpoints, _run.rows, key, play=True)


def _preview() -> None:
    """The series, before anything is trained on it."""
    spec = session.bench(EXPERIMENT).spec
    try:
        hand = at_hand(spec)
    except TrainingFailed as problem:
        st.info(failure_words(problem), icon=":material/upload_file:")
        return
    source = Source.exact("source.series.own" if spec.series == "own" else "source.series", data=tr(f"choice.{spec.series}"))
    film(film_of(hand, (), [], "preview", play=False), source, FILM_KEY)


VIEWS = Views(_draw, beside.examine, lambda run: [], beside.side_by_side, _preview)
