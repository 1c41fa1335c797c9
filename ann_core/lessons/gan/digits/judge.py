"""A judge for generated digits: what it recognises, and how little its score says without others beside it."""

import numpy as np
import streamlit as st

from ann_core.charts import classes, functions
from ann_core.data.images import CLASSES
from ann_core.lessons.gan.digits.train import EXPERIMENT, played
from ann_core.probing import gan_digits
from ann_core.probing.gan import whole
from ann_core.probing.gan_digits import CONFIDENT, JUDGE, Judgement, compared, judged
from ann_core.training.records import Run
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

SEEN_EACH = 250
"""So many samples of every moment are judged for the curve."""


def draw() -> None:
    frame.section("gan", "judge")
    run = played()
    if run is None:
        st.info(tr("judge.play_first"), icon=":material/model_training:")
        return
    measure.fragment("judge", _judge, run)


def _judge(run: Run, live: bool) -> None:
    judge = measure.measured("judge", JUDGE.key(), gan_digits.train_judge, tuple, live, at_once=True)
    if judge is not None:
        _tell(run, judge)


def _tell(run: Run, judge: Run) -> None:
    scores = _scores(judge.key, judge) | _of_samples(run.key, judge.key, run, judge)
    st.markdown(
        tr("judge.who", share=f"{judge.value('val_accuracy'):.1%}", n=judge.data.testing, units=" + ".join(map(str, JUDGE.hidden_units)))
    )
    st.markdown(table(scores))
    source_line(Source.runs([run, judge]))
    st.markdown(tr("judge.beside", confidence=f"{CONFIDENT:.0%}"))
    which, course = st.columns(2, gap="medium")
    with which:
        _which(run, scores["samples"])
    with course:
        _course(run, judge, scores)


@st.cache_resource(max_entries=8, show_spinner=False)
def _scores(key: str, _judge: Run) -> dict[str, Judgement]:
    """What a judge says of pictures that no generator has made."""
    others = compared()
    return {name: judged(_judge, getattr(others, name)) for name in ("real", "mixes", "noise")}


@st.cache_resource(max_entries=24, show_spinner=False)
def _of_samples(key: str, of_judge: str, _run: Run, _judge: Run) -> dict[str, Judgement]:
    """What a judge says of a run's samples, in the beginning and in the end."""
    return {
        "untrained": judged(_judge, _run.checkpoints[0].predicted),
        "samples": judged(_judge, _run.final.predicted),
    }


@st.cache_resource(max_entries=24, show_spinner=False)
def _course_of(key: str, of_judge: str, _run: Run, _judge: Run) -> tuple[np.ndarray, np.ndarray]:
    """The rounds of all checkpoints, and the share of samples recognised at each."""
    kept = [checkpoint for checkpoint in _run.checkpoints if whole(checkpoint)]
    shares = [judged(_judge, checkpoint.predicted[:SEEN_EACH]).recognised for checkpoint in kept]
    return np.array([checkpoint.epoch for checkpoint in kept]), np.array(shares)


def table(scores: dict[str, Judgement]) -> str:
    """A line for each kind of pictures: how many are recognised, and how many of the ten digits are among these."""
    lines = [[tr("judge.pictures"), tr("judge.recognised"), tr("judge.occurring")], ["---", "---:", "---:"]]
    for name in ("samples", "real", "mixes", "noise", "untrained"):
        found = scores[name]
        lines.append([tr(f"judge.{name}"), f"{found.recognised:.1%}", f"{np.count_nonzero(found.counts)}"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _which(run: Run, found: Judgement) -> None:
    """Which digits the generator makes."""
    shares = found.counts / max(found.counts.sum(), 1)
    kinds = tr("judge.rare"), tr("judge.usual")
    names = tuple(str(digit) for digit in range(CLASSES))
    rows = classes.class_rows(names, shares, shares < 1 / CLASSES / 2, kinds)
    alt = tr("judge.which.alt", most=int(shares.argmax()), least=int(shares.argmin()))
    most = next(level for level in (0.2, 0.4, 1.0) if shares.max() <= level)
    figure(classes.class_bars(tr("judge.which"), names, *kinds, most), rows, Source.run(run), alt, f"{EXPERIMENT}_which")


def _course(run: Run, judge: Run, scores: dict[str, Judgement]) -> None:
    """The share recognised by round, between what real digits and mixes get."""
    rounds, shares = _course_of(run.key, judge.key, run, judge)
    ends = np.array([0, run.epochs])
    others = {tr(f"judge.{name}"): scores[name].recognised for name in ("real", "mixes")}
    lines = {tr("judge.samples"): (rounds, shares)} | {name: (ends, np.full(2, level)) for name, level in others.items()}
    chart = functions.functions(
        tr("curve.epoch"), tr("judge.recognised"), tuple(lines), (0, run.epochs), (0, 1.02), dashed=tuple(others), whole=True
    )
    figure(chart, functions.function_rows(lines), Source.runs([run, judge]), tr("judge.course.alt"), f"{EXPERIMENT}_course")
