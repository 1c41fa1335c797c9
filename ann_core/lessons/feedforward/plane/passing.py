"""What it takes to send a point through a network for points in the browser, and to say what comes of it."""

from collections.abc import Mapping

import numpy as np

from ann_core.charts.film import Network
from ann_core.data.points import MARKS, REACH, Axes
from ann_core.specs import PointsSpec
from ann_core.ui.figures.film import words
from ann_core.ui.language import tr

POINTED = ("sum", "output", "clear", "keys.point")


def network(spec: PointsSpec, axes: Axes, names: tuple[str, str], classes: tuple[str, ...]) -> Network:
    """The network of a spec; what stands at the plane's axes, and what the classes are called."""
    corners = axes.from_plane(np.array([[-REACH] * 2, [REACH] * 2])).astype(np.float32)
    return Network(spec.features, spec.activations, REACH, names, corners, axes is MARKS, classes)


def words_of_points() -> Mapping[str, str]:
    """What the controls of a film are called whose plane can be clicked, and what the browser says of a point in it."""
    said = {
        "said.class": tr("film.said.class", place="{place}", name="{name}", share="{share}"),
        "said.value": tr("film.said.value", place="{place}", value="{value}"),
    }
    return {**words(), "comma": tr("list.comma"), **{name: tr(f"film.{name}") for name in POINTED}, **said}


def switches(spec: PointsSpec) -> Mapping[str, str]:
    """What may be switched on the plane is called: the points held out and, where the answers are classes, how sure they are."""
    decided = {"switch.decided": tr("film.switch.decided")} if spec.classes else {}
    return {"switch.held_out": tr("film.switch.held_out"), **decided}
