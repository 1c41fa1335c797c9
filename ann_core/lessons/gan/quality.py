"""Is it any good: every mode counted, and two distances that need no eye."""

from dataclasses import replace

import numpy as np
import streamlit as st

from ann_core.lessons.gan.picture import real_points
from ann_core.probing.gan import modes_of, quality, whole
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, source_line
from ann_core.ui.language import tr
from ann_core.ui.page import frame


def draw() -> None:
    frame.section("gan", "quality")
    run = session.bench("gan").run
    if run is None or not run.epochs or not whole(run.final):
        st.info(tr("quality.play_first"), icon=":material/model_training:")
        return
    _tell(run)


def _tell(run: Run) -> None:
    spec = run.spec
    real = real_points(spec)
    found = quality(spec, real, [run.checkpoints[0], run.final])
    halves = quality(spec, real[len(real) // 2 :], [_pretend(run, real)])
    lines = [
        f"| {tr('quality.measure')} | {tr('quality.untrained')} | {tr('quality.now')} | {tr('quality.real')} |",
        "|---|---:|---:|---:|",
        _row("energy", (found.energy[0], found.energy[-1], halves.energy[0]), ".3f"),
        _row("divergence", (found.divergence[0], found.divergence[-1], halves.divergence[0]), ".3f"),
    ]
    if found.share is not None:
        lines.append(_row("found", (found.found[0], found.found[-1], halves.found[0]), ".0f"))
        lines.append(_row("share", (found.share[0], found.share[-1], halves.share[0]), ".1%"))
    st.markdown("\n".join(lines))
    source_line(Source.run(run))
    st.caption(tr("quality.how"))
    counted = modes_of(spec, run.final)
    if counted is not None:
        st.markdown(tr("quality.belonging", n=counted.belonging, modes=len(counted.counts)))


def _row(name: str, values: tuple[float, ...], form: str) -> str:
    return f"| {tr(f'quality.{name}')} | " + " | ".join(format(value, form) for value in values) + " |"


def _pretend(run: Run, real: np.ndarray) -> Checkpoint:
    """Real points in the place of samples: what a perfect imitation would get."""
    return replace(run.final, predicted=real[: len(run.final.predicted)])
