"""Your kernel in the network: put it in the place of a learned one, or silence one, and measure."""

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.charts.film import packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.exhibits import ConvolutionExhibit
from ann_core.lessons.convolutional import kernel
from ann_core.maths.inputs.kernels import KERNELS, as_grid
from ann_core.probing import images as evaluate
from ann_core.probing.measurement import Weights, light
from ann_core.training.engine.jobs import Prepared
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.images import class_names, trained
from ann_core.ui.language import labels, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

OPERATIONS = ("replace", "silence")
NORMALISATION = slice(2, 4)


def draw() -> None:
    frame.section("convolutional", "surgery")
    at_hand = trained("convolutional")
    if at_hand is None:
        return
    if not at_hand[0].spec.filters:
        st.info(tr("probe.no_filters"), icon=":material/info:")
        return
    measure.fragment("surgery", _surgery, *at_hand)
    measure.fragment("each", _each, *at_hand)


def with_kernel(run: Run, filter_: int, grid: np.ndarray) -> Weights:
    """The weights of a run with another kernel (k, k) in the place of a filter of the first layer; its bias stays."""
    changed = run.final.weights[0].copy()
    changed[:, :, 0, filter_] = grid
    return (changed, *run.final.weights[1:])


def silenced(run: Run, filter_: int) -> Weights:
    """The weights of a run in which a filter of the first layer answers zero everywhere."""
    weights = [weight.copy() for weight in run.final.weights]
    weights[0][..., filter_] = 0
    weights[1][filter_] = 0
    if run.spec.batch_norm:
        for part in weights[NORMALISATION]:
            part[filter_] = 0
    return tuple(weights)


def as_strong(grid: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """A kernel made as long as a learned one: the later layers are used to that."""
    length = np.linalg.norm(grid)
    return grid * np.linalg.norm(learned) / length if length else grid


def _surgery(run: Run, images: Prepared, live: bool) -> None:
    settings, picture = st.columns([2, 3], gap="large")
    count = run.spec.filters[0]
    with settings:
        number = st.slider(tr("surgery.filter"), 1, count, key="surgery_filter") if count > 1 else 1
        described = {"format_func": labels("surgery", OPERATIONS), "default": "replace", "key": "surgery_operation", "required": True}
        operation = st.segmented_control(tr("surgery.operation"), OPERATIONS, **described)
        learned = run.final.weights[0][:, :, 0, number - 1]
        grid = _own_kernel(run.spec.kernel_size, learned) if operation == "replace" else np.zeros_like(learned)
    changed = with_kernel(run, number - 1, grid) if operation == "replace" else silenced(run, number - 1)
    with picture:
        shown = [
            panels.numbers_panel(Titles(tr("surgery.learned"), tr("surgery.learned.alt")), learned.ravel(), len(learned)),
            panels.numbers_panel(Titles(tr("surgery.new"), tr("surgery.new.alt")), grid.ravel(), len(grid)),
        ]
        film(packed(shown, [""], words(), "surgery", play=False), Source.run(run), "surgery_kernels")
        key = f"{run.key} {number} {operation} {grid.tobytes().hex()}"
        variants = lambda: (light(run), (run.final.weights, changed))  # noqa: E731
        said = measure.measured("surgery", key, evaluate.predictions, variants, live)
        if said is not None:
            _tell(run, images, said)


def _own_kernel(size: int, learned: np.ndarray) -> np.ndarray:
    """The kernel that the learner puts in, made by hand."""
    kept = session.kept("_surgery_kernels", dict)
    bench: ConvolutionExhibit = session.bench("convolution").spec
    kept.setdefault(size, bench.kernel if bench.size == size else KERNELS["upright"].entries(size))

    def take(entries: tuple[float, ...]) -> None:
        kept[size] = entries

    kernel.choose("surgery", kept[size], take, (size,))
    kept[size] = kernel.edited("surgery", kept[size])
    grid = as_grid(kept[size])
    if st.toggle(tr("surgery.as_strong"), value=True, key="surgery_as_strong", help=tr("surgery.as_strong.help")):
        grid = as_strong(grid, learned)
    return grid.astype(np.float32)


def _tell(run: Run, images: Prepared, said: np.ndarray) -> None:
    """Accuracy before and after, and which class has suffered most."""
    labels_ = images.y_test[: said.shape[1]]
    right = said == labels_
    before, after = right.mean(axis=1)
    st.markdown(f"**{tr('surgery.measured', before=f'{before:.1%}', after=f'{after:.1%}', n=len(labels_))}**")
    names = class_names(run)
    classes = [labels_ == label for label in range(len(names))]
    change = [np.diff(right[:, here].mean(axis=1))[0] if here.any() else 0.0 for here in classes]
    worst = int(np.argmin(change))
    if change[worst] < 0:
        st.markdown(tr("surgery.worst", name=names[worst], points=f"{-100 * change[worst]:.1f}"))
    verdict = "worse" if after < before - 0.01 else "better" if after > before + 0.01 else "same"
    st.markdown(tr(f"surgery.{verdict}"))
    source_line(Source.run(run))


def _each(run: Run, images: Prepared, live: bool) -> None:
    """Silence every filter in turn: which one does the network need most?"""
    st.markdown(f"**{tr('each.title')}**")
    count = run.spec.filters[0]
    variants = lambda: (light(run), (run.final.weights, *(silenced(run, place) for place in range(count))))  # noqa: E731
    said = measure.measured("each", run.key, evaluate.predictions, variants, live)
    if said is None:
        st.caption(tr("each.how", n=count))
        return
    shares = (said == images.y_test[: said.shape[1]]).mean(axis=1)
    numbers = np.arange(1, count + 1)
    names = tr("each.all"), tr("each.without")
    low = max(0.0, float(shares.min()) - 0.05)
    chart = functions.functions(tr("each.filter"), tr("metric.accuracy"), names, (0.5, count + 0.5), (low, 1.0), whole=True)
    rows = functions.function_rows({names[0]: ([0.5, count + 0.5], [shares[0]] * 2)}, {names[1]: (numbers, shares[1:])})
    figure(chart, rows, Source.run(run), tr("each.alt"), "surgery_each")
    worst = int(shares[1:].argmin())
    values = {"number": worst + 1, "share": f"{shares[1:].min():.1%}", "before": f"{shares[0]:.1%}"}
    hardly = int((shares[1:] >= shares[0] - 0.005).sum())
    st.markdown(tr("each.said", hardly=hardly, count=count, **values))
