"""The convolution bench: any picture, any kernel, and every number on the way."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Titles
from ann_core.data import images
from ann_core.data.pictures import grey, scene
from ann_core.exhibits import ConvolutionExhibit
from ann_core.lessons.convolutional import kernel
from ann_core.lessons.convolutional.drawn.own import own, upload
from ann_core.maths.inputs.kernels import as_grid
from ann_core.maths.networks import convolution
from ann_core.training.examples.images import WHITE
from ann_core.training.records import TrainingFailed
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import signed, tr
from ann_core.ui.page import address, frame

EXHIBIT, FRAGMENT = "convolution", "bench"
DATASETS = {"digit": "mnist", "clothing": "fashion_mnist"}
LIGHTS = ("red", "green", "blue")
LONGEST_SHOW = 25.0
SLOWEST = 6.0


class Shown(NamedTuple):
    """A picture for the bench, (rows, columns, channels) of 0 … 1, and where it comes from; whether it stands in for another."""

    picture: np.ndarray
    source: Source
    stands_in: bool = False


class Bench(NamedTuple):
    """What the bench computes: padded picture, kernel (k, k, channels), the patch and the channels' sums at each place, the map z."""

    picture: np.ndarray
    kernel: np.ndarray
    patches: np.ndarray
    sums: np.ndarray
    z: np.ndarray


def draw(lesson: Lesson) -> None:
    frame.section("convolutional", "inside")
    turns.fragment(_bench, key=FRAGMENT)(lesson)


def _bench(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("convolution")
    with settings:
        spec = _settings()
    with picture:
        shown = _picture(spec)
        if shown is None:
            st.info(tr(f"picture.missing.{spec.picture}"), icon=":material/image_search:")
        else:
            if shown.stands_in:
                st.caption(tr(f"picture.stands_in.{spec.picture}"))
            _show(spec, shown)
    address.write(lesson)


def _settings() -> ConvolutionExhibit:
    bench = session.bench(EXHIBIT)
    controls.controls(EXHIBIT, ("picture", "picture_number", "in_colour"))
    if bench.spec.picture == "upload":
        upload()
    bench.spec = bench.spec.changed(kernel=kernel.in_hand(EXHIBIT, bench.spec.kernel, _take))
    controls.controls(EXHIBIT, ("red", "green", "blue", "bias_value", "stride", "padding", "dilation", "pooling", "pool_size"))
    return bench.spec


def _take(entries: tuple[float, ...]) -> None:
    bench = session.bench(EXHIBIT)
    bench.spec = bench.spec.changed(kernel=entries)


def _picture(spec: ConvolutionExhibit) -> Shown | None:
    """The picture that was asked for; None where there is none yet."""
    if spec.picture in DATASETS:
        return _from_data(DATASETS[spec.picture], spec.picture_number)
    if spec.picture == "drawing":
        digit = own().digit
        return None if digit is None else Shown(digit[..., None], Source.exact("source.own_drawing"))
    colours = scene() if spec.picture == "scene" else own().picture
    if colours is None:
        return None
    channels = colours if spec.in_colour else grey(colours)[..., None]
    return Shown(channels / WHITE, Source.exact("source.scene" if spec.picture == "scene" else "source.own_picture"))


def _from_data(dataset: str, number: int) -> Shown:
    """An image of a test set, or of the small digits while that is not here."""
    try:
        found = trainings.prepared(dataset)
    except TrainingFailed:
        found = None
    name, test = (found.data.name, found.x_test) if found else ("digits", images.load("digits").x_test)
    number %= len(test)
    source = Source.exact("source.image", data=tr(f"choice.{name}"), number=number)
    return Shown(test[number][..., None] / WHITE, source, stands_in=found is not None and name != dataset)


def kernel_of(spec: ConvolutionExhibit, channels: int) -> np.ndarray:
    """The kernel for each channel: (k, k, channels)."""
    weights = np.array([spec.red, spec.green, spec.blue]) if channels == 3 else np.ones(1)
    return as_grid(spec.kernel)[..., None] * weights


def computed(spec: ConvolutionExhibit, picture: np.ndarray) -> Bench:
    """All that the bench shows. Where the kernel does not fit, the map has no cells."""
    weights = kernel_of(spec, picture.shape[-1])
    moved = {"stride": spec.stride, "padding": spec.padding, "dilation": spec.dilation}
    patches = convolution.patches(picture[None], spec.size, spec.size, **moved)[0].reshape(-1, *weights.shape)
    z = convolution.convolve(picture[None], weights[..., None], **moved)[0, :, :, 0] + spec.bias_value
    rim = spec.padding
    return Bench(np.pad(picture, ((rim, rim), (rim, rim), (0, 0))), weights, patches, (patches * weights).sum(axis=(1, 2)), z)


def _show(spec: ConvolutionExhibit, shown: Shown) -> None:
    bench = computed(spec, shown.picture)
    st.latex(size_formula(spec, shown.picture.shape[:2]))
    if not bench.z.size:
        st.error(tr("bench.does_not_fit", size=spec.size, reach=spec.dilation * (spec.size - 1) + 1), icon=":material/block:")
        return
    if left := _unseen(spec, shown.picture.shape[:2]):
        st.warning(tr("bench.unseen", rows=left[0], columns=left[1]), icon=":material/crop:")
    if passed := convolution.skipped(shown.picture.shape[:2], spec.size, spec.stride, spec.padding, spec.dilation):
        st.caption(tr("bench.skipped", n=passed, all=shown.picture.shape[0] * shown.picture.shape[1]))
    film(_film(spec, bench, shown.source.text), shown.source, "bench_film")
    st.caption(tr("bench.how"))
    _pooling(spec, np.maximum(bench.z, 0), shown.source)


def _unseen(spec: ConvolutionExhibit, sides: tuple[int, int]) -> tuple[int, ...]:
    """Rows and columns at the end that no window reaches; empty where all are seen."""
    left = tuple(convolution.unseen(side, spec.size, spec.stride, spec.padding, spec.dilation) for side in sides)
    return left if any(left) else ()


def size_formula(spec: ConvolutionExhibit, sides: tuple[int, int]) -> str:
    """How many rows and columns the map has, with the numbers; in red where it does not come out even."""
    lines = []
    for name, side in zip(("rows", "columns") if sides[0] != sides[1] else ("side",), sides, strict=False):
        numbers = rf"{side} + 2\cdot {spec.padding} - {spec.dilation}\cdot({spec.size}-1) - 1"
        room = side + 2 * spec.padding - spec.dilation * (spec.size - 1) - 1
        size = convolution.output_size(side, spec.size, spec.stride, spec.padding, spec.dilation)
        steps = f"{room / spec.stride:.4g}"
        ends = _red(steps) if room < 0 or room % spec.stride else steps
        formula = rf"\left\lfloor \frac{{{numbers}}}{{{spec.stride}}} \right\rfloor + 1 = \lfloor {ends} \rfloor + 1"
        lines.append(rf"\text{{{tr(f'bench.size.{name}')}}} &= {formula} = {size or _red('0')}")
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _red(number: str) -> str:
    return rf"\textcolor{{red}}{{{number}}}"


def _film(spec: ConvolutionExhibit, bench: Bench, title: str) -> bytes:
    rows, columns = bench.z.shape
    window = panels.windows(rows, columns, spec.size, spec.stride, spec.dilation)
    names = [tr(f"bench.channel.{light}") for light in LIGHTS] if bench.picture.shape[-1] == 3 else [""]
    shown: list[Panel] = []
    for channel, name in enumerate(names):
        light = LIGHTS[channel] if name else "grey"
        titles = Titles(tr("bench.input", channel=name), tr("bench.input.alt"))
        shown.append(panels.input_panel(titles, bench.picture[..., channel], window, light, spec.padding))
        parts = [tr(f"bench.{part}") for part in ("patch", "kernel", "products")]
        titles = Titles(tr("bench.sheet", channel=name), tr("bench.sheet.alt"))
        shown.append(panels.sheet_panel(titles, parts, bench.patches[..., channel], bench.kernel[..., channel], light))
    greatest = float(np.abs(bench.z).max())
    shown.append(panels.map_panel(Titles(tr("bench.map"), tr("bench.map.alt")), bench.z, greatest=greatest, filling=True))
    shown.append(panels.map_panel(Titles(tr("bench.relu"), tr("bench.relu.alt")), np.maximum(bench.z, 0), greatest=greatest, filling=True))
    strongest = int(np.abs(bench.z).argmax())
    return packed(shown, _captions(spec, bench, names), words(), title, play=False, pace=_pace(bench.z.size), begin=strongest)


def _pace(moments: int) -> float:
    return max(SLOWEST, moments / LONGEST_SHOW)


def _captions(spec: ConvolutionExhibit, bench: Bench, names: list[str]) -> list[str]:
    """The sum at each place: channel by channel, the bias, what comes out, and what ReLU leaves of it."""
    columns, bias = bench.z.shape[1], spec.bias_value
    template = tr("bench.place", row="{row}", column="{column}", sums="{sums}", bias=signed(bias), z="{z}", a="{a}")
    forms = [f"{name} {{}}".strip() for name in names]
    captions = []
    for place, (sums, z) in enumerate(zip(bench.sums.tolist(), bench.z.ravel().tolist(), strict=True)):
        parts = " + ".join(form.format(signed(total)) for form, total in zip(forms, sums, strict=True))
        where = {"row": place // columns + 1, "column": place % columns + 1}
        captions.append(template.format(**where, sums=parts, z=signed(z), a=signed(max(z, 0.0))))
    return captions


def _pooling(spec: ConvolutionExhibit, outputs: np.ndarray, source: Source) -> None:
    """The map made smaller: of each square the greatest value, or the mean."""
    if spec.pooling == "none":
        return
    st.markdown(f"**{tr('bench.pooling')}** · {tr(f'bench.pooling.{spec.pooling}', size=spec.pool_size)}")
    pooled = convolution.pool(outputs[None, ..., None], spec.pooling, spec.pool_size)[0, ..., 0]
    if not pooled.size:
        st.error(tr("bench.pool_does_not_fit", size=spec.pool_size), icon=":material/block:")
        return
    rows, columns = pooled.shape
    window = panels.windows(rows, columns, spec.pool_size, spec.pool_size, 1)
    patches = outputs[window[..., 0], window[..., 1]].reshape(-1, spec.pool_size, spec.pool_size)
    greatest = float(np.abs(outputs).max())
    titles = Titles(tr("bench.pooled", rows=rows, columns=columns), tr("bench.pooled.alt"))
    shown = [
        panels.map_panel(Titles(tr("bench.relu"), tr("bench.relu.alt")), outputs, window, greatest),
        panels.patch_panel(Titles(tr("unit.square"), tr("bench.patch.alt")), patches),
        panels.map_panel(titles, pooled, greatest=greatest, filling=True),
    ]
    name = tr(f"choice.{spec.pooling}")
    captions = [tr("bench.pool_place", name=name, value=signed(value)) for value in pooled.ravel().tolist()]
    content = packed(shown, captions, words(), source.text, play=False, pace=_pace(pooled.size), begin=int(pooled.argmax()))
    film(content, source, "bench_pooling_film")
