"""Batch, epoch, training and validation: a small regression that is really trained, on the spot."""

from functools import lru_cache

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.exhibits import BatchExhibit
from ann_core.maths.learning.regression import (
    Descent,
    best_epoch,
    descend_in_batches,
    least_squares,
    mean_squared_error,
    noisy_curve,
    polynomial,
    true_curve,
)
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr
from ann_core.ui.page import address, frame

EXHIBIT = "batches"
SIZES = {"one": 1, "eight": 8, "all": 0}
DEGREES = np.arange(16)
X = np.linspace(-1, 1, 201)
LEAST = 1e-12


def draw(lesson: Lesson) -> None:
    frame.section("learning", "batches")
    st.fragment(_batches)(lesson)


def _batches(lesson: Lesson) -> None:
    picture, settings = st.columns([5, 2], gap="medium")
    with settings:
        controls.controls(EXHIBIT, ("points", "noise", "degree", "batch", "rate", "rounds", "seed"))
    spec: BatchExhibit = session.bench(EXHIBIT).spec
    training, held_out = examples_of(spec)
    descents = {batch: descent_of(spec, batch) for batch in SIZES}
    with picture:
        _fit(spec, training, held_out, descents[spec.batch])
    left, right = st.columns(2, gap="medium")
    with left:
        _by_batch(spec, descents)
    with right:
        _stop_early(spec, descents[spec.batch])
    frame.text("learning", "degrees")
    _by_degree(spec)
    address.write(lesson)


def examples_of(spec: BatchExhibit) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Examples to train on, and as many held out: x and y of each."""
    x, y = noisy_curve(2 * spec.points, spec.noise, spec.seed)
    order = np.random.default_rng(spec.seed).permutation(len(x))
    halves = np.split(order, 2)
    return tuple((x[half], y[half]) for half in halves)


def descent_of(spec: BatchExhibit, batch: str) -> Descent:
    """The regression, trained with one, eight or all examples a step."""
    (x, y), (x_val, y_val) = examples_of(spec)
    size = SIZES[batch] or len(x)
    held_out = polynomial(x_val, spec.degree), y_val
    return descend_in_batches(polynomial(x, spec.degree), y, size, spec.rate, spec.rounds, spec.seed, held_out)


def _source(spec: BatchExhibit) -> Source:
    return Source.exact("source.regression", n=spec.points, seed=spec.seed)


def _fit(spec: BatchExhibit, training, held_out, descent: Descent) -> None:
    """The points, the curve that they were drawn from, and the curve that was learned."""
    training_name, held_out_name, truth, name = names = (
        tr("curve.training"),
        tr("curve.validation"),
        tr("batches.truth"),
        tr("batches.learned"),
    )
    coefficients = descent.coefficients[-1]
    learned = polynomial(X, spec.degree) @ coefficients if np.isfinite(coefficients).all() else np.full(len(X), np.nan)
    chart = functions.functions("x", "y", names, (-1, 1), (-2, 2), dashed=(truth,))
    rows = functions.function_rows({truth: (X, true_curve(X)), name: (X, learned)}, {training_name: training, held_out_name: held_out})
    figure(chart, rows, _source(spec), tr("batches.fit.alt"), "batches_fit")
    if not np.isfinite(coefficients).all():
        st.warning(tr("batches.exploded"), icon=":material/whatshot:")


def _by_batch(spec: BatchExhibit, descents: dict[str, Descent]) -> None:
    """The same regression with one, eight and all examples a step."""
    st.markdown(f"**{tr('batches.sizes')}**")
    lines = {}
    for batch, descent in descents.items():
        steps = -(-spec.points // (SIZES[batch] or spec.points))
        said = tr("batches.line", batch=tr(f"choice.{batch}"), n=steps)
        lines[said] = np.arange(len(descent.training)), np.maximum(descent.training, LEAST)
    chart = functions.functions(tr("curve.epoch"), tr("losses.loss"), tuple(lines), (0, float(spec.rounds)), log=True, whole=True)
    figure(chart, functions.function_rows(lines), _source(spec), tr("batches.sizes.alt"), "batches_sizes")


def _stop_early(spec: BatchExhibit, descent: Descent) -> None:
    """Training and held-out loss, and the epoch at which to stop."""
    best = best_epoch(descent)
    st.markdown(f"**{tr('batches.stop', best=best)}**")
    epochs = np.arange(len(descent.training))
    names = tr("curve.training"), tr("curve.validation")
    lines = {names[0]: (epochs, np.maximum(descent.training, LEAST)), names[1]: (epochs, np.maximum(descent.held_out, LEAST))}
    chart = functions.functions(
        tr("curve.epoch"), tr("losses.loss"), names, (0, float(spec.rounds)), log=True, whole=True, dashed=(names[1],)
    )
    figure(chart, functions.function_rows(lines, rules=[best]), _source(spec), tr("batches.stop.alt"), "batches_stop")


@lru_cache(maxsize=256)
def errors_by_degree(points: int, noise: float, seed: int) -> np.ndarray:
    """The mean squared error of the best polynomial of every degree, on training and held-out examples: (2, degrees)."""
    training, held_out = examples_of(BatchExhibit(points=points, noise=noise, seed=seed))
    errors = []
    for degree in DEGREES:
        coefficients = least_squares(*training, degree)
        errors.append([float(mean_squared_error(y, polynomial(x, degree) @ coefficients)) for x, y in (training, held_out)])
    return np.maximum(errors, LEAST).T


def _by_degree(spec: BatchExhibit) -> None:
    """The best polynomial of every degree: how well it does on the examples it was made from, and on others."""
    errors = errors_by_degree(spec.points, spec.noise, spec.seed)
    lines = {tr(f"curve.{name}"): (DEGREES, values) for name, values in zip(("training", "validation"), errors, strict=True)}
    chart = functions.functions(
        tr("field.degree"), tr("losses.loss"), tuple(lines), (0, 15), log=True, whole=True, dashed=(tr("curve.validation"),)
    )
    figure(chart, functions.function_rows(lines, lines, [spec.degree]), _source(spec), tr("batches.degree.alt"), "batches_degree")
    best = int(errors[1].argmin())
    key = "batches.under" if spec.degree < best else "batches.over" if spec.degree > best else "batches.right"
    st.markdown(tr(key, degree=spec.degree, best=best))
