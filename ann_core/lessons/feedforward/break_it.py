"""Break it: what if the pixels are not scaled? The article does not scale them."""

import numpy as np
import streamlit as st

from ann_core.charts.curves import comparison_curve, comparison_rows
from ann_core.training.records import Run
from ann_core.ui import frame, guess, session
from ann_core.ui.figure import Source, figure
from ann_core.ui.guess import Question
from ann_core.ui.language import tr

SAME = 0.01
"""Accuracies closer than this count as the same."""

CHANCE = 0.2


def judge(scaled: Run, raw: Run) -> str:
    """Which answer was the true one: by validation accuracy after the last epoch."""
    difference = raw.value("val_accuracy") - scaled.value("val_accuracy")
    if not raw.value("val_accuracy") > CHANCE:
        return "nothing"
    if abs(difference) <= SAME:
        return "same"
    return "better" if difference > 0 else "worse"


RAW_PIXELS = Question("raw_pixels", {"scale_pixels": False}, ("better", "same", "worse", "nothing"), judge)


def draw() -> None:
    frame.section("feedforward", "break_it")
    intact = session.bench("feedforward").spec.changed(scale_pixels=True)
    guess.ask(RAW_PIXELS, intact, _draw, _values)


def _values(scaled: Run, raw: Run) -> dict[str, str]:
    return {
        "scaled": f"{scaled.value('val_accuracy'):.1%}",
        "raw": f"{raw.value('val_accuracy'):.1%}",
        "scaled_loss": _number(scaled.value("loss", 1)),
        "raw_loss": _number(raw.value("loss", 1)),
        "epochs": scaled.epochs,
    }


def _number(loss: float) -> str:
    return f"{loss:.3g}" if np.isfinite(loss) else "∞"


def _draw(scaled: Run, raw: Run) -> None:
    names = tr("guess.raw_pixels.raw"), tr("guess.raw_pixels.scaled")
    rows = comparison_rows({names[0]: raw.history, names[1]: scaled.history}, "val_accuracy")
    spec = comparison_curve(tr("metric.val_accuracy"), tr("curve.epoch"), names, scaled.spec.epochs)
    best = [f"{np.nanmax(run.history['val_accuracy']):.1%}" for run in (raw, scaled)]
    with st.container(width=620):
        alt = tr("alt.comparison", first=names[0], first_best=best[0], second=names[1], second_best=best[1])
        figure(spec, rows, Source.run(scaled), alt, key="raw_pixels_curve")
