"""One step taken apart, as a flow of data: noise, points, judgement, loss, gradient, new weights; each with its numbers."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.charts.games import flow
from ann_core.charts.games.flow import Cloud, Flow
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import FAKE, REAL
from ann_core.data.gan import EDGE
from ann_core.exhibits.gan import StepExhibit
from ann_core.lessons.gan.picture import arrows, bent_grid, field, legs_of, real_points
from ann_core.maths.networks import gan
from ann_core.probing.gan import Players, players, whole
from ann_core.probing.gan_step import Judged, Turn, turn
from ann_core.specs import GanSpec
from ann_core.training.examples.gan import drawn_noise
from ann_core.training.records import Checkpoint, Run
from ann_core.training.untrained import untrained
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, digits, tr
from ann_core.ui.page import address, frame

EXHIBIT = "step"
PARTS = ("draw", "generate", "judge", "loss", "gradient", "update")
PACE = 1 / 1.2
NOISE_REACH = {"normal": 3.0, "uniform": 1.0}
LONGEST_ARROW = 0.9


def draw(lesson: Lesson) -> None:
    frame.section("gan", "step")
    turns.fragment(_step)(lesson)


def _step(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("step")
    with settings:
        controls.controls(EXHIBIT, ("player", "progress", "points_drawn", "step_rate", "draw_number"))
    asked: StepExhibit = session.bench(EXHIBIT).spec
    with picture:
        _picture(asked)
    address.write(lesson)


def _picture(asked: StepExhibit) -> None:
    """A step of the learner's own game; where none has been played, or on another target than the one at hand, of both as they begin."""
    spec, run = session.bench("gan").spec, session.bench("gan").run
    usable = run is not None and run.epochs and any(map(whole, run.checkpoints)) and trainings.still_current(run)
    if usable:
        checkpoint = moment(run, asked.progress)
        spec, source = legs_of(run.spec, [checkpoint])[0], Source.run(run, checkpoint.moment)
    else:
        checkpoint, source = untrained(spec), Source.untrained(spec)
    real = real_points(spec)
    if not len(real):
        st.info(tr("step.paint_first"), icon=":material/brush:")
        return
    name = f"{run.key if usable else spec.key()} {asked.key()} {current()}"
    film(film_of(spec, checkpoint, asked, real, name), source, "step_film")
    st.caption(tr("step.how", batch=spec.batch_size))


def moment(run: Run, progress: int) -> Checkpoint:
    """The checkpoint at the end of a round nearest to this share of the game, in per cent, that is all finite numbers.

    Within a round in which a game explodes, a step would lead beyond all numbers.
    """
    kept = [checkpoint for checkpoint in run.checkpoints if not checkpoint.batch and whole(checkpoint)]
    return min(kept, key=lambda checkpoint: abs(checkpoint.time - run.epochs * progress / 100))


def turn_of(spec: GanSpec, checkpoint: Checkpoint, asked: StepExhibit, real: np.ndarray) -> tuple[Players, Turn]:
    """The players at a moment, and the step that is asked for, on points drawn from the number of the draw."""
    random = np.random.default_rng([spec.seed, asked.draw_number])
    noise = drawn_noise(spec, asked.points_drawn, random)
    chosen = real[random.integers(0, len(real), asked.points_drawn)]
    both = players(spec, checkpoint)
    return both, turn(spec, both, asked.player, noise, chosen, asked.step_rate)


def film_of(spec: GanSpec, checkpoint: Checkpoint, asked: StepExhibit, real: np.ndarray, name: str) -> bytes:
    """The parts of the step, one a moment: the flow of the data, and the numbers of every point."""
    both, made = turn_of(spec, checkpoint, asked, real)
    shown = flow_of(spec, both, made, asked.player)
    pictures = [tr(f"step.{part}") for part in ("noise", "generator", "real_points", "forged_points")]
    judged = [tr(f"step.{part}") for part in ("discriminator", "score" if spec.loss == "wasserstein" else "belief", "cost")]
    losses = tr("step.loss", loss=f"{made.loss:.4f}"), tr("step.loss", loss=f"{made.loss_after:.4f}")
    panels = [
        flow.made_panel(Titles(tr("step.made"), tr("step.made.alt")), shown, pictures),
        flow.judged_panel(Titles(tr("step.judged"), tr("step.judged.alt")), shown, judged, losses),
        _numbers(spec, made, asked.player),
    ]
    captions = [_caption(part, made, asked, spec) for part in PARTS]
    return packed(panels, captions, words(), name, play=False, pace=PACE, begin=0)


@np.errstate(all="ignore")  # a step that is too large may lead beyond all numbers
def flow_of(spec: GanSpec, both: Players, made: Turn, player: str) -> Flow:
    """What goes through the pictures of a step."""
    game, learners = gan.GAMES[spec.loss], [both, made.players]

    def cloud(before: Judged, after: Judged, colour: str) -> Cloud:
        beliefs = np.stack([game.belief(each.scores) for each in (before, after)])
        costs = None if before.costs is None else np.stack([before.costs, after.costs])
        return Cloud(np.stack([before.points, after.points]), beliefs, costs, colour)

    forged, real = cloud(made.generated, made.generated_after, FAKE), cloud(made.real, made.real_after, REAL)
    low, high = 0.0, 1.0
    if spec.loss == "wasserstein":
        beliefs = np.concatenate([forged.beliefs, real.beliefs])
        low, high = float(beliefs.min()), float(beliefs.max()) + 1e-9
    pulls = arrows([spec], [both], made.generated.points[None], LONGEST_ARROW)[0] if player == "generator" else None
    noise = np.pad(made.noise, ((0, 0), (0, 2 - spec.noise_size)))
    return Flow(
        noise, forged, real, bent_grid(spec, learners), field([spec] * 2, learners), pulls, EDGE, NOISE_REACH[spec.noise_kind], low, high
    )


def _numbers(spec: GanSpec, made: Turn, player: str):
    """A column for each generated point and, where they count, for each real one; a row for every quantity, when it has come about."""
    belief = gan.GAMES[spec.loss].belief
    clouds = [(made.generated, made.generated_after), (made.real, made.real_after)][: 1 if player == "generator" else 2]
    counts = [(colour, len(before.points)) for colour, (before, _) in zip((FAKE, REAL), clouds, strict=False)]

    def row(name: str, first: int, values) -> tuple[str, int, np.ndarray]:
        return name, first, np.concatenate([np.atleast_1d(values(*cloud)) for cloud in clouds]).astype(np.float32)

    rows = [(f"z{'₁₂'[part]}", flow.DRAW, made.noise[:, part]) for part in range(spec.noise_size)]
    rows += [row(f"x{'₁₂'[axis]}", flow.GENERATE, lambda before, after, axis=axis: before.points[:, axis]) for axis in (0, 1)]
    rows.append(row(tr("step.score"), flow.JUDGE, lambda before, after: before.scores))
    if spec.loss != "wasserstein":
        rows.append(row(tr("step.belief"), flow.JUDGE, lambda before, after: belief(before.scores)))
    rows.append(row(tr("step.cost"), flow.LOSS, lambda before, after: before.costs))
    if player == "generator":
        rows += [
            row(tr("step.after", name=f"x{'₁₂'[axis]}"), flow.UPDATE, lambda before, after, axis=axis: after.points[:, axis])
            for axis in (0, 1)
        ]
    rows.append(row(tr("step.after", name=tr("step.score")), flow.UPDATE, lambda before, after: after.scores))
    if spec.loss != "wasserstein":
        rows.append(row(tr("step.after", name=tr("step.belief")), flow.UPDATE, lambda before, after: belief(after.scores)))
    rows.append(row(tr("step.after", name=tr("step.cost")), flow.UPDATE, lambda before, after: after.costs))
    return flow.table_panel(Titles(tr("step.numbers"), tr("step.numbers.alt")), counts, rows)


def _caption(part: str, made: Turn, asked: StepExhibit, spec: GanSpec) -> str:
    values = {
        "batch": asked.points_drawn,
        "loss": f"{made.loss:.4f}",
        "after": f"{made.loss_after:.4f}",
        "length": digits(made.length),
        "rate": f"{asked.step_rate:g}",
        "mean": f"{made.generated.scores.mean():.3f}",
        "real": f"{made.real.scores.mean():.3f}",
    }
    if asked.player == "discriminator" and part == "loss":
        costs = made.real.costs.mean(), made.generated.costs.mean()
        values |= {"cost_real": f"{costs[0]:.4f}", "cost_generated": f"{costs[1]:.4f}", "penalty": f"{made.loss - sum(costs):.4f}"}
        part = "loss.penalty" if spec.steepness else part
    return tr(f"step.{asked.player}.{part}", **values)
