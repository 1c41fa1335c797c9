"""Gradient descent: several walkers on one slope, each with its own way of stepping."""

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.charts.networks.landscape import cells_of, landscape, landscape_rows
from ann_core.charts.palette import CHOSEN
from ann_core.exhibits import DescentExhibit
from ann_core.maths.learning.landscapes import CURVE_HILL, LANDSCAPES, Landscape, curve, curve_slope, fit_gradient, fit_loss
from ann_core.maths.learning.optimisers import Path, descend
from ann_core.ui import session
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import canvas, controls
from ann_core.ui.language import sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "descent"
CHART_KEY = "descent_surface_chart"
CURVE_REACH = 2.6
REACH, HIGH = 4.0, 1.5
SIDE, DOT = 280, 7
FIT_POINTS = np.array([(-3.0, -0.9), (-1.5, -0.8), (-0.5, -0.2), (0.5, 0.5), (1.5, 0.7), (3.0, 0.95)])


def draw(lesson: Lesson) -> None:
    frame.section("learning", "descent")
    st.fragment(_descent)(lesson)


def _descent(lesson: Lesson) -> None:
    controls.preset_choice(EXHIBIT)
    controls.controls(EXHIBIT, ("racers",))
    picture, settings = st.columns([5, 2], gap="medium")
    with settings:
        controls.controls(EXHIBIT, ("surface", "rate", "walk", "start_1", "start_2"))
        if session.bench(EXHIBIT).spec.surface == "fit":
            _canvas()
    spec: DescentExhibit = session.bench(EXHIBIT).spec
    surface = _surface(spec.surface)
    paths = {name: descend(name, surface.gradient, np.array([spec.start_1, spec.start_2]), spec.rate, spec.walk) for name in spec.racers}
    with np.errstate(all="ignore"):  # a walk that has flown off has no height
        heights = {name: surface.value(path.places) for name, path in paths.items()}
    with picture:
        _map(spec, surface, paths, heights)
        st.markdown("\n".join(f"- {_said(name, path, surface)}" for name, path in paths.items()))
    _heights(heights)
    _steps(paths, axes_of(spec))
    frame.text("learning", "curve")
    _curve(spec)
    address.write(lesson)


def axes_of(spec: DescentExhibit) -> tuple[str, str]:
    """What the two directions of the surface are called."""
    return ("w", "b") if spec.surface == "fit" else ("x₁", "x₂")


def _surface(name: str) -> Landscape:
    """A surface of the table, or the loss of one neuron on the learner's points."""
    if name != "fit":
        return LANDSCAPES[name]
    points = _fit_points()
    return Landscape(
        "fit",
        lambda places: fit_loss(places, points),
        lambda places: fit_gradient(places, points),
        (-5.0, -5.0),
        (5.0, 5.0),
        (-3.0, 2.0),
        (),
        r"\frac{1}{n}\sum_i (\tanh(w x_i + b) - y_i)^2",
    )


def _fit_points() -> np.ndarray:
    return session.kept("_fit_points", lambda: FIT_POINTS)


def _canvas() -> None:
    """Points to drag about; the surface is the loss of one neuron on them."""
    st.caption(tr("descent.drag"))
    circles = canvas.circles("descent_canvas", SIDE, DOT, CHOSEN, _drawing())
    if circles:
        left, top = np.array([canvas.centre(circle, DOT) for circle in circles]).T
        session.put("_fit_points", np.stack([(2 * left / SIDE - 1) * REACH, (1 - 2 * top / SIDE) * HIGH], axis=1))


def _drawing() -> dict:
    places = np.stack([(FIT_POINTS[:, 0] / REACH + 1) * SIDE / 2, (1 - FIT_POINTS[:, 1] / HIGH) * SIDE / 2], axis=1)
    return canvas.drawing(places, DOT, [CHOSEN] * len(places))


def _map(spec: DescentExhibit, surface: Landscape, paths: dict[str, Path], heights: dict[str, np.ndarray]) -> None:
    cells = cells_of(surface.low, surface.high)
    values = surface.value((cells[:, :2] + cells[:, 2:]) / 2)
    walks = {tr(f"choice.{name}"): path.places for name, path in paths.items()}
    bounds = (surface.low[0], surface.high[0]), (surface.low[1], surface.high[1])
    chart = landscape(*axes_of(spec), tr("losses.loss"), tuple(walks), *bounds)
    st.latex(surface.formula)
    rows = landscape_rows(cells, values, walks, {tr(f"choice.{name}"): height for name, height in heights.items()})
    figure(chart, rows, Source.exact(), tr("descent.alt"), CHART_KEY, on_select=_picked, selection_mode="picked")
    st.caption(tr("descent.click"))


def _picked() -> None:
    """A cell was clicked: the walk starts there."""
    picked = session.value(CHART_KEY)["selection"].get("picked")
    if picked:
        spec = session.bench(EXHIBIT).spec
        controls.fill(spec.changed(start_1=round(float(picked[0]["x"]), 2), start_2=round(float(picked[0]["y"]), 2)))


def _said(name: str, path: Path, surface: Landscape) -> str:
    """How a walk ended."""
    finite = np.isfinite(path.places).all(axis=1)
    last = int(np.flatnonzero(finite)[-1])
    said = tr(f"choice.{name}")
    outside = int(_outside(path.places[finite], surface).sum())
    where = [tr("descent.outside", n=outside)] if outside else []
    if not finite.all():
        return sentences(tr("descent.flown", name=said, steps=last), *where)
    place = path.places[last]
    numbers = {"name": said, "n": last, "x": f"{place[0]:z.3f}", "y": f"{place[1]:z.3f}", "loss": f"{float(surface.value(place)):.4g}"}
    if not np.any(path.gradients[0]):
        return sentences(tr("descent.lowest" if is_lowest(surface, place) else "descent.nobody", **numbers), *where)
    return sentences(tr("descent.arrived", **numbers, slope=f"{np.linalg.norm(surface.gradient(place)):.2g}"), *where)


def _outside(places: np.ndarray, surface: Landscape) -> np.ndarray:
    """Which of the places (n, 2) lie outside the part of the surface that is drawn."""
    return ((places < surface.low) | (places > surface.high)).any(axis=1)


def is_lowest(surface: Landscape, place: np.ndarray) -> bool:
    """Whether nothing that is drawn lies lower."""
    cells = cells_of(surface.low, surface.high)
    return bool(surface.value(place) <= surface.value((cells[:, :2] + cells[:, 2:]) / 2).min())


def _heights(heights: dict[str, np.ndarray]) -> None:
    """The loss after each step of each walker."""
    lines = {tr(f"choice.{name}"): (np.arange(len(height)), height) for name, height in heights.items()}
    steps = max(map(len, heights.values())) - 1
    chart = functions.functions(tr("descent.step"), tr("losses.loss"), tuple(lines), (0, float(steps)), height_axis(heights))
    figure(chart, functions.function_rows(lines), Source.exact(), tr("descent.heights.alt"), "descent_heights")


def height_axis(heights: dict[str, np.ndarray]) -> tuple[float, float]:
    """From the lowest place, or zero, to a little above where the walks begin; what climbs higher leaves the picture."""
    low = min(0.0, *(float(values[np.isfinite(values)].min()) for values in heights.values()))
    top = max(float(values[0]) for values in heights.values())
    return low, top + 0.2 * (top - low) if top > low else low + 1


def _steps(paths: dict[str, Path], axes: tuple[str, str]) -> None:
    """The numbers of every step of one walker."""
    panel = st.expander(tr("descent.numbers"), icon=":material/table_rows:", on_change="rerun", key="descent_numbers")
    if not panel.open:
        return
    with panel:
        name = next(iter(paths))
        path = paths[name]
        st.caption(tr(f"choice.{name}"))
        parts = {"": path.places[:-1], "∂L/∂": path.gradients, "Δ": path.changes}
        table = {f"{sign}{axis}": values[:, side] for sign, values in parts.items() for side, axis in enumerate(axes)}
        st.dataframe(pd.DataFrame(table, index=pd.RangeIndex(1, len(path.changes) + 1)), height=260)


def _curve(spec: DescentExhibit) -> None:
    """The same with one number: two valleys, and a start that decides into which one the walk goes."""
    start = float(np.clip(spec.start_1, -CURVE_REACH, CURVE_REACH))
    name = next(iter(spec.racers))
    path = descend(name, curve_slope, np.array([start]), spec.rate, spec.walk)
    x = np.linspace(-CURVE_REACH, CURVE_REACH, 261)
    places = path.places[np.isfinite(path.places[:, 0]), 0]
    drawn = places[np.abs(places) <= CURVE_REACH]
    lines, dots = {tr("losses.loss"): (x, curve(x))}, {tr("losses.loss"): (drawn, curve(drawn))}
    chart = functions.functions(
        "x", tr("losses.loss"), tuple(lines), (-CURVE_REACH, CURVE_REACH), (float(curve(x).min()) - 0.5, float(curve(x).max()))
    )
    figure(chart, functions.function_rows(lines, dots), Source.exact(), tr("descent.curve.alt"), "descent_curve")
    st.markdown(curve_said(name, places, spec.walk, len(places) - len(drawn)))


def curve_said(name: str, places: np.ndarray, steps: int, outside: int) -> str:
    """On which side of the hill a walk (n,) has ended, and whether it began there."""
    start, end = float(places[0]), float(places[-1])
    values = {"name": tr(f"choice.{name}"), "start": f"{start:.2f}"}
    where = [tr("descent.outside", n=outside)] if outside else []
    if len(places) <= steps:
        return sentences(tr("descent.flown", name=values["name"], steps=len(places) - 1), *where)
    if start == CURVE_HILL:
        return tr("descent.curve.hill", n=steps, **values)
    values |= {"n": steps, "end": f"{end:z.3f}", "slope": f"{curve_slope(end):.2g}"}
    same = (start < CURVE_HILL) == (end < CURVE_HILL)
    depth = tr("descent.curve.deep" if end < CURVE_HILL else "descent.curve.shallow")
    return sentences(tr("descent.curve.same" if same else "descent.curve.other", **values), depth, *where)
