"""Train it: a task, the network that learns it, and its attention as it comes about."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.data.attention import without_places
from ann_core.lessons.attention import beside, block
from ann_core.lessons.attention.picture import answer_words, example, film_of
from ann_core.probing import attention
from ann_core.specs import AttentionSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "attention"
SETTINGS = Settings(
    ("task", "length", "heads", "learning_rate", "epochs"),
    {
        "task": ("letters", "examples", "longer", "seed"),
        "network": ("blocks", "model_width", "feed_forward", "positions"),
        "learning": ("optimiser", "momentum", "warm_up", "clip_norm", "batch_size"),
        "more": ("scaled", "residual", "norm"),
    },
)
SEEN_AT_ONCE = {
    *("task", "length", "letters", "longer"),
    *("heads", "blocks", "model_width", "feed_forward", "positions", "scaled", "residual", "norm", "seed"),
}


def draw(lesson: Lesson) -> None:
    workbench.experiment(lesson, EXPERIMENT, VIEWS, SETTINGS, above=_task)
    frame.section("attention", "train")


def _task() -> None:
    """The task in one example."""
    spec = session.bench(EXPERIMENT).spec
    asked = example(spec)
    text = " ".join(asked.written) if spec.task == "look_up" else "".join(asked.written).strip("·")
    st.markdown(f"{tr(f'task.{spec.task}')} `{text}` → `{answer_words(spec, asked.right)}`")


def _curves(part: Part, live: bool) -> None:
    """How many symbols are right, how many sequences as a whole, and what can be had without knowing the places."""
    spec, epochs = part.spec, part.spec.epochs
    done = np.arange(1, len(part.rows) + 1)
    names = {name: tr(f"rewriting.{name}") for name in ("training", "symbols", "whole", "bag")}
    column = spec.metrics.index
    unseen = rewritten_of(spec)[1]
    lines = {
        names["training"]: (done, part.rows[:, column("accuracy")]),
        names["symbols"]: (done, part.rows[:, column("val_accuracy")]),
        names["whole"]: _whole_sequences(part, unseen.y),
    }
    if spec.task == "reverse":
        lines[names["bag"]] = (0, epochs), (_bag(spec.key(), spec),) * 2
    chart = functions.functions(
        tr("curve.epoch"), tr("metric.accuracy"), tuple(lines), (0, epochs), (0, 1.02), dashed=(names["bag"],), whole=True
    )
    alt = tr("rewriting.alt.live") if live or not len(done) else tr("rewriting.alt", share=f"{part.rows[-1, column('val_accuracy')]:.1%}")
    figure(chart, functions.function_rows(lines), Source.progress(part), alt, "attention_accuracy")
    if not live and len(done):
        values = {
            "symbols": f"{part.rows[-1, column('val_accuracy')]:.2%}",
            "whole": f"{attention.whole(part.checkpoints[-1], unseen.y):.1%}",
        }
        st.markdown(tr("rewriting.said", n=len(unseen.y), seconds=f"{session.bench(EXPERIMENT).run.seconds:.1f}", **values))


def _whole_sequences(part: Part, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kept = [checkpoint for checkpoint in part.checkpoints if checkpoint.epoch and not checkpoint.batch]
    shares = [(checkpoint.epoch, attention.whole(checkpoint, y)) for checkpoint in kept]
    return np.array([epoch for epoch, _ in shares]), np.array([share for _, share in shares])


@st.cache_data(max_entries=64, show_spinner=False)
def _bag(key: str, _spec: AttentionSpec) -> float:
    return without_places(rewritten_of(_spec)[1].x)


def _picked() -> None:
    block.take(session.value(REEL.key)["picked"])


def _beneath(part: Part, live: bool) -> None:
    st.caption(tr("block.how"))
    _curves(part, live)


REEL = Reel(
    EXPERIMENT,
    film_of,
    SEEN_AT_ONCE,
    lambda spec, own: begun(spec),
    options=block.options,
    beneath=_beneath,
    on_picked=_picked,
    touched=block.touched,
)
VIEWS = Views(REEL.draw, beside.examine, lambda run: [], beside.side_by_side, REEL.preview)
