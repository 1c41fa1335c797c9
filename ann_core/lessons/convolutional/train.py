"""Train it: the training beside its settings."""

from ann_core.catalogue import Lesson
from ann_core.lessons.convolutional import beside
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.figures.images import class_names
from ann_core.ui.page import frame
from ann_core.ui.workbench import workbench
from ann_core.ui.workbench.workbench import Views

GROUPS = {
    "data": ("dataset", "training_images", "scale_pixels"),
    "network": ("filters", "kernel_size", "activation", "pooling", "dense_units"),
    "learning": ("optimiser", "learning_rate", "momentum", "batch_size", "epochs"),
    "more": ("dropout", "batch_norm", "shuffled_pixels", "seed"),
}


def draw(lesson: Lesson) -> None:
    frame.section("convolutional", "train")
    workbench.with_images(lesson, "convolutional", GROUPS, VIEWS)


VIEWS = Views(draw_curves, beside.examine, class_names, beside.side_by_side)
