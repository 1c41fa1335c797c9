"""The convolutional network as a picture that moves: an example, what the filters find in it, the classes; and the kernels."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.images import MOST_SHOWN, Units, answer_panel, image_panel, maps_panel
from ann_core.charts.pixels import tiles_panel
from ann_core.lessons.convolutional.beside import COLUMNS, kernels
from ann_core.maths.networks.convolution import Convolution, Dense, Layer, forward
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
) -> bytes:
    """What the network makes of an example at these moments, and the kernels of its first layer."""
    inputs = seen(spec, example.picture[None])
    networks = [layers_of(spec, checkpoint.weights) for checkpoint in checkpoints]
    passes = [forward(network, inputs) for network in networks]
    shares = np.stack([outputs[-1][0] for outputs in passes])
    shown = _panels(spec, checkpoints, example, _layers(networks, passes), shares)
    captions = [
        looking_words(spec, checkpoint, rows, example.classes, share) for checkpoint, share in zip(checkpoints, shares, strict=True)
    ]
    return packed(shown, captions, words("convolution"), name, play)


def _panels(
    spec: ConvolutionalSpec, checkpoints: Sequence[Checkpoint], example: Example, layers: list[Units], shares: np.ndarray
) -> list[Panel]:
    """From left to right what becomes of an example; where there are more kernels than that has room for, all of them beneath."""
    maps, dense = ([layer for layer in layers if (layer.tiles is not None) == tiled] for tiled in (True, False))
    answer = answer_panel(Titles(tr("looking.answer"), tr("looking.answer.alt")), dense, example.classes, shares, bool(maps))
    picture, seen_by = example.picture / WHITE, Titles(tr("looking.image"), tr("looking.image.alt"))
    if not spec.filters:
        return [image_panel(seen_by, picture, "", None), answer]
    tiles, alt, swept = kernels(checkpoints), tr("maps.kernels.alt"), only_begun(checkpoints)
    first, seen_by = tiles[:, :MOST_SHOWN], seen_by._replace(alt=sentences(seen_by.alt, alt))
    shown = [image_panel(seen_by, picture, tr("looking.kernels", n=first.shape[1]), first, swept)]
    alt_of_maps = tr("looking.maps.alt")
    shown += [maps_panel(Titles(each.heading, alt_of_maps), each, len(maps), swept and each is maps[0]) for each in maps]
    beneath = [tiles_panel(tr("maps.kernels", n=tiles.shape[1]), alt, tiles, COLUMNS, crisp=True)] if tiles.shape[1] > MOST_SHOWN else []
    return [*shown, answer, *beneath]


def _layers(networks: Sequence[list[Layer]], passes: Sequence[list[np.ndarray]]) -> list[Units]:
    """The convolutions as maps, a hidden dense layer as squares."""
    drawn = []
    for place, layer in enumerate(networks[0][:-1]):
        made = np.stack([outputs[place][0] for outputs in passes])
        if isinstance(layer, Convolution):
            maps = made[..., :MOST_SHOWN].transpose(0, 3, 1, 2)
            rows, columns, filters = made.shape[1:]
            name = tr("looking.filters", n=filters, rows=rows, columns=columns)
            drawn.append(Units(some_of(name, filters), maps.mean(axis=(2, 3)), None, maps))
        elif isinstance(layer, Dense):
            gives = made[:, :MOST_SHOWN, None] * np.stack([network[-1].kernel[:MOST_SHOWN] for network in networks])
            drawn.append(Units(some_of(tr("layer.hidden"), made.shape[1]), made[:, :MOST_SHOWN], gives))
    return drawn
