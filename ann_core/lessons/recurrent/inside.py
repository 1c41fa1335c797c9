"""One cell, step by step through a sequence: every product, every sum, and all of it to be edited."""

from typing import NamedTuple

import numpy as np

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences import recurrent as panels
from ann_core.exhibits.sequences import MOST_INPUTS, MOST_STEPS, MOST_UNITS, CellExhibit
from ann_core.maths.networks.cells import SimpleCell
from ann_core.maths.networks.recurrent import Unrolled, unroll
from ann_core.ui import turns
from ann_core.ui.figures.film import words
from ann_core.ui.inputs import controls, grid
from ann_core.ui.inputs.grid import Table
from ann_core.ui.language import signed, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench.hand import in_hand

EXHIBIT = "cell"
MOST = 5.0
TABLES = ("sequence", "from_input", "from_state", "cell_bias")
PACE = 1.0
SUBSCRIPTS = "₁₂₃₄₅₆₇₈"


class Cell(NamedTuple):
    """The cell that the learner has made, and its way through the sequence, without the batch's axis."""

    cell: SimpleCell
    way: Unrolled

    @property
    def x(self) -> np.ndarray:
        return self.way.x[0]

    @property
    def states(self) -> np.ndarray:
        return self.way.states[0]

    def part(self, name: str) -> np.ndarray:
        return self.way.parts[name][0]


def draw(lesson: Lesson) -> None:
    frame.section("recurrent", "inside")
    turns.fragment(in_hand)(lesson, EXHIBIT, _settings, film_of)


def _settings() -> None:
    """Sliders for how many there are of everything, and the tables of numbers, one at a time."""
    controls.controls(EXHIBIT, ("inputs", "units", "steps", "activation"))
    grid.one_of(EXHIBIT, TABLES, _table, MOST)


def _table(spec: CellExhibit, name: str) -> Table:
    inputs, units, steps = _named("x", spec.inputs), _named("h", spec.units), [str(step + 1) for step in range(spec.steps)]
    used = {"sequence": (steps, inputs), "from_input": (inputs, units), "from_state": (units, units), "cell_bias": (["b"], units)}
    rows, columns = used[name]
    return Table(f"cell_{name}_{len(rows)}_{len(columns)}", _whole(spec, name), rows, columns, lying=name == "sequence")


def _named(letter: str, count: int) -> list[str]:
    return [f"{letter}{SUBSCRIPTS[number]}" for number in range(count)]


def _whole(spec: CellExhibit, name: str) -> np.ndarray:
    """A table with all its rows and columns."""
    shape = {"sequence": (MOST_STEPS, MOST_INPUTS), "from_input": (MOST_INPUTS, MOST_UNITS), "from_state": (MOST_UNITS, MOST_UNITS)}
    return np.array(getattr(spec, name)).reshape(shape.get(name, (1, MOST_UNITS)))


def cell_of(spec: CellExhibit) -> Cell:
    """The cell of these settings, and its way through their sequence."""
    tables = {name: _whole(spec, name) for name in TABLES}
    inputs, units = spec.inputs, spec.units
    cell = SimpleCell(
        tables["from_input"][:inputs, :units], tables["from_state"][:units, :units], tables["cell_bias"][0, :units], spec.activation
    )
    return Cell(cell, unroll(cell, tables["sequence"][None, : spec.steps, :inputs]))


def film_of(spec: CellExhibit) -> bytes:
    """The arithmetic of every step, one moment a step; the states of all steps, and their path."""
    made = cell_of(spec)
    before, after = made.states[:-1], made.states[1:]
    names = tr("cell.products"), tr("cell.sum")
    shown: list[Panel] = [
        panels.product_panel(
            Titles(tr("cell.from_input"), tr("cell.from_input.alt")), made.x, made.cell.kernel, ("x", "W", names[0]), names[1]
        ),
        panels.product_panel(
            Titles(tr("cell.from_state"), tr("cell.from_state.alt")), before, made.cell.recurrent, ("h", "U", names[0]), names[1]
        ),
        panels.rows_panel(Titles(tr("cell.together"), tr("cell.together.alt")), _rows(spec, made)),
    ]
    if spec.units > 1:
        path = np.concatenate([made.states[:1, :2], after[:, :2]])
        shown.append(panels.path_panel(Titles(tr("cell.path"), tr("cell.path.alt")), path, ("h₁", "h₂")))
    shown.append(
        panels.steps_panel(
            Titles(tr("cell.states"), tr("cell.states.alt")), [(_named("x", spec.inputs), made.x), (_named("h", spec.units), after)]
        )
    )
    captions = [_caption(spec, made, step) for step in range(spec.steps)]
    return packed(shown, captions, words(), "cell", play=False, pace=PACE, begin=0)


def _rows(spec: CellExhibit, made: Cell) -> list[tuple[str, np.ndarray]]:
    return [
        ("x·W", made.part("from_input")),
        ("+ h·U", made.part("from_state")),
        ("+ b", made.cell.bias[None]),
        ("= z", made.part("sum")),
        (f"h = {'z' if spec.activation == 'linear' else f'{spec.activation}(z)'}", made.states[1:]),
    ]


def _caption(spec: CellExhibit, made: Cell, step: int) -> str:
    """The first unit's sum in numbers."""
    values = {
        "x": made.part("from_input")[step, 0],
        "h": made.part("from_state")[step, 0],
        "b": made.cell.bias[0],
        "z": made.part("sum")[step, 0],
        "a": made.states[step + 1, 0],
    }
    return tr("cell.step", step=step + 1, function=spec.activation, **{name: signed(value) for name, value in values.items()})
