"""The game on digits: its settings, and the sheet that is drawn anew as it learns."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel
from ann_core.coaching.diagnoses.gan import GameCase
from ann_core.data.images import CLASSES
from ann_core.lessons.gan import train as plane
from ann_core.lessons.gan.digits import sheet
from ann_core.probing.gan import whole
from ann_core.probing.gan_parts import digits
from ann_core.specs import GanDigitsSpec
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.compare import film_of_two
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.stage import Settings
from ann_core.ui.workbench.workbench import Views

EXPERIMENT = "gan_digits"
SETTINGS = Settings(("loss", "generator_rate", "discriminator_rate", "epochs"), plane.GROUPS)


def draw(lesson: Lesson) -> None:
    frame.section("gan", "digits")
    workbench.experiment(lesson, EXPERIMENT, VIEWS, SETTINGS)


def played() -> Run | None:
    """The run at hand, where it has been played and is all finite numbers."""
    run = session.bench(EXPERIMENT).run
    return run if run is not None and run.epochs and whole(run.final) else None


def _film(spec: GanDigitsSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    return sheet.film_of(spec, checkpoints, rows, name, play)


def examine(run: Run) -> GameCase:
    """The run of a game on digits; the parts of its target are the ten digits."""
    parts = digits()
    return GameCase(run, parts, parts.places)


def side_by_side(first: Run, second: Run, names: tuple[str, str], key: str) -> None:
    """Both sheets at the same moments."""

    def panel(name: str, checkpoints: tuple[Checkpoint, ...]) -> Panel:
        return sheet.panel(checkpoints, name)

    film_of_two(first, second, names, key, panel)


REEL = Reel(EXPERIMENT, _film, plane.STARTS, beneath=partial(plane.beneath, how="sheet.how"), kept=whole)
VIEWS = Views(
    REEL.draw, examine, lambda run: [str(digit) for digit in range(CLASSES)], side_by_side, partial(plane.preview, REEL, "sheet.how")
)
