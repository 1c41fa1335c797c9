"""Train it: a network for points, and the picture of it that moves as a whole."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.feedforward.plane import beside, inside, own, touch
from ann_core.lessons.feedforward.plane.picture import film_of
from ann_core.lessons.feedforward.plane.scene import axis_names, class_names, scene_of
from ann_core.specs import PointsSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs.settings import score_words
from ann_core.ui.language import plain, sentences, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "points"
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
    workbench.experiment(lesson, EXPERIMENT, VIEWS, _settings, _own, wide=True, fragment=FRAGMENT)
    st.fragment(inside.draw, key=INSIDE)(session.bench(EXPERIMENT).run)


def _settings() -> None:
    run = session.bench(EXPERIMENT).run
    if run is not None and touch.begun(run) and not REEL.outdated:
        touch.tools(run)
    else:
        workbench.settings_of(EXPERIMENT, GROUPS, ("data", "network"))


def _own() -> None:
    bench = session.bench(EXPERIMENT)
    if bench.spec.dataset == "own":
        with st.expander(tr("choice.own"), expanded=True, icon=":material/edit_location:"):
            own.draw()
    own.adapt(bench)


def _part(part: Part, live: bool) -> None:
    """The picture of a training: its latest moment while it goes on, then the whole film, or the learner's hand in it."""
    if live or REEL.outdated:
        REEL.draw(part, live)
    else:
        _result(session.bench(EXPERIMENT).run)


def _result(run: Run) -> None:
    if touch.begun(run):
        touch.draw(run, REEL.key, _picked)
        return
    film(REEL.whole(run), Source.course(run.data, run.spec.seed, run.checkpoints), REEL.key, _picked)
    st.caption(sentences(*(tr(message) for message in legend(run.spec))))
    if run.exploded:
        st.warning(tr("points.exploded"), icon=":material/whatshot:")
    elif run.epochs:
        st.caption(_curve_words(run))
    st.button(tr("touch.begin"), key="points_touch", icon=":material/touch_app:", on_click=_put_hand_in, args=(run,))


def legend(spec: PointsSpec) -> list[str]:
    """The messages that say what is drawn: of this kind of answer, with biases or without, and with the rule where there is one."""
    kind = {0: "value", 2: "two"}.get(spec.classes, "more")
    parts = ["picture.legend", *["picture.legend.bias"] * spec.bias, f"picture.legend.{kind}"]
    return [*parts, *["picture.legend.rule"] * (spec.dataset == "admission")]


def _curve_words(run: Run) -> str:
    """Why the two curves are not measured alike, and what the training points come to when they are."""
    loss, score, *_ = touch.scores(scene_of(run.spec), run.final)
    message = "picture.legend.mean.dropout" if run.spec.dropout else "picture.legend.mean"
    metric = tr(f"metric.{run.spec.measures[1]}")
    return tr(message, metric=metric, score=score_words(run.spec, score), loss=f"{loss:.3g}")


def _film(spec: PointsSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    return film_of(scene_of(spec, checkpoints, rows), name, play)


def _picked() -> None:
    """Something in the film was clicked: a neuron, or a place of the plane. The film is in the panel; what follows is not."""
    picked, run = session.value(REEL.key)["picked"], session.bench(EXPERIMENT).run
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
    film(film_of(scene_of(spec), "preview", play=False), Source.exact("source.own" if spec.dataset == "own" else "source.points"), REEL.key)


REEL = Reel(EXPERIMENT, _film, _preview, SEEN_AT_ONCE)
VIEWS = Views(_part, beside.examine, lambda run: class_names(run.spec), beside.side_by_side, _preview)
