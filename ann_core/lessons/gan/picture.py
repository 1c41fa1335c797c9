"""The picture that moves as a whole: real and generated points, what the discriminator believes, the generator's grid, the losses."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel, packed, signed_values
from ann_core.charts.games.stage import Bent, Field, Line, Stage, at_the_edge, beside_panel, stage_panel, two_lines
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, POSITIVE, TRAINING
from ann_core.data.gan import DEVIATION, EDGE
from ann_core.lessons.gan import own
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

FIELD_CELLS = 32
REAL_SHOWN, GENERATED_SHOWN, ARROWS_SHOWN = 500, 400, 60
GRID_LINES, GRID_POINTS, GRID_REACH = 21, 41, 2.0
LONGEST_ARROW = 0.5
WALK_STOPS, WALK_REACH = 96, 1.5
EVERYTHING = ("field", "real_points", "generated_points", "arrows", "bent_grid")


def real_points(spec: GanSpec) -> np.ndarray:
    """The points that are imitated, (n, 2); none where they are the learner's own and nothing is painted yet."""
    painted = session.own_data_for(spec)
    return np.zeros((0, 2), np.float32) if spec.target == "own" and painted is None else examples_of(spec, painted)[0].x


def legs_of(spec: GanSpec, checkpoints: Sequence[Checkpoint]) -> list[GanSpec]:
    """By which spec both played at these moments."""
    legs = spec.in_legs()
    return [next((leg for last, leg in legs if checkpoint.time <= last), legs[-1][1]) for checkpoint in checkpoints]


def film_of(spec: GanSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool, layers: Sequence[str]) -> bytes:
    """The stage and the figures at these checkpoints; on an empty stage one can paint."""
    kept = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    painted = only_begun(kept) and spec.target == "own"
    stage = stage_of(spec, kept, layers)
    said = words("" if painted else "noise") | own.offered(spec, kept)
    remark = tr(own.remark(session.own_target().painted))
    if not len(real_points(spec)):
        return packed([on_stage(spec, stage, paper=True)], [remark], said, name, play)
    legs = legs_of(spec, kept)
    found, best = qualities(legs, kept), best_possible(legs, kept)
    shown = [on_stage(spec, stage, paper=painted), figures_panel(legs, kept, rows, found, best)]
    captions = [
        _caption(leg, checkpoint, found, place, stage.field, best) for place, (leg, checkpoint) in enumerate(zip(legs, kept, strict=True))
    ]
    if painted:
        captions = [remark]
    return packed(shown, captions, said, name, play)


def qualities(legs: Sequence[GanSpec], checkpoints: Sequence[Checkpoint]) -> Quality:
    """The imitation of what is imitated at each of the moments; NaN for modes where that has none."""
    each = [quality(leg, real_points(leg), [checkpoint]) for leg, checkpoint in zip(legs, checkpoints, strict=True)]
    nothing = np.full(1, np.nan)
    fields = ([nothing if part is None else part for part in parts] for parts in zip(*each, strict=True))
    energy, divergence, found, share = map(np.concatenate, fields)
    return Quality(energy, divergence, *((None, None) if np.isnan(found).all() else (found, share)))


def panel(spec: GanSpec, checkpoints: Sequence[Checkpoint], name: str) -> Panel:
    """The stage of one of two games, at these moments."""
    usable = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    filled = [checkpoint if whole(checkpoint) else usable[-1] for checkpoint in checkpoints]
    return on_stage(spec, stage_of(spec, filled, EVERYTHING[:3]), name)


def on_stage(spec: GanSpec, stage: Stage, title: str = "", paper: bool = False) -> Panel:
    """A stage, under a title where it is one of several; on `paper` one can paint."""
    names = tr("choice.real_points"), tr("choice.generated_points")
    kinds = {"score" if leg.loss == "wasserstein" else "belief" for _, leg in spec.in_legs()}
    kind = kinds.pop() if len(kinds) == 1 else "mixed"
    scale = [tr(f"stage.scale.{kind}.{end}") for end in ("low", "middle", "high")]
    drawn = dict(zip(EVERYTHING, (stage.field, stage.real, stage.generated, stage.arrows, stage.grid), strict=True))
    shown = tr("list.comma").join(tr(f"choice.{layer}") for layer, values in drawn.items() if values is not None)
    titles = Titles(title, tr("stage.alt", shown=shown or tr("stage.alt.nothing")))
    return stage_panel(titles, stage, EDGE, names, scale, paper)


@np.errstate(all="ignore")  # a game that explodes is shown as long as its points are finite
def stage_of(spec: GanSpec, checkpoints: Sequence[Checkpoint], layers: Sequence[str]) -> Stage:
    """What is on the stage at these moments, as far as it is wanted."""
    legs, both = legs_of(spec, checkpoints), [players(spec, checkpoint) for checkpoint in checkpoints]
    changing = legs if len({leg.target for leg in legs}) > 1 else legs[:1]
    real = [real_points(leg) for leg in changing]
    samples = np.stack([checkpoint.predicted for checkpoint in checkpoints])
    generated = samples[:, :GENERATED_SHOWN]
    imitated = "real_points" in layers and len(real[0])
    return Stage(
        field=field(legs, both) if "field" in layers else None,
        real=np.stack([points[:REAL_SHOWN] for points in real]) if imitated else None,
        generated=generated if "generated_points" in layers else None,
        arrows=arrows(legs, both, samples[:, :ARROWS_SHOWN]) if "arrows" in layers else None,
        grid=bent_grid(spec, both) if "bent_grid" in layers else None,
        crowds=crowds(generated) if "generated_points" in layers else None,
        walk=walk(spec, both[0]) if "generated_points" in layers and only_begun(checkpoints) else None,
        density=np.stack([_density(points) for points in real]) if imitated else None,
    )


def _density(points: np.ndarray) -> np.ndarray:
    """How densely points lie in the cells of the field."""
    return density(points, FIELD_CELLS, EDGE, DEVIATION)


def best_possible(legs: Sequence[GanSpec], checkpoints: Sequence[Checkpoint]) -> list[Best]:
    """What the best possible discriminator would believe at these moments; nothing where at one of them it has no belief."""
    if any(leg.loss == "wasserstein" for leg in legs):
        return []
    of_real = {leg.target: _density(real_points(leg)) for leg in legs}
    moments = zip(legs, checkpoints, strict=True)
    return [best_discriminator(of_real[leg.target], _density(checkpoint.predicted), EDGE) for leg, checkpoint in moments]


def walk(spec: GanSpec, begun: Players) -> np.ndarray:
    """What the generator makes of noise that goes round in a circle, (stops, 2)."""
    angles = np.linspace(0, 2 * np.pi, WALK_STOPS, endpoint=False)
    noise = np.zeros((WALK_STOPS, spec.noise_size), np.float32)
    reach = 1.0 if spec.noise_kind == "uniform" else WALK_REACH
    for axis, turn in enumerate((np.cos, np.sin)[: spec.noise_size]):
        noise[:, axis] = reach * turn(angles)
    return gan.generate(begun.generator, noise)


def field(legs: Sequence[GanSpec], both: Sequence[Players]) -> Field:
    """What the discriminator believes of every place: real is green.

    A Wasserstein critic has no belief: its scores are shown, above and below their median.
    """
    cells = plane.grid(FIELD_CELLS, EDGE).astype(np.float32)
    moments = zip(legs, both, strict=True)
    beliefs = np.stack([gan.GAMES[leg.loss].belief(gan.scores(each.discriminator, cells)) for leg, each in moments])
    middle = greatest = np.full((len(both), 1), 0.5)
    critics = np.array([leg.loss == "wasserstein" for leg in legs])[:, None]
    if critics.any():
        middle = np.where(critics, np.median(beliefs, axis=1, keepdims=True), middle)
        greatest = np.where(critics, np.maximum(np.abs(beliefs - middle).max(axis=1, keepdims=True), 1e-9), greatest)
    shown = signed_values(beliefs - middle, greatest).reshape(len(both), FIELD_CELLS, FIELD_CELLS)
    return Field(shown, middle[:, 0].astype(np.float32), greatest[:, 0].astype(np.float32))


def arrows(legs: Sequence[GanSpec], both: Sequence[Players], samples: np.ndarray, length: float = LONGEST_ARROW) -> np.ndarray:
    """Where the generated points are pulled, (moments, n, 2, 2), from where they are drawn.

    The longest arrow of each moment has this length; where nothing pulls there is none.
    """
    moments = zip(legs, both, samples, strict=True)
    pulls = np.stack([gan.arrows(each.discriminator, points, gan.GAMES[leg.loss]) for leg, each, points in moments])
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


def figures_panel(
    legs: Sequence[GanSpec], checkpoints: Sequence[Checkpoint], rows: np.ndarray, found: Quality, best: Sequence[Best]
) -> Panel:
    """The losses round by round, how good the imitation is at the checkpoints, and the best possible discriminator's belief."""
    end = max(len(rows), 1)
    at = np.array([checkpoint.time for checkpoint in checkpoints]) / end
    groups = [losses(rows)]
    top = max(float(np.nanmax(found.energy)), 1e-6)
    groups.append(([Line(tr("quality.energy"), at, found.energy, TRAINING)], 0.0, top))
    if found.share is not None:
        modes = np.array([np.nan if (centres := centres_of(leg)) is None else len(centres) for leg in legs])
        counts = set(modes[np.isfinite(modes)])
        name = tr("stage.found_of", n=int(counts.pop())) if len(counts) == 1 else tr("stage.found_share")
        lines = [Line(name, at, found.found / modes, CHOSEN), Line(tr("quality.share"), at, found.share, POSITIVE)]
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
    if found.share is not None and np.isfinite(found.share[place]):
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
