"""Loss functions: how wrong is an answer, in one number, and which way is better?"""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.exhibits import LossExhibit
from ann_core.maths.learning.activations import softmax
from ann_core.maths.learning.losses import LEAST, LOSSES, best_values, categorical_slope, cross_entropy
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure, source_line
from ann_core.ui.inputs import controls
from ann_core.ui.language import fixed, tr
from ann_core.ui.page import address, frame

EXHIBIT = "losses"
OF_VALUES = ("squared", "absolute", "huber")
PREDICTIONS = np.linspace(-4, 4, 321)
PROBABILITIES = np.linspace(0.001, 0.999, 333)
USUAL = np.array([-0.6, -0.3, 0.0, 0.3, 0.6])
GUESSES = np.linspace(-1, 10, 441)
SUMS = ("sum_1", "sum_2", "sum_3")
SURE = 200


def draw(lesson: Lesson) -> None:
    frame.section("learning", "losses")
    turns.fragment(_losses)(lesson)


def _losses(lesson: Lesson) -> None:
    _row(_of_values, ("target_value", "prediction"))
    frame.text("learning", "outlier")
    _row(_outlier, ("outlier",))
    frame.text("learning", "cross_entropy")
    _row(_of_two, ("label", "probability"))
    _row(_of_many, SUMS)
    address.write(lesson)


def _row(picture, fields: tuple[str, ...]) -> None:
    """A figure and the sliders that move it."""
    shown, settings = frame.picture_and_settings(fields[0])
    with settings:
        controls.controls(EXHIBIT, fields)
    with shown:
        picture(session.bench(EXHIBIT).spec)


def _of_values(spec: LossExhibit) -> None:
    names = {name: tr(f"loss.{name}") for name in OF_VALUES}
    lines = {said: (PREDICTIONS, LOSSES[name].value(PREDICTIONS, spec.target_value)) for name, said in names.items()}
    dots = {said: ([spec.prediction], [float(LOSSES[name].value(spec.prediction, spec.target_value))]) for name, said in names.items()}
    chart = functions.functions(tr("losses.prediction"), tr("losses.loss"), tuple(lines), (-4, 4), (0, highest(8.0, dots)))
    figure(chart, functions.function_rows(lines, dots, [spec.target_value]), Source.exact(), tr("losses.alt"), "losses_values")
    said = [_numbers(name, spec.prediction, spec.target_value) for name in OF_VALUES]
    st.markdown("\n".join(f"- {line}" for line in said))


def highest(usual: float, dots: dict[str, tuple]) -> float:
    """Where an axis ends: as usual, or higher where a dot needs it."""
    return max([usual, *(1.05 * float(np.max(y)) for _, y in dots.values())])


def _numbers(name: str, prediction: float, target: float) -> str:
    """A loss and its slope at the learner's prediction."""
    loss, slope = (float(function(prediction, target)) for function in (LOSSES[name].value, LOSSES[name].slope))
    values = {"name": tr(f"loss.{name}"), "formula": LOSSES[name].formula, "loss": fixed(loss, 4), "slope": fixed(slope, 4)}
    return tr("losses.numbers", **values)


def _outlier(spec: LossExhibit) -> None:
    """The values that are best for all of these targets, by each loss."""
    targets = np.append(USUAL, spec.outlier)
    lines, dots = {}, {}
    for name in OF_VALUES:
        best = np.array(best_values(name, targets))
        said = best_said(name, *best)
        lines[said] = (GUESSES, LOSSES[name].value(GUESSES[:, None], targets).mean(axis=1))
        dots[said] = (best, LOSSES[name].value(best[:, None], targets).mean(axis=1))
    chart = functions.functions(tr("losses.one_value"), tr("losses.mean"), tuple(lines), (-1, 10), (0, highest(12.0, dots)))
    figure(chart, functions.function_rows(lines, dots, targets), Source.exact(), tr("losses.outlier.alt"), "losses_outlier")


def best_said(name: str, low: float, high: float) -> str:
    """The best value by a loss; between two targets in the middle all are equally good by the absolute error."""
    ends = fixed(low, 2), fixed(high, 2)
    if ends[0] == ends[1]:
        return tr("losses.best", name=tr(f"loss.{name}"), value=ends[0])
    return tr("losses.best.between", name=tr(f"loss.{name}"), low=ends[0], high=ends[1])


def _of_two(spec: LossExhibit) -> None:
    name = tr("loss.binary_cross_entropy")
    record = LOSSES["binary_cross_entropy"]
    here = float(record.value(spec.probability, spec.label))
    dots = {name: ([spec.probability], [here])}
    chart = functions.functions(tr("losses.probability"), tr("losses.loss"), (name,), (0, 1), (0, highest(8.0, dots)))
    rows = functions.function_rows({name: (PROBABILITIES, record.value(PROBABILITIES, spec.label))}, dots)
    figure(chart, rows, Source.exact(), tr("losses.binary.alt"), "losses_binary")
    st.markdown(_numbers("binary_cross_entropy", spec.probability, spec.label))
    if abs(spec.probability - spec.label) > 1 - LEAST:
        st.info(tr("losses.ceiling", ceiling=f"{here:.3f}", sum=SURE, loss=f"{_when_sure():g}"), icon=":material/info:")


def _when_sure() -> float:
    """What class 0 costs a network whose sum is in favour of class 1, by so much."""
    return float(cross_entropy(np.array([0]), np.array([[float(SURE)]]))[0])


def _of_many(spec: LossExhibit) -> None:
    """Categorical cross-entropy of three sums; the first class is the true one."""
    sums = np.array([getattr(spec, name) for name in SUMS])
    shares, truth = softmax(sums), np.array([1.0, 0.0, 0.0])
    slopes = categorical_slope(truth, shares)
    cells = " | ".join(f"{tr('activations.class', n=number)}{' ✓' if number == 1 else ''}" for number in (1, 2, 3))
    rows = {"losses.sum": sums, "losses.share": shares, "losses.slope": slopes}
    table = "\n".join(f"| {tr(name)} | " + " | ".join(fixed(value, 4) for value in values) + " |" for name, values in rows.items())
    st.markdown(f"**{tr('loss.categorical_cross_entropy')}** · {tr('losses.categorical')}")
    numbers, formula = st.columns(2, vertical_alignment="center")
    numbers.markdown(f"| | {cells} |\n|---|---|---|---|\n{table}")
    source_line(Source.exact())
    loss = float(cross_entropy(np.array([0]), sums[None])[0])
    formula.latex(rf"L = -\ln p_1 = -\ln {shares[0]:.4g} = {loss:z.4f}")
