"""What a learner does with the picture of the network: looks into it, draws on it, silences a filter, turns the numbers of a kernel."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from ann_core.lessons.convolutional.drawn.units import Unit
from ann_core.lessons.convolutional.network import UNCHANGED, Changes
from ann_core.lessons.convolutional.stage import zoom
from ann_core.maths.networks.convolution import Convolution, Layer
from ann_core.ui import session
from ann_core.ui.language import tr
from ann_core.ui.workbench import looking
from ann_core.ui.workbench.looking import Example

EXPERIMENT = "convolutional"
OUTPUTS, SLOPES, BOTH = VIEWS = "outputs", "slopes", "both"
"""What is seen of the units: what they answer, how the loss grows with that, or the one beside the other."""
MOST = 100.0
"""The largest number that is put into a kernel."""


@dataclass
class Hand:
    """The unit that the learner has come to, or none: then the whole network is shown; by which of `VIEWS`; what is changed in it."""

    unit: Unit | None = None
    view: str = OUTPUTS
    changes: Changes = UNCHANGED


def hand() -> Hand:
    return session.kept("_convolutional_hand", Hand)


def options() -> tuple[Unit | None, str, Changes]:
    at_hand = hand()
    return at_hand.unit, at_hand.view, at_hand.changes


def touched() -> bool:
    return hand().changes != UNCHANGED


def number_of(layers: list[Layer], place: int) -> int | None:
    """Which of the convolutions a layer is, counted from 0; none where it is something else."""
    convolutions = [each for each, layer in enumerate(layers) if isinstance(layer, Convolution)]
    return convolutions.index(place) if place in convolutions else None


def offered(unit: Unit | None, layers: list[Layer], example: Example, view: str, changes: Changes) -> dict[str, str]:
    """What can be done with the picture shown, by the name that the browser says."""
    names = ["out"] if unit else []
    layer = number_of(layers, unit.place) if unit else None
    if layer is not None and (layer, unit.filter) not in changes.silenced:
        names.append(f"silence {layer} {unit.filter}")
    if changes != UNCHANGED:
        names.append("restore")
    if unit is None:
        names += [each for each in VIEWS if each != view]
    if example.drawn:
        names.append("wipe")
    return {f"do.{name}": tr(f"do.{name.split()[0]}") for name in names}


def take(picked: Mapping[str, Any] | None) -> None:
    """Something was picked in the picture, drawn on it, turned, or one of the things that are offered was done.

    What no browser of ours says changes nothing.
    """
    at_hand = hand()
    with suppress(ValueError, TypeError):
        if not picked:
            return
        if "cell" in picked:
            at_hand.unit = zoom.picked_unit(picked["pick"], picked["cell"])
        elif "strokes" in picked:
            looking.draw_over(EXPERIMENT, picked["strokes"])
        elif "turned" in picked and at_hand.unit:
            at_hand.changes = turned(at_hand.changes, at_hand.unit.filter, picked["turned"])
        elif "do" in picked:
            _do(at_hand, *picked["do"].split())


def _do(at_hand: Hand, deed: str = "", *about: str) -> None:
    if deed == "out":
        at_hand.unit = None
    elif deed == "silence":
        layer, filter_ = map(int, about)
        at_hand.changes = at_hand.changes._replace(silenced=(*at_hand.changes.silenced, (layer, filter_)))
    elif deed == "restore":
        at_hand.changes = UNCHANGED
    elif deed in VIEWS:
        at_hand.view = deed
    elif deed == "wipe":
        looking.wipe(EXPERIMENT)


def turned(changes: Changes, filter_: int, numbers: list[float]) -> Changes:
    """The changes with another kernel for a filter of the first layer. Raises `ValueError` where the numbers are none."""
    kernel = np.asarray(numbers, float)
    if kernel.ndim != 1 or not np.isfinite(kernel).all():
        raise ValueError("no numbers of a kernel")
    others = tuple(each for each in changes.kernels if each[0] != filter_)
    return changes._replace(kernels=(*others, (filter_, tuple(np.clip(kernel, -MOST, MOST).tolist()))))
