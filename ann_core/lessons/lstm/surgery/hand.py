"""What a learner does with the picture of the gates: rectangles are dragged over it, turned round, taken back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ann_core.charts.sequences.lstm import Cells
from ann_core.exhibits import OperationExhibit
from ann_core.exhibits.sequences import MOST_HOLDS, Hold
from ann_core.lessons.lstm.inside import HOLDS
from ann_core.ui import session
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr

EXHIBIT = "operation"
OTHER = {"open": "shut", "shut": "open"}


@dataclass
class Hand:
    """What becomes of the cells of the next rectangle, where none has been drawn yet: others follow the last one."""

    at: str = "shut"


def hand() -> Hand:
    return session.kept("_lstm_hand", Hand)


def frames_of(holds: Sequence[Hold]) -> dict[str, list[Cells]]:
    """What is held, to be framed in the picture of each gate."""
    return {
        gate: [Cells(hold.first - 1, hold.last, hold.top - 1, hold.foot) for hold in holds if hold.gate == gate] for gate in HOLDS.values()
    }


def is_free(operation: OperationExhibit) -> bool:
    """Whether another rectangle can be drawn."""
    return len(operation.holds) < MOST_HOLDS


def offered(operation: OperationExhibit) -> dict[str, str]:
    """What can be done with what is held, by the name that the browser says."""
    names = [f"hold_{OTHER[_kind(operation)]}"]
    if operation.holds:
        names.append("undo_hold")
    if operation.holds or _by_sliders(operation):
        names.append("let_go")
    return {f"do.{name}": tr(f"do.{name}") for name in names}


def take(picked: Mapping[str, Any] | None) -> None:
    """A rectangle was dragged, or one of the things that are offered was done. What no browser of ours says changes nothing."""
    operation = session.bench(EXHIBIT).spec
    with suppress(ValueError, TypeError, KeyError):
        if not picked:
            return
        if "span" in picked:
            _put(with_span(operation, picked["pick"], picked["span"], _kind(operation)))
        elif "do" in picked:
            _do(operation, picked["do"])


def with_span(operation: OperationExhibit, gate: str, span: Sequence[Sequence[int]], at: str) -> OperationExhibit:
    """An operation that also holds the cells between two corners, (row, column) each, counted from 0.

    Raises `ValueError` where there are no such cells, and where as much is held as may be.
    """
    (row, column), (other_row, other_column) = ((int(place) + 1 for place in corner) for corner in span)
    (top, foot), (first, last) = sorted((row, other_row)), sorted((column, other_column))
    hold = Hold(gate=gate, first=first, last=last, top=top, foot=foot, at=at)
    return operation.changed(holds=(*operation.holds, hold))


def _do(operation: OperationExhibit, deed: str) -> None:
    before = operation.holds[:-1]
    if deed in ("hold_open", "hold_shut"):
        hand().at = deed.removeprefix("hold_")
        if operation.holds:
            _put(operation.changed(holds=(*before, operation.holds[-1].model_copy(update={"at": hand().at}))))
    elif deed == "undo_hold":
        _put(operation.changed(holds=before))
    elif deed == "let_go":
        _put(operation.changed(holds=(), **dict.fromkeys(HOLDS, "free")))


def _kind(operation: OperationExhibit) -> str:
    return operation.holds[-1].at if operation.holds else hand().at


def _by_sliders(operation: OperationExhibit) -> bool:
    return any(getattr(operation, name) != "free" for name in HOLDS)


def _put(operation: OperationExhibit) -> None:
    controls.fill(operation)
