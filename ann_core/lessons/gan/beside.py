"""Two games side by side."""

from ann_core.charts.film import Panel
from ann_core.lessons.gan import picture
from ann_core.training.records import Checkpoint, Run
from ann_core.ui.compare import film_of_two


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """Both stages at the same moments."""
    runs = dict(zip(names, (first, second), strict=True))

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        return picture.panel(runs[name].spec, checkpoints, name)

    film_of_two(first, second, names, key, panel)
