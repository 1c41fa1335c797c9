"""The code that ran, and what to take home."""

from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel
from ann_core.ui.workbench import takeaway

CODE = {
    "maths/networks/convolution.py": ("output_size", "patches", "convolve", "pool", "Convolution.forward", "forward", "receptive_field"),
    "maths/networks/saliency.py": ("input_slope", "occlusion"),
    "data/drawing.py": ("stages",),
    "models/convolutional.py": ("PooledConvolution.call", "_slid", "_by_winograd", "Convolution.convolution_op", "build"),
    "maths/networks/winograd.py": ("transforms", "on_squares"),
    "training/loop.py": ("Loop._advance", "Loop._train_step"),
    "probing/images.py": ("invariance", "predictions"),
}


def draw() -> None:
    frame.section("convolutional", "take_home")
    code_panel(CODE)
    takeaway.take_home("convolutional")
