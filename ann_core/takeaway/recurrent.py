"""A run on a series as the cells of a notebook."""

import inspect
from collections.abc import Callable

from ann_core.data import recurrent
from ann_core.data.recurrent import Series
from ann_core.specs import RecurrentSpec
from ann_core.takeaway.cells import Cells, compiled, fitted, sequential
from ann_core.training.examples import OwnData
from ann_core.training.examples.recurrent import series_of
from ann_core.training.records import Run


def cells(run: Run, own: OwnData) -> Cells:
    """The series, the network that continues it, its training."""
    return Cells(_series(run, own), f"{sequential(run.spec)}\n{compiled(run.spec)}", fitted(run.spec, run.epochs), "vega_datasets")


def _series(run: Run, own: Series | None) -> str:
    spec, count = run.spec, run.data.training
    lines = ["from collections.abc import Callable", "", "import keras", "import numpy as np", ""]
    if spec.series == "own":
        lines.append(f"values = np.array({series_of(spec, own).values.tolist()}, np.float32)")
    elif spec.series == "seattle":
        lines += ["from vega_datasets import data", "", 'values = data.seattle_weather()["temp_max"].to_numpy(np.float32)']
    else:
        lines.append(_made(spec))
    if spec.normalise:
        lines += ["", f"seen = values[:{count + spec.window}]", "values = (values - seen.mean()) / (seen.std() or np.float32(1))"]
    lines += ["", inspect.getsource(recurrent.windows), "", f"x, y = windows(values, {spec.window})"]
    if spec.shuffled_order:
        lines.append(f"x = np.random.default_rng([{spec.seed}, 3]).permuted(x, axis=1)")
    lines.append(f"x_train, y_train, x_test, y_test = x[:{count}], y[:{count}], x[{count}:], y[{count}:]")
    return "\n".join(lines)


def _made(spec: RecurrentSpec) -> str:
    """A generated series, from the source of the very function that made it."""
    made = recurrent.GENERATED[spec.series]
    random = f"np.random.default_rng([{spec.seed}, 4])"
    times = f"np.linspace(0, {spec.span!r}, {spec.length})"
    return f"{_source(made)}\n\nvalues = {made.__name__}({times}, {spec.noise!r}, {random}).astype(np.float32)"


def _source(function: Callable) -> str:
    """A function with the functions that it calls and the whole numbers that they name."""
    needed, functions, numbers = [function], {}, {}
    while needed:
        function = needed.pop()
        functions[function.__name__] = inspect.getsource(function)
        used = inspect.getclosurevars(function).globals
        needed += [value for name, value in used.items() if inspect.isfunction(value) and name not in functions]
        numbers |= {name: value for name, value in used.items() if isinstance(value, int)}
    return "\n".join(f"{name} = {value}" for name, value in numbers.items()) + "\n\n\n" + "\n\n".join(functions.values())
