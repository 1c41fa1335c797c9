"""The cells that learn the same task side by side."""

from collections.abc import Sequence

from ann_core.data.recall import TASKS
from ann_core.exhibits import RaceExhibit
from ann_core.maths.networks.cells import parameters
from ann_core.spec import bounds
from ann_core.specs import RecallSpec

KINDS = {"lstm": {"cell": "lstm"}, "usual_lstm": {"cell": "lstm", "start": "usual"}, "gru": {"cell": "gru"}, "simple": {"cell": "simple"}}
"""What each racer changes in the learner's settings."""


def racers(spec: RecallSpec, race: RaceExhibit) -> dict[str, RecallSpec]:
    """The spec of every racer, by name; two that are the same run once."""
    made = {name: racer(spec, name, race.alike) for name in KINDS if name in race.racers}
    return {name: each for place, (name, each) in enumerate(made.items()) if each not in list(made.values())[:place]}


def racer(spec: RecallSpec, name: str, alike: str = "units") -> RecallSpec:
    """The learner's settings for one of the racers: with as many units as theirs, or about as many parameters as an LSTM of theirs."""
    changed = spec.changed(**KINDS[name])
    return changed.changed(units=fair_units(changed)) if alike == "parameters" else changed


def fair_units(spec: RecallSpec) -> int:
    """How many units make a cell about as large as an LSTM with the units of this spec."""
    inputs, limits = TASKS[spec.task].inputs, bounds(RecallSpec, "units")
    wanted = parameters("lstm", inputs, spec.units)
    return min(range(limits.low, limits.high + 1), key=lambda units: abs(parameters(spec.cell, inputs, units) - wanted))


def cell_parameters(spec: RecallSpec) -> int:
    """How many numbers the cell of a spec has to learn; without its input gate, a quarter less."""
    count = parameters(spec.cell, TASKS[spec.task].inputs, spec.units)
    return count if spec.input_gate else count * 3 // 4


def names_of(shown: Sequence[str]) -> tuple[str, ...]:
    """These racers, in the order in which they are always drawn."""
    return tuple(name for name in KINDS if name in shown)
