"""Loss functions: how wrong is an answer, in one number, and which way is better?"""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.exhibits import LossExhibit
from ann_core.maths.learning.activations import softmax
from ann_core.maths.learning.losses import LOSSES, categorical_slope
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame

EXHIBIT = "losses"
OF_VALUES = ("squared", "absolute", "huber")
PREDICTIONS = np.linspace(-4, 4, 321)
PROBABILITIES = np.linspace(0.001, 0.999, 333)
USUAL = np.array([-0.6, -0.3, 0.0, 0.3, 0.6])
GUESSES = np.linspace(-1, 10, 441)
SUMS = ("sum_1", "sum_2", "sum_3")


def draw(lesson: Lesson) -> None:
    frame.section("learning", "losses")
    st.fragment(_losses)(lesson)


def _losses(lesson: Lesson) -> None:
    _row(_of_values, ("target_value", "prediction"))
    frame.text("learning", "outlier")
    _row(_outlier, ("outlier",))
    frame.text("learning", "cross_entropy")
    _row(_of_two, ("label", "probability"))
    _row(_of_many, SUMS)
    address.write(lesson)


def _row(picture, fields: tuple[str, ...]) -> None:
    """A figure beside the sliders that move it."""
    left, right = st.columns([5, 2], gap="medium")
    with right:
        controls.controls(EXHIBIT, fields)
    with left:
        picture(session.bench(EXHIBIT).spec)


def _of_values(spec: LossExhibit) -> None:
    names = {name: tr(f"loss.{name}") for name in OF_VALUES}
    lines = {said: (PREDICTIONS, LOSSES[name].value(PREDICTIONS, spec.target_value)) for name, said in names.items()}
    dots = {said: ([spec.prediction], [float(LOSSES[name].value(spec.prediction, spec.target_value))]) for name, said in names.items()}
    chart = functions.functions(tr("losses.prediction"), tr("losses.loss"), tuple(lines), (-4, 4), (0, 8))
    figure(chart, functions.function_rows(lines, dots, [spec.target_value]), Source.exact(), tr("losses.alt"), "losses_values")
    said = [_numbers(name, spec.prediction, spec.target_value) for name in OF_VALUES]
    st.markdown("\n".join(f"- {line}" for line in said))


def _numbers(name: str, prediction: float, target: float) -> str:
    """A loss and its slope at the learner's prediction."""
    loss, slope = (float(function(prediction, target)) for function in (LOSSES[name].value, LOSSES[name].slope))
    values = {"name": tr(f"loss.{name}"), "formula": LOSSES[name].formula, "loss": f"{loss:.4f}", "slope": f"{slope + 0.0:.4f}"}
    return tr("losses.numbers", **values)


def _outlier(spec: LossExhibit) -> None:
    """The one value that is best for all of these targets, by each loss."""
    targets = np.append(USUAL, spec.outlier)
    lines, dots = {}, {}
    for name in OF_VALUES:
        sums = LOSSES[name].value(GUESSES[:, None], targets).mean(axis=1)
        best = sums.argmin()
        said = tr("losses.best", name=tr(f"loss.{name}"), value=f"{GUESSES[best]:.2f}")
        lines[said], dots[said] = (GUESSES, sums), ([GUESSES[best]], [sums[best]])
    chart = functions.functions(tr("losses.one_value"), tr("losses.mean"), tuple(lines), (-1, 10), (0, 12))
    figure(chart, functions.function_rows(lines, dots, targets), Source.exact(), tr("losses.outlier.alt"), "losses_outlier")


def _of_two(spec: LossExhibit) -> None:
    name = tr("loss.binary_cross_entropy")
    record = LOSSES["binary_cross_entropy"]
    here = float(record.value(spec.probability, spec.label))
    chart = functions.functions(tr("losses.probability"), tr("losses.loss"), (name,), (0, 1), (0, 8))
    rows = functions.function_rows({name: (PROBABILITIES, record.value(PROBABILITIES, spec.label))}, {name: ([spec.probability], [here])})
    figure(chart, rows, Source.exact(), tr("losses.binary.alt"), "losses_binary")
    st.markdown(_numbers("binary_cross_entropy", spec.probability, spec.label))


def _of_many(spec: LossExhibit) -> None:
    """Categorical cross-entropy of three sums; the first class is the true one."""
    sums = np.array([getattr(spec, name) for name in SUMS])
    shares, truth = softmax(sums), np.array([1.0, 0.0, 0.0])
    slopes = categorical_slope(truth, shares)
    cells = " | ".join(f"{tr('activations.class', n=number)}{' ✓' if number == 1 else ''}" for number in (1, 2, 3))
    rows = {"losses.sum": sums, "losses.share": shares, "losses.slope": slopes}
    table = "\n".join(f"| {tr(name)} | " + " | ".join(f"{value + 0.0:.4f}" for value in values) + " |" for name, values in rows.items())
    st.markdown(f"**{tr('loss.categorical_cross_entropy')}** · {tr('losses.categorical')}\n\n| | {cells} |\n|---|---|---|---|\n{table}")
    source_line(Source.exact())
    st.latex(rf"L = -\ln p_1 = -\ln {shares[0]:.4f} = {-np.log(shares[0]):.4f}")
