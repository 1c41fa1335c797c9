"""The claim, tested: does a convolutional network not mind shift, rotation and scale? For a test set, and for a drawing."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.charts.pixels import enlarged
from ann_core.data.images import SIDE
from ann_core.exhibits import DistortionExhibit
from ann_core.lessons.convolutional.drawn.own import own
from ann_core.lessons.convolutional.network import at
from ann_core.maths.inputs.distortions import DISTORTIONS, Distortion
from ann_core.maths.networks.convolution import forward
from ann_core.maths.networks.dense import parameter_counts
from ann_core.probing import images
from ann_core.probing.images import Invariance
from ann_core.probing.measurement import light
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec
from ann_core.training.examples.images import WHITE, seen
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.images import class_names, test_images, trained
from ann_core.ui.inputs import controls
from ann_core.ui.language import labels, printed, sentences, tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench import measure

EXHIBIT, DISTORTED = "distortion", "distorted"
FINE, PICTURE = 25, 168
KEPT, ALIKE, POOR = 0.9, 0.03, 0.3
LIKE_SIZE = 1.25


def draw(lesson: Lesson) -> None:
    frame.section("convolutional", "claim")
    at_hand = trained("convolutional")
    if at_hand is None:
        return
    run, _ = at_hand
    if run.spec.filters:
        measure.fragment("claim", _measured, run)
    else:
        st.info(tr("probe.no_filters"), icon=":material/info:")
    frame.text("convolutional", "distort")
    turns.fragment(_of_one, key=DISTORTED)(lesson, run)


def twin(spec: ConvolutionalSpec) -> FeedForwardSpec:
    """A dense network about as large, trained on the same images in the same way."""
    weights = parameters(spec)
    units = int(np.clip(round((weights - spec.classes) / (SIDE * SIDE + 1 + spec.classes)), 1, 512))
    shared = set(type(spec).model_fields) & set(FeedForwardSpec.model_fields) - {"activation", "dropout"}
    return FeedForwardSpec(**{name: getattr(spec, name) for name in shared}, hidden_units=(units,))


def parameters(spec: ConvolutionalSpec) -> int:
    """How many numbers training can turn."""
    side, channels, count = SIDE, 1, 0
    for filters in spec.filters:
        count += (spec.kernel_size**2 * channels + 1) * filters + 2 * filters * spec.batch_norm
        side = (side - spec.kernel_size + 1) // (1 if spec.pooling == "none" else 2)
        channels = filters
    sizes = (side**2 * channels, *([spec.dense_units] if spec.dense_units else []), spec.classes)
    return count + sum(parameter_counts(sizes))


def _measured(run: Run, live: bool) -> None:
    other = twin(run.spec)
    key = f"{run.key} {other.key()}"
    found = measure.measured("claim", key, images.invariance, lambda: (light(run), other), live)
    if found is None:
        st.caption(how(run.spec, other, min(run.data.testing, images.MOST_IMAGES)))
        return
    names = tr("claim.convolutional"), tr("claim.dense")
    described = {"format_func": labels("field", DISTORTIONS), "default": "shift", "key": "claim_kind", "required": True}
    record = DISTORTIONS[st.segmented_control(tr("claim.kind"), list(DISTORTIONS), **described)]
    chart = functions.functions(tr(f"field.{record.name}"), tr("metric.accuracy"), names, (record.levels[0], record.levels[-1]), (0, 1))
    lines = {name: (np.array(record.levels), found.accuracy[record.name][row]) for row, name in enumerate(names)}
    figure(chart, functions.function_rows(lines, lines, [record.neutral]), Source.runs((run, found.twin)), tr("claim.alt"), "claim_curves")
    st.markdown(_said(record, found))
    st.markdown(_table(found, names))
    source_line(Source.runs((run, found.twin)))


def how(spec: ConvolutionalSpec, other: FeedForwardSpec, asked: int) -> str:
    """What is going to be measured, with so many test images, and how near in size the two networks are."""
    mine, theirs = parameters(spec), sum(parameter_counts((SIDE * SIDE, *other.hidden_units, other.classes)))
    size = tr("claim.size.alike" if 1 / LIKE_SIZE <= theirs / mine <= LIKE_SIZE else "claim.size.nearest")
    return tr("claim.how", units=other.hidden_units[0], parameters=f"{theirs:,}", own=f"{mine:,}", size=size, asked=f"{asked:,}")


def verdict(before: float, dense_before: float, lost: float, dense_lost: float) -> str:
    """Whether a convolutional network minds, by what it loses of its accuracy over all levels, and a dense one beside it."""
    if min(before, dense_before) < POOR:
        return "poor"
    if lost < ALIKE:
        return "neither" if dense_lost < ALIKE else "holds"
    return "same" if abs(lost - dense_lost) < ALIKE else "less" if lost < dense_lost else "more"


def _said(record: Distortion, found: Invariance) -> str:
    """What the curves say, not what one hopes."""
    here = record.levels.index(record.neutral)
    convolutional, dense = found.accuracy[record.name]
    values = {"before": f"{convolutional[here]:.1%}", "dense_before": f"{dense[here]:.1%}"}
    lost, dense_lost = (round(float(curve[here] - curve.mean()), 3) for curve in (convolutional, dense))  # as they are written
    reach = [_bears(record, curve) for curve in (convolutional, dense)]
    words = tr(
        f"claim.{verdict(float(convolutional[here]), float(dense[here]), lost, dense_lost)}",
        lost=f"{100 * lost:.1f}",
        dense_lost=f"{100 * dense_lost:.1f}",
        alike=f"{100 * ALIKE:g}",
        **values,
    )
    return sentences(words, tr("claim.bears", reach=reach[0], dense_reach=reach[1]))


def _bears(record: Distortion, curve: np.ndarray) -> str:
    """The levels around the neutral one at which a network still keeps nine tenths of its accuracy."""
    here = record.levels.index(record.neutral)
    good = curve >= KEPT * curve[here]
    first, last = here, here
    while first > 0 and good[first - 1]:
        first -= 1
    while last < len(curve) - 1 and good[last + 1]:
        last += 1
    return tr(f"claim.range.{record.name}", low=_level(record.levels[first]), high=_level(record.levels[last]))


def _level(level: float) -> str:
    return printed(f"{level:g}")


def _table(found: Invariance, names: tuple[str, str]) -> str:
    """The mean accuracy over all levels of every distortion."""
    head = f"| {tr('claim.mean')} | {names[0]} | {names[1]} |\n|---|---|---|\n"
    rows = [f"| {tr(f'field.{name}')} | {mine.mean():.1%} | {theirs.mean():.1%} |" for name, (mine, theirs) in found.accuracy.items()]
    return head + "\n".join(rows)


def _of_one(lesson: Lesson, run: Run) -> None:
    """The same on one picture: the learner's drawing, or the first test image."""
    picture, settings = frame.picture_and_settings("distortion")
    with settings:
        described = {"format_func": labels("field", DISTORTIONS), "key": "distortion_kind"}
        kind = st.selectbox(tr("claim.kind"), list(DISTORTIONS), **described)
        controls.controls(EXHIBIT, sorted(DISTORTIONS, key=lambda name: name != kind))
    with picture:
        _along(run, session.bench(EXHIBIT).spec, kind)
    address.write(lesson)


def distorted(picture: np.ndarray, spec: DistortionExhibit, kind: str, levels: np.ndarray, seed: int) -> np.ndarray:
    """A picture (28, 28) of 0 … 1 with all distortions of the exhibit, one of them at each of these levels: (levels, 28, 28)."""
    base = picture[None].astype(np.float32)
    for name, record in DISTORTIONS.items():
        if name != kind:
            base = record.apply(base, getattr(spec, name), seed)
    return np.concatenate([DISTORTIONS[kind].apply(base, float(level), seed) for level in levels])


def _along(run: Run, spec: DistortionExhibit, kind: str) -> None:
    """The distorted picture, what the network says of it, and its confidence along the slider."""
    drawn, record, seed = own().digit, DISTORTIONS[kind], run.spec.seed
    original = test_images(run).x_test[0] / np.float32(WHITE) if drawn is None else drawn
    here = getattr(spec, kind)
    levels = np.unique([*np.linspace(record.levels[0], record.levels[-1], FINE), here])
    steps = distorted(original, spec, kind, levels, seed)
    network, names, place = at(run, run.final), class_names(run), int(np.searchsorted(levels, here))
    plain, *shares = forward(network, seen(run.spec, WHITE * np.concatenate([original[None], steps])))[-1]
    shares = np.stack(shares)
    label, now = int(plain.argmax()), int(shares[place].argmax())
    left, right = st.columns([1, 2], vertical_alignment="center")
    with left:
        st.image(enlarged(np.rint(WHITE * steps[place]).astype(np.uint8), 6), alt=tr("claim.picture.alt"), width=PICTURE)
    values = {"name": names[label], "share": f"{shares[place, label]:.1%}", "now": names[now], "other": f"{shares[place, now]:.1%}"}
    right.markdown(tr("claim.still" if label == now else "claim.otherwise", **values))
    lines = {names[each]: (levels, shares[:, each]) for each in dict.fromkeys((label, now))}
    chart = functions.functions(tr(f"field.{kind}"), tr("probe.probability"), tuple(lines), (levels[0], levels[-1]), (0, 1))
    rows = functions.function_rows(lines, {names[now]: ([here], [shares[place, now]])}, [here])
    figure(chart, rows, Source.weights(run), tr("claim.one.alt"), "claim_one")
