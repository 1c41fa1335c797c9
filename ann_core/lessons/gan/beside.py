"""What the doctor looks at in a game, and two games side by side."""

from ann_core.charts.film import Panel
from ann_core.coaching.diagnoses.gan import GameCase
from ann_core.lessons.gan import picture
from ann_core.probing.gan_parts import parts_of
from ann_core.training.records import Checkpoint, Run
from ann_core.ui.workbench.compare import film_of_two


def examine(run: Run) -> GameCase:
    """The run of a game, and the parts of what it imitates."""
    real = picture.real_points(run.spec)
    return GameCase(run, parts_of(run.spec, real), real)


def part_names(run: Run) -> list[str]:
    """The parts of a target by number."""
    return [str(number + 1) for number in range(parts_of(run.spec, picture.real_points(run.spec)).count)]


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """Both stages at the same moments."""
    runs = dict(zip(names, (first, second), strict=True))

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        return picture.panel(runs[name].spec, checkpoints, name)

    film_of_two(first, second, names, key, panel)
