"""The convolutional network as a picture that moves: an example, what the filters find in it, the classes; and the kernels."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.images import (
    MOST_SHOWN,
    Coming,
    Units,
    answer_panel,
    image_box,
    image_panel,
    maps_boxes,
    maps_panel,
)
from ann_core.charts.pixels import tiles_panel
from ann_core.lessons.convolutional.beside import COLUMNS, kernels
from ann_core.lessons.convolutional.drawn.units import Unit
from ann_core.lessons.convolutional.network import UNCHANGED, Changes, Passed, altered, coming_to
from ann_core.lessons.convolutional.stage import hand, zoom
from ann_core.lessons.convolutional.stage.hand import BOTH, OUTPUTS, SLOPES
from ann_core.maths.networks.convolution import Convolution, Dense, channel_sums, forward
from ann_core.maths.networks.saliency import loss_slopes
from ann_core.specs import ConvolutionalSpec
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import WHITE, seen
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui.figures.film import scales, words
from ann_core.ui.figures.images import answer_words, looking_words, some_of
from ann_core.ui.language import sentences, tr
from ann_core.ui.moments import headed
from ann_core.ui.workbench.looking import Example

ANSWER, SLOPE = "a", "∂L/∂a"


def film_of(
    spec: ConvolutionalSpec,
    checkpoints: Sequence[Checkpoint],
    rows: np.ndarray,
    name: str,
    play: bool,
    example: Example,
    chosen: Unit | None = None,
    view: str = OUTPUTS,
    changes: Changes = UNCHANGED,
) -> bytes:
    """What the network makes of an example at these moments, with what the learner has changed, or how the loss depends on that.

    The whole of it and the kernels of its first layer; or all that adds up to a chosen unit.
    """
    shown = checkpoints
    if changes != UNCHANGED:
        shown = [replace(each, weights=tuple(altered(spec, each.weights, changes))) for each in checkpoints]
    passes = [passed(spec, checkpoint, example) for checkpoint in shown]
    captions = _captions(spec, checkpoints, rows, example, passes, changes)
    unit = zoom.there(passes, chosen)
    said = hand.offered(unit, passes[0].layers, example, view, changes)
    if unit is None:
        panels = _panels(spec, shown, example, passes, view, changes)
        return packed(panels, captions, words("" if view == SLOPES else "convolution") | scales() | said, name, play)
    told = [f"{caption} · {zoom.said(each, unit, example)}" for caption, each in zip(captions, passes, strict=True)]
    return packed(zoom.panels_of(passes, unit, example), told, words() | said, name, play)


def passed(spec: ConvolutionalSpec, checkpoint: Checkpoint, example: Example) -> Passed:
    """An example on its way through the network as it is at a moment."""
    layers, inputs = layers_of(spec, checkpoint.weights), seen(spec, example.picture[None])
    return Passed(layers, inputs, forward(layers, inputs))


def _captions(
    spec: ConvolutionalSpec,
    checkpoints: Sequence[Checkpoint],
    rows: np.ndarray,
    example: Example,
    passes: Sequence[Passed],
    changes: Changes,
) -> list[str]:
    """The moments, and what the network takes the example for; where something is changed, also what it said before that."""
    shares = [each.outputs[-1][0] for each in passes]
    if changes == UNCHANGED:
        return [looking_words(spec, each, rows, example.classes, share) for each, share in zip(checkpoints, shares, strict=True)]
    said = []
    for checkpoint, share in zip(checkpoints, shares, strict=True):
        before = passed(spec, checkpoint, example).outputs[-1][0]
        after = answer_words(share, example.classes)
        said.append(
            tr("looking.changed", moment=headed(spec, checkpoint.moment), after=after, before=answer_words(before, example.classes))
        )
    return said


def _panels(
    spec: ConvolutionalSpec,
    checkpoints: Sequence[Checkpoint],
    example: Example,
    passes: Sequence[Passed],
    view: str,
    changes: Changes,
) -> list[Panel]:
    """From left to right what becomes of an example; where there are more kernels than that has room for, all of them beneath."""
    network = passes[0].layers
    maps = [place for place, layer in enumerate(network) if isinstance(layer, Convolution)]
    hidden = [place for place, layer in enumerate(network[:-1]) if isinstance(layer, Dense)]
    picture, seen_by = example.picture / WHITE, zoom.image_titles(example)
    shown, swept, boxes = [], only_begun(checkpoints) and view != SLOPES, [image_box(bool(maps))]
    made = _made(passes, example, view)
    if maps:
        tiles, alt = kernels(checkpoints), tr("maps.kernels.alt")
        first, seen_by = tiles[:, :MOST_SHOWN], seen_by._replace(alt=sentences(seen_by.alt, alt))
        kernels_named = tr("looking.kernels", n=first.shape[1])
        shown.append(image_panel(seen_by, picture, kernels_named, first, swept, zoom.pick(0), paper=example.paper))
        beneath = [tiles_panel(tr("maps.kernels", n=tiles.shape[1]), alt, tiles, COLUMNS, crisp=True)]
    else:
        shown.append(image_panel(seen_by, picture, "", None, paper=example.paper))
    for number, place in enumerate(maps):
        silenced = {filter_ for layer, filter_ in changes.silenced if layer == number}
        layer = _beside([_maps(kind, numbers[place], place, silenced) for kind, numbers in made.items()])
        coming, titles = Coming(tr("looking.gives"), given(passes, place), boxes), Titles(layer.heading, tr(f"looking.{view}.alt"))
        shown.append(maps_panel(titles, coming, layer, len(maps), swept and not number))
        boxes = maps_boxes(len(maps), layer.outputs.shape[1], view == BOTH)
    coming = Coming(tr("looking.gives"), given(passes, (*hidden, len(network) - 1)[0]), boxes)
    answer = Titles(tr("looking.answer"), tr("looking.answer.alt"))
    dense = [
        _beside([_hidden(kind, numbers[place], given(passes, place + 1), place) for kind, numbers in made.items()]) for place in hidden
    ]
    shares, last = np.stack([each.outputs[-1][0] for each in passes]), zoom.pick(len(network) - 1)
    shown.append(answer_panel(answer, coming, dense, example.classes, shares, bool(maps), last))
    return shown + beneath if maps and spec.filters[0] > MOST_SHOWN else shown


def _slopes(each: Passed, example: Example) -> list[np.ndarray]:
    """How the loss of this example grows with every output; of a drawing nobody has named, with what it is taken for as the right class."""
    wanted = int(np.nan_to_num(each.outputs[-1][0]).argmax()) if example.label is None else example.label
    return loss_slopes(each.layers, each.inputs, each.outputs, wanted)


def _made(passes: Sequence[Passed], example: Example, view: str) -> dict[str, list[np.ndarray]]:
    """What is seen, by what it is called: of every layer but the last its outputs, or how the loss grows with them, (moments, …)."""
    seen_by = {ANSWER: lambda each: each.outputs[:-1], SLOPE: lambda each: _slopes(each, example)}
    kinds = {OUTPUTS: (ANSWER,), SLOPES: (SLOPE,), BOTH: (ANSWER, SLOPE)}[view]
    return {kind: [np.concatenate(layer) for layer in zip(*map(seen_by[kind], passes), strict=True)] for kind in kinds}


def _beside(units: Sequence[Units]) -> Units:
    """A layer by one kind of numbers, or by two of them."""
    first, *second = units
    return first._replace(beside=second[0]) if second else first


def given(passes: Sequence[Passed], place: int) -> np.ndarray:
    """What the drawn maps that come into a layer, or the picture, give to its drawn units: (moments, maps, units)."""
    sums = [channel_sums(each.layers[place], coming_to(each, place)) for each in passes]
    return np.stack(sums)[:, :MOST_SHOWN, :MOST_SHOWN]


def _maps(kind: str, made: np.ndarray, place: int, silenced: Collection[int]) -> Units:
    """A convolution, as maps of its outputs or of their slopes, (moments, rows, columns, filters)."""
    maps = made[..., :MOST_SHOWN].transpose(0, 3, 1, 2)
    rows, columns, filters = made.shape[1:]
    name = some_of(tr("looking.filters", n=filters, rows=rows, columns=columns), filters)
    return Units(_called(kind, name), maps.mean(axis=(2, 3)), None, maps, zoom.pick(place), silenced=silenced, scaled=kind)


def _hidden(kind: str, made: np.ndarray, gives: np.ndarray, place: int) -> Units:
    """A hidden dense layer, as squares: outputs or slopes, (moments, units)."""
    name = some_of(tr("layer.hidden"), made.shape[1])
    return Units(_called(kind, name), made[:, :MOST_SHOWN], gives, None, zoom.pick(place), scaled=kind)


def _called(kind: str, name: str) -> str:
    return tr("looking.slopes", name=name) if kind == SLOPE else name
