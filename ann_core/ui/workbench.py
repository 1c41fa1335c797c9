"""An experiment on the screen: training panel, doctor, pins. What is special to a lesson, it hands over as functions."""

from dataclasses import dataclass

from ann_core.ui import compare as comparison
from ann_core.ui import doctor, panel
from ann_core.ui.compare import SideBySide
from ann_core.ui.doctor import ClassNames, Examine
from ann_core.ui.panel import DrawPart, Preview


@dataclass(frozen=True)
class Views:
    """What is special to an experiment.

    How a training is drawn, and what is seen before one; what the doctor looks at, and what the classes are called;
    how two runs are shown side by side.
    """

    draw: DrawPart
    examine: Examine
    class_names: ClassNames
    side_by_side: SideBySide
    preview: Preview = lambda: None


def train(experiment: str, views: Views) -> None:
    """The panel with its figures, and the doctor's finding beneath them."""
    panel.panel(experiment, views.draw, views.preview)
    doctor.doctor(experiment, views.examine, views.class_names)


def compare(experiment: str, views: Views) -> None:
    """The run beside those that are pinned. Not within the settings' fragment: moving a slider changes nothing here."""
    comparison.compare(experiment, views.side_by_side)
