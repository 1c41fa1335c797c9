"""Gradient descent: several walkers on one slope, each with its own way of stepping."""

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.charts.networks.landscape import cells_of
from ann_core.charts.palette import CHOSEN
from ann_core.exhibits import DescentExhibit
from ann_core.lessons.learning import walks
from ann_core.maths.learning.landscapes import CURVE_HILL, LANDSCAPES, Landscape, curve, curve_slope, fit_gradient, fit_loss
from ann_core.maths.learning.optimisers import Path, descend
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import canvas, controls
from ann_core.ui.language import digits, fixed, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "descent"
FILM_KEY = "descent_film"
CURVE_REACH = 2.6
REACH, HIGH = 4.0, 1.5
SIDE, DOT = 280, 7
FIT_POINTS = np.array([(-3.0, -0.9), (-1.5, -0.8), (-0.5, -0.2), (0.5, 0.5), (1.5, 0.7), (3.0, 0.95)])


def draw(lesson: Lesson) -> None:
    frame.heading("learning", "descent")
    turns.fragment(_descent)(lesson)


def _descent(lesson: Lesson) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        controls.preset_choice(EXHIBIT)
        controls.controls(EXHIBIT, ("racers",))
    picture, settings = frame.picture_and_settings("descent")
    with settings:
        controls.controls(EXHIBIT, ("surface", "rate", "walk", "start_1", "start_2"))
    spec: DescentExhibit = session.bench(EXHIBIT).spec
    if spec.surface == "fit":
        with picture:
            _canvas()  # first, for it says what the surface is
    surface = _surface(spec.surface)
    paths = {name: descend(name, surface.gradient, np.array([spec.start_1, spec.start_2]), spec.rate, spec.walk) for name in spec.racers}
    with picture:
        named = {tr(f"choice.{name}"): path for name, path in paths.items()}
        film(walks.film_of(surface, named, axes_of(spec), f"{spec.key()}"), Source.exact(), FILM_KEY, _picked)
        st.caption(tr("descent.click"))
        said, formula = st.columns(2, gap="medium")
        said.markdown("\n".join(f"- {_said(name, path, surface)}" for name, path in paths.items()))
        formula.latex(surface.formula)
    frame.text("learning", "descent")
    _steps(paths, axes_of(spec))
    frame.text("learning", "curve")
    _curve(spec)
    address.write(lesson)


def axes_of(spec: DescentExhibit) -> tuple[str, str]:
    """What the two directions of the surface are called."""
    return ("w", "b") if spec.surface == "fit" else ("w₁", "w₂")


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
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=SIDE):
            circles = canvas.circles("descent_canvas", SIDE, DOT, CHOSEN, _drawing())
        st.caption(tr("descent.drag"))
    if circles:
        left, top = np.array([canvas.centre(circle, DOT) for circle in circles]).T
        session.put("_fit_points", np.stack([(2 * left / SIDE - 1) * REACH, (1 - 2 * top / SIDE) * HIGH], axis=1))


def _drawing() -> dict:
    places = np.stack([(FIT_POINTS[:, 0] / REACH + 1) * SIDE / 2, (1 - FIT_POINTS[:, 1] / HIGH) * SIDE / 2], axis=1)
    return canvas.drawing(places, DOT, [CHOSEN] * len(places))


def _picked() -> None:
    """A place was clicked: the walk starts there."""
    picked = session.value(FILM_KEY)["picked"]
    if picked and "place" in picked:
        spec = session.bench(EXHIBIT).spec
        surface = _surface(spec.surface)
        shares = np.clip(picked["place"], 0, 1)
        start = np.array(surface.low) + shares * (np.array(surface.high) - surface.low)
        controls.fill(spec.changed(start_1=round(float(start[0]), 2), start_2=round(float(start[1]), 2)))


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
    numbers = {"name": said, "n": last, "x": fixed(place[0], 3), "y": fixed(place[1], 3), "loss": digits(float(surface.value(place)), 4)}
    if not np.any(path.gradients[0]):
        return sentences(tr("descent.lowest" if is_lowest(surface, place) else "descent.nobody", **numbers), *where)
    return sentences(tr("descent.arrived", **numbers, slope=digits(np.linalg.norm(surface.gradient(place)), 2)), *where)


def _outside(places: np.ndarray, surface: Landscape) -> np.ndarray:
    """Which of the places (n, 2) lie outside the part of the surface that is drawn."""
    return ((places < surface.low) | (places > surface.high)).any(axis=1)


def is_lowest(surface: Landscape, place: np.ndarray) -> bool:
    """Whether nothing that is drawn lies lower."""
    return bool(surface.value(place) <= surface.value(cells_of(surface.low, surface.high)).min())


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
    values = {"name": tr(f"choice.{name}"), "start": fixed(start, 2)}
    where = [tr("descent.outside", n=outside)] if outside else []
    if len(places) <= steps:
        return sentences(tr("descent.flown", name=values["name"], steps=len(places) - 1), *where)
    if start == CURVE_HILL:
        return tr("descent.curve.hill", n=steps, **values)
    values |= {"n": steps, "end": fixed(end, 3), "slope": digits(curve_slope(end), 2)}
    same = (start < CURVE_HILL) == (end < CURVE_HILL)
    depth = tr("descent.curve.deep" if end < CURVE_HILL else "descent.curve.shallow")
    return sentences(tr("descent.curve.same" if same else "descent.curve.other", **values), depth, *where)
