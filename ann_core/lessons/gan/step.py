"""One step taken apart: noise, points, judgement, loss, gradient, new weights; each with its numbers, and its effect on the stage."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.attention import shares_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.games.stage import Field, Stage
from ann_core.exhibits.gan import StepExhibit
from ann_core.lessons.gan.picture import arrows, field, on_stage, real_points
from ann_core.maths.networks import gan
from ann_core.probing.gan import Players, players, whole
from ann_core.probing.gan_step import Turn, turn
from ann_core.specs import GanSpec
from ann_core.training.examples.gan import drawn_noise
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, digits, tr
from ann_core.ui.page import address, frame

EXHIBIT = "step"
PARTS = ("draw", "generate", "judge", "loss", "update")
PACE = 0.5
LONGEST_ARROW = 0.6
NO_BELIEF = 128  # the middle of the palette


def draw(lesson: Lesson) -> None:
    frame.section("gan", "step")
    run = session.bench("gan").run
    if run is None or not run.epochs or not any(map(whole, run.checkpoints)):
        st.info(tr("step.play_first"), icon=":material/model_training:")
        return
    turns.fragment(_step)(lesson, run)


def _step(lesson: Lesson, run: Run) -> None:
    if not trainings.still_current(run):  # the learner has painted another target since
        st.info(tr("step.play_first"), icon=":material/model_training:")
        return
    picture, settings = frame.picture_and_settings("step")
    with settings:
        controls.controls(EXHIBIT, ("player", "progress", "points_drawn", "step_rate", "draw_number"))
    asked: StepExhibit = session.bench(EXHIBIT).spec
    checkpoint = moment(run, asked.progress)
    with picture:
        name = f"{run.key} {asked.key()} {current()}"
        film(film_of(run.spec, checkpoint, asked, real_points(run.spec), name), Source.run(run, checkpoint.moment), "step_film")
        st.caption(tr("step.how", batch=run.spec.batch_size))
    address.write(lesson)


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
    """The parts of the step, one a moment: the stage, and the numbers of every point."""
    both, made = turn_of(spec, checkpoint, asked, real)
    shown = [_stage(spec, both, made, asked.player), _numbers(spec, made)]
    captions = [_caption(part, made, asked, spec) for part in PARTS]
    return packed(shown, captions, words(), name, play=False, pace=PACE, begin=0)


def _stage(spec: GanSpec, both: Players, made: Turn, player: str) -> Panel:
    """The points; from the judgement on the field; with the gradient the arrows; in the end what the step has changed."""
    before, after = field(spec, [both]), field(spec, [made.after])
    blank = Field(np.full_like(before.colours, NO_BELIEF), np.zeros(1, np.float32), np.zeros(1, np.float32))
    each = (blank, blank, before, before, after)
    fields = Field(*(np.concatenate([getattr(one, name) for one in each]) for name in ("colours", "middle", "greatest")))
    moved = gan.generate(made.after.generator, made.noise)
    generated = np.stack([*[made.generated] * (len(PARTS) - 1), moved])
    shown = None
    if player == "generator":
        pulled = arrows(spec, [both], made.generated[None], LONGEST_ARROW)[0]
        unpulled = np.repeat(pulled[:, :1], 2, axis=1)
        shown = np.stack([unpulled, unpulled, unpulled, pulled, pulled])
    return on_stage(spec, Stage(fields, made.real, generated, shown, None))


def _numbers(spec: GanSpec, made: Turn) -> Panel:
    """A column for each generated point and, where they count, for each real one."""
    game = gan.GAMES[spec.loss]
    rows = [(f"z{'₁₂'[part]}", made.noise[:, part]) for part in range(spec.noise_size)]
    rows += [("x₁", made.generated[:, 0]), ("x₂", made.generated[:, 1])]
    rows += [(tr("step.score"), made.generated_scores), (tr("step.belief"), game.belief(made.generated_scores))]
    rows.append((tr("step.cost"), made.generated_costs))
    if made.real_costs is not None:
        rows += [(tr("step.real", name="x₁"), made.real[:, 0]), (tr("step.real", name="x₂"), made.real[:, 1])]
        rows += [(tr("step.real", name=tr("step.score")), made.real_scores)]
        rows += [(tr("step.real", name=tr("step.cost")), made.real_costs)]
    heads = [str(number + 1) for number in range(len(made.noise))]
    return shares_panel(Titles(tr("step.numbers"), tr("step.numbers.alt")), heads, [(name, values[None]) for name, values in rows])


def _caption(part: str, made: Turn, asked: StepExhibit, spec: GanSpec) -> str:
    values = {
        "batch": asked.points_drawn,
        "loss": f"{made.loss:.4f}",
        "after": f"{made.loss_after:.4f}",
        "length": digits(made.length),
        "rate": f"{asked.step_rate:g}",
        "mean": f"{made.generated_scores.mean():.3f}",
        "real": f"{made.real_scores.mean():.3f}",
    }
    if asked.player == "discriminator" and part == "loss":
        costs = made.real_costs.mean(), made.generated_costs.mean()
        values |= {"cost_real": f"{costs[0]:.4f}", "cost_generated": f"{costs[1]:.4f}", "penalty": f"{made.loss - sum(costs):.4f}"}
        part = "loss.penalty" if spec.steepness else part
    return tr(f"step.{asked.player}.{part}", **values)
