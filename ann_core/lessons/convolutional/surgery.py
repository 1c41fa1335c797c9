"""Your kernel in the network: put it in the place of a learned one, or silence one, and measure."""

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.charts.film import packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.exhibits import ConvolutionExhibit
from ann_core.lessons.convolutional import kernel
from ann_core.lessons.convolutional.drawn.own import own
from ann_core.lessons.convolutional.network import Changes, altered
from ann_core.maths.inputs.kernels import KERNELS, as_grid
from ann_core.maths.measures.shares import Interval, certain, change, normal
from ann_core.maths.networks.convolution import forward
from ann_core.probing import images as evaluate
from ann_core.probing.measurement import Weights, light
from ann_core.starts.convolutional import layers_of
from ann_core.training.engine.jobs import Prepared
from ann_core.training.examples.images import WHITE, seen
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.images import class_names, trained
from ann_core.ui.language import labels, printed, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

FRAGMENT = "surgery"
OPERATIONS = ("replace", "silence")
ALIKE = 0.01


def draw() -> None:
    frame.section("convolutional", "surgery")
    at_hand = trained("convolutional")
    if at_hand is None:
        return
    if not at_hand[0].spec.filters:
        st.info(tr("probe.no_filters"), icon=":material/info:")
        return
    measure.fragment(FRAGMENT, _surgery, *at_hand)


def with_kernel(run: Run, filter_: int, grid: np.ndarray) -> Weights:
    """The weights of a run with another kernel (k, k) in the place of a filter of the first layer; its bias stays."""
    return tuple(altered(run.spec, run.final.weights, Changes(kernels=((filter_, tuple(grid.ravel())),))))


def silenced(run: Run, filter_: int) -> Weights:
    """The weights of a run in which a filter of the first layer answers zero everywhere."""
    return tuple(altered(run.spec, run.final.weights, Changes(silenced=((0, filter_),))))


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
    changed_ = with_kernel(run, number - 1, grid) if operation == "replace" else silenced(run, number - 1)
    with picture:
        shown = [
            panels.numbers_panel(Titles(tr("surgery.learned"), tr("surgery.learned.alt")), learned.ravel(), len(learned)),
            panels.numbers_panel(Titles(tr("surgery.new"), tr("surgery.new.alt")), grid.ravel(), len(grid)),
        ]
        film(packed(shown, [""], words(), "surgery", play=False), Source.run(run), "surgery_kernels")
        if own().digit is not None:
            st.markdown(said_of_drawing(run, changed_, own().digit))
        key = f"{run.key} {number} {operation} {grid.tobytes().hex()}"
        variants = lambda: (light(run), (run.final.weights, changed_))  # noqa: E731
        said = measure.measured("surgery", key, evaluate.predictions, variants, live)
        if said is not None:
            _tell(run, images, said)
        if count > 1:
            measure.fragment("each", _each, run, images)


def said_of_drawing(run: Run, changed_: Weights, digit: np.ndarray) -> str:
    """What the network says of the learner's drawing, (28, 28) of 0 … 1, before and after."""
    inputs, names = seen(run.spec, np.rint(WHITE * digit)[None]), class_names(run)
    answers = [forward(layers_of(run.spec, weights), inputs)[-1][0] for weights in (run.final.weights, changed_)]
    if not np.isfinite(answers).all():
        return tr("probe.exploded")
    first, second = (int(answer.argmax()) for answer in answers)
    values = {"before": names[first], "share": f"{answers[0][first]:.1%}", "after": names[second], "other": f"{answers[1][second]:.1%}"}
    return tr("surgery.drawing.same" if first == second else "surgery.drawing.other", **values)


def _own_kernel(size: int, learned: np.ndarray) -> np.ndarray:
    """The kernel that the learner puts in, made by hand."""
    kept = session.kept("_surgery_kernels", dict)
    bench: ConvolutionExhibit = session.bench("convolution").spec
    kept.setdefault(size, bench.kernel if bench.size == size else KERNELS["upright"].entries(size))

    def take(entries: tuple[float, ...]) -> None:
        kept[size] = entries

    kept[size] = kernel.in_hand("surgery", kept[size], take, (size,))
    grid = as_grid(kept[size])
    if st.toggle(tr("surgery.as_strong"), value=True, key="surgery_as_strong", help=tr("surgery.as_strong.help")):
        grid = as_strong(grid, learned)
    return grid.astype(np.float32)


def _tell(run: Run, images: Prepared, said: np.ndarray) -> None:
    """Accuracy before and after, and which class has fallen furthest; each with what chance may do."""
    labels_ = images.y_test[: said.shape[1]]
    right = said == labels_
    before, after = right.mean(axis=1)
    whole = changed(*right)
    st.markdown(f"**{tr('surgery.measured', before=f'{before:.1%}', after=f'{after:.1%}', n=len(labels_))}**")
    if words := said_of_worst(right, labels_, class_names(run)):
        st.markdown(words)
    st.markdown(tr(f"surgery.{verdict(whole)}", **reach(whole)))
    source_line(Source.run(run))


def changed(before: np.ndarray, after: np.ndarray, together: int = 1) -> Interval:
    """The change of accuracy on the same images, each right or not before and after, (n,); one of so many that are looked at."""
    return change(int((before & ~after).sum()), int((after & ~before).sum()), len(before), normal(together=together))


def verdict(whole: Interval) -> str:
    """What a change of accuracy says: beyond chance, too small to matter, or neither."""
    if certain(whole):
        return "better" if whole.value > 0 else "worse"
    return "same" if abs(whole.value) <= ALIKE else "unclear"


def reach(interval: Interval) -> dict[str, str]:
    """An interval in percentage points, as words need it."""
    low, high = (printed(f"{100 * end:+.1f}") for end in (interval.low, interval.high))
    return {"low": low, "high": high}


def said_of_worst(right: np.ndarray, labels_: np.ndarray, names: list[str]) -> str:
    """The class that has fallen furthest, from what was right before and after, (2, n); nothing where none has fallen."""
    here = [right[:, labels_ == label] for label in range(len(names))]
    changes = [changed(*part, together=len(names)) if part.size else Interval(0.0, 0.0, 0.0) for part in here]
    worst = int(np.argmin([found.value for found in changes]))
    found, (before, after) = changes[worst], here[worst]
    if not found.value < 0:
        return ""
    values = {"name": names[worst], "of": len(before), "before": int(before.sum()), "after": int(after.sum())}
    return tr("surgery.worst" if certain(found) else "surgery.worst.chance", **values, **reach(found))


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
    st.markdown(said_of_each(said == images.y_test[: said.shape[1]]))


def said_of_each(right: np.ndarray) -> str:
    """Which filter is missed most, if any, and how many beyond chance; `right` (1 + n, images) with all of them, then without each."""
    whole, *without = right
    changes = [changed(whole, each, together=len(without)) for each in without]
    worst = int(np.argmin([found.value for found in changes]))
    missed = sum(certain(found) and found.value < 0 for found in changes)
    if changes[worst].value >= 0:
        return tr("each.unmissed", before=f"{whole.mean():.1%}")
    values = {"number": worst + 1, "share": f"{without[worst].mean():.1%}", "before": f"{whole.mean():.1%}", "count": len(without)}
    return tr("each.said" if missed else "each.none", missed=missed, **values)
