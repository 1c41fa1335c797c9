"""Train it: a network for points, and the picture of it that moves as a whole."""

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.feedforward.plane import beside, inside, own, touch
from ann_core.lessons.feedforward.plane.picture import film_of
from ann_core.lessons.feedforward.plane.scene import axis_names, class_names, scene_of
from ann_core.training.engine.tasks import Part
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, plain, sentences, tr
from ann_core.ui.page import address, frame
from ann_core.ui.session import Bench
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "points"
FILM_KEY = "points_film"
FRAGMENT, INSIDE = "points_experiment", "points_inside"
GROUPS = {
    "data": ("dataset", "points", "noise", "rare", "training_share"),
    "network": ("features", "layers", "bias", "initialiser"),
    "learning": ("loss", "optimiser", "learning_rate", "momentum", "batch_size", "epochs"),
    "more": ("l1", "l2", "dropout", "balance", "seed"),
}
SEEN_AT_ONCE = {"dataset", "own_classes", "points", "noise", "rare", "training_share", "features", "layers"}
"""Settings whose change is shown before anything is trained."""


def draw(lesson: Lesson) -> None:
    frame.section("feedforward", "points")
    st.fragment(_experiment, key=FRAGMENT)(lesson)
    workbench.compare(EXPERIMENT, VIEWS)
    st.fragment(inside.draw, key=INSIDE)(session.bench(EXPERIMENT).run)


def _experiment(lesson: Lesson) -> None:
    bench = session.bench(EXPERIMENT)
    session.put_what_waits()
    controls.preset_choice(EXPERIMENT)
    training, settings = st.columns([5, 2], gap="medium")  # a phone shows the first one first
    with settings:
        if bench.run is not None and touch.begun(bench.run) and not _seen_at_once(bench):
            touch.tools(bench.run)
        else:
            workbench.settings_of(EXPERIMENT, GROUPS, ("data", "network"))
    with training:
        if bench.spec.dataset == "own":
            with st.expander(tr("choice.own"), expanded=True, icon=":material/edit_location:"):
                own.draw()
        own.adapt(bench)
        workbench.train(EXPERIMENT, VIEWS)
    address.write(lesson)


def _seen_at_once(bench: Bench) -> bool:
    """Whether the settings differ from those of the run in something that is shown before it is trained."""
    return not SEEN_AT_ONCE.isdisjoint(bench.spec.differences(bench.run.spec))


def _part(part: Part, live: bool) -> None:
    """The picture of a training: its latest moment while it goes on, then the whole film, or the learner's hand in it."""
    bench = session.bench(EXPERIMENT)
    if live:
        scene = scene_of(part.spec, part.checkpoints[-1:], part.rows)
        film(film_of(scene, "live", play=False), Source.moment(part), FILM_KEY)
    elif _seen_at_once(bench):
        _preview()
        st.button(tr("points.back"), key="points_back", icon=":material/undo:", on_click=controls.fill, args=(bench.run.spec,))
    else:
        _result(bench.run)


def _result(run: Run) -> None:
    if touch.begun(run):
        touch.draw(run, FILM_KEY, _picked)
        return
    film(_whole(run.key, current(), run), Source.run(run), FILM_KEY, _picked)
    st.caption(sentences(tr("picture.legend"), *([tr("picture.legend.rule")] if run.spec.dataset == "admission" else [])))
    if run.exploded:
        st.warning(tr("points.exploded"), icon=":material/whatshot:")
    st.button(tr("touch.begin"), key="points_touch", icon=":material/touch_app:", on_click=_put_hand_in, args=(run,))


@st.cache_resource(max_entries=24, show_spinner=False)
def _whole(key: str, language: str, _run: Run) -> bytes:
    """The film of a whole run, made once a run and language."""
    return film_of(scene_of(_run.spec, _run.checkpoints, _run.rows), key, play=True)


def _picked() -> None:
    """Something in the film was clicked: a neuron, or a place of the plane. The film is in the panel; what follows is not."""
    picked, run = session.value(FILM_KEY)["picked"], session.bench(EXPERIMENT).run
    if not picked or run is None:
        return
    if "place" in picked:
        _ask(run, picked["place"])
        st.rerun(INSIDE)
    touch.pick(run, picked)
    st.rerun(FRAGMENT)


def _ask(run: Run, place: tuple[float, float]) -> None:
    point = inside.put_point(run.spec, place)
    where = tr("list.comma").join(f"{plain(name)} {value:.3g}" for name, value in zip(axis_names(run.spec), point, strict=True))
    st.toast(sentences(f"**{where}**", inside.answer(run, point), tr("inside.below")), icon=":material/my_location:")


def _put_hand_in(run: Run) -> None:
    touch.begin(run, run.final.epoch)
    st.rerun(FRAGMENT)


def _preview() -> None:
    """What the settings say before anything is trained: the points, and the shape of the network."""
    spec = session.bench(EXPERIMENT).spec
    if spec.dataset == "own" and session.own_points() is None:
        st.info(tr("own.none_yet"), icon=":material/edit_location:")
        return
    film(film_of(scene_of(spec), "preview", play=False), Source.exact("source.own" if spec.dataset == "own" else "source.points"), FILM_KEY)


VIEWS = Views(_part, beside.examine, lambda run: class_names(run.spec), beside.side_by_side, _preview)
