import nbclient
import nbformat
import numpy as np
import pytest

from ann_core.data.points import Points
from ann_core.data.recurrent import Series
from ann_core.specs import AttentionSpec, ConvolutionalSpec, GanDigitsSpec, GanSpec, PointsSpec, RecallSpec, RecurrentSpec
from ann_core.takeaway.notebook import notebook
from ann_core.training.train import train

WORDS = {word: word for word in ("title", "data", "model", "training", "check")}


def execute(book):
    """Run the code of a notebook here; returns its variables."""
    namespace = {}
    for cell in book.cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, "cell", "exec"), namespace)
    return namespace


def test_the_notebook_reproduces_the_run_in_a_fresh_process(small_run):
    book = nbformat.reads(notebook(small_run, WORDS), 4)
    nbformat.validate(book)
    nbclient.NotebookClient(book, timeout=300).execute()
    printed = "".join(output.get("text", "") for output in book.cells[-1].outputs)
    assert "largest relative difference" in printed


@pytest.mark.parametrize(
    "changes",
    [
        {"optimiser": "momentum", "learning_rate": 0.01, "l2": 0.001, "hidden_units": (12, 8), "activation": "tanh"},
        pytest.param({"optimiser": "rmsprop", "hidden_units": ()}, marks=pytest.mark.slow),
        {"optimiser": "sgd", "learning_rate": 0.05, "dropout": 0.2},
        {"scale_pixels": False},
        {"shuffled_labels": True},
    ],
)
def test_the_code_of_the_notebook_reproduces_other_runs(small_spec, changes):
    run = train(small_spec.changed(epochs=2, **changes))
    book = nbformat.reads(notebook(run, WORDS), 4)
    namespace = execute(book)
    assert len(namespace["history"]["loss"]) == 2
    assert namespace["difference"] < (0.3 if run.spec.dropout or not run.spec.scale_pixels else 1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"series": "noisy", "cell": "gru", "clip_norm": 0.5, "window": 5}, marks=pytest.mark.slow),
        {"series": "seattle", "recurrence": False, "window": 3, "batch_size": 64},
        pytest.param({"series": "walk", "shuffled_order": True, "cell": "lstm"}, marks=pytest.mark.slow),
        {"series": "own", "optimiser": "momentum", "learning_rate": 0.01},
        RecurrentSpec.presets["article"],
    ],
)
def test_the_code_of_the_notebook_reproduces_runs_on_series(changes):
    own = Series(np.sin(np.arange(60, dtype=np.float32))) if changes.get("series") == "own" else None
    run = train(RecurrentSpec(length=80, units=4).changed(**changes).changed(epochs=3), own=own)
    namespace = execute(nbformat.reads(notebook(run, WORDS, own), 4))
    assert namespace["difference"] < 1e-3


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, marks=pytest.mark.slow),
        {"task": "dates", "heads": 2, "warm_up": 5, "clip_norm": 0.5, "positions": "waves"},
        {"warm_up": 5, "legs": ("1~0.001~64~0~0",)},
        {"task": "look_up", "blocks": 2, "scaled": False, "norm": False, "longer": 2, "optimiser": "momentum", "learning_rate": 0.05},
        pytest.param({"task": "sort", "residual": False, "feed_forward": 0, "positions": "none"}, marks=pytest.mark.slow),
    ],
)
def test_the_code_of_the_notebook_reproduces_runs_of_attention(changes):
    run = train(AttentionSpec(examples=256, epochs=2, model_width=16, **changes))
    namespace = execute(nbformat.reads(notebook(run, WORDS), 4))
    assert namespace["difference"] < 1e-3


@pytest.mark.parametrize(
    "changes",
    [
        {"start": "memory"},
        pytest.param({"task": "adding", "cell": "gru", "start": "wide_open"}, marks=pytest.mark.slow),
        pytest.param({"task": "brackets", "cell": "simple", "clip_norm": 0.0}, marks=pytest.mark.slow),
        {"input_gate": False, "start": "usual"},
    ],
)
def test_the_code_of_the_notebook_reproduces_runs_on_memory_tasks(changes):
    run = train(RecallSpec(gap=8, examples=256, units=4, epochs=2, **changes))
    namespace = execute(nbformat.reads(notebook(run, WORDS), 4))
    assert namespace["difference"] < 1e-3


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, marks=pytest.mark.slow),
        {"batch_norm": True, "filters": (3,), "pooling": "average", "kernel_size": 5, "shuffled_pixels": True},
        pytest.param({"filters": (), "dense_units": 8, "dropout": 0.2}, marks=pytest.mark.slow),
        pytest.param({"pooling": "none", "activation": "tanh", "dense_units": 0}, marks=pytest.mark.slow),
    ],
)
def test_the_code_of_the_notebook_reproduces_convolutional_runs(changes):
    run = train(ConvolutionalSpec(dataset="digits", training_images=200, filters=(4, 6), dense_units=10, epochs=2).changed(**changes))
    namespace = execute(nbformat.reads(notebook(run, WORDS), 4))
    assert namespace["difference"] < (0.3 if run.spec.dropout else 1e-3)


OWN = Points(np.random.default_rng(1).random((40, 2), np.float32), np.arange(40, dtype=np.uint8) % 3)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(PointsSpec(), marks=pytest.mark.slow),
        PointsSpec(dataset="four", loss="squared_error", layers=("5-relu",), initialiser="he", l1=0.001, features=("x1", "sin_x2")),
        PointsSpec(dataset="hills", bias=False, optimiser="adam", initialiser="wide", batch_size=7),
        pytest.param(PointsSpec(dataset="own", own_classes=3, layers=()), marks=pytest.mark.slow),
        pytest.param(PointsSpec(dataset="four", rare=0.1, balance=True, loss="squared_error"), marks=pytest.mark.slow),
        PointsSpec(dataset="own", own_classes=3, balance=True, data_seed=5),
        PointsSpec(dataset="three", rare=0.3, layers=("3-tanh",), data_seed=7),
        PointsSpec(optimiser="momentum", l1=0.001, legs=("1~0.1~20~0~0.01", "2~0.003~7~0~0")),
    ],
)
def test_the_notebook_of_points_reproduces_the_run(spec):
    own = OWN if spec.dataset == "own" else None
    run = train(spec.changed(epochs=3), own=own)
    namespace = execute(nbformat.reads(notebook(run, WORDS, own), 4))
    assert namespace["difference"] < 1e-3


def test_a_changed_figure_is_noticed(small_run):
    text = notebook(small_run, WORDS)
    value = repr(float(small_run.rows[0, 0]))
    assert value in text
    book = nbformat.reads(text.replace(value, "123.0"), 4)
    with pytest.raises(AssertionError):
        execute(book)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(GanSpec(generator_layers=(16,), discriminator_layers=(16,), epochs=2), marks=pytest.mark.slow),
        GanSpec.preset("wasserstein").changed(noise_size=1, noise_kind="uniform", target="moons", epochs=2),
        GanSpec(target="own", optimiser="sgd", loss="least_squares", epochs=2),
        GanDigitsSpec(generator_layers=(16,), discriminator_layers=(16,), optimiser="rmsprop", loss="minimax", epochs=2),
        GanSpec(epochs=3, target="ring", playing="generator", legs=("1~0.002~0.001~0.3~wasserstein~both~moons",)),
    ],
)
def test_the_code_of_the_notebook_reproduces_games(spec):
    own = Points(np.random.default_rng(1).normal(size=(200, 2)).astype(np.float32), np.zeros(200, np.uint8))
    run = train(spec, own=own if getattr(spec, "target", "") == "own" else None)
    namespace = execute(nbformat.reads(notebook(run, WORDS, own), 4))
    assert len(namespace["history"]["generator_loss"]) == spec.epochs
    assert namespace["difference"] < 1e-3
