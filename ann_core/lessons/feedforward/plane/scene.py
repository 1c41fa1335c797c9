"""Puts together what the picture of a training shows: its points, their axes, its moments."""

import numpy as np

from ann_core.charts.networks.plane import Scale
from ann_core.data.points import KINDS, PLAIN, REACH, Axes
from ann_core.lessons.feedforward.plane.picture import Scene
from ann_core.maths.networks import dense
from ann_core.specs import PointsSpec
from ann_core.training.examples.points import points_of, training_count
from ann_core.training.records import Checkpoint
from ann_core.ui import session
from ann_core.ui.language import tr

MOST_TICKS = 6
SLACK = 1e-6
SIGNS = ("x₁", "x₂")
NO_ROWS = np.empty((0, 4))


def scene_of(spec: PointsSpec, checkpoints: tuple[Checkpoint, ...] = (), rows: np.ndarray = NO_ROWS) -> Scene:
    """The scene of a spec and of what came of its training. Raises `TrainingFailed` for own points that are not there."""
    points = points_of(spec, session.own_data_for(spec))
    named = (axes_of(spec), tuple(class_names(spec)))
    return Scene(spec, points, training_count(spec, len(points.x)), scale_of(spec), checkpoints, rows, *named)


def network_of(spec: PointsSpec, checkpoint: Checkpoint) -> list[dense.Layer]:
    """The network of a checkpoint in float64, for what is computed and not only seen."""
    return dense.layers([weight.astype(float) for weight in checkpoint.weights], spec.activations, spec.bias)


def axes_of(spec: PointsSpec) -> Axes:
    """What the plane's coordinates mean for these points."""
    own = session.own_points()
    if spec.dataset == "own":
        return own.axes if own else PLAIN
    return KINDS[spec.dataset].axes


def axis_names(spec: PointsSpec) -> tuple[str, str]:
    own = session.own_points()
    if spec.dataset == "own" and own:
        return own.names
    return (tr("marks.mathematics"), tr("marks.chinese")) if spec.dataset == "admission" else SIGNS


def named_axes(spec: PointsSpec) -> tuple[str, str]:
    """The axes with the signs that formulas have for them."""
    first, second = (name if name == sign else f"{sign} {name}" for sign, name in zip(SIGNS, axis_names(spec), strict=True))
    return first, second


def class_names(spec: PointsSpec) -> list[str]:
    """What the classes are called; empty where a value is predicted."""
    own = session.own_points()
    if spec.dataset == "own" and own:
        return list(own.labels)
    if spec.dataset == "admission":
        return [tr("marks.rejected"), tr("marks.admitted")]
    return [tr("picture.class", n=number) for number in range(1, spec.classes + 1)]


def scale_of(spec: PointsSpec) -> Scale:
    axes = axes_of(spec)
    ticks = [_ticks(centre, unit) for centre, unit in zip(axes.centre, axes.unit, strict=True)]
    return Scale(named_axes(spec), (ticks[0], ticks[1]))


def _ticks(centre: float, unit: float) -> list[tuple[float, str]]:
    """Round values along an axis, with their coordinates."""
    low, high = centre - REACH * unit, centre + REACH * unit
    power = 10 ** np.floor(np.log10(high - low))
    step = next(step for step in (power / 5, power / 2, power, 2 * power) if (high - low) / step <= MOST_TICKS)
    values = np.arange(np.ceil(low / step - SLACK), np.floor(high / step + SLACK) + 1) * step
    return [(float((value - centre) / unit), f"{value + 0.0:,.10g}") for value in values]
