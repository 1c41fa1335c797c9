"""Break it: the start of the gates, the input gate, and a simple cell with ten times the units."""

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.lstm import learning_panel
from ann_core.lessons.lstm.asked import written
from ann_core.lessons.lstm.probe import EXAMPLES
from ann_core.probing import recall
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import guess
from ann_core.ui.workbench.compare import film_of_two


def draw() -> None:
    frame.section("lstm", "break_it")
    guess.break_it("recall", lambda: session.bench("recall").spec.changed(cell="lstm"), side_by_side)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """What two networks remember of the same sequence, at the same moments of their training."""
    runs = dict(zip(names, (first, second), strict=True))

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        return learning_panel(Titles(name, tr("look.learning.alt")), remembered(runs[name], checkpoints))

    film_of_two(first, second, names, key, panel)


def remembered(run: Run, checkpoints: tuple[Checkpoint, ...]) -> np.ndarray:
    """The memory at every step of the example, after each of these epochs: (checkpoints, steps, units); of a simple cell its state."""
    x, _ = written(run.spec, EXAMPLES[run.spec.task])
    found = [recall.way(recall.network_of(run, checkpoint), x[None]).unrolled for checkpoint in checkpoints]
    return np.stack([(each.states if each.memory is None else each.memory)[0, 1:] for each in found])
