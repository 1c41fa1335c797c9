"""A run on images as the cells of a notebook."""

import inspect

from ann_core.data import images
from ann_core.takeaway.cells import Cells, compiled, fitted, sequential
from ann_core.training.examples import OwnData
from ann_core.training.records import Run

FILES = {
    "folder": """import os
from pathlib import Path

with np.load(Path(os.environ["ANN_DATA_DIR"]) / "{name}.npz") as data:
    x_train, y_train, x_test, y_test = (data[key] for key in ("x_train", "y_train", "x_test", "y_test"))""",
    "download": "(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()",
}


def cells(run: Run, own: OwnData) -> Cells:
    """The images, the network for them, its training."""
    return Cells(_images(run), f"{sequential(run.spec)}\n{compiled(run.spec)}", fitted(run.spec, run.epochs))


def _images(run: Run) -> str:
    load = _digits() if run.data.source == "package" else FILES[run.data.source].format(name=run.data.name)
    lines = ["import keras", "import numpy as np", "", load, ""]
    lines.append(f"x_train, y_train = x_train[:{run.data.training}], y_train[:{run.data.training}]")
    if run.spec.shuffled_pixels:
        lines.append(f"order = np.random.default_rng([{run.spec.seed}, 2]).permutation({images.SIDE**2})")
        lines.append("x_train, x_test = (x.reshape(len(x), -1)[:, order].reshape(x.shape) for x in (x_train, x_test))")
    if getattr(run.spec, "shuffled_labels", False):
        lines.append(f"y_train = np.random.default_rng([{run.spec.seed}, 1]).permutation(y_train)")
    if run.spec.scale_pixels:
        lines.append("x_train, x_test = x_train / np.float32(255), x_test / np.float32(255)")
    return "\n".join(lines)


def _digits() -> str:
    constants = ("SIDE", "DIGITS_TRAINING", "DIGITS_SIDE", "DIGITS_WHITE", "DIGITS_BOX")
    values = "\n".join(f"{name} = {getattr(images, name)}" for name in constants)
    return f"""from sklearn.datasets import load_digits

{values}


{inspect.getsource(images.digits_order)}

{inspect.getsource(images.enlarged)}

digits = load_digits()
order = digits_order(len(digits.data))
x, y = enlarged(digits.data[order]), digits.target[order].astype(np.uint8)
x_train, y_train = x[:DIGITS_TRAINING], y[:DIGITS_TRAINING]
x_test, y_test = x[DIGITS_TRAINING:], y[DIGITS_TRAINING:]"""
