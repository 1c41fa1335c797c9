"""A run as a notebook: the same network in plain Keras, the same data, the same order of examples."""

import ast
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ann_core.data import attention as rewriting
from ann_core.data import images, points, recall, recurrent
from ann_core.data.recurrent import Series
from ann_core.maths.inputs import features
from ann_core.maths.networks import attention
from ann_core.maths.networks.cells import ALWAYS_OPEN, first_biases
from ann_core.spec import Spec
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanDigitsSpec, GanSpec, PointsSpec, RecallSpec, RecurrentSpec
from ann_core.takeaway import gan
from ann_core.training.examples import HELD_OUT_SEQUENCES, OwnData
from ann_core.training.examples.points import points_of
from ann_core.training.examples.recurrent import series_of
from ann_core.training.records import Run

MODELS = Path(__file__).parents[1] / "models"
TOLERANCE = 1e-3
CHECKED_EPOCHS = 10
INITIALISERS = {
    "glorot": "GlorotUniform(seed={seed})",
    "he": "HeNormal(seed={seed})",
    "wide": "RandomNormal(stddev=1.0, seed={seed})",
    "zeros": "Zeros()",
}
OPTIMISERS = {
    "sgd": "keras.optimizers.SGD({learning_rate}{more})",
    "momentum": "keras.optimizers.SGD({learning_rate}, momentum={momentum!r}{more})",
    "rmsprop": "keras.optimizers.RMSprop({learning_rate}{more})",
    "adam": "keras.optimizers.Adam({learning_rate}{more})",
}
POOLINGS = {"max": "MaxPooling2D", "average": "AveragePooling2D"}
FILES = {
    "folder": """import os
from pathlib import Path

with np.load(Path(os.environ["ANN_DATA_DIR"]) / "{name}.npz") as data:
    x_train, y_train, x_test, y_test = (data[key] for key in ("x_train", "y_train", "x_test", "y_test"))""",
    "download": "(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()",
}


NEAR_ENOUGH = f"""def accuracy(targets, outputs):
    return keras.ops.cast(keras.ops.abs(targets - outputs) < {recall.CLOSE_ENOUGH}, "float32")


"""
UNGATED = f"""class Ungated(keras.constraints.Constraint):
    def __call__(self, weights):
        units = weights.shape[-1] // 4
        gate = keras.ops.full((*weights.shape[:-1], units), {ALWAYS_OPEN} if len(weights.shape) == 1 else 0.0)
        return keras.ops.concatenate([gate, weights[..., units:]], axis=-1)


"""


def notebook(run: Run, words: Mapping[str, str], own: OwnData = None) -> str:
    """The notebook of a run, as the text of an .ipynb file.

    `words` are the headings in the learner's language: title, data, model, training, check. `own` are the learner's
    own data, where the run was made on them.
    """
    data, network, training = WRITERS[type(run.spec)]
    package = "vega_datasets" if isinstance(run.spec, RecurrentSpec) else "scikit-learn"
    cells = [
        new_markdown_cell(f"# {words['title']}\n\n`pip install tensorflow keras numpy {package}`"),
        new_markdown_cell(f"## {words['data']}"),
        new_code_cell(data(run, own)),
        new_markdown_cell(f"## {words['model']}"),
        new_code_cell(network(run.spec)),
        new_markdown_cell(f"## {words['training']}"),
        new_code_cell(training(run.spec, run.epochs)),
        new_markdown_cell(f"## {words['check']}"),
        new_code_cell(_check(run)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(new_notebook(cells=cells, metadata=kernel))


def exact(run: Run) -> bool:
    """Whether the notebook gives the run's figures again; with dropout and with raw pixels they are only close."""
    return not getattr(run.spec, "dropout", 0) and getattr(run.spec, "scale_pixels", True)


def find_points(run: Run, own: OwnData) -> str:
    spec, count = run.spec, run.data.training
    if spec.dataset == "own":
        x, y = points_of(spec, own)
        drawn = f"x = np.array({x.tolist()}, np.float32)\ny = np.array({y.tolist()}, np.{y.dtype})"
    else:
        drawn = f"{inspect.getsource(points)}\n\nx, y = points({spec.dataset!r}, {spec.points}, {spec.noise!r}, {spec.seed})"
        if spec.rare < 1:
            drawn += f"\nx, y = rarer(Points(x, y), {spec.rare!r}, {spec.seed})"
    lines = ["import keras", "import numpy as np", "", drawn, "", inspect.getsource(features), ""]
    lines.append(f"inputs = features(x, {list(spec.features)!r})")
    lines.append(f"x_train, y_train, x_test, y_test = inputs[:{count}], y[:{count}], inputs[{count}:], y[{count}:]")
    if spec.balance:
        own_source = [inspect.getsource(points.balanced)] if spec.dataset == "own" else []
        lines += ["", *own_source, "repeated = balanced(y_train)", "x_train, y_train = x_train[repeated], y_train[repeated]"]
    if spec.classes > 2 and spec.loss == "squared_error":
        lines.append(f"y_train, y_test = (np.eye({spec.classes}, dtype=np.float32)[part] for part in (y_train, y_test))")
    return "\n".join(lines)


def _images(run: Run, own: OwnData) -> str:
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


def _series(run: Run, own: Series | None) -> str:
    spec, count = run.spec, run.data.training
    lines = ["import keras", "import numpy as np", ""]
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
    """A generated series, from the source of the very functions that made it."""
    constants = "\n".join(f"{name} = {getattr(recurrent, name)}" for name in ("LASTING", "WALK_STEP"))
    functions = "\n\n".join(inspect.getsource(function) for function in (recurrent._noisy, recurrent._walk))
    table = inspect.getsource(recurrent).split("GENERATED")[1].split(" = ", 1)[1].split("\n}\n")[0] + "\n}"
    random = f"np.random.default_rng([{spec.seed}, 4])"
    made = f"GENERATED[{spec.series!r}](np.linspace(0, {spec.span!r}, {spec.length}), {spec.noise!r}, {random}).astype(np.float32)"
    return f"{constants}\n\n\n{functions}\n\nGENERATED = {table}\nvalues = {made}"


def _digits() -> str:
    constants = ("SIDE", "DIGITS_TRAINING", "DIGITS_SIDE", "DIGITS_WHITE", "DIGITS_BOX")
    values = "\n".join(f"{name} = {getattr(images, name)}" for name in constants)
    return f"""from sklearn.datasets import load_digits

{values}


{inspect.getsource(images.enlarged)}

digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.data))
x, y = enlarged(digits.data[order]), digits.target[order].astype(np.uint8)
x_train, y_train = x[:DIGITS_TRAINING], y[:DIGITS_TRAINING]
x_test, y_test = x[DIGITS_TRAINING:], y[DIGITS_TRAINING:]"""


def _layers_of_images(spec: FeedForwardSpec | ConvolutionalSpec) -> list[str]:
    if isinstance(spec, ConvolutionalSpec):
        return _convolutional(spec)
    lines = [f"keras.Input(({images.SIDE}, {images.SIDE})),", "keras.layers.Flatten(),"]
    return lines + _dense(spec, (*spec.hidden_units, images.CLASSES), "glorot", "")


def _convolutional(spec: ConvolutionalSpec) -> list[str]:
    lines = [f"keras.Input(({images.SIDE}, {images.SIDE})),", f"keras.layers.Reshape(({images.SIDE}, {images.SIDE}, 1)),"]
    for depth, filters in enumerate(spec.filters):
        lines.append(f'keras.layers.Conv2D({filters}, {spec.kernel_size}, activation="{spec.activation}", {_start(spec, depth)}),')
        lines += ["keras.layers.BatchNormalization(),"] if spec.batch_norm else []
        lines += [f"keras.layers.{POOLINGS[spec.pooling]}(2),"] if spec.pooling in POOLINGS else []
    depth = len(spec.filters)
    lines.append("keras.layers.Flatten(),")
    if spec.dense_units:
        lines.append(f'keras.layers.Dense({spec.dense_units}, "{spec.activation}", {_start(spec, depth)}),')
    if spec.dropout:
        lines.append(f"keras.layers.Dropout({spec.dropout!r}, seed={spec.seed}),")
    return [*lines, f'keras.layers.Dense({images.CLASSES}, "softmax", {_start(spec, depth + 1)}),']


def _start(spec: ConvolutionalSpec, depth: int) -> str:
    return f"kernel_initializer=keras.initializers.{INITIALISERS['glorot'].format(seed=spec.seed * 100 + depth)}"


def _layers_of_points(spec: PointsSpec) -> list[str]:
    units = (*(layer.units for layer in spec.layers), spec.outputs)
    return [f"keras.Input(({len(spec.features)},)),", *_dense(spec, units, spec.initialiser, "" if spec.bias else ", use_bias=False")]


def _dense(spec: FeedForwardSpec | PointsSpec, units: Sequence[int], initialiser: str, more: str) -> list[str]:
    l1, lines = getattr(spec, "l1", 0.0), []
    if l1 or spec.l2:
        more += f", kernel_regularizer=keras.regularizers.L1L2({l1!r}, {spec.l2!r})"
    for depth, (width, activation) in enumerate(zip(units, spec.activations, strict=True)):
        start = INITIALISERS[initialiser].format(seed=spec.seed * 100 + depth)
        lines.append(f'keras.layers.Dense({width}, "{activation}", kernel_initializer=keras.initializers.{start}{more}),')
        if spec.dropout and depth < len(units) - 1:
            lines.append(f"keras.layers.Dropout({spec.dropout!r}, seed={spec.seed + depth}),")
    return lines


def _recurrent(spec: RecurrentSpec) -> list[str]:
    start = INITIALISERS["glorot"]
    memory = f"recurrent_initializer=keras.initializers.Orthogonal(seed={spec.seed * 100 + 1})"
    if not spec.recurrence:
        memory = 'recurrent_initializer="zeros", recurrent_constraint=keras.constraints.MaxNorm(0)'
    cell = {"simple": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}[spec.cell]
    first, last = (f"kernel_initializer=keras.initializers.{start.format(seed=spec.seed * 100 + depth)}" for depth in (0, 2))
    return [
        f"keras.Input(({spec.window}, 1)),",
        f'keras.layers.{cell}({spec.units}, "{spec.activation}", {first}, {memory}),',
        f"keras.layers.Dense(1, {last}),",
    ]


def _tasks(run: Run, own: None) -> str:
    spec, count = run.spec, run.data.training
    arguments = f"{spec.examples + HELD_OUT_SEQUENCES}, {spec.gap}, np.random.default_rng([{spec.seed}, 5])"
    constants = "\n".join(f"{name} = {getattr(recall, name)!r}" for name in ("CUES", "DISTRACTORS", "BRACKETS", "OPEN", "CLOSED", "FILLER"))
    made = (recall.Sequences, recall.recall, recall.adding, recall.brackets, recall._balanced, recall._spoil, recall.one_hot)
    lines = ["from typing import NamedTuple", "", "import keras", "import numpy as np", "", constants, "", ""]
    lines += [inspect.getsource(part) + "\n" for part in made]
    lines.append(f"x, y = {spec.task}({arguments})")
    lines.append(f"x_train, y_train, x_test, y_test = x[:{count}], y[:{count}], x[{count}:], y[{count}:]")
    return "\n".join(lines)


def _memory(spec: RecallSpec) -> list[str]:
    """The cell with the very numbers that its gates begin with."""
    first, last = (
        f"kernel_initializer=keras.initializers.{INITIALISERS['glorot'].format(seed=spec.seed * 100 + depth)}" for depth in (0, 2)
    )
    more = [first, f"recurrent_initializer=keras.initializers.Orthogonal(seed={spec.seed * 100 + 1})"]
    if spec.cell != "simple":
        biases = first_biases(spec.cell, spec.units, spec.start, spec.gap, spec.seed).tolist()
        more.append(f"bias_initializer=lambda shape, dtype=None: np.array({biases}, np.float32)")
    if spec.cell == "lstm":
        more.append("unit_forget_bias=False")
    if not spec.input_gate:
        more += [f"{part}_constraint=Ungated()" for part in ("kernel", "recurrent", "bias")]
    cell = {"simple": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}[spec.cell]
    answer = {0: "linear", 2: "sigmoid"}.get(spec.classes, "softmax")
    return [
        f"keras.Input(({spec.gap + 1}, {recall.TASKS[spec.task].inputs})),",
        f"keras.layers.{cell}({spec.units}, {', '.join(more)}),",
        f'keras.layers.Dense({spec.outputs}, "{answer}", {last}),',
    ]


def _sequences(run: Run, own: None) -> str:
    """All that makes the sequences, as it stands."""
    spec, count = run.spec, run.data.training
    arguments = f"{spec.task!r}, {count}, {HELD_OUT_SEQUENCES}, {spec.length}, {spec.longer}, {spec.letters}, {spec.seed}"
    made = inspect.getsource(rewriting)
    return f"{made}\n\n(x_train, y_train), (x_test, y_test) = rewritten({arguments})"


def _attention(spec: AttentionSpec) -> str:
    """The file that builds the network, as it stands, and what it asks of others."""
    asked = f"import keras\nimport numpy as np\n\nEPSILON, LONGEST_WAVE = {attention.EPSILON}, {attention.LONGEST_WAVE}"
    parts = [asked, inspect.getsource(attention.waves), _source_of("feedforward.py", "initialiser")]
    parts.append("\n".join(line for line in (MODELS / "attention.py").read_text().splitlines() if not line.startswith("from ann_core")))
    if spec.warm_up:
        parts.append("from keras import ops\n" + _source_of("optimisers.py", "WarmUp"))
    settings = ", ".join(f"{name}={value!r}" for name, value in {**spec.model_dump(), "classes": spec.classes}.items())
    text = "\n\n".join(parts) + f"\n\nfrom types import SimpleNamespace\n\nmodel = build(SimpleNamespace({settings}))"
    return text.replace(": AttentionSpec", "")


def _source_of(file: str, name: str) -> str:
    """A function or class from a file that builds networks, which only a worker imports."""
    text = (MODELS / file).read_text(encoding="utf-8")
    found = next(node for node in ast.parse(text).body if getattr(node, "name", "") == name)
    return ast.get_source_segment(text, found)


def _compiled_too(write: Callable[[Spec], str]) -> Callable[[Spec], str]:
    """What writes a network, and how it is compiled."""
    return lambda spec: f"{write(spec)}\n{_compiled(spec)}"


def _sequential(layers: Callable[[Spec], list[str]]) -> Callable[[Spec], str]:
    """What writes a network whose layers follow one another."""

    def write(spec: Spec) -> str:
        before = NEAR_ENOUGH if _near_enough(spec) else ""
        before += "" if getattr(spec, "input_gate", True) else UNGATED
        body = "\n    ".join(layers(spec))
        return f"{before}model = keras.Sequential([\n    {body}\n])"

    return _compiled_too(write)


def _near_enough(spec: Spec) -> bool:
    return isinstance(spec, RecallSpec) and not spec.classes


def _loss(spec: Spec) -> str:
    if not spec.classes or getattr(spec, "loss", "") == "squared_error":
        return "mean_squared_error"
    return "binary_crossentropy" if spec.classes == 2 else "sparse_categorical_crossentropy"


def _compiled(spec: Spec) -> str:
    clipping, warm_up = getattr(spec, "clip_norm", 0), getattr(spec, "warm_up", 0)
    values = spec.model_dump() | ({"learning_rate": f"WarmUp({spec.learning_rate}, {warm_up})"} if warm_up else {})
    optimiser = OPTIMISERS[spec.optimiser].format(**values, more=f", global_clipnorm={clipping!r}" if clipping else "")
    metric = "accuracy" if _near_enough(spec) else f'"{spec.measures[1]}"'
    return f"""model.compile(optimizer={optimiser}, loss="{_loss(spec)}", metrics=[{metric}])
model.summary()"""


def _training(spec: Spec, epochs: int) -> str:
    return f"""history = {{}}
for epoch in range({epochs}):
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(x_train))
    step = model.fit(
        x_train[order], y_train[order], batch_size={spec.batch_size}, shuffle=False,
        validation_data=(x_test, y_test) if len(x_test) else None, verbose=2,
    )
    for name, values in step.history.items():
        history.setdefault(name, []).extend(values)"""


def _check(run: Run) -> str:
    recorded = {name: [float(value) for value in column] for name, column in zip(run.metrics, run.rows.T, strict=True)}
    text = json.dumps(recorded).replace("NaN", "float('nan')").replace("Infinity", "float('inf')")
    expectation = f"assert difference < {TOLERANCE}, difference" if exact(run) else "# raw pixels or dropout: close, but not equal"
    return f"""recorded = {text}
difference = max(
    abs(here - there) / max(abs(there), 1e-12)
    for name in recorded
    for here, there in zip(history[name][:{CHECKED_EPOCHS}], recorded[name][:{CHECKED_EPOCHS}])
)
print(f"largest relative difference from the run on the page, first epochs: {{difference:.1e}}")
{expectation}"""


WRITERS = {
    PointsSpec: (find_points, _sequential(_layers_of_points), _training),
    FeedForwardSpec: (_images, _sequential(_layers_of_images), _training),
    ConvolutionalSpec: (_images, _sequential(_layers_of_images), _training),
    RecurrentSpec: (_series, _sequential(_recurrent), _training),
    RecallSpec: (_tasks, _sequential(_memory), _training),
    AttentionSpec: (_sequences, _compiled_too(_attention), _training),
    GanSpec: (gan.imitated, gan.both_players, gan.turns),
    GanDigitsSpec: (gan.imitated, gan.both_players, gan.turns),
}
"""What writes the data, the network and the training of an experiment's notebook."""
