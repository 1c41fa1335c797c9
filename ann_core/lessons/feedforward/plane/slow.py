"""Slow motion: one batch in its movements on the picture itself, forward, the loss, back, and the weights that move."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.charts.batch import points as charts
from ann_core.charts.batch.points import Shown
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks import plane as panels
from ann_core.charts.networks.plane import Cloud
from ann_core.data.points import REACH, balanced
from ann_core.lessons.feedforward.plane.passing import words_of_points
from ann_core.lessons.feedforward.plane.picture import Scene, middle_of, network_panel, palette, surface_title, surfaces, targets_as_colours
from ann_core.lessons.feedforward.plane.scene import scene_of
from ann_core.lessons.feedforward.slow.shown import PACE, Motion, Movements, numbers
from ann_core.lessons.feedforward.slow.step import Batch, losses, taken_apart
from ann_core.specs import PointsSpec
from ann_core.training.examples import Examples, examples_of
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.language import current, digits, sentences, tr

MOTION = Motion("points")
MOST_BARS = 60
SMALL, LARGE = 1.5, 5.0


def draw(spec: PointsSpec, checkpoints: Sequence[Checkpoint], run: Run | None) -> None:
    """One step of a run, or the first one of a network that is not trained yet."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        checkpoint = MOTION.chosen(spec, checkpoints)
    examples, source = examples_of(spec, session.own_data_for(spec))
    content = _film(spec.key(), source.fingerprint, checkpoint.moment, MOTION.times, current(), _Step(spec, examples, checkpoint))
    film(content, Source.weights(run, checkpoint.moment) if run else Source.untrained(spec), "points_slow_film")
    st.caption(sentences(tr("slow.how"), *[tr("slow.penalties")] * bool(spec.l1 or spec.l2)))


@dataclass(frozen=True)
class _Step:
    spec: PointsSpec
    examples: Examples
    checkpoint: Checkpoint


@st.cache_resource(max_entries=24, show_spinner=False)
def _film(spec: str, data: str, moment: Moment, times: int, language: str, _step: _Step) -> bytes:
    return film_of(_step.spec, _step.examples, _step.checkpoint, f"slow {times} {spec} {data} {moment}")


def film_of(spec: PointsSpec, examples: Examples, checkpoint: Checkpoint, name: str) -> bytes:
    """The film of the step that follows a checkpoint."""
    apart, times = taken_apart(spec, examples, checkpoint), Movements(len(spec.activations))
    scene = scene_of(spec, (checkpoint,))
    shown = [_network(scene, apart, times), _plane(scene, apart, times), _losses(apart, times)]
    return packed(shown, _captions(spec, examples, apart, times), words_of_points(), name, play=True, pace=PACE)


def _network(scene: Scene, apart: Batch, times: Movements) -> Panel:
    """Weights, then slopes as far as the error has come, then the changes; the batch on the maps as far as it has come."""
    spec, when = scene.spec, times.times
    hidden, shown = [], []
    for layer, (gradient, before, after) in enumerate(zip(apart.gradients, apart.network, apart.after, strict=True)):
        sloping, moving = (when >= times.back(layer)) & (when < times.change), when == times.change
        hidden.append(sloping | moving)
        slopes = sloping[:, None, None] * gradient.kernel
        changes = moving[:, None, None] * (after.kernel - before.kernel)
        heading = tr(f"choice.{before.activation}")
        shown.append([Shown(f"∂L/∂w → {heading}", slopes), Shown(f"Δw → {heading}", changes)])
    both = network_panel(scene, [apart.network, apart.after])
    panel = charts.links_instead(charts.over_time(both, times.afterwards), hidden, shown)
    present = np.array([(when >= column) & (when <= times.loss) for column in range(times.layers + 1)])
    units = [len(spec.features), *(layer.kernel.shape[1] for layer in apart.network)]
    points, values = _batch(scene, apart)
    return charts.batch_on_network(panel, units, points, values, palette(spec), REACH, present)


def _batch(scene: Scene, apart: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Where the batch's points lie, and their colours."""
    x, y = (part[: scene.training] for part in scene.points)
    rows = balanced(y)[apart.rows] if scene.spec.balance else apart.rows
    return x[rows], targets_as_colours(scene.spec, y[rows])


def _plane(scene: Scene, apart: Batch, times: Movements) -> Panel:
    """The answer everywhere, all points trained on, and the batch large among them."""
    spec, middle = scene.spec, middle_of(scene.spec)
    answers = surfaces(scene, [apart.network, apart.after])[times.afterwards]
    points, values = _batch(scene, apart)
    training = scene.points.x[: scene.training], targets_as_colours(spec, scene.points.y[: scene.training])
    clouds = [Cloud(*training, False, tr("curve.training"), SMALL), Cloud(points, values, False, tr("slow.points"), LARGE)]
    shown = (answers, palette(spec), clouds, scene.scale, REACH, None)
    return panels.surface_panel(surface_title(scene), tr("picture.surface.alt"), *shown, tr("picture.hovered"), middle, 1 - middle)


def _losses(apart: Batch, times: Movements) -> Panel:
    values = np.stack([apart.losses, apart.losses_after])[:, :MOST_BARS]
    present = np.array([times.times >= times.loss, times.times == times.count - 1])
    names = tr("slow.losses.before"), tr("slow.losses.after")
    return charts.losses_panel(tr("slow.losses"), tr("slow.losses.alt"), values, present, names)


def _captions(spec: PointsSpec, examples: Examples, apart: Batch, times: Movements) -> list[str]:
    """What happens in each movement, in numbers."""
    said = [tr("slow.batch", count=len(apart.rows), all=f"{len(examples.x):,}")]
    for layer, one in enumerate(apart.steps):
        values = {"sums": numbers(one.sums[0]), "outputs": numbers(one.outputs[0])}
        said.append(tr("slow.forward", layer=layer + 1, function=tr(f"choice.{spec.activations[layer]}"), **values))
    said.append(tr("slow.loss", mean=digits(apart.losses.mean()), least=digits(apart.losses.min()), most=digits(apart.losses.max())))
    for layer in reversed(range(times.layers)):
        kernel = apart.gradients[layer].kernel
        ends = {"low": digits(kernel.min()), "high": digits(kernel.max())}
        said.append(tr("slow.back", layer=layer + 1, deltas=numbers(apart.deltas[layer][0]), **ends))
    moved = max(float(np.abs(now.kernel - before.kernel).max()) for before, now in zip(apart.network, apart.after, strict=True))
    said.append(tr("slow.change", optimiser=tr(f"choice.{spec.optimiser}"), most=digits(moved)))
    all_before, all_after = (float(losses(spec, examples, network).mean()) for network in (apart.network, apart.after))
    batch = {"before": digits(apart.losses.mean()), "after": digits(apart.losses_after.mean())}
    return [*said, tr("slow.after", all_before=digits(all_before), all_after=digits(all_after), **batch)]
