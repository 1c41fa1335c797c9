"""The picture that moves as a whole: the network with every neuron's map, the surface, the hidden space, the curves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ann_core.charts.film import Panel, class_values, packed, signed_values
from ann_core.charts.networks import plane as panels
from ann_core.charts.networks.plane import Cloud, Column, Curve
from ann_core.data.points import MARKS, REACH, Axes, Points, admission_line
from ann_core.lessons.feedforward.plane.passing import network, switches, words_of_points
from ann_core.lessons.feedforward.plane.scores import scores
from ann_core.maths.inputs.features import FEATURES, features
from ann_core.maths.networks import dense, plane
from ann_core.specs import PointsSpec
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import begun
from ann_core.ui.language import digits, tr
from ann_core.ui.moments import headed

CELLS = 24
SURFACE_CELLS = 80
LATTICE_LINES, LATTICE_POINTS = 13, 49
MOST_DOTS = 1_000
MOST_DOTS_IN_SPACE = 400
ENORMOUS = 10
STRONG = 0.9


@dataclass(frozen=True)
class Scene:
    """What the picture shows: a spec, its points (those trained on first), the network at some moments, the history.

    `rows` are (epochs, metrics); `classes` the names of the classes.
    """

    spec: PointsSpec
    points: Points
    training: int
    scale: panels.Scale
    checkpoints: tuple[Checkpoint, ...]
    rows: np.ndarray
    axes: Axes
    classes: tuple[str, ...]

    @property
    def networks(self) -> list[list[dense.Layer]]:
        """The network at each moment, input side first."""
        return [dense.layers(checkpoint.weights, self.spec.activations, self.spec.bias) for checkpoint in self.checkpoints]

    @property
    def times(self) -> list[float]:
        """Epochs gone by at each moment."""
        return [checkpoint.time for checkpoint in self.checkpoints]


def film_of(scene: Scene, name: str, play: bool, chosen: str = "", said: str = "") -> bytes:
    """The film of a scene, or one picture of it with a caption of its own, `said`.

    `chosen` is the name of a neuron: h0.3 is the fourth of the first hidden layer, o0 an output.
    """
    networks = scene.networks
    shown = [network_panel(scene, networks, chosen), _surface(scene, networks), *_spaces(scene, networks), _curves(scene)]
    captions = [said] if said else [caption(scene, checkpoint) for checkpoint in scene.checkpoints]
    told = words_of_points() | switches(scene.spec) | {f"said.{hint}": tr(f"film.said.{hint}") for hint in ("nothing", "wandering")}
    return packed(shown, captions, told, name, play)


def short_film_of(scene: Scene, name: str) -> bytes:
    """The film of a scene, with the network and the plane alone; it plays."""
    networks = scene.networks
    shown = [network_panel(scene, networks), _surface(scene, networks)]
    return packed(shown, [caption(scene, checkpoint) for checkpoint in scene.checkpoints], words_of_points(), name, play=True)


def film_of_two(scenes: tuple[Scene, Scene], names: tuple[str, str], captions: Sequence[str], name: str) -> bytes:
    """Two trainings at the same moments: the networks, then what they say of the plane."""
    made = [(network_panel(scene, scene.networks), _surface(scene, scene.networks)) for scene in scenes]
    rows = zip(*made, strict=True)
    shown = [replace(panel, title=said) for row in rows for said, panel in zip(names, row, strict=True)]
    return packed(shown, captions, words_of_points() | switches(scenes[0].spec), name, play=False, columns=len(names))


def caption(scene: Scene, checkpoint: Checkpoint) -> str:
    """What is known of a moment: which one it is, the loss and the score on both sets, measured with its weights."""
    moment = headed(scene.spec, checkpoint.moment) if any(checkpoint.moment) else tr("film.untrained")
    loss, right, val_loss, val_right = scores(scene.spec, scene.points, scene.training, checkpoint)
    form = ".1%" if scene.spec.classes else ".3f"
    told = {"loss": loss, "val_loss": val_loss}
    told = {name: digits(value if np.isfinite(value) else np.inf) for name, value in told.items()}
    told |= {"score": format(right, form), "val_score": format(val_right, form)}
    return tr("film.trained", moment=moment, metric=tr(f"metric.{scene.spec.measures[1]}"), **told)


def answers_as_colours(spec: PointsSpec, outputs: np.ndarray) -> np.ndarray:
    """Outputs (…, outputs) as colours, uint8 (…): by class and certainty, or by value."""
    if spec.classes > 2:
        return class_values(outputs)
    middle = middle_of(spec)
    return signed_values(outputs[..., 0] - middle, 1 - middle)


def middle_of(spec: PointsSpec) -> float:
    """The answer that is white: half a probability, or zero."""
    return 0.5 if spec.classes == 2 else 0.0


def targets_as_colours(spec: PointsSpec, y: np.ndarray) -> np.ndarray:
    """Classes (n,) or values (n, 1) as the colours that a network would have there that is right and certain."""
    return answers_as_colours(spec, np.eye(spec.classes)[y] if spec.classes > 2 else np.reshape(y, (-1, 1)).astype(float))


def palette(spec: PointsSpec) -> str:
    return "classes" if spec.classes > 2 else "signed"


def feature_names(spec: PointsSpec, axes: tuple[str, str]) -> list[str]:
    """Features as they are written beside the inputs: the two coordinates are called what the axes are called."""
    named = dict(zip(("x1", "x2"), axes, strict=True))
    return [named.get(name, FEATURES[name].text) for name in spec.features]


def network_panel(scene: Scene, networks: list, chosen: str = "") -> Panel:
    """Every neuron of these networks, one a moment, with its own map."""
    spec, cells = scene.spec, plane.grid(CELLS, REACH).astype(np.float32)
    inputs = features(cells, spec.features)
    reached, names = np.abs(inputs).max(axis=0), feature_names(spec, scene.scale.names)
    columns = [Column(tr("layer.input"), _tiles(inputs[None], reached), names=names, greatest=reached)]
    made = plane.outputs(networks, spec.features, cells)
    for depth, activation in enumerate(spec.activations):
        last = depth == len(spec.layers)
        heading = tr(f"choice.{activation}")
        kernels = np.stack([network[depth].kernel for network in networks])
        biases = np.stack([network[depth].bias for network in networks]) if spec.bias else None
        middle = middle_of(spec) if last else 0.0
        greatest = np.full(spec.outputs, 1 - middle) if last else _greatest(made[depth])
        maps = _tiles(made[depth] - middle, greatest)
        pick = "o" if last else f"h{depth}."
        columns.append(Column(heading, maps, kernels, biases, pick=pick, middle=middle, greatest=greatest))
    sent = network(spec, scene.axes, scene.scale.names, scene.classes)
    return panels.network_panel(tr("picture.network"), tr("picture.network.alt"), columns, chosen, sent)


def _greatest(values: np.ndarray) -> np.ndarray:
    """What counts as a strong answer of each neuron (units,): nine tenths of the plane get less at the last moment.

    values: (moments, n, units).
    """
    whole = [moment for moment in values if np.isfinite(moment).all()]
    return np.quantile(np.abs(whole[-1]), STRONG, axis=0) if whole else np.ones(values.shape[-1])


def _tiles(values: np.ndarray, greatest: np.ndarray) -> np.ndarray:
    """Values (moments, cells², units) as maps uint8 (moments, units, cells, cells)."""
    moments, _, units = values.shape
    return signed_values(values, greatest).transpose(0, 2, 1).reshape(moments, units, CELLS, CELLS)


def _surface(scene: Scene, networks: list) -> Panel:
    surface = surfaces(scene, networks)
    rule = MARKS.to_plane(admission_line()) if scene.spec.dataset == "admission" else None
    clouds = [_cloud(scene.spec, *half) for half in _halves(scene, MOST_DOTS)]
    shown = (surface, palette(scene.spec), clouds, scene.scale, REACH, rule)
    middle = middle_of(scene.spec)
    names = surface_title(scene), tr("picture.surface.alt")
    touched = {"spotted": True, "decides": scene.spec.classes > 0}
    return panels.surface_panel(*names, *shown, tr("picture.hovered"), middle, 1 - middle, **touched)


def surface_title(scene: Scene) -> str:
    """What the plane is called, with what its colours mean where there are two."""
    if scene.spec.classes > 2:
        return tr("picture.surface.classes")
    if not scene.spec.classes:
        return tr("picture.surface.value")
    return tr("picture.surface.two", negative=scene.classes[0], positive=scene.classes[1])


def surfaces(scene: Scene, networks: list) -> np.ndarray:
    """What these networks say everywhere in the plane, in colours: uint8 (moments, rows, columns)."""
    said = plane.answers(networks, scene.spec.features, plane.grid(SURFACE_CELLS, REACH).astype(np.float32))
    return answers_as_colours(scene.spec, said).reshape(len(networks), SURFACE_CELLS, SURFACE_CELLS)


def _cloud(spec: PointsSpec, x: np.ndarray, y: np.ndarray, held_out: bool) -> Cloud:
    return Cloud(x, targets_as_colours(spec, y), held_out, tr("curve.test" if held_out else "curve.training"))


def _halves(scene: Scene, most: int) -> list[tuple[np.ndarray, np.ndarray, bool]]:
    """The points held out and those trained on, in the order in which they are drawn, no more than so many in all."""
    share = min(1.0, most / len(scene.points.x))
    halves = [(slice(scene.training, None), True), (slice(0, scene.training), False)]
    parts = [(scene.points.x[part], scene.points.y[part], held_out) for part, held_out in halves]
    return [(x[: round(len(x) * share)], y[: round(len(x) * share)], held_out) for x, y, held_out in parts]


def _spaces(scene: Scene, networks: list) -> list[Panel]:
    """For each hidden layer the plane as it bends it, and the points in it."""
    lines = plane.lattice(LATTICE_LINES, LATTICE_POINTS, REACH)
    halves = _halves(scene, MOST_DOTS_IN_SPACE)
    places = np.concatenate([lines.reshape(-1, 2), *(x for x, _, _ in halves)]).astype(np.float32)
    made = plane.outputs(networks, scene.spec.features, places)[:-1]
    return [_space(scene, depth, values, lines.shape, halves) for depth, values in enumerate(made)]


def _space(scene: Scene, depth: int, values: np.ndarray, lattice: tuple[int, ...], halves: Sequence) -> Panel:
    whole = [moment for moment in values if np.isfinite(moment).all()]
    directions = plane.directions(whole[-1] if whole else np.zeros_like(values[0]))
    flat = values @ directions  # (moments, n, 2)
    ends = np.cumsum([np.prod(lattice[:2]), *(len(x) for x, _, _ in halves)])
    bent, *moved = np.split(flat, ends[:-1], axis=1)
    clouds = [_cloud(scene.spec, x, y, held_out) for x, (_, y, held_out) in zip(moved, halves, strict=True)]
    units = scene.spec.layers[depth].units
    choice = tr("picture.layer", layer=depth + 1, n=units)
    title = tr("picture.space" if units <= 2 else "picture.space.projected")
    shown = (bent.reshape(len(values), *lattice), clouds, palette(scene.spec), middle_of(scene.spec))
    return panels.space_panel(title, tr("picture.space.alt"), choice, *shown, depth + 1, directions)


def _curves(scene: Scene) -> Panel:
    curves, start = [], scores(scene.spec, scene.points, scene.training, begun(scene.spec))
    for number, metric in enumerate(scene.spec.measures):
        columns = (scene.rows[:, scene.spec.metrics.index(name)] for name in (metric, f"val_{metric}"))
        training, held_out = (np.append(first, values) for first, values in zip(start[number::2], columns, strict=True))
        share = metric == "accuracy"
        top = 1.0 if share else _top(np.concatenate([training, held_out]))
        curves.append(Curve(tr(f"metric.{metric}"), training, held_out, top, ".0%" if share else ".2g"))
    names = tr("curve.training"), tr("curve.test")
    return panels.curves_panel(tr("picture.curves"), tr("picture.curves.alt"), names, curves, scene.spec.epochs, scene.times)


def _top(values: np.ndarray) -> float:
    """The upper end of a curve: all of it is seen, unless a few values are enormous beside the others."""
    finite = values[np.isfinite(values)]
    return float(max(min(finite.max(), ENORMOUS * np.quantile(finite, 0.9)), 1e-6)) if len(finite) else 1.0
