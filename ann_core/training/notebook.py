"""A run as a notebook: the same network in plain Keras, the same data, the same order of examples."""

import inspect
import json
from collections.abc import Mapping

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ann_core.data import images
from ann_core.specs import FeedForwardSpec
from ann_core.training.records import Run

TOLERANCE = 1e-3
OPTIMISERS = {
    "sgd": "keras.optimizers.SGD({learning_rate!r})",
    "momentum": "keras.optimizers.SGD({learning_rate!r}, momentum={momentum!r})",
    "rmsprop": "keras.optimizers.RMSprop({learning_rate!r})",
    "adam": "keras.optimizers.Adam({learning_rate!r})",
}
FILES = {
    "folder": """import os
from pathlib import Path

with np.load(Path(os.environ["ANN_DATA_DIR"]) / "{name}.npz") as data:
    x_train, y_train, x_test, y_test = (data[key] for key in ("x_train", "y_train", "x_test", "y_test"))""",
    "download": "(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()",
}


def notebook(run: Run, words: Mapping[str, str]) -> str:
    """The notebook of a run, as the text of an .ipynb file.

    `words` are the headings in the learner's language: title, data, model, training, check.
    """
    spec = run.spec
    cells = [
        new_markdown_cell(f"# {words['title']}\n\n`pip install tensorflow keras numpy scikit-learn`"),
        new_markdown_cell(f"## {words['data']}"),
        new_code_cell(_data(run)),
        new_markdown_cell(f"## {words['model']}"),
        new_code_cell(_model(spec)),
        new_markdown_cell(f"## {words['training']}"),
        new_code_cell(_training(spec, run.epochs)),
        new_markdown_cell(f"## {words['check']}"),
        new_code_cell(_check(run)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(new_notebook(cells=cells, metadata=kernel))


def _data(run: Run) -> str:
    spec = run.spec
    load = _digits() if run.data.source == "package" else FILES[run.data.source].format(name=run.data.name)
    lines = ["import keras", "import numpy as np", "", load, ""]
    lines.append(f"x_train, y_train = x_train[:{run.data.training}], y_train[:{run.data.training}]")
    if spec.scale_pixels:
        lines.append("x_train, x_test = x_train / np.float32(255), x_test / np.float32(255)")
    return "\n".join(lines)


def _digits() -> str:
    constants = ("SIDE", "DIGITS_TRAINING", "DIGITS_SIDE", "DIGITS_WHITE", "DIGITS_BOX")
    values = "\n".join(f"{name} = {getattr(images, name)}" for name in constants)
    return f"""from sklearn.datasets import load_digits

{values}


{inspect.getsource(images._enlarged)}

digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.data))
x, y = _enlarged(digits.data[order]), digits.target[order].astype(np.uint8)
x_train, y_train = x[:DIGITS_TRAINING], y[:DIGITS_TRAINING]
x_test, y_test = x[DIGITS_TRAINING:], y[DIGITS_TRAINING:]"""


def _model(spec: FeedForwardSpec) -> str:
    penalty = f", kernel_regularizer=keras.regularizers.L2({spec.l2!r})" if spec.l2 else ""
    lines = [f"keras.Input(({images.SIDE}, {images.SIDE})),", "keras.layers.Flatten(),"]
    for depth, units in enumerate((*spec.hidden_units, images.CLASSES)):
        hidden = depth < len(spec.hidden_units)
        activation = spec.activation if hidden else "softmax"
        start = f"kernel_initializer=keras.initializers.GlorotUniform(seed={spec.seed * 100 + depth})"
        lines.append(f'keras.layers.Dense({units}, "{activation}", {start}{penalty}),')
        if hidden and spec.dropout:
            lines.append(f"keras.layers.Dropout({spec.dropout!r}, seed={spec.seed + depth}),")
    body = "\n    ".join(lines)
    optimiser = OPTIMISERS[spec.optimiser].format(**spec.model_dump())
    return f"""model = keras.Sequential([
    {body}
])
model.compile(optimizer={optimiser}, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.summary()"""


def _training(spec: FeedForwardSpec, epochs: int) -> str:
    return f"""history = {{}}
for epoch in range({epochs}):
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(x_train))
    step = model.fit(
        x_train[order], y_train[order], batch_size={spec.batch_size}, shuffle=False,
        validation_data=(x_test, y_test), verbose=2,
    )
    for name, values in step.history.items():
        history.setdefault(name, []).extend(values)"""


def _check(run: Run) -> str:
    recorded = {name: [float(value) for value in column] for name, column in zip(run.metrics, run.rows.T, strict=True)}
    text = json.dumps(recorded).replace("NaN", "float('nan')").replace("Infinity", "float('inf')")
    exact = run.spec.scale_pixels and not run.spec.dropout
    expectation = f"assert difference < {TOLERANCE}, difference" if exact else "# raw pixels or dropout: close, but not equal"
    return f"""recorded = {text}
difference = max(
    abs(here - there) / max(abs(there), 1e-12)
    for name in recorded
    for here, there in zip(history[name], recorded[name])
)
print(f"largest relative difference from the run on the page: {{difference:.1e}}")
{expectation}"""
