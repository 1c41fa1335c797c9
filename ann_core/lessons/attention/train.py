"""Train it: a task, the network that learns it, and its attention as it comes about."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.data.attention import without_places
from ann_core.lessons.attention import beside
from ann_core.lessons.attention.picture import answer_words, example, film_of
from ann_core.probing import attention
from ann_core.specs import AttentionSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "attention"
FILM_KEY = "attention_film"
GROUPS = {
    "task": ("task", "length", "letters", "examples"),
    "network": ("heads", "blocks", "model_width", "feed_forward", "positions"),
    "learning": ("optimiser", "learning_rate", "momentum", "warm_up", "clip_norm", "batch_size", "epochs"),
    "more": ("scaled", "residual", "norm", "longer", "seed"),
}
SEEN_AT_ONCE = {"task", "length", "letters", "longer"}


def draw(lesson: Lesson) -> None:
    frame.section("attention", "train")
    st.fragment(_experiment)(lesson)
    workbench.compare(EXPERIMENT, VIEWS)


def _experiment(lesson: Lesson) -> None:
    session.put_what_waits()
    controls.preset_choice(EXPERIMENT)
    training, settings = st.columns([2, 1], gap="large")
    with settings:
        workbench.settings_of(EXPERIMENT, GROUPS, ("task", "network"))
    with training:
        _task(session.bench(EXPERIMENT).spec)
        workbench.train(EXPERIMENT, VIEWS)
    address.write(lesson)


def _task(spec: AttentionSpec) -> None:
    """The task in one example."""
    asked = example(spec)
    text = " ".join(asked.written) if spec.task == "look_up" else "".join(asked.written).strip("·")
    st.markdown(f"{tr(f'task.{spec.task}')} `{text}` → `{answer_words(spec, asked.right)}`")


def _draw(part: Part, live: bool) -> None:
    """The attention of the example at the latest moment while the training goes on, then the whole film; the curves."""
    bench = session.bench(EXPERIMENT)
    if not live and not SEEN_AT_ONCE.isdisjoint(bench.spec.differences(bench.run.spec)):
        _preview()
        st.button(tr("points.back"), key="attention_back", icon=":material/undo:", on_click=controls.fill, args=(bench.run.spec,))
        return
    if live:
        content = film_of(part.spec, part.checkpoints[-1:], part.rows, "live", play=False)
    else:
        content = _whole(bench.run.key, current(), bench.run)
    film(content, Source.moment(part), FILM_KEY)
    _curves(part, live)


@st.cache_resource(max_entries=24, show_spinner=False)
def _whole(key: str, language: str, _run: Run) -> bytes:
    """The film of a whole run, made once a run and language."""
    return film_of(_run.spec, _run.checkpoints, _run.rows, key, play=True)


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
    shares = [(checkpoint.epoch, attention.whole(checkpoint, y)) for checkpoint in part.checkpoints if checkpoint.epoch]
    return np.array([epoch for epoch, _ in shares]), np.array([share for _, share in shares])


@st.cache_data(max_entries=64, show_spinner=False)
def _bag(key: str, _spec: AttentionSpec) -> float:
    return without_places(rewritten_of(_spec)[1].x)


def _preview() -> None:
    """The maps, before anything is trained."""
    film(film_of(session.bench(EXPERIMENT).spec, (), np.zeros((0, 0)), "preview", play=False), Source.schematic(), FILM_KEY)


VIEWS = Views(_draw, beside.examine, lambda run: [], beside.side_by_side, _preview)
