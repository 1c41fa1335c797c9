"""One LSTM unit, step by step: every sum, every gate, and all of it to be edited and held."""

from typing import NamedTuple

import numpy as np

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.lstm import sums_panel
from ann_core.charts.sequences.recurrent import steps_panel
from ann_core.exhibits.sequences import MOST_GATE_STEPS, GatesExhibit
from ann_core.maths.networks.cells import LstmCell
from ann_core.maths.networks.recurrent import Unrolled, unroll
from ann_core.ui import turns
from ann_core.ui.figures.film import words
from ann_core.ui.inputs import controls, grid
from ann_core.ui.inputs.grid import Table
from ann_core.ui.language import signed, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench.hand import in_hand

EXHIBIT = "gates"
MOST = 20.0
INPUTS = ("x₁", "x₂")
GATES = ("input", "forget", "candidate", "output")
HOLDS = {"forget_gate": "forget", "input_gate_held": "input", "output_gate": "output"}
HELD_AT = {"free": np.nan, "shut": 0.0, "open": 1.0}
TABLES = ("sequence", "gate_weights")
PACE = 0.8


class Unit(NamedTuple):
    """The unit that the learner has made, and its way through the sequence."""

    cell: LstmCell
    way: Unrolled

    @property
    def x(self) -> np.ndarray:
        return self.way.x[0]

    def part(self, name: str) -> np.ndarray:
        """A part at every step: (steps, 1)."""
        return self.way.parts[name][0]

    @property
    def memory(self) -> np.ndarray:
        return self.way.memory[0]

    @property
    def states(self) -> np.ndarray:
        return self.way.states[0]


def draw(lesson: Lesson) -> None:
    frame.section("lstm", "inside")
    turns.fragment(in_hand)(lesson, EXHIBIT, _settings, film_of)


def _settings() -> None:
    controls.controls(EXHIBIT, ("steps", *HOLDS))
    grid.one_of(EXHIBIT, TABLES, _table, MOST)


def _table(spec: GatesExhibit, name: str) -> Table:
    of_sequence = name == "sequence"
    rows = [str(step + 1) for step in range(spec.steps)] if of_sequence else [*INPUTS, "h", "b"]
    columns = INPUTS if of_sequence else [tr(f"gate.{gate}") for gate in GATES]
    return Table(f"gates_{name}_{len(rows)}", _whole(spec, name), rows, columns, lying=of_sequence)


def _whole(spec: GatesExhibit, name: str) -> np.ndarray:
    """A table with all its rows and columns."""
    return np.array(getattr(spec, name)).reshape((MOST_GATE_STEPS, 2) if name == "sequence" else (4, 4))


def unit_of(spec: GatesExhibit) -> Unit:
    """The unit of these settings, and its way through their sequence."""
    weights = _whole(spec, "gate_weights")
    cell = LstmCell(weights[:2], weights[2:3], weights[3], "tanh")
    held = {gate: np.full((spec.steps, 1), HELD_AT[getattr(spec, name)]) for name, gate in HOLDS.items() if getattr(spec, name) != "free"}
    return Unit(cell, unroll(cell, _whole(spec, "sequence")[None, : spec.steps], held))


def film_of(spec: GatesExhibit) -> bytes:
    """The sums of the gates at every step, then what they do to the memory; all quantities over time."""
    made = unit_of(spec)
    before, after = made.memory[:-1], made.memory[1:]
    heads = [tr(f"gate.{gate}") for gate in GATES]
    shown = [
        sums_panel(Titles(tr("gates.sums"), tr("gates.sums.alt")), heads, _sums(made)),
        sums_panel(Titles(tr("gates.memory"), tr("gates.memory.alt")), [""], _memory(made, before, after)),
        steps_panel(
            Titles(tr("gates.bands"), tr("gates.bands.alt")),
            [
                (INPUTS, made.x),
                (("f", "i", "o"), np.concatenate([made.part(gate) for gate in ("forget", "input", "output")], axis=1)),
                (("k", "c", "h"), np.concatenate([made.part("candidate"), after, made.states[1:]], axis=1)),
            ],
        ),
    ]
    captions = [_caption(made, before, after, step) for step in range(spec.steps)]
    return packed(shown, captions, words(), "gates", play=False, pace=PACE, begin=0)


def _sums(made: Unit) -> list[tuple[str, np.ndarray]]:
    """For every gate: the products, their sum, and what is made of it."""
    gates = np.concatenate([made.part(gate) for gate in GATES], axis=1)
    sums = np.concatenate([made.part(f"{gate}_sum") for gate in GATES], axis=1)
    return [
        ("x₁·w", made.x[:, :1] * made.cell.kernel[:1]),
        ("x₂·w", made.x[:, 1:] * made.cell.kernel[1:]),
        ("h·w", made.states[:-1] * made.cell.recurrent),
        ("b", made.cell.bias[None]),
        (tr("cell.sum"), sums),
        ("σ, tanh", gates),
    ]


def _memory(made: Unit, before: np.ndarray, after: np.ndarray) -> list[tuple[str, np.ndarray]]:
    forget, entered, candidate, output = (made.part(gate) for gate in ("forget", "input", "candidate", "output"))
    return [
        ("c", before),
        ("f · c", forget * before),
        ("i · k", entered * candidate),
        ("c ←", after),
        ("tanh(c)", made.part("squashed")),
        ("h = o · tanh(c)", output * made.part("squashed")),
    ]


def _caption(made: Unit, before: np.ndarray, after: np.ndarray, step: int) -> str:
    names = {"f": "forget", "i": "input", "k": "candidate", "o": "output"}
    values = {short: signed(made.part(name)[step, 0]) for short, name in names.items()}
    values |= {"before": signed(before[step, 0]), "after": signed(after[step, 0]), "h": signed(made.states[step + 1, 0])}
    return tr("gates.step", step=step + 1, **values)
