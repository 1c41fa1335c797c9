"""The network for images as a picture that moves: an example, the first hidden units as tiles of weights, the classes."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.images import MOST_SHOWN, Units, looking_panel, product_panels
from ann_core.data.images import SIDE
from ann_core.maths.networks import dense
from ann_core.specs import FeedForwardSpec
from ann_core.training.examples.images import WHITE, in_place, seen
from ann_core.training.records import Checkpoint
from ann_core.ui.figures.film import words
from ann_core.ui.figures.images import looking_words, some_of
from ann_core.ui.language import signed, tr
from ann_core.ui.workbench.looking import Example

PICK = "unit."


def film_of(
    spec: FeedForwardSpec,
    checkpoints: Sequence[Checkpoint],
    rows: np.ndarray,
    name: str,
    play: bool,
    example: Example,
    chosen: int | None = None,
) -> bytes:
    """What the network makes of an example at these moments; with every product of a chosen unit."""
    networks, passes = zip(*(looked(spec, checkpoint, example.picture) for checkpoint in checkpoints), strict=True)
    shares = np.stack([steps[-1].outputs[0] for steps in passes])
    titles = Titles(tr("looking.title"), tr("looking.alt"))
    shown = [
        looking_panel(titles, example.picture / WHITE, _layers(spec, networks, passes, chosen), tr("layer.output"), example.classes, shares)
    ]
    if chosen is not None:
        weights = over_pixels(spec, np.stack([network[0].kernel[:, chosen] for network in networks]))
        shown += product_panels(_titles(chosen), over_pixels(spec, seen(spec, example.picture[None])[0].ravel()), weights)
    captions = [
        looking_words(spec, checkpoint, rows, example.classes, share) for checkpoint, share in zip(checkpoints, shares, strict=True)
    ]
    return packed(shown, captions, words(), name, play)


@np.errstate(all="ignore")  # an exploded network has no finite outputs
def looked(spec: FeedForwardSpec, checkpoint: Checkpoint, example: np.ndarray) -> tuple[list[dense.Layer], list[dense.Step]]:
    """The network of a checkpoint, and its forward pass with one image, uint8 (28, 28)."""
    network = dense.layers([weight.astype(float) for weight in checkpoint.weights], spec.activations)
    return network, dense.forward(network, seen(spec, example[None]).reshape(1, -1))


def _layers(spec: FeedForwardSpec, networks: Sequence, passes: Sequence, chosen: int | None) -> list[Units]:
    """The layers as they are drawn; without a hidden one, the weights of the classes are what lies over the picture."""
    drawn = []
    for depth in range(max(len(spec.hidden_units), 1)):
        outputs = np.stack([steps[depth].outputs[0, :MOST_SHOWN] for steps in passes])
        following = [network[depth + 1].kernel[:MOST_SHOWN] if spec.hidden_units else np.eye(outputs.shape[1]) for network in networks]
        gives = outputs[:, :, None] * np.stack(following)
        heading = some_of(tr("layer.hidden") if spec.hidden_units else tr("looking.weights"), networks[0][depth].kernel.shape[1])
        tiles = None
        if not depth:
            tiles = over_pixels(spec, np.stack([network[0].kernel.T[:MOST_SHOWN] for network in networks]))
        drawn.append(Units(heading, outputs, gives, tiles, PICK if not depth else "", chosen))
    return drawn


def over_pixels(spec: FeedForwardSpec, values: np.ndarray) -> np.ndarray:
    """Weights or inputs, (…, 784), at the places of the pixels that they belong to: (…, 28, 28)."""
    placed = values.reshape(-1, SIDE, SIDE)
    return (in_place(placed, spec.seed) if spec.shuffled_pixels else placed).reshape(*values.shape[:-1], SIDE, SIDE)


def sum_words(spec: FeedForwardSpec, checkpoint: Checkpoint, example: np.ndarray, unit: int) -> str:
    """The sum of all products of a unit, its bias, and what the activation makes of it."""
    network, steps = looked(spec, checkpoint, example)
    bias, total, output = network[0].bias[unit], steps[0].sums[0, unit], steps[0].outputs[0, unit]
    values = {"products": signed(total - bias), "bias": signed(bias), "sum": signed(total), "output": signed(output)}
    return tr("looking.sum", pixels=SIDE * SIDE, unit=unit + 1, activation=tr(f"choice.{spec.activations[0]}"), **values)


def _titles(unit: int) -> list[Titles]:
    return [Titles(tr(f"looking.{part}"), tr(f"looking.{part}.alt", unit=unit + 1)) for part in ("picture", "weights_of", "products")]
