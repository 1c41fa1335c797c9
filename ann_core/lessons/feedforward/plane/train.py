"""Train it: a network for points, and the picture of it that moves as a whole."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.feedforward.plane import anew, beside, inside, own, slow, touch
from ann_core.lessons.feedforward.plane.picture import film_of
from ann_core.lessons.feedforward.plane.scene import class_names, scene_of
from ann_core.lessons.feedforward.plane.scores import scores
from ann_core.specs import PointsSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.records import Checkpoint, Run
from ann_core.training.untrained import begun
from ann_core.ui import session, turns
from ann_core.ui.inputs.settings import score_words
from ann_core.ui.language import digits, sentences, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "points"
FRAGMENT, INSIDE = "points_experiment", "points_inside"
SEEN_AT_ONCE = {
    *("dataset", "own_classes", "points", "noise", "rare", "training_share", "data_seed"),
    *("features", "layers", "bias", "initialiser", "seed"),
}
"""Settings whose change is seen before anything is trained."""


def draw(lesson: Lesson) -> None:
    workbench.experiment(lesson, EXPERIMENT, VIEWS, SETTINGS, anew.buttons, FRAGMENT)
    frame.section("feedforward", "points")


def look_inside() -> None:
    turns.fragment(inside.draw, key=INSIDE)(session.bench(EXPERIMENT).run)


def _in_hand() -> bool:
    """The tools of the learner's hand, where there is one in the network."""
    run = session.bench(EXPERIMENT).run
    held = run is not None and touch.begun(run) and not REEL.outdated
    if held:
        touch.tools(run)
    return held


def _own() -> None:
    own.draw()
    own.adapt(session.bench(EXPERIMENT))


def _part(part: Part, live: bool) -> None:
    """The picture of a training: its latest moment while it goes on, then the whole film, the learner's hand in it, or slow motion."""
    if live or REEL.outdated:
        REEL.draw(part, live)
        _legend(part.spec)
    else:
        _result(session.bench(EXPERIMENT).run)


def _result(run: Run) -> None:
    if touch.begun(run):
        REEL.leave()
        touch.draw(run, REEL.key, _picked)
        return
    if slow.MOTION.begun(run.key):
        REEL.leave()
        slow.draw(run.spec, run.checkpoints, run)
        return
    REEL.show(run)
    _legend(run.spec)
    if run.exploded:
        st.warning(tr("points.exploded"), icon=":material/whatshot:")
    elif run.epochs:
        st.caption(_curve_words(run))
    with st.container(horizontal=True):
        st.button(tr("touch.begin"), key="points_touch", icon=":material/touch_app:", on_click=_put_hand_in, args=(run,))
        slow.MOTION.button(run.spec, run.checkpoints, run.key)


def _preview() -> None:
    """The untrained network, or its first step in slow motion; where own points are missing, that is said."""
    spec = session.bench(EXPERIMENT).spec
    key, first = spec.key(), [begun(spec)]
    missing = spec.dataset == "own" and session.own_points() is None
    if slow.MOTION.begun(key) and not missing:
        slow.draw(spec, first, None)
        return
    REEL.preview()
    if not missing:
        _legend(spec)
        slow.MOTION.button(spec, first, key)


def _legend(spec: PointsSpec) -> None:
    st.caption(sentences(*(tr(message) for message in legend(spec))))


def legend(spec: PointsSpec) -> list[str]:
    """The messages that say what is drawn: of this kind of answer, with biases or without, and with the rule where there is one."""
    kind = {0: "value", 2: "two"}.get(spec.classes, "more")
    parts = ["picture.legend", *["picture.legend.bias"] * spec.bias, f"picture.legend.{kind}"]
    return [*parts, *["picture.legend.rule"] * (spec.dataset == "admission"), "inside.below"]


def _curve_words(run: Run) -> str:
    """Why the two curves are not measured alike, and what the training points come to when they are."""
    scene = scene_of(run.spec)
    loss, score, *_ = scores(run.spec, scene.points, scene.training, run.final)
    message = "picture.legend.mean.dropout" if run.spec.dropout else "picture.legend.mean"
    metric = tr(f"metric.{run.spec.measures[1]}")
    return tr(message, metric=metric, score=score_words(run.spec, score), loss=digits(loss))


def _film(spec: PointsSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    return film_of(scene_of(spec, checkpoints, rows), name, play)


def _picked() -> None:
    """Something in the film was clicked: a neuron, or a place of the plane. The film is in the panel; what follows is not."""
    picked, bench = session.value(REEL.key)["picked"], session.bench(EXPERIMENT)
    if not picked:
        return
    if "place" in picked:
        inside.put_point(bench.spec, picked["place"])
        st.rerun(INSIDE)
    if bench.run is not None:
        touch.pick(bench.run, picked)
        st.rerun(FRAGMENT)


def _put_hand_in(run: Run) -> None:
    touch.begin(run, run.final.moment)
    st.rerun(FRAGMENT)


REEL = Reel(EXPERIMENT, _film, SEEN_AT_ONCE, on_picked=_picked)
SETTINGS = Settings(
    ("dataset", "noise", "layers", "learning_rate", "epochs"),
    {
        "data": ("points", "rare", "training_share"),
        "network": ("features", "bias", "initialiser", "dropout"),
        "learning": ("loss", "optimiser", "momentum", "batch_size"),
        "more": ("l1", "l2", "balance", "seed", "data_seed"),
    },
    own=_own,
    instead=_in_hand,
)
VIEWS = Views(_part, beside.examine, lambda run: class_names(run.spec), beside.side_by_side, _preview)
