"""A run on points as the cells of a notebook."""

import inspect

from ann_core.data import points
from ann_core.maths.inputs import features
from ann_core.takeaway.cells import Cells, compiled, fitted, sequential
from ann_core.training.examples import OwnData
from ann_core.training.examples.points import points_of
from ann_core.training.records import Run


def cells(run: Run, own: OwnData) -> Cells:
    """The points, the network for them, its training."""
    return Cells(_data(run, own), f"{sequential(run.spec)}\n{compiled(run.spec)}", fitted(run.spec, run.epochs))


def _data(run: Run, own: OwnData) -> str:
    spec, count = run.spec, run.data.training
    if spec.dataset == "own":
        x, y = points_of(spec, own)
        drawn = f"x = np.array({x.tolist()}, np.float32)\ny = np.array({y.tolist()}, np.{y.dtype})"
    else:
        drawn = f"{inspect.getsource(points)}\n\nx, y = points({spec.dataset!r}, {spec.points}, {spec.noise!r}, {spec.drawn_by})"
        if spec.rare < 1:
            drawn += f"\nx, y = rarer(Points(x, y), {spec.rare!r}, {spec.drawn_by})"
    lines = ["import keras", "import numpy as np", "", drawn, "", inspect.getsource(features), ""]
    lines.append(f"inputs = features(x, {list(spec.features)!r})")
    lines.append(f"x_train, y_train, x_test, y_test = inputs[:{count}], y[:{count}], inputs[{count}:], y[{count}:]")
    if spec.balance:
        own_source = [inspect.getsource(points.balanced)] if spec.dataset == "own" else []
        lines += ["", *own_source, "repeated = balanced(y_train)", "x_train, y_train = x_train[repeated], y_train[repeated]"]
    if spec.classes > 2 and spec.loss == "squared_error":
        lines.append(f"y_train, y_test = (np.eye({spec.classes}, dtype=np.float32)[part] for part in (y_train, y_test))")
    return "\n".join(lines)
