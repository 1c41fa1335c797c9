"""The idea: forger and detective; and why the generator does not use the loss that one would expect."""

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.maths.networks.gan import GAMES
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import tr
from ann_core.ui.page import frame

SCORES = np.linspace(-8, 8, 161)
LOSSES = ("minimax", "non_saturating")


def draw() -> None:
    frame.section("gan", "idea")
    frame.text("gan", "saturating")
    slopes, losses = st.columns(2)
    with losses:
        _chart("loss", {name: GAMES[name].generator.value(SCORES) for name in LOSSES}, (-8.2, 8.2))
    with slopes:
        _chart("slope", {name: np.abs(GAMES[name].generator.slope(SCORES)) for name in LOSSES}, (0, 1.05))


def _chart(kind: str, curves: dict[str, np.ndarray], upward: tuple[float, float]) -> None:
    """What the generator pays, or how strongly it is pulled, by the discriminator's score of its point."""
    names = tuple(tr(f"choice.{name}") for name in curves)
    chart = functions.functions(tr("saturating.score"), tr(f"saturating.{kind}"), names, (SCORES[0], SCORES[-1]), upward)
    lines = {name: (SCORES, curve) for name, curve in zip(names, curves.values(), strict=True)}
    figure(chart, functions.function_rows(lines), Source.exact("source.formula"), tr(f"saturating.{kind}.alt"), f"gan_{kind}")
