"""What did it learn: ask the trained network, at any moment of its training."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from ann_core.charts import classes, pixels
from ann_core.data.images import CLASSES, SIDE
from ann_core.lessons.feedforward.beside import class_names, test_images
from ann_core.maths import classification, dense
from ann_core.training.job import Prepared
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import frame, session
from ann_core.ui.figure import Source, figure, picture
from ann_core.ui.language import tr

COLUMNS, ROWS = 8, 4
PAGE = COLUMNS * ROWS
LARGE = 8
MOST_UNITS = 128
IMAGE_KEY = "feedforward_probe_image"


def draw() -> None:
    frame.section("feedforward", "probe")
    run, images = session.bench("feedforward").run, None
    if run is not None:
        images = test_images(run)
    if run is None:
        st.info(tr("probe.train_first"), icon=":material/touch_app:")
    elif images is None:
        st.info(tr("probe.no_images"), icon=":material/image_not_supported:")
    else:
        st.fragment(_probe)(run, images)


def _probe(run: Run, images: Prepared) -> None:
    checkpoint = _moment(run)
    if not all(np.isfinite(weight).all() for weight in checkpoint.weights):
        st.warning(tr("probe.exploded"), icon=":material/whatshot:")
        return
    views: dict[str, Callable] = {"image": _one_image, "classes": _classes, "mistakes": _mistakes, "weights": _weights}
    tabs = st.tabs([tr(f"probe.{view}") for view in views], on_change="rerun", key="feedforward_probe_view")
    for tab, show in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                show(run, images, checkpoint)


def _moment(run: Run) -> Checkpoint:
    """The checkpoint chosen by slider; the last one to begin with."""
    by_epoch = {checkpoint.epoch: checkpoint for checkpoint in run.checkpoints}
    if len(by_epoch) == 1:
        return run.final
    key = "feedforward_probe_epoch"
    if session.value(key) not in by_epoch:
        session.put(key, run.final.epoch)
    return by_epoch[st.select_slider(tr("probe.epoch"), list(by_epoch), key=key, help=tr("probe.epoch.help"))]


def _one_image(run: Run, images: Prepared, checkpoint: Checkpoint) -> None:
    browse, answer = st.columns([5, 6], gap="large")
    with browse:
        chosen = _browse(run, images, checkpoint)
    with answer:
        _answer(run, images, checkpoint, chosen)


def _browse(run: Run, images: Prepared, checkpoint: Checkpoint) -> int:
    """A grid of test images to pick from; returns the index of the picked one."""
    names = class_names(run)
    kind, wrong = st.columns([2, 1], vertical_alignment="bottom")
    choices = {None: tr("probe.all")} | dict(enumerate(names))
    label = kind.selectbox(tr("probe.filter"), list(choices), format_func=choices.get, key="feedforward_probe_class")
    only_wrong = wrong.toggle(tr("probe.only_wrong"), key="feedforward_probe_wrong")
    mask = np.ones(len(images.y_test), bool) if label is None else images.y_test == label
    if only_wrong:
        mask &= checkpoint.predicted != images.y_test
    indices = np.flatnonzero(mask)
    if not len(indices):
        st.info(tr("probe.none_such"))
        return _chosen(images)
    pages = -(-len(indices) // PAGE)
    if session.value("feedforward_probe_page", 1) > pages:
        session.put("feedforward_probe_page", 1)
    page = st.pagination(pages, key="feedforward_probe_page") if pages > 1 else 1
    shown = indices[(page - 1) * PAGE : page * PAGE]
    current = _chosen(images)
    _gallery(run, images, checkpoint, shown, current, "browse")
    st.number_input(tr("probe.number"), 0, len(images.y_test) - 1, step=1, key=IMAGE_KEY, help=tr("probe.number.help"))
    return current


def _chosen(images: Prepared) -> int:
    if not 0 <= session.value(IMAGE_KEY, -1) < len(images.y_test):
        session.put(IMAGE_KEY, 0)
    return session.value(IMAGE_KEY)


def _gallery(run: Run, images: Prepared, checkpoint: Checkpoint, shown: np.ndarray, current: int, name: str) -> None:
    names = np.array(class_names(run), dtype=object)
    truth, guess = names[images.y_test[shown]], names[checkpoint.predicted[shown]]
    words = tr("probe.right"), tr("probe.wrong")
    rows = pixels.gallery_rows(images.x_test[shown], shown, COLUMNS, current, truth, guess, words)
    spec = pixels.gallery(COLUMNS, ROWS, *words, tr("probe.truth"), tr("probe.guess"))
    key = f"feedforward_gallery_{name}"
    figure(spec, rows, Source.run(run, checkpoint.epoch), tr("alt.gallery"), key, on_select=lambda: _pick(key), selection_mode="picked")


def _pick(key: str) -> None:
    picked = session.value(key)["selection"].get("picked")
    if picked:
        session.put(IMAGE_KEY, int(picked[0]["index"]))


def _answer(run: Run, images: Prepared, checkpoint: Checkpoint, chosen: int) -> None:
    """One image, and what the network says of it, computed here from its weights."""
    names, label = class_names(run), int(images.y_test[chosen])
    probabilities = ask(run, checkpoint, images.x_test[chosen])
    guess = int(probabilities.argmax())
    look, words = st.columns([1, 2], vertical_alignment="center")
    with look:
        st.image(pixels.enlarged(images.x_test[chosen], LARGE), alt=tr("alt.image", name=names[label]), width=SIDE * LARGE // 2)
    verdict = "probe.says_right" if guess == label else "probe.says_wrong"
    words.markdown(tr(verdict, guess=names[guess], truth=names[label], share=f"{probabilities[guess]:.1%}"))
    kinds = tr("probe.truth"), tr("probe.other")
    rows = classes.class_rows(names, probabilities, np.arange(CLASSES) == label, kinds)
    spec = classes.class_bars(tr("probe.probability"), tuple(names), *kinds)
    figure(spec, rows, Source.exact("source.forward", epoch=checkpoint.epoch), tr("alt.probabilities"), key="feedforward_probabilities")


def ask(run: Run, checkpoint: Checkpoint, image: np.ndarray) -> np.ndarray:
    """Probabilities of the classes for one image, uint8 (28, 28): a forward pass through the weights of a checkpoint."""
    inputs = image.reshape(1, -1) / (255.0 if run.spec.scale_pixels else 1.0)
    weights = [weight.astype(float) for weight in checkpoint.weights]
    return dense.forward(dense.layers(weights, run.spec.activations), inputs)[-1].outputs[0]


def _classes(run: Run, images: Prepared, checkpoint: Checkpoint) -> None:
    names = class_names(run)
    matrix = classification.confusion_matrix(images.y_test, checkpoint.predicted, CLASSES)
    accuracy = classification.class_accuracy(matrix)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**{tr('probe.confusion')}** · {tr('probe.confusion.how')}")
        spec = classes.confusion(tr("probe.truth"), tr("probe.guess"), tuple(names), tr("probe.count"))
        figure(
            spec,
            classes.confusion_rows(matrix, names),
            Source.run(run, checkpoint.epoch),
            tr("alt.confusion"),
            "feedforward_confusion",
        )
        st.markdown(_confusion_summary(matrix, names))
    with right:
        st.markdown(f"**{tr('probe.class_accuracy')}** · {tr('probe.overall', share=f'{np.diag(matrix).sum() / matrix.sum():.1%}')}")
        kinds = tr("probe.weakest"), tr("probe.other")
        rows = classes.class_rows(names, accuracy, accuracy == np.nanmin(accuracy), kinds)
        spec = classes.class_bars(tr("metric.accuracy"), tuple(names), *kinds)
        figure(spec, rows, Source.run(run, checkpoint.epoch), tr("alt.class_accuracy"), "feedforward_class_accuracy")
        st.markdown(tr("probe.class_accuracy.summary", weakest=names[int(np.nanargmin(accuracy))], share=f"{np.nanmin(accuracy):.1%}"))


def _confusion_summary(matrix: np.ndarray, names: list[str]) -> str:
    wrong = matrix - np.diag(np.diag(matrix))
    if not wrong.any():
        return tr("probe.no_mistakes")
    truth, guess = np.unravel_index(wrong.argmax(), wrong.shape)
    right, count = int(np.trace(matrix)), int(wrong.max())
    return tr("probe.confusion.summary", right=right, all=int(matrix.sum()), truth=names[truth], guess=names[guess], count=count)


def _mistakes(run: Run, images: Prepared, checkpoint: Checkpoint) -> None:
    """The images that the network got wrong and was surest of."""
    surest = classification.confident_mistakes(images.y_test, checkpoint.predicted, checkpoint.confidence)[: COLUMNS * 2]
    if not len(surest):
        st.success(tr("probe.no_mistakes"))
        return
    st.markdown(tr("probe.mistakes.how"))
    names = class_names(run)
    for first in range(0, len(surest), COLUMNS):
        for column, index in zip(st.columns(COLUMNS), surest[first : first + COLUMNS], strict=False):
            guess, truth = names[checkpoint.predicted[index]], names[images.y_test[index]]
            values = {"guess": guess, "truth": truth, "share": f"{checkpoint.confidence[index]:.0%}"}
            caption = tr("probe.mistake", **values)
            with column:
                st.image(pixels.enlarged(images.x_test[index], 4), caption=caption, alt=f"{truth} → {guess}", width=84)
    st.caption(f":material/model_training: {Source.run(run, checkpoint.epoch).text}")


def _weights(run: Run, images: Prepared, checkpoint: Checkpoint) -> None:
    """The weights into each unit of the first layer, laid out like the pixels they multiply."""
    kernel = checkpoint.weights[0]  # (784, units)
    units = min(kernel.shape[1], MOST_UNITS)
    columns = min(16, units) if units > 10 else units
    st.markdown(tr("probe.weights.how", n=units))
    tiles = pixels.signed(kernel.T[:units].reshape(units, SIDE, SIDE))
    sheet = pixels.mosaic(tiles, columns)
    alt = tr("alt.weights", n=units, epoch=checkpoint.epoch)
    picture(pixels.enlarged(sheet, 2 if columns > 10 else 4), Source.run(run, checkpoint.epoch), alt)
