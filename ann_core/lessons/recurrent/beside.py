"""What comparison and doctor need of a recurrent network: two runs in one film, and the states of its units."""

from ann_core.charts.film import Panel
from ann_core.coaching.diagnoses.supervised import MOST_EXAMPLES, Case, Hidden
from ann_core.lessons.recurrent import picture
from ann_core.lessons.recurrent.at_hand import at_hand, network_of
from ann_core.lessons.recurrent.over_time.strips import close_by
from ann_core.maths.networks.recurrent import unroll
from ann_core.training.records import Checkpoint, Run
from ann_core.ui.workbench.compare import film_of_two


def examine(run: Run) -> Case:
    """The states in which the windows held out leave the cell; of cells with gates none is shown, for theirs are meant to be at an end."""
    hand = at_hand(run.spec)
    x, y = hand.windows
    held_out = slice(hand.training if run.spec.held_out else 0, None)
    hidden = ()
    if run.spec.cell == "simple":
        states = unroll(network_of(run).cell, x[held_out][:MOST_EXAMPLES].astype(float)).states[:, -1]
        hidden = (Hidden(run.spec.activation, states),)
    return Case(run, hidden, y[held_out], 0)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """The forecasts of two runs at the same moments, around the place where what is held out begins."""
    hands = {name: at_hand(run.spec) for name, run in zip(names, (first, second), strict=True)}

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        hand = hands[name]
        return picture.panel(hand, checkpoints, name, *close_by(hand))

    film_of_two(first, second, names, key, panel)
