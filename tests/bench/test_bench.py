import json

import numpy as np
import pytest
from click.testing import CliRunner

from ann_core.__main__ import main
from ann_core.bench import bench
from ann_core.bench.fit import Case
from ann_core.bench.work import operations
from ann_core.experiments import Part
from ann_core.maths.networks import convolution
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec, GanSpec, RecurrentSpec
from ann_core.starts import starting_weights

SMALL = {
    "feedforward": Case(FeedForwardSpec(training_images=600, epochs=4, hidden_units=(16,)), epochs=2, share=0.5),
    "recurrent": Case(RecurrentSpec.preset("article").changed(epochs=10), epochs=10),
    "points": Case(bench.CASES["points"].spec.changed(epochs=6), epochs=3),
    "gan": Case(GanSpec(epochs=4), epochs=2, fit=Part("bench.gan:fit")),
}


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(bench, "CASES", SMALL)
    monkeypatch.setattr(bench, "ROUNDS", 1)


def test_the_bench_tells_both_sides_as_json(small):
    done = CliRunner().invoke(main, ["bench", "--json"])
    assert done.exit_code == 0, done.stderr
    results = {result["experiment"]: result for result in json.loads(done.stdout)}
    assert list(results) == list(SMALL)
    for result in results.values():
        assert result["ratio_cold"] == pytest.approx(result["seconds_fit"] / result["seconds_cold"])
        assert result["ratio_warm"] == pytest.approx(result["seconds_fit"] / result["seconds_warm"])
        assert result["seconds_cold"] > result["seconds_warm"] > 0
        assert result["processor"]["model"]
        assert result["processor"]["peak"] > 0
    data = {experiment: result["data"] for experiment, result in results.items()}
    assert data == {"feedforward": "synthetic", "recurrent": "sine", "points": "spiral", "gan": "eight_clouds"}
    assert results["recurrent"]["loss_ours"] == pytest.approx(results["recurrent"]["loss_fit"], rel=0.5), "the order differs"
    assert results["recurrent"]["measured"] == "all of it"
    assert results["feedforward"]["measured"] == "model.fit: 2 of 4 epochs, both: 50% of the examples"


def test_the_bench_prints_a_table(small):
    printed = CliRunner().invoke(main, ["bench", "points"]).stdout
    assert [line.count("|") for line in printed.strip().splitlines()] == [11, 11, 11, 0, 0]
    assert "| points |" in printed
    assert "GFLOP/s" in printed.splitlines()[-1]


def test_an_unknown_experiment_is_refused():
    done = CliRunner().invoke(main, ["bench", "nothing"])
    assert done.exit_code == 2
    assert "feedforward" in done.stderr


@pytest.mark.parametrize(("kernel", "pooling"), [(3, "max"), (5, "average"), (3, "none")])
def test_operations_are_those_of_every_sum_in_the_network(kernel, pooling):
    """Counted in the maps that NumPy computes: each number of a map is a sum of so many products."""
    spec = ConvolutionalSpec(filters=(3, 5), kernel_size=kernel, pooling=pooling, dense_units=7, epochs=2)
    layers = convolution.network(starting_weights(spec), 2, spec.activation, pooling, normalised=False, dense=True)
    maps = convolution.forward(layers, np.zeros((1, 28, 28)))
    weighing = [(layer.kernel, map_) for layer, map_ in zip(layers, maps, strict=True) if hasattr(layer, "kernel")]
    sums = [2 * map_.size * kernel.size // kernel.shape[-1] for kernel, map_ in weighing]
    assert operations(spec, 10, 4) == 2 * (10 * (3 * sum(sums) - sums[0]) + 4 * sum(sums))
    assert operations(FeedForwardSpec(), 10, 4) is None
