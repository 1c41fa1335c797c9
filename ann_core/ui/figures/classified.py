"""What a network for images makes of its test set: pictures to pick from, classes, mistakes. The same for every such network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.charts import classes, pixels
from ann_core.data.images import CLASSES, SIDE
from ann_core.maths.measures import classification
from ann_core.maths.measures.shares import normal, share
from ann_core.training.engine.jobs import Prepared
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.images import class_names
from ann_core.ui.language import sentences, tr

COLUMNS, ROWS = 8, 4
PAGE = COLUMNS * ROWS
LARGE = 8


@dataclass(frozen=True)
class Asked:
    """A trained network at a moment of its training, and the images it is asked about."""

    run: Run
    images: Prepared
    checkpoint: Checkpoint

    @property
    def experiment(self) -> str:
        return self.run.spec.experiment

    @property
    def names(self) -> list[str]:
        return class_names(self.run)

    @property
    def source(self) -> Source:
        return Source.run(self.run, self.checkpoint.moment)


def views(asked: Asked, shown: Mapping[str, Callable[[Asked], None]]) -> None:
    """Tabs, each filled when it is open; nothing for a network whose weights are beyond all numbers."""
    if not asked.checkpoint.finite:
        st.warning(tr("probe.exploded"), icon=":material/whatshot:")
        return
    tabs = st.tabs([tr(f"probe.{view}") for view in shown], on_change="rerun", key=f"{asked.experiment}_probe_view")
    for tab, show in zip(tabs, shown.values(), strict=True):
        if tab.open:
            with tab:
                show(asked)


def moment(run: Run) -> Checkpoint:
    """The checkpoint chosen by slider, of those that were asked about all images; the last one to begin with."""
    by_epoch = {checkpoint.epoch: checkpoint for checkpoint in run.checkpoints if not checkpoint.batch}
    if len(by_epoch) == 1:
        return run.final
    key = f"{run.spec.experiment}_probe_epoch"
    if session.value(key) not in by_epoch:
        session.put(key, run.final.epoch)
    return by_epoch[st.select_slider(tr("probe.epoch"), list(by_epoch), key=key, help=tr("probe.epoch.help"))]


def browse(asked: Asked) -> int:
    """A grid of test images to pick from; returns the index of the picked one."""
    images, checkpoint, prefix = asked.images, asked.checkpoint, f"{asked.experiment}_probe"
    kind, wrong = st.columns([2, 1], vertical_alignment="bottom")
    choices = {None: tr("probe.all")} | dict(enumerate(asked.names))
    label = kind.selectbox(tr("probe.filter"), list(choices), format_func=choices.get, key=f"{prefix}_class")
    only_wrong = wrong.toggle(tr("probe.only_wrong"), key=f"{prefix}_wrong")
    mask = np.ones(len(images.y_test), bool) if label is None else images.y_test == label
    if only_wrong:
        mask &= checkpoint.predicted != images.y_test
    indices = np.flatnonzero(mask)
    if not len(indices):
        st.info(tr("probe.none_such"))
        return chosen(asked)
    pages = -(-len(indices) // PAGE)
    if session.value(f"{prefix}_page", 1) > pages:
        session.put(f"{prefix}_page", 1)
    page = st.pagination(pages, key=f"{prefix}_page") if pages > 1 else 1
    shown = indices[(page - 1) * PAGE : page * PAGE]
    current = chosen(asked)
    _gallery(asked, shown, current)
    st.number_input(tr("probe.number"), 0, len(images.y_test) - 1, step=1, key=f"{prefix}_image", help=tr("probe.number.help"))
    return current


def chosen(asked: Asked) -> int:
    """The number of the test image that was picked last."""
    key = f"{asked.experiment}_probe_image"
    if not 0 <= session.value(key, -1) < len(asked.images.y_test):
        session.put(key, 0)
    return session.value(key)


def _gallery(asked: Asked, shown: np.ndarray, current: int) -> None:
    names = np.array(asked.names, dtype=object)
    truth, guess = names[asked.images.y_test[shown]], names[asked.checkpoint.predicted[shown]]
    words = tr("probe.right"), tr("probe.wrong")
    rows = pixels.gallery_rows(asked.images.x_test[shown], shown, COLUMNS, current, truth, guess, words)
    spec = pixels.gallery(COLUMNS, ROWS, *words, tr("probe.truth"), tr("probe.guess"))
    key = f"{asked.experiment}_gallery_browse"
    figure(spec, rows, asked.source, tr("alt.gallery"), key, on_select=lambda: _pick(key, asked.experiment), selection_mode="picked")


def _pick(key: str, experiment: str) -> None:
    picked = session.value(key)["selection"].get("picked")
    if picked:
        session.put(f"{experiment}_probe_image", int(picked[0]["index"]))


def answer(asked: Asked, number: int, probabilities: np.ndarray) -> None:
    """One image, and what the network says of it: probabilities (classes,)."""
    names, image, label = asked.names, asked.images.x_test[number], int(asked.images.y_test[number])
    guess = int(probabilities.argmax())
    look, words = st.columns([1, 2], vertical_alignment="center")
    with look:
        st.image(pixels.enlarged(image, LARGE), alt=tr("alt.image", name=names[label]), width=SIDE * LARGE // 2)
    verdict = "probe.says_right" if guess == label else "probe.says_wrong"
    words.markdown(tr(verdict, guess=names[guess], truth=names[label], share=f"{probabilities[guess]:.1%}"))
    kinds = tr("probe.truth"), tr("probe.other")
    rows = classes.class_rows(names, probabilities, np.arange(CLASSES) == label, kinds)
    spec = classes.class_bars(tr("probe.probability"), tuple(names), *kinds)
    figure(
        spec,
        rows,
        Source.weights(asked.run, asked.checkpoint.moment),
        tr("alt.probabilities"),
        f"{asked.experiment}_probabilities",
    )


def confusion(asked: Asked) -> None:
    """Which classes are taken for which, and how many of each are recognised."""
    names = asked.names
    matrix = classification.confusion_matrix(asked.images.y_test, asked.checkpoint.predicted, CLASSES)
    accuracy = classification.class_accuracy(matrix)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**{tr('probe.confusion')}** · {tr('probe.confusion.how')}")
        spec = classes.confusion(tr("probe.truth"), tr("probe.guess"), tuple(names), tr("probe.count"))
        figure(spec, classes.confusion_rows(matrix, names), asked.source, tr("alt.confusion"), f"{asked.experiment}_confusion")
        st.markdown(commonest(matrix, names))
    with right:
        st.markdown(f"**{tr('probe.class_accuracy')}** · {tr('probe.overall', share=f'{np.diag(matrix).sum() / matrix.sum():.1%}')}")
        kinds = tr("probe.weakest"), tr("probe.other")
        rows = classes.class_rows(names, accuracy, accuracy == np.nanmin(accuracy), kinds)
        spec = classes.class_bars(tr("metric.accuracy"), tuple(names), *kinds)
        figure(spec, rows, asked.source, tr("alt.class_accuracy"), f"{asked.experiment}_class_accuracy")
        st.markdown(weakest(matrix, names))


def weakest(matrix: np.ndarray, names: list[str]) -> str:
    """The class that is recognised least, and whether it differs from all together beyond chance; from counts (classes, classes)."""
    accuracy, overall = classification.class_accuracy(matrix), float(np.trace(matrix) / matrix.sum())
    least = int(np.nanargmin(accuracy))
    right, of = int(matrix[least, least]), int(matrix[least].sum())
    others = int((accuracy == accuracy[least]).sum()) - 1
    found = share(right, of, normal(together=len(names)))
    verdict = tr("probe.class_accuracy.below" if found.high < overall else "probe.class_accuracy.chance", overall=f"{overall:.1%}")
    values = {"share": f"{found.value:.1%}", "low": f"{found.low:.1%}", "high": f"{found.high:.1%}"}
    said = [tr("probe.class_accuracy.summary", weakest=names[least], right=right, of=of, verdict=verdict, **values)]
    return sentences(*said, *([tr("probe.class_accuracy.tied", n=others)] if others else []))


def commonest(matrix: np.ndarray, names: list[str]) -> str:
    """The mistake that is made most often, from counts (classes, classes); and how many others are as common."""
    wrong = matrix - np.diag(np.diag(matrix))
    if not wrong.any():
        return tr("probe.no_mistakes")
    truth, guess = np.unravel_index(wrong.argmax(), wrong.shape)
    right, count = int(np.trace(matrix)), int(wrong.max())
    values = {"right": right, "all": int(matrix.sum()), "truth": names[truth], "guess": names[guess], "count": count}
    others = int((wrong == count).sum()) - 1
    return tr("probe.confusion.tied", others=others, **values) if others else tr("probe.confusion.summary", **values)


def mistakes(asked: Asked) -> None:
    """The images that the network got wrong and was surest of."""
    images, checkpoint, names = asked.images, asked.checkpoint, asked.names
    surest = classification.confident_mistakes(images.y_test, checkpoint.predicted, checkpoint.confidence)[: COLUMNS * 2]
    if not len(surest):
        st.success(tr("probe.no_mistakes"))
        return
    st.markdown(tr("probe.mistakes.how"))
    for first in range(0, len(surest), COLUMNS):
        for column, index in zip(st.columns(COLUMNS), surest[first : first + COLUMNS], strict=False):
            guess, truth = names[checkpoint.predicted[index]], names[images.y_test[index]]
            values = {"guess": guess, "truth": truth, "share": f"{checkpoint.confidence[index]:.0%}"}
            caption = tr("probe.mistake", **values)
            with column:
                st.image(pixels.enlarged(images.x_test[index], 4), caption=caption, alt=f"{truth} → {guess}", width=84)
    source_line(asked.source)
