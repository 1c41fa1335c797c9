"""The trained cell, unrolled over any window of the series: what it reads, what it keeps, the sum of one of its units, its answer."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ann_core.charts.film import Box, Panel, Picture, Place, Window, Words, framed
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import STAGE, Part, Titles
from ann_core.charts.palette import CHOSEN
from ann_core.charts.sequences.forecast import HIGH, TOP, series_box
from ann_core.lessons.recurrent.at_hand import AtHand, networks_of
from ann_core.maths.networks.recurrent import Network, Unrolled, unroll
from ann_core.training.records import Checkpoint
from ann_core.ui import session
from ann_core.ui.language import tr

MOST_UNITS = 12
SERIES, STATES, INPUT, AROUND = 62.0, 380.0, 34.0, 12
VALUE, STEP, UNIT = "value", "step", "unit"


@dataclass
class Chosen:
    """What the learner has come to: the place of a value in the series, or none; a step of the window before it; a row of units."""

    place: int | None = None
    step: int | None = None
    row: int = 0


def chosen() -> Chosen:
    return session.kept("_recurrent_chosen", Chosen)


def options() -> tuple[int | None, int | None, int]:
    mine = chosen()
    return mine.place, mine.step, mine.row


def take(picked: Mapping[str, Any] | None) -> None:
    """A value of the series was picked, a step, a unit, or the way back; what no browser of ours says changes nothing."""
    mine = chosen()
    if not picked:
        return
    if picked.get("do") == "out":
        mine.place = None
    with suppress(ValueError, TypeError, KeyError):
        row, column = map(int, picked["cell"])
        kind, *about = picked["pick"].split(".")
        if kind == VALUE:
            begin, end, count = map(int, about)
            mine.place, mine.step = begin + round(column / max(count - 1, 1) * (end - 1 - begin)), None
        elif kind == STEP:
            mine.row, mine.step = row, column
        elif kind == UNIT:
            mine.row = row


def pickable(shown: Panel, begin: int, end: int, count: int, high: float = HIGH, top: float = TOP) -> Panel:
    """A panel of a series from one place to before another, any value of which can be picked."""
    box = series_box(high, top)
    return replace(shown, marks=[*shown.marks, Place(box, f"{VALUE}.{begin}.{end}.{count}", 1, count, tr("unrolled.value"))])


def place_in(hand: AtHand, place: int) -> int:
    """The place that was picked, or the nearest one that has a whole window before it."""
    return min(max(place, hand.spec.window), len(hand.series.values) - 1)


def stretch_of(hand: AtHand, place: int) -> tuple[int, int]:
    """Which part of the series is shown around a value: its window, and some more on both sides."""
    return max(0, place - hand.spec.window - AROUND), min(len(hand.series.values), place + AROUND + 1)


def with_window(hand: AtHand, shown: Panel, place: int) -> Panel:
    """A panel of the series around a value, with a frame around the window that it is foretold from; other values can be picked."""
    begin, end = stretch_of(hand, place)
    box = series_box(SERIES)
    step = box.width / max(end - begin - 1, 1)
    left = box.x + (place - hand.spec.window - begin - 0.5) * step
    window = framed(Box(left, box.y, hand.spec.window * step, box.height))
    spot = framed(Box(box.x + (place - begin - 0.5) * step, box.y, step, box.height))
    marks = [replace(window, colour=CHOSEN, width=2.0), replace(spot, colour=CHOSEN, width=1.0, dashed=True)]
    return pickable(replace(shown, marks=[*shown.marks, *marks]), begin, end, end - begin, SERIES)


def panels_of(hand: AtHand, checkpoints: Sequence[Checkpoint], place: int, step: int | None, row: int) -> list[Panel]:
    """The states step by step, what adds up to one unit at one step, and what all of them together answer."""
    spec, start = hand.spec, place - hand.spec.window
    networks = networks_of(spec, checkpoints)
    x = hand.windows[0][start : start + 1].astype(float)
    ways = [unroll(each.cell, x) for each in networks]
    states = np.stack([way.states[0] for way in ways])
    units = panels.strongest(states[:, -1] * np.stack([each.readout.kernel[:, 0] for each in networks]), MOST_UNITS)
    step = spec.window - 1 if step is None else min(max(step, 0), spec.window - 1)
    row = min(max(row, 0), len(units) - 1)
    inside = _of_simple if spec.cell == "simple" else _of_gates
    shown = [_states(x[0, :, 0], states[:, 1:, units], units, step, row), *inside(networks, ways, units, step, row)]
    return [*shown, _answer(hand, networks, states[:, -1], place)]


def _states(x: np.ndarray, states: np.ndarray, units: np.ndarray, step: int, row: int) -> Panel:
    """The values of the window (steps,), and beneath each the states after it, (moments, steps, units)."""
    steps, left = len(x), 52.0
    strip = Box(left, 0, STATES - left, INPUT - 8)
    field = Box(left, INPUT, STATES - left, STAGE - INPUT)
    grid = states.transpose(0, 2, 1)
    names, high = [tr("unrolled.unit", number=unit + 1) for unit in units], field.height / len(units)
    values = x[None, None]
    described = {"crisp": True, "across": [tr("unrolled.step", number=place + 1) for place in range(steps)]}
    marks: list = [
        Picture.signed(strip, values, float(np.abs(x).max()), name="x", values=values.astype(np.float32), **described),
        Picture.signed(field, grid, panels.largest(grid), name="h", down=names, pick=STEP, values=grid.astype(np.float32), **described),
        Window(field, np.array([[(place, step) for place in range(len(units))]], np.uint16), len(units), steps),
        Window(strip, np.array([[(0, step)]], np.uint16), 1, steps),
        Words(["x"], [(left - 8, strip.height / 2)], "right"),
        Words(names, [(left - 8, field.y + (place + 0.5) * high) for place in range(len(units))], "right", 11.0),
    ]
    here = Box(field.x, field.y + row * high, field.width, high)
    marks.append(replace(framed(here), colour=CHOSEN, width=1.5))
    return Panel(tr("unrolled.states", steps=steps), tr("unrolled.states.alt"), STATES, STAGE, marks, large=True)


def _of_simple(networks: Sequence[Network], ways: Sequence[Unrolled], units: np.ndarray, step: int, row: int) -> list[Panel]:
    """The products x · W and every h · u of one unit at one step, then their sum, the bias, the activation."""
    unit, before = int(units[row]), np.stack([way.states[0, step] for way in ways])
    own = np.stack([way.x[0, step, :1] for way in ways])
    coming = np.concatenate([own, before[:, units]], axis=1)[:, :, None, None]
    weights = np.stack([np.append(each.cell.kernel[0, unit], each.cell.recurrent[units, unit]) for each in networks])[:, :, None, None]
    names = [f"x{_low(step + 1)}", *(f"h{_low(each + 1)}" for each in units)]
    parts = [Part(tr("unrolled.coming"), coming), Part(tr("zoom.weights"), weights, "×")]
    count = networks[0].cell.recurrent.shape[0]
    title = "unrolled.sum" if len(units) == count else "unrolled.sum.some"
    titles = Titles(tr(title, number=unit + 1, step=step + 1, shown=len(units), units=count), tr("unrolled.sum.alt"))
    products = panels.channels_panel(titles, names, parts, Part(tr("zoom.sum"), coming * weights, "="))
    part = lambda name: np.array([way.parts[name][0, step, unit] for way in ways])  # noqa: E731
    bias = np.array([each.cell.bias[unit] for each in networks])
    after = np.array([way.states[0, step + 1, unit] for way in ways])
    steps = np.stack([part("from_input") + part("from_state"), bias, part("sum"), after], axis=1)
    activation = tr(f"choice.{networks[0].cell.activation}")
    told = ["x·W + h·U", tr("zoom.bias"), "z", tr("zoom.output", activation=activation)]
    return [products, panels.steps_panel(Titles(tr("zoom.steps"), tr("zoom.steps.alt")), told, steps)]


def _of_gates(networks: Sequence[Network], ways: Sequence[Unrolled], units: np.ndarray, step: int, row: int) -> list[Panel]:
    """The gates and the candidate of every unit at one step, its state before and after."""
    columns = {"h₋₁": [way.states[0, step] for way in ways]}
    columns |= {tr(f"unrolled.{name}"): [way.parts[name][0, step] for way in ways] for name in networks[0].cell.blocks}
    if ways[0].memory is not None:
        columns["c"] = [way.memory[0, step + 1] for way in ways]
    columns["h"] = [way.states[0, step + 1] for way in ways]
    parts = [Part(name, np.stack(values)[:, None, units, None]) for name, values in columns.items()]
    names = [tr("unrolled.unit", number=unit + 1) for unit in units]
    titles = Titles(tr("unrolled.gates", step=step + 1), tr("unrolled.gates.alt"))
    return [panels.classes_panel(titles, names, parts, UNIT, row, None)]


def _answer(hand: AtHand, networks: Sequence[Network], last: np.ndarray, place: int) -> Panel:
    """What the last states, (moments, units), are worth together: the answer, in the network's numbers and in those of the series."""
    sums = np.array([state @ each.readout.kernel[:, 0] for state, each in zip(last, networks, strict=True)])
    bias = np.array([each.readout.bias[0] for each in networks])
    said = sums + bias
    truth = np.full(len(said), float(hand.series.values[place]))
    values = np.stack([sums, bias, said, hand.scale.restored(said), truth], axis=1)
    names = [tr("unrolled.all"), tr("zoom.bias"), tr("unrolled.said"), tr("unrolled.in_unit"), tr("unrolled.truth")]
    return panels.steps_panel(Titles(tr("unrolled.answer"), tr("unrolled.answer.alt")), names, values)


def _low(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
