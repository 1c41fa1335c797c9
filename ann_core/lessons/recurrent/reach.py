"""How far back does it see: the gradient at every step back, through trained weights and through random ones."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts import functions
from ann_core.data import recurrent as sequences
from ann_core.exhibits import ReachExhibit
from ann_core.lessons.recurrent.at_hand import at_hand, network_of
from ann_core.maths.networks import dense
from ann_core.maths.networks.cells import CELLS
from ann_core.maths.networks.recurrent import Network, clipped, squared_error_slopes
from ann_core.specs import RecurrentSpec
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.inputs import controls
from ann_core.ui.language import sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "reach"
WINDOWS = 16
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FADED, GROWN = 1e-3, 1e3
LEAST, MOST = 1e-12, 1e12


class Reach(NamedTuple):
    """∂L/∂h at each step back, from the last state (0) to the first: (steps + 1,) lengths; and how long all slopes of the weights are."""

    lengths: np.ndarray
    norm: float


def draw(lesson: Lesson) -> None:
    frame.section("recurrent", "reach")
    turns.fragment(_reach)(lesson)


def _reach(lesson: Lesson) -> None:
    picture, settings = frame.picture_and_settings("reach")
    run = _trained()
    with settings:
        controls.controls(EXHIBIT, ("weights", "steps_back", "recurrent_scale", "activation", "clip_norm"))
    spec: ReachExhibit = session.bench(EXHIBIT).spec
    learner = session.bench("recurrent").spec
    network = network_of(run) if run is not None and spec.weights == "trained" else random_network(learner)
    x, y = examples(learner if run is None else run.spec, spec.steps_back)
    touched, untouched = (measured(each, x, y) for each in (changed(network, spec), network))
    _, norm = clipped([np.array([touched.norm])], spec.clip_norm)
    factor = min(1.0, spec.clip_norm / norm) if spec.clip_norm and np.isfinite(norm) and norm else 1.0
    with picture:
        _chart(spec, touched, untouched, factor, run)
        st.markdown(_words(network, spec, touched, factor))
    if spec.weights == "trained" and run is None:
        settings.caption(f":material/info: {tr('reach.random_meanwhile')}")
    if read(learner if run is None else run.spec, spec.steps_back) is None:
        settings.caption(f":material/info: {tr('reach.sine_instead')}")
    address.write(lesson)


def _trained() -> Run | None:
    """The learner's run, where its weights are numbers."""
    run = session.bench("recurrent").run
    return run if run is not None and run.final.finite else None


def random_network(spec: RecurrentSpec) -> Network:
    """A network of these settings with weights drawn by lot, as Keras draws them: Glorot's for inputs, orthogonal for the state."""
    random, units = np.random.default_rng(spec.seed), spec.units
    blocks = max(len(CELLS[spec.cell].blocks), 1)
    limit = np.sqrt(6 / (1 + blocks * units))
    recurrent = np.linalg.qr(random.normal(size=(blocks * units, units)))[0].T
    bias = np.zeros((2, blocks * units) if spec.cell == "gru" else blocks * units)
    if spec.cell == "lstm":
        bias[units : 2 * units] = 1.0  # Keras' forget gates begin open
    cell = CELLS[spec.cell](random.uniform(-limit, limit, (1, blocks * units)), recurrent, bias, spec.activation)
    out = np.sqrt(6 / (units + 1))
    return Network(cell, dense.Layer(random.uniform(-out, out, (units, 1)), np.zeros(1), "linear"))


def changed(network: Network, spec: ReachExhibit) -> Network:
    """The same network, its recurrent weights scaled, its activation another."""
    cell = network.cell
    activation = cell.activation if spec.activation == "as_is" else spec.activation
    return Network(type(cell)(cell.kernel, spec.recurrent_scale * cell.recurrent, cell.bias, activation), network.readout)


def examples(spec: RecurrentSpec, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows of this length from the learner's series, spread over all of it, and what follows each; a sine where it is too short."""
    own = read(spec, length)
    scaled = sequences.series("sine", 400, 100.0).values if own is None else own
    x, y = sequences.windows(scaled.astype(float), length)
    chosen = np.linspace(0, len(x) - 1, WINDOWS).astype(int)
    return x[chosen], y[chosen]


def read(spec: RecurrentSpec, length: int) -> np.ndarray | None:
    """The learner's series as the network sees it, where there are enough windows of this length in it."""
    try:
        hand = at_hand(spec)
    except TrainingFailed:
        return None
    return hand.scale.scaled(hand.series.values) if len(hand.series.values) > length + WINDOWS else None


def measured(network: Network, x: np.ndarray, y: np.ndarray) -> Reach:
    """Backpropagation through time, from the mean squared error over these windows."""
    slopes = squared_error_slopes(network, x, y)
    with np.errstate(all="ignore"):
        lengths = np.sqrt((slopes.states**2).sum(axis=(0, 2)))[::-1]
        norm = clipped(slopes.weights, 0.0)[1]
    return Reach(lengths, norm)


def _chart(spec: ReachExhibit, touched: Reach, untouched: Reach, factor: float, run: Run | None) -> None:
    steps = np.arange(spec.steps_back + 1)
    shown = {tr("reach.now"): touched.lengths}
    if not np.array_equal(touched.lengths, untouched.lengths):
        shown[tr("reach.untouched")] = untouched.lengths
    if factor < 1:
        shown[tr("reach.clipped")] = factor * touched.lengths
    lines = {name: (steps[lengths > 0], lengths[lengths > 0]) for name, lengths in shown.items()}
    names, drawn = tuple(lines), np.concatenate([lengths[np.isfinite(lengths)] for _, lengths in lines.values()] or [np.ones(1)])
    bounds = min(LEAST, *drawn), max(MOST, *drawn)
    dashed = tuple(name for name in names if name == tr("reach.untouched"))
    chart = functions.functions(
        tr("reach.steps"), tr("reach.length"), names, (0, spec.steps_back), bounds, log=True, dashed=dashed, whole=True
    )
    source = Source.run(run) if run is not None and spec.weights == "trained" else Source.exact("source.random_weights")
    figure(chart, functions.function_rows(lines), source, tr("reach.alt"), "reach_lengths")


def powers(value: float) -> str:
    """A number of any size with two digits: 5.3 × 10⁻⁵."""
    digits, _, power = f"{value:.2g}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(RAISED)}" if power else digits.replace("inf", "∞")


def _words(network: Network, spec: ReachExhibit, reach: Reach, factor: float) -> str:
    """Whether the gradient fades, lives or explodes, with the figures; what clipping makes of it."""
    last, first = reach.lengths[0], reach.lengths[-1]
    ratio = first / last if np.isfinite(first) and last else np.inf
    kind = "grown" if ratio > GROWN else "faded" if ratio < FADED else "alive"
    told = [tr(f"reach.{kind}", n=spec.steps_back, ratio=powers(ratio)) if last else tr("reach.none")]
    if type(network.cell).__name__ == "SimpleCell":
        radius = float(np.abs(np.linalg.eigvals(spec.recurrent_scale * network.cell.recurrent)).max())
        told.append(tr("reach.radius", radius=f"{radius:.2f}"))
    if spec.clip_norm and not np.isfinite(reach.norm):
        told.append(tr("reach.no_number"))
    elif spec.clip_norm:
        told.append(
            tr(
                "reach.clip" if factor < 1 else "reach.no_clip",
                norm=powers(reach.norm),
                most=f"{spec.clip_norm:g}",
                factor=powers(factor),
            )
        )
    return sentences(*told)
