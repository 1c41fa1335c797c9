"""Train it: images, and what the network makes of one of them."""

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.feedforward import beside
from ann_core.lessons.feedforward.picture import PICK, film_of, sum_words
from ann_core.lessons.feedforward.slow import images as slow
from ann_core.specs import FeedForwardSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.figures.images import class_names, known
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import looking, workbench
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "feedforward"
UNIT_KEY, FRAGMENT = "_feedforward_unit", "feedforward_experiment"
SETTINGS = Settings(
    ("dataset", "hidden_units", "activation", "learning_rate", "epochs"),
    {
        "data": ("training_images", "scale_pixels"),
        "learning": ("optimiser", "momentum", "batch_size"),
        "more": ("dropout", "l2", "shuffled_labels", "shuffled_pixels", "seed"),
    },
)
SEEN_AT_ONCE = {"dataset", "scale_pixels", "hidden_units", "activation", "shuffled_pixels", "seed"}


def draw(lesson: Lesson) -> None:
    frame.section(EXPERIMENT, "train")
    workbench.with_images(lesson, EXPERIMENT, SETTINGS, VIEWS, lambda: looking.choose(EXPERIMENT, draws=True), FRAGMENT)


def _options() -> tuple[int | None]:
    """The unit whose products are shown, if it is there."""
    unit = session.value(UNIT_KEY)
    spec: FeedForwardSpec = session.bench(EXPERIMENT).spec
    return (unit if unit is not None and unit < (*spec.hidden_units, spec.classes)[0] else None,)


def _picked() -> None:
    picked = session.value(REEL.key)["picked"]
    if picked and picked.get("pick", "").startswith(PICK):
        session.put(UNIT_KEY, int(picked["pick"].removeprefix(PICK)))
        st.rerun(FRAGMENT)


def _part(part: Part, live: bool) -> None:
    """The film of a training, or one of its steps in slow motion."""
    run = session.bench(EXPERIMENT).run
    if live or REEL.outdated or not slow.MOTION.begun(run.key):
        REEL.draw(part, live)
    else:
        REEL.leave()
        slow.draw(run.spec, run.checkpoints, run)
        draw_curves(part, live)


def _preview() -> None:
    """The untrained network, or its first step in slow motion."""
    spec = session.bench(EXPERIMENT).spec
    key, first = spec.key(), [begun(spec)]
    if slow.MOTION.begun(key) and known(spec.dataset):
        slow.draw(spec, first, None)
        return
    REEL.preview()
    slow.button(spec, first, key)


def _beneath(part: Part, live: bool) -> None:
    (unit,) = _options()
    if unit is not None and not live:
        example = looking.example_of(EXPERIMENT, part.spec)
        st.markdown(sum_words(part.spec, part.checkpoints[-1], example.picture, unit))
    st.caption(tr("looking.legend"))
    if not live:
        slow.button(part.spec, part.checkpoints, session.bench(EXPERIMENT).run.key)
    draw_curves(part, live)


REEL = looking.reel(EXPERIMENT, film_of, SEEN_AT_ONCE, _options, _beneath, _picked)
VIEWS = Views(_part, beside.examine, class_names, beside.side_by_side, _preview)
