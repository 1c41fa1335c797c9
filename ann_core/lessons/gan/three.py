"""Three losses side by side: the same eight clouds, each with settings that suit its loss."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.lessons.gan.picture import panel, real_points
from ann_core.probing.gan import Quality, centres_of, quality
from ann_core.specs import UPDATES_A_ROUND, GanSpec
from ann_core.training.engine.tasks import Job
from ann_core.training.records import Run, TrainingFailed, together
from ann_core.ui import session, trainings, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, tr
from ann_core.ui.moments import headed
from ann_core.ui.workbench.panel import awaited, failure_words

PRESETS = {"non_saturating": "default", "least_squares": "least_squares", "wasserstein": "wasserstein"}
"""Each loss, and the preset that suits it."""


@dataclass
class Measured:
    """This learner's three games: the job while it goes on, then the runs, or why there are none."""

    job: Job | None = None
    runs: tuple[Run, ...] = ()
    error: TrainingFailed | None = None


def specs_of(seed: int) -> tuple[GanSpec, ...]:
    return tuple(GanSpec.preset(preset).changed(seed=seed) for preset in PRESETS.values())


def draw() -> None:
    state = session.kept("_gan_three", Measured)
    st.subheader(tr("three.title"))
    every = trainings.POLL_SECONDS if state.job is not None else None
    turns.fragment(_three, run_every=every)(state, every is not None)


def _three(state: Measured, live: bool) -> None:
    if state.job is not None and not live:
        st.rerun()  # just asked for: only the whole page can start the polling
    st.markdown(tr("three.question"))
    described = {"icon": ":material/science:", "on_click": _begin, "args": (state,), "disabled": state.job is not None}
    st.button(tr("three.measure"), key="three_measure", **described)
    if state.job is not None:
        _wait(state, state.job)
    elif state.error is not None:
        st.error(failure_words(state.error))
    elif state.runs:
        _show(state.runs)


def _begin(state: Measured) -> None:
    state.runs, state.error = (), None
    try:
        state.job = trainings.open_for(specs_of(session.bench("gan").spec.seed))
    except TrainingFailed as error:
        state.error = error


def _wait(state: Measured, job: Job) -> None:
    if (came := awaited(job, "three.running")) is not None:
        state.job, (state.runs, state.error) = None, came
        st.rerun()


def _show(runs: tuple[Run, ...]) -> None:
    """Three stages in one film, and what each imitation came to."""
    name = " ".join(run.key for run in runs) + current()
    film(_film_of(name, runs), Source.runs(runs), "three_film")
    st.markdown(table(runs))
    st.markdown(found_all(runs))
    st.caption(tr("three.how"))


@st.cache_resource(max_entries=8, show_spinner=False)
def _film_of(name: str, _runs: tuple[Run, ...]) -> bytes:
    leading, shown = together(*_runs)
    panels = [panel(run.spec, checkpoints, tr(f"choice.{loss}")) for loss, run, checkpoints in zip(PRESETS, _runs, shown, strict=True)]
    captions = [headed(_runs[0].spec, checkpoint.moment) for checkpoint in leading]
    return packed(panels, captions, words(), name, play=True)


def found_all(runs: tuple[Run, ...]) -> str:
    """Which of the losses found every cloud."""
    names = [tr(f"choice.{run.spec.loss}") for run in runs if _reached(run).found[0] == len(centres_of(run.spec))]
    share = "none" if not names else "all" if len(names) == len(runs) else "some"
    return tr(f"three.{share}", names=tr("three.and").join(names))


def _reached(run: Run) -> Quality:
    return quality(run.spec, real_points(run.spec), [run.final])


def updates(run: Run) -> int:
    """How many updates both players have made."""
    return run.epochs * UPDATES_A_ROUND * (1 + run.spec.discriminator_steps)


def table(runs: tuple[Run, ...]) -> str:
    """A line for each loss: modes found, share of samples near one, distance, updates and seconds."""
    heads = [tr(f"three.{column}") for column in ("loss", "found", "share", "energy", "updates", "seconds")]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for loss, run in zip(PRESETS, runs, strict=True):
        reached = _reached(run)
        values = f"{reached.found[0]:.0f}", f"{reached.share[0]:.1%}", f"{reached.energy[0]:.3f}"
        if not np.isfinite(reached.energy[0]):
            values = "–", "–", "∞"
        lines.append([tr(f"choice.{loss}"), *values, f"{updates(run):,}", f"{run.seconds:.1f}"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
