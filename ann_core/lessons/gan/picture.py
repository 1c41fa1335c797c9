"""The picture that moves as a whole: real and generated points, what the discriminator believes, the generator's grid, the losses."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel, packed, signed_values
from ann_core.charts.games.stage import Bent, Field, Line, Stage, at_the_edge, beside_panel, stage_panel, two_lines
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, POSITIVE, TRAINING
from ann_core.data.gan import DEVIATION, EDGE
from ann_core.maths.measures.densities import Best, best_discriminator, density, lattice_density
from ann_core.maths.networks import gan, plane
from ann_core.probing.gan import Players, Quality, centres_of, crowds, outside, players, quality, whole
from ann_core.specs import GanSpec
from ann_core.training.examples import examples_of
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui import session
from ann_core.ui.figures.film import words
from ann_core.ui.language import digits, tr
from ann_core.ui.moments import headed

FIELD_CELLS = 40
REAL_SHOWN, GENERATED_SHOWN, ARROWS_SHOWN = 500, 400, 120
GRID_LINES, GRID_POINTS, GRID_REACH = 21, 41, 2.0
LONGEST_ARROW = 0.5
WALK_STOPS, WALK_REACH = 96, 1.5
EVERYTHING = ("field", "real_points", "generated_points", "arrows", "bent_grid")


def real_points(spec: GanSpec) -> np.ndarray:
    """The points that are imitated. Raises `TrainingFailed` where they are the learner's own and not there."""
    return examples_of(spec, session.own_data_for(spec))[0].x


def film_of(spec: GanSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool, layers: Sequence[str]) -> bytes:
    """The stage and the figures at these checkpoints."""
    real = real_points(spec)
    kept = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    found = quality(spec, real, kept)
    stage = stage_of(spec, kept, real, layers)
    best = best_possible(spec, kept, real)
    shown = [on_stage(spec, stage), figures_panel(spec, kept, rows, found, best)]
    captions = [_caption(spec, checkpoint, found, place, stage.field, best) for place, checkpoint in enumerate(kept)]
    return packed(shown, captions, words("noise"), name, play)


def panel(spec: GanSpec, checkpoints: Sequence[Checkpoint], name: str) -> Panel:
    """The stage of one of two games, at these moments."""
    usable = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    filled = [checkpoint if whole(checkpoint) else usable[-1] for checkpoint in checkpoints]
    return on_stage(spec, stage_of(spec, filled, real_points(spec), EVERYTHING[:3]), name)


def on_stage(spec: GanSpec, stage: Stage, title: str = "") -> Panel:
    """A stage, under a title where it is one of several."""
    names = tr("choice.real_points"), tr("choice.generated_points")
    kind = "score" if spec.loss == "wasserstein" else "belief"
    scale = [tr(f"stage.scale.{kind}.{end}") for end in ("low", "middle", "high")]
    drawn = dict(zip(EVERYTHING, (stage.field, stage.real, stage.generated, stage.arrows, stage.grid), strict=True))
    shown = tr("list.comma").join(tr(f"choice.{layer}") for layer, values in drawn.items() if values is not None)
    titles = Titles(title, tr("stage.alt", shown=shown or tr("stage.alt.nothing")))
    return stage_panel(titles, stage, EDGE, names, scale)


@np.errstate(all="ignore")  # a game that explodes is shown as long as its points are finite
def stage_of(spec: GanSpec, checkpoints: Sequence[Checkpoint], real: np.ndarray, layers: Sequence[str]) -> Stage:
    """What is on the stage at these moments, as far as it is wanted."""
    both = [players(spec, checkpoint) for checkpoint in checkpoints]
    samples = np.stack([checkpoint.predicted for checkpoint in checkpoints])
    generated = samples[:, :GENERATED_SHOWN]
    return Stage(
        field=field(spec, both) if "field" in layers else None,
        real=real[:REAL_SHOWN] if "real_points" in layers else None,
        generated=generated if "generated_points" in layers else None,
        arrows=arrows(spec, both, samples[:, :ARROWS_SHOWN]) if "arrows" in layers else None,
        grid=bent_grid(spec, both) if "bent_grid" in layers else None,
        crowds=crowds(generated) if "generated_points" in layers else None,
        walk=walk(spec, both[0]) if "generated_points" in layers and only_begun(checkpoints) else None,
        density=_density(real) if "real_points" in layers else None,
    )


def _density(points: np.ndarray) -> np.ndarray:
    """How densely points lie in the cells of the field."""
    return density(points, FIELD_CELLS, EDGE, DEVIATION)


def best_possible(spec: GanSpec, checkpoints: Sequence[Checkpoint], real: np.ndarray) -> list[Best]:
    """What the best possible discriminator would believe at these moments; nothing where the discriminator has no belief."""
    if spec.loss == "wasserstein":
        return []
    of_real = _density(real)
    return [best_discriminator(of_real, _density(checkpoint.predicted), EDGE) for checkpoint in checkpoints]


def walk(spec: GanSpec, begun: Players) -> np.ndarray:
    """What the generator makes of noise that goes round in a circle, (stops, 2)."""
    angles = np.linspace(0, 2 * np.pi, WALK_STOPS, endpoint=False)
    noise = np.zeros((WALK_STOPS, spec.noise_size), np.float32)
    reach = 1.0 if spec.noise_kind == "uniform" else WALK_REACH
    for axis, turn in enumerate((np.cos, np.sin)[: spec.noise_size]):
        noise[:, axis] = reach * turn(angles)
    return gan.generate(begun.generator, noise)


def field(spec: GanSpec, both: Sequence[Players]) -> Field:
    """What the discriminator believes of every place: real is green.

    A Wasserstein critic has no belief: its scores are shown, above and below their median.
    """
    cells, game = plane.grid(FIELD_CELLS, EDGE).astype(np.float32), gan.GAMES[spec.loss]
    beliefs = np.stack([game.belief(gan.scores(each.discriminator, cells)) for each in both])
    if spec.loss == "wasserstein":
        middle = np.median(beliefs, axis=1, keepdims=True)
        greatest = np.maximum(np.abs(beliefs - middle).max(axis=1, keepdims=True), 1e-9)
    else:
        middle = greatest = np.full((len(both), 1), 0.5)
    shown = signed_values(beliefs - middle, greatest).reshape(len(both), FIELD_CELLS, FIELD_CELLS)
    return Field(shown, middle[:, 0].astype(np.float32), greatest[:, 0].astype(np.float32))


def arrows(spec: GanSpec, both: Sequence[Players], samples: np.ndarray, length: float = LONGEST_ARROW) -> np.ndarray:
    """Where the generated points are pulled, (moments, n, 2, 2), from where they are drawn.

    The longest arrow of each moment has this length; where nothing pulls there is none.
    """
    pulls = np.stack([gan.arrows(each.discriminator, points, gan.GAMES[spec.loss]) for each, points in zip(both, samples, strict=True)])
    greatest = np.abs(pulls).max(axis=(1, 2), keepdims=True).astype(float)
    pulls = pulls / np.where(greatest > 0, greatest, 1)  # first, for the squares of small ones would vanish
    longest = np.linalg.norm(pulls, axis=-1).max(axis=1)[:, None, None]
    drawn = at_the_edge(samples, EDGE)
    return np.stack([drawn, drawn + length * pulls / np.where(longest > 0, longest, 1)], axis=2)


def bent_grid(spec: GanSpec, both: Sequence[Players]) -> Bent:
    """The lattice of the noise as the generator bends it, and how densely noise comes to lie in its cells."""
    reach = 1.0 if spec.noise_kind == "uniform" else GRID_REACH
    if spec.noise_size == 1:
        noise = np.linspace(-reach, reach, GRID_LINES * GRID_POINTS)[None, :, None]
        return Bent(_generated(both, noise))
    at = np.linspace(-reach, reach, GRID_LINES)
    corners = _generated(both, np.stack(np.meshgrid(at, at), axis=-1))
    return Bent(corners, lattice_density(corners, at, spec.noise_kind))


def _generated(both: Sequence[Players], noise: np.ndarray) -> np.ndarray:
    """What the generators make of noise (…, size): (moments, …, 2)."""
    flat = noise.reshape(-1, noise.shape[-1]).astype(np.float32)
    return np.stack([gan.generate(each.generator, flat).reshape(*noise.shape[:-1], 2) for each in both])


def figures_panel(spec: GanSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, found: Quality, best: Sequence[Best]) -> Panel:
    """The losses round by round, how good the imitation is at the checkpoints, and the best possible discriminator's belief."""
    end = max(len(rows), 1)
    at = np.array([checkpoint.time for checkpoint in checkpoints]) / end
    groups = [losses(rows)]
    top = max(float(np.nanmax(found.energy)), 1e-6)
    groups.append(([Line(tr("quality.energy"), at, found.energy, TRAINING)], 0.0, top))
    if found.share is not None:
        modes = len(centres_of(spec))
        lines = [Line(tr("stage.found_of", n=modes), at, found.found / modes, CHOSEN), Line(tr("quality.share"), at, found.share, POSITIVE)]
        groups.append((lines, 0.0, 1.0))
    titles = Titles("", tr("stage.figures.alt"))
    beliefs = np.stack([each.belief for each in best]) if best else None
    return beside_panel(titles, groups, at, tr("stage.rounds", n=end), beliefs, tr("stage.best_belief"))


def losses(rows: np.ndarray) -> tuple[list[Line], float, float]:
    """The losses of both players (rounds, 2) as lines, and an axis that shows most of them."""
    names = tr("metric.discriminator_loss"), tr("metric.generator_loss")
    finite = rows[np.isfinite(rows)]
    low, high = (float(np.quantile(finite, share)) for share in (0.02, 0.98)) if len(finite) else (0.0, 1.0)
    along = np.arange(1, len(rows) + 1) / max(len(rows), 1)
    return two_lines(names, along, rows), min(low, 0.0), max(high, low + 1e-6) * 1.1


def _caption(spec: GanSpec, checkpoint: Checkpoint, found: Quality, place: int, shown: Field | None, best: Sequence[Best]) -> str:
    """The moment, how good the imitation is, and what the picture alone would not tell."""
    told = [headed(spec, checkpoint.moment), tr("stage.distance", distance=f"{found.energy[place]:.2f}")]
    if found.share is not None:
        values = {"found": int(found.found[place]), "of": len(centres_of(spec)), "share": f"{found.share[place]:.0%}"}
        told.append(tr("stage.modes", **values))
    if best:
        told.append(tr("stage.bits", bits=f"{best[place].divergence:.2f}"))
    samples = checkpoint.predicted
    if crowded := int(crowds(samples[None, :GENERATED_SHOWN]).counts[0, 0]):
        told.append(tr("stage.crowded", n=crowded, of=len(samples[:GENERATED_SHOWN])))
    if lost := round(outside(samples) * len(samples)):
        told.append(tr("stage.outside", n=lost, of=f"{len(samples):,}"))
    if spec.loss == "wasserstein" and shown is not None:
        middle, greatest = shown.middle[place], shown.greatest[place]
        told.append(tr("stage.scores", low=digits(middle - greatest), middle=digits(middle), high=digits(middle + greatest)))
    return " · ".join(told)
