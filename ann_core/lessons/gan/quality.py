"""Is it any good: every mode counted, and two distances that need no eye."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from ann_core.lessons.gan.picture import real_points
from ann_core.maths.measures.distances import LEAST_SHARE, WITHIN
from ann_core.probing.gan import CELLS, COMPARED, quality, set_apart, whole
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, source_line
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.language import tr
from ann_core.ui.page import frame


def draw() -> None:
    frame.section("gan", "quality")
    run = session.bench("gan").run
    if run is None or not run.epochs or not whole(run.final):
        not_yet("quality.play_first", run)
        return
    _tell(run)


def _tell(run: Run) -> None:
    spec = run.spec
    real = real_points(spec)
    perfect = replace(run.final, predicted=set_apart(real)[0])
    found = quality(spec, real, [run.checkpoints[0], run.final, perfect])
    lines = [
        f"| {tr('quality.measure')} | {tr('quality.untrained')} | {tr('quality.now')} | {tr('quality.real')} |",
        "|---|---:|---:|---:|",
        _row("energy", found.energy, ".3f"),
        _row("divergence", found.divergence, ".3f"),
    ]
    if found.share is not None:
        lines.append(_row("found", found.found, ".0f"))
        lines.append(_row("share", found.share, ".1%"))
    numbers, words = st.columns(2, gap="medium", vertical_alignment="center")
    numbers.markdown("\n".join(lines))
    apart, others = set_apart(real)
    words.caption(tr("quality.how", apart=f"{len(apart):,}", others=f"{len(others):,}", compared=COMPARED, cells=CELLS))
    if found.share is not None:
        words.caption(tr("quality.clouds", share=f"{LEAST_SHARE:.0%}", within=WITHIN))
    source_line(Source.run(run))


def _row(name: str, values: Sequence[float], form: str) -> str:
    return f"| {tr(f'quality.{name}')} | " + " | ".join(format(value, form) for value in values) + " |"
