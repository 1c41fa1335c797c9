"""An experiment on the screen: training panel, doctor, pins. What a lesson's own part is, it hands over as functions."""

from dataclasses import dataclass

from ann_core.ui import compare, doctor, panel
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


def workbench(experiment: str, views: Views) -> None:
    """Train, and learn from it: the panel with its figures, the doctor's finding, the comparison with what is pinned."""
    panel.panel(experiment, views.draw, views.preview)
    doctor.doctor(experiment, views.examine, views.class_names)
    compare.compare(experiment, views.side_by_side)
