"""A judge for generated digits: how many could be real, how many real ones could be made, and what it takes for a digit."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.charts import classes, functions
from ann_core.data.images import CLASSES
from ann_core.lessons.gan.digits.train import EXPERIMENT, played
from ann_core.maths.measures.distances import Resemblance
from ann_core.probing import gan_digits
from ann_core.probing.gan import whole
from ann_core.probing.gan_digits import CONFIDENT, JUDGE, Judgement, compared, judged, resembling
from ann_core.training.records import Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

MOMENTS = 40
"""So many moments are measured for the curve."""


def draw() -> None:
    frame.section("gan", "judge")
    run = played()
    if run is None:
        not_yet("judge.play_first", session.bench(EXPERIMENT).run)
        return
    measure.fragment("judge", _judge, run)


def _judge(run: Run, live: bool) -> None:
    judge = measure.measured("judge", JUDGE.key(), gan_digits.train_judge, tuple, live, at_once=True)
    if judge is not None:
        _tell(run, judge)


def _tell(run: Run, judge: Run) -> None:
    verdicts = _verdicts(judge.key, judge) | _of_samples(run.key, judge.key, run, judge)
    st.markdown(
        tr("judge.who", share=f"{judge.value('val_accuracy'):.1%}", n=judge.data.testing, units=" + ".join(map(str, JUDGE.hidden_units)))
    )
    st.markdown(table(verdicts))
    source_line(Source.runs([run, judge]))
    frame.passage(tr("judge.beside", **told(verdicts)), "judge_beside")
    which, course = st.columns(2, gap="medium")
    with which:
        _which(run, verdicts["samples"].said)
    with course:
        _course(run, judge, verdicts["real"].like)


class Verdict(NamedTuple):
    """What is measured of some pictures: what the judge says of them, and how they resemble real digits."""

    said: Judgement
    like: Resemblance

    @classmethod
    def of(cls, judge: Run, pictures: np.ndarray) -> "Verdict":
        return cls(judged(judge, pictures), resembling(judge, pictures))


@st.cache_resource(max_entries=8, show_spinner=False)
def _verdicts(key: str, _judge: Run) -> dict[str, Verdict]:
    """Pictures that no generator has made."""
    others = compared()
    return {name: Verdict.of(_judge, getattr(others, name)) for name in ("real", "mixes", "noise")}


@st.cache_resource(max_entries=24, show_spinner=False)
def _of_samples(key: str, of_judge: str, _run: Run, _judge: Run) -> dict[str, Verdict]:
    """A run's samples, in the beginning and in the end."""
    moments = {"untrained": _run.checkpoints[0], "samples": _run.final}
    return {name: Verdict.of(_judge, checkpoint.predicted) for name, checkpoint in moments.items()}


@st.cache_resource(max_entries=24, show_spinner=False)
def _course_of(key: str, of_judge: str, _run: Run, _judge: Run) -> tuple[np.ndarray, np.ndarray]:
    """When some checkpoints were taken, in rounds, the first and the last among them, and precision and recall at each, (moments, 2)."""
    kept = [checkpoint for checkpoint in _run.checkpoints if whole(checkpoint)]
    chosen = [kept[place] for place in np.linspace(0, len(kept) - 1, min(len(kept), MOMENTS)).round().astype(int)]
    return np.array([each.time for each in chosen]), np.array([resembling(_judge, each.predicted) for each in chosen])


def told(verdicts: dict[str, Verdict]) -> dict[str, object]:
    """What the words beneath the table are filled with."""
    real, noise = verdicts["real"].like, verdicts["noise"]
    shares = {"precision": real.precision, "recall": real.recall, "noise": noise.said.recognised, "like": noise.like.precision}
    written = {name: f"{share:.1%}" for name, share in shares.items()}
    return {"count": f"{len(compared().real):,}", "confidence": f"{CONFIDENT:.0%}", "units": JUDGE.hidden_units[-1]} | written


def table(verdicts: dict[str, Verdict]) -> str:
    """A line for each kind of pictures: precision and recall, how many are recognised, how many of the ten digits are among these."""
    heads = [tr(f"judge.{column}") for column in ("pictures", "precision", "recall", "recognised", "occurring")]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for name in ("samples", "real", "mixes", "noise", "untrained"):
        said, like = verdicts[name]
        shares = [f"{share:.1%}" for share in (*like, said.recognised)]
        lines.append([tr(f"judge.{name}"), *shares, f"{np.count_nonzero(said.counts)}"])
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


def _course(run: Run, judge: Run, of_real: Resemblance) -> None:
    """Precision and recall by round, beside what real digits get."""
    rounds, shares = _course_of(run.key, judge.key, run, judge)
    ends, names = np.array([0, run.epochs]), ("precision", "recall")
    lines = {tr(f"judge.{name}"): (rounds, course) for name, course in zip(names, shares.T, strict=True)}
    others = {tr(f"judge.{name}.real"): (ends, np.full(2, level)) for name, level in zip(names, of_real, strict=True)}
    chart = functions.functions(
        tr("curve.epoch"), tr("judge.share"), (*lines, *others), (0, run.epochs), (0, 1.02), dashed=tuple(others), whole=True
    )
    lines |= others
    figure(chart, functions.function_rows(lines), Source.runs([run, judge]), tr("judge.course.alt"), f"{EXPERIMENT}_course")
