"""The convolutional network as a picture that moves: an example, what the filters find in it, the classes; and the kernels."""

from collections.abc import Sequence

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
from ann_core.lessons.convolutional.network import Passed, coming_to
from ann_core.lessons.convolutional.stage import zoom
from ann_core.maths.networks.convolution import Convolution, Dense, channel_sums, forward
from ann_core.specs import ConvolutionalSpec
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import WHITE, seen
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui.figures.film import words
from ann_core.ui.figures.images import looking_words, some_of
from ann_core.ui.language import sentences, tr
from ann_core.ui.workbench.looking import Example


def film_of(
    spec: ConvolutionalSpec,
    checkpoints: Sequence[Checkpoint],
    rows: np.ndarray,
    name: str,
    play: bool,
    example: Example,
    chosen: Unit | None = None,
) -> bytes:
    """What the network makes of an example at these moments, and the kernels of its first layer; or all that a chosen unit does."""
    passes = [passed(spec, checkpoint, example) for checkpoint in checkpoints]
    shares = np.stack([each.outputs[-1][0] for each in passes])
    captions = [
        looking_words(spec, checkpoint, rows, example.classes, share) for checkpoint, share in zip(checkpoints, shares, strict=True)
    ]
    unit = zoom.there(passes, chosen)
    if unit is None:
        return packed(
            _panels(spec, checkpoints, example, passes, shares), captions, words("convolution") | zoom.deeds(None, example), name, play
        )
    told = [f"{caption} · {zoom.said(each, unit, example)}" for caption, each in zip(captions, passes, strict=True)]
    return packed(zoom.panels_of(passes, unit, example), told, words() | zoom.deeds(unit, example), name, play)


def passed(spec: ConvolutionalSpec, checkpoint: Checkpoint, example: Example) -> Passed:
    """An example on its way through the network as it is at a moment."""
    layers, inputs = layers_of(spec, checkpoint.weights), seen(spec, example.picture[None])
    return Passed(layers, inputs, forward(layers, inputs))


def _panels(
    spec: ConvolutionalSpec, checkpoints: Sequence[Checkpoint], example: Example, passes: Sequence[Passed], shares: np.ndarray
) -> list[Panel]:
    """From left to right what becomes of an example; where there are more kernels than that has room for, all of them beneath."""
    network = passes[0].layers
    maps = [place for place, layer in enumerate(network) if isinstance(layer, Convolution)]
    hidden = [place for place, layer in enumerate(network[:-1]) if isinstance(layer, Dense)]
    picture, seen_by = example.picture / WHITE, zoom.image_titles(example)
    shown, swept, boxes = [], only_begun(checkpoints), [image_box(bool(maps))]
    if maps:
        tiles, alt = kernels(checkpoints), tr("maps.kernels.alt")
        first, seen_by = tiles[:, :MOST_SHOWN], seen_by._replace(alt=sentences(seen_by.alt, alt))
        shown.append(
            image_panel(seen_by, picture, tr("looking.kernels", n=first.shape[1]), first, swept, zoom.pick(0), paper=example.paper)
        )
        beneath = [tiles_panel(tr("maps.kernels", n=tiles.shape[1]), alt, tiles, COLUMNS, crisp=True)]
    else:
        shown.append(image_panel(seen_by, picture, "", None, paper=example.paper))
    for place in maps:
        layer = _maps(passes, place)
        coming, titles = Coming(tr("looking.gives"), given(passes, place), boxes), Titles(layer.heading, tr("looking.maps.alt"))
        shown.append(maps_panel(titles, coming, layer, len(maps), swept and place == maps[0]))
        boxes = maps_boxes(len(maps), layer.outputs.shape[1])
    coming = Coming(tr("looking.gives"), given(passes, (*hidden, len(network) - 1)[0]), boxes)
    answer = Titles(tr("looking.answer"), tr("looking.answer.alt"))
    dense, last = [_hidden(passes, place) for place in hidden], zoom.pick(len(network) - 1)
    shown.append(answer_panel(answer, coming, dense, example.classes, shares, bool(maps), last))
    return shown + beneath if maps and spec.filters[0] > MOST_SHOWN else shown


def given(passes: Sequence[Passed], place: int) -> np.ndarray:
    """What the drawn maps that come into a layer, or the picture, give to its drawn units: (moments, maps, units)."""
    sums = [channel_sums(each.layers[place], coming_to(each, place)) for each in passes]
    return np.stack(sums)[:, :MOST_SHOWN, :MOST_SHOWN]


def _maps(passes: Sequence[Passed], place: int) -> Units:
    """A convolution, as maps."""
    made = np.stack([each.outputs[place][0] for each in passes])
    maps = made[..., :MOST_SHOWN].transpose(0, 3, 1, 2)
    rows, columns, filters = made.shape[1:]
    name = tr("looking.filters", n=filters, rows=rows, columns=columns)
    return Units(some_of(name, filters), maps.mean(axis=(2, 3)), None, maps, zoom.pick(place))


def _hidden(passes: Sequence[Passed], place: int) -> Units:
    """A hidden dense layer, as squares."""
    made = np.stack([each.outputs[place][0] for each in passes])
    heading = some_of(tr("layer.hidden"), made.shape[1])
    return Units(heading, made[:, :MOST_SHOWN], given(passes, place + 1), None, zoom.pick(place))
