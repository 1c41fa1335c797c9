"""What the doctor looks at in a network of attention, and two of them side by side."""

from ann_core.charts.film import Panel
from ann_core.coaching.diagnoses.supervised import Case
from ann_core.lessons.attention import picture
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.records import Checkpoint, Run
from ann_core.ui.workbench.compare import film_of_two


def examine(run: Run) -> Case:
    """The symbols that are asked for; of its layers none is shown."""
    return Case(run, (), rewritten_of(run.spec)[1].y.ravel(), run.spec.classes)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """The attention maps of two runs at the same moments."""
    runs = dict(zip(names, (first, second), strict=True))

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        return picture.panel(runs[name].spec, checkpoints, name)

    film_of_two(first, second, names, key, panel)
