"""Batch, epoch, training and validation: a small regression that is really trained, on the spot."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.exhibits import BatchExhibit
from ann_core.maths.learning.optimisers import FAR
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
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.language import digits, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "batches"
SIZES = {"one": 1, "eight": 8, "all": 0}
DEGREES = np.arange(16)
X = np.linspace(-1, 1, 201)
LEAST = 1e-12
DRAWS = range(1, 41)
MOSTLY = 0.8


def draw(lesson: Lesson) -> None:
    frame.section("learning", "batches")
    turns.fragment(_batches)(lesson)


def _batches(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("batches")
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
    high = max(2.0, *(float(np.abs(y).max()) for _, y in (training, held_out)))
    chart = functions.functions("x", "y", names, (-1, 1), (-high, high), dashed=(truth,))
    rows = functions.function_rows({truth: (X, true_curve(X)), name: (X, learned)}, {training_name: training, held_out_name: held_out})
    figure(chart, rows, _source(spec), tr("batches.fit.alt"), "batches_fit")
    if not np.isfinite(coefficients).all():
        st.warning(tr("batches.exploded", epoch=exploded_in(descent), far=f"{FAR:,.0f}"), icon=":material/whatshot:")


def exploded_in(descent: Descent) -> int | None:
    """The epoch in which a coefficient went too far; None where all went well."""
    gone = np.flatnonzero(~np.isfinite(descent.training))
    return int(gone[0]) if len(gone) else None


def _by_batch(spec: BatchExhibit, descents: dict[str, Descent]) -> None:
    """The same regression with one, eight and all examples a step."""
    st.markdown(f"**{tr('batches.sizes')}**")
    lines = {
        line_name(spec, batch, descent): (np.arange(len(descent.training)), _on_axis(descent.training))
        for batch, descent in descents.items()
    }
    chart = functions.functions(tr("curve.epoch"), tr("losses.loss"), tuple(lines), (0, float(spec.rounds)), log=True, whole=True)
    figure(chart, functions.function_rows(lines), _source(spec), tr("batches.sizes.alt"), "batches_sizes")


def line_name(spec: BatchExhibit, batch: str, descent: Descent) -> str:
    """What the line of a batch size is called: its steps an epoch, and where it was broken off."""
    steps = -(-spec.points // (SIZES[batch] or spec.points))
    name = tr("batches.line", batch=tr(f"choice.{batch}"), n=steps)
    gone = exploded_in(descent)
    return name if gone is None else tr("batches.line.broken_off", line=name, epoch=gone)


def _on_axis(errors: np.ndarray) -> np.ndarray:
    """Errors as a logarithmic axis can show them: zero has no place there."""
    return np.where(errors > LEAST, errors, np.nan)


def stop_said(descent: Descent, rounds: int) -> str:
    """Whether stopping earlier would have been better for the examples held out."""
    best = best_epoch(descent)
    if exploded_in(descent) is not None:
        return tr("batches.stop.exploded", best=best)
    if best == rounds:
        return tr("batches.stop.last", best=best)
    return tr("batches.stop", best=best, rounds=rounds, least=digits(descent.held_out[best]), last=digits(descent.held_out[-1]))


def _stop_early(spec: BatchExhibit, descent: Descent) -> None:
    """Training and held-out loss, and the epoch at which to stop."""
    st.markdown(f"**{stop_said(descent, spec.rounds)}**")
    epochs = np.arange(len(descent.training))
    names = tr("curve.training"), tr("curve.validation")
    lines = {names[0]: (epochs, _on_axis(descent.training)), names[1]: (epochs, _on_axis(descent.held_out))}
    chart = functions.functions(
        tr("curve.epoch"), tr("losses.loss"), names, (0, float(spec.rounds)), log=True, whole=True, dashed=(names[1],)
    )
    figure(chart, functions.function_rows(lines, rules=[best_epoch(descent)]), _source(spec), tr("batches.stop.alt"), "batches_stop")


@lru_cache(maxsize=256)
def errors_by_degree(points: int, noise: float, seeds: tuple[int, ...]) -> np.ndarray:
    """The mean squared error of the best polynomial of every degree, on training and held-out examples: (2, seeds, degrees)."""
    drawn = [examples_of(BatchExhibit(points=points, noise=noise, seed=seed)) for seed in seeds]
    (x, y), (x_val, y_val) = (tuple(np.stack(parts) for parts in zip(*sets, strict=True)) for sets in zip(*drawn, strict=True))
    errors = []
    for degree in DEGREES:
        coefficients = least_squares(x, y, degree)[..., None]
        predicted = [(polynomial(places, degree) @ coefficients)[..., 0] for places in (x, x_val)]
        errors.append([mean_squared_error(*pair) for pair in zip((y, y_val), predicted, strict=True)])
    return np.moveaxis(errors, 0, -1)


class Draws(NamedTuple):
    """The degrees over many draws of such data: held-out errors (draws, degrees), how often each degree was the best (degrees,),
    and the degree with the least median error.
    """

    errors: np.ndarray
    best: np.ndarray
    usual: int


@lru_cache(maxsize=64)
def over_draws(points: int, noise: float) -> Draws:
    """The same with other seeds: what of it belongs to the data, and what to one draw."""
    errors = errors_by_degree(points, noise, tuple(DRAWS))[1]
    counts = np.bincount(errors.argmin(axis=1), minlength=len(DEGREES))
    return Draws(errors, counts, int(np.median(errors, axis=0).argmin()))


def _by_degree(spec: BatchExhibit) -> None:
    """The best polynomial of every degree: how well it does on the examples it was made from, and on others."""
    errors, draws = errors_by_degree(spec.points, spec.noise, (spec.seed,))[:, 0], over_draws(spec.points, spec.noise)
    names = tuple(tr(f"curve.{name}") for name in ("training", "validation"))
    lines = {name: (DEGREES, _on_axis(values)) for name, values in zip(names, errors, strict=True)}
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{tr('batches.degree', seed=spec.seed)}**")
        chart = functions.functions(tr("field.degree"), tr("losses.loss"), names, (0, 15), log=True, whole=True, dashed=names[1:])
        source = Source.exact("source.least_squares", n=spec.points, seed=spec.seed)
        figure(chart, functions.function_rows(lines, lines, [spec.degree]), source, tr("batches.degree.alt"), "batches_degree")
    with right:
        st.markdown(f"**{tr('batches.draws', n=len(DRAWS))}**")
        count = {tr("batches.draws.count"): (DEGREES, draws.best)}
        chart = functions.functions(tr("field.degree"), tr("batches.draws.axis"), tuple(count), (0, 15), (0, len(DRAWS)), whole=True)
        source = Source.exact("source.draws", first=DRAWS[0], last=DRAWS[-1])
        figure(chart, functions.function_rows(count, count, [spec.degree]), source, tr("batches.draws.alt"), "batches_draws")
    st.markdown(degree_said(spec, errors, draws))


def degree_said(spec: BatchExhibit, errors: np.ndarray, draws: Draws) -> str:
    """What can be said of the learner's degree: on these examples, and over many draws of such data."""
    best, degree = int(errors[1].argmin()), spec.degree
    own, least = (digits(errors[1][each]) for each in (degree, best))
    here = tr(
        "batches.here.best" if degree == best else "batches.here", examples=spec.points, best=best, least=least, degree=degree, own=own
    )
    said = [here]
    taken, most = np.flatnonzero(draws.best), listed(draws.best == draws.best.max())
    scatter = "batches.scatter" if len(taken) > 1 else "batches.scatter.same"
    said.append(tr(scatter, n=len(DRAWS), low=int(taken[0]), high=int(taken[-1]), most=most))
    worse = int((draws.errors[:, degree] > draws.errors[:, draws.usual]).sum())
    values = {"usual": draws.usual, "worse": worse, "draws": len(DRAWS), "least": "10⁻¹²"}
    said.append(tr(f"batches.{fit_of(degree, draws)}", degree=degree, **values))
    exact = errors[0] <= LEAST
    if exact.any():
        said.append(tr("batches.exact", degrees=listed(exact)))
    return sentences(*said, *_beyond(spec.points, errors[1]))


def _beyond(points: int, errors: np.ndarray) -> list[str]:
    """Where there are more coefficients than examples, and errors (degrees,) on unseen ones fall again, that they do, and why."""
    through, freer = errors[points - 1 : points], errors[points:]
    if not len(freer) or freer.min() >= through[0]:
        return []
    lowest = points + int(freer.argmin())
    values = {"high": digits(through[0]), "low": digits(errors[lowest])}
    return [tr("batches.beyond", more=points, through=points - 1, lowest=lowest, **values)]


def listed(degrees: np.ndarray) -> str:
    """The degrees for which something holds (degrees,)."""
    return tr("list.comma").join(map(str, np.flatnonzero(degrees)))


def fit_of(degree: int, draws: Draws) -> str:
    """Whether a degree is usually beaten on examples held out by the one that is best at the median, and on which side of it it lies.

    A degree whose median error is nothing but rounding fits, whatever beats it.
    """
    if np.median(draws.errors[:, degree]) <= LEAST:
        return "fits"
    if degree == draws.usual:
        return "usual"
    worse = (draws.errors[:, degree] > draws.errors[:, draws.usual]).mean()
    return "open" if worse < MOSTLY else "under" if degree < draws.usual else "over"
