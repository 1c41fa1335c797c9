"""The foundations: what their figures are computed with, and that every building block has its place."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ann_core.catalogue import BLOCKS, LESSONS
from ann_core.exhibits import BatchExhibit, LayersExhibit, NeuronExhibit, WorksheetExhibit
from ann_core.lessons.learning import questions as of_learning
from ann_core.lessons.learning.batches import descent_of
from ann_core.lessons.learning.worksheet import network_of as small_network
from ann_core.lessons.neuron import layers, one
from ann_core.lessons.neuron import questions as of_neurons
from ann_core.maths.learning import backpropagation, untrained
from ann_core.maths.learning.activations import ACTIVATIONS, softmax, softmax_slopes
from ann_core.maths.networks import dense, gates, pieces
from ann_core.ui import trainings
from ann_core.ui.figures.figure import ICONS
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
TRAINABLE = [name for name, record in ACTIVATIONS.items() if record.trains]


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


def walk(block):
    """All elements of a page, in the order in which they stand."""
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from walk(child)


def opened(page, **query):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = "en"
    at.run()
    if page != "home":
        at.switch_page(f"screens/{page}.py")
        for name, token in query.items():
            at.query_params[name] = token
        at.run()
    assert not at.exception
    return at


def figures_by_section(at):
    """For each section of a page, by its anchor, the kinds of its figures and what their source lines begin with."""
    found, section = {}, None
    for element in walk(at.main):
        if element.type == "header":
            section = element.proto.anchor
            found[section] = {"figures": 0, "widgets": 0, "sources": set()}
        elif section:
            kind = element.type
            found[section]["figures"] += kind in ("vega_lite_chart", "bidi_component", "image")
            found[section]["widgets"] += kind in ("slider", "select_slider", "selectbox", "number_input", "text_input")
            if kind == "caption":
                found[section]["sources"] |= {name for name, icon in ICONS.items() if icon in element.value}
    return found


def test_there_are_ten_building_blocks():
    assert len({block.key for block in BLOCKS}) == len(BLOCKS) == 10
    assert {block.lesson for block in BLOCKS} <= {entry.key for entry in LESSONS}


@pytest.mark.parametrize("page", ["home", "neuron", "learning"])
def test_every_building_block_has_an_interactive_figure_with_its_source(page):
    found = figures_by_section(opened(page))
    wanted = {block.section for block in BLOCKS if block.lesson == page}
    assert wanted <= found.keys()
    for section in wanted:
        assert found[section]["figures"], section
        assert found[section]["widgets"], section
        assert found[section]["sources"] & {"exact", "run"}, section


@pytest.mark.parametrize("gate", gates.GATES)
def test_the_search_for_a_gate_is_right(gate):
    tried, solutions, most, best = gates.search(gate)
    assert tried == 21**3
    assert (solutions > 0) == (gate != "xor")
    assert most == (3 if gate == "xor" else 4)
    spec = NeuronExhibit(weight_1=best[0], weight_2=best[1], bias_value=best[2], function="sigmoid")
    said = dense.forward([one.layer_of(spec)], gates.CORNERS)[0].outputs[:, 0] > one.YES
    assert (said == np.array(gates.GATES[gate])).sum() == most


@settings(deadline=None, max_examples=40)
@given(width=st.integers(1, 8), depth=st.integers(1, 5), seed=st.integers(0, 999), share=st.floats(0.01, 0.99))
def test_between_its_corners_a_relu_network_is_straight(width, depth, seed, share):
    network = pieces.random_network(width, depth, seed)
    x, y = pieces.corners(network)
    np.testing.assert_allclose(dense.forward(network, x[:, None])[-1].outputs[:, 0], y, atol=1e-9 * max(1, np.abs(y).max()))
    between = x[:-1] + share * np.diff(x)
    here = dense.forward(network, between[:, None])[-1].outputs[:, 0]
    np.testing.assert_allclose(here, y[:-1] + share * np.diff(y), atol=1e-6 * max(1, np.abs(y).max()))
    assert depth > 1 or len(x) - 1 <= width + 1


def test_folding_on_purpose_doubles_the_pieces():
    assert [pieces.folded_pieces(depth) for depth in range(1, 9)] == [2**depth for depth in range(1, 9)]


@pytest.mark.parametrize("name", TRAINABLE)
def test_backpropagation_agrees_with_keras_and_with_finite_differences(name):
    network = untrained.network((3, 4, 2), (name, name), "glorot", 1, 0.5)
    random = np.random.default_rng(2)
    inputs, slope = random.normal(size=(5, 3)), random.normal(size=(5, 2))
    ours = dense.backward(network, inputs, dense.forward(network, inputs), slope)
    kernels = [tf.Variable(layer.kernel) for layer in network]
    with tf.GradientTape() as tape:
        outputs = tf.constant(inputs)
        for kernel, layer in zip(kernels, network, strict=True):
            outputs = getattr(tf.keras.activations, name)(outputs @ kernel + layer.bias)
        total = tf.reduce_sum(outputs * slope)
    for mine, theirs in zip(ours, tape.gradient(total, kernels), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5 * np.abs(mine).max())

    def moved(by):
        kernel = network[0].kernel.copy()
        kernel[1, 2] += by
        changed = [dense.Layer(kernel, network[0].bias, name), network[1]]
        return (dense.forward(changed, inputs)[-1].outputs * slope).sum()

    assert ours[0][1, 2] == pytest.approx((moved(1e-6) - moved(-1e-6)) / 2e-6, rel=1e-6, abs=1e-8)


def test_first_weights_have_the_size_that_keras_gives_them():
    from keras.initializers import GlorotUniform, HeNormal

    random = np.random.default_rng(1)
    glorot, he = (untrained.INITIALISERS[name](random, 300, 200) for name in ("glorot", "he"))
    assert glorot.std() == pytest.approx(np.std(GlorotUniform(seed=1)((300, 200))), rel=0.03)
    assert np.abs(glorot).max() <= np.sqrt(6 / 500)
    assert he.std() == pytest.approx(np.std(HeNormal(seed=1)((300, 200))), rel=0.03)


def test_slopes_of_softmax_agree_with_finite_differences():
    sums, step = np.array([0.3, -1.2, 2.0]), 1e-6
    ours = softmax_slopes(softmax(sums))
    moved = [(softmax(sums + step * unit) - softmax(sums - step * unit)) / (2 * step) for unit in np.eye(3)]
    np.testing.assert_allclose(ours, np.array(moved).T, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_enormous_sums_raise_no_warning(name):
    z = np.array([-1e4, -800.0, 0.0, 800.0, 1e4])
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(ACTIVATIONS[name].function(z)).all()
        assert np.isfinite(ACTIVATIONS[name].derivative(z)).all()


def test_the_drawing_of_a_network_shows_what_its_matrices_give():
    spec = LayersExhibit(inputs=3, hidden=(2, 4), outputs=2)
    network, inputs = layers.network_of(spec), layers.inputs_of(spec)
    values = inputs
    for layer in network:
        values = dense.activate(values @ layer.kernel + layer.bias, layer.activation)
    np.testing.assert_allclose(dense.forward(network, inputs[None])[-1].outputs[0], values)


def test_questions_know_the_right_answers():
    asked = of_neurons.weighted_sum(NeuronExhibit(x1=2, x2=-1, weight_1=3, weight_2=0.5, bias_value=-1))
    assert asked.answers[asked.right] == "4.50"
    asked = of_neurons.parameters(LayersExhibit(inputs=3, hidden=(2,), outputs=2))
    assert asked.answers[asked.right] == "14"
    asked = of_learning.updates(BatchExhibit(points=20, batch="eight", rounds=10))
    assert asked.answers[asked.right] == "30"
    spec = WorksheetExhibit()
    asked = of_learning.new_weight(spec)
    after = backpropagation.updated(small_network(spec), (spec.x1, spec.x2), spec.target_value, spec.rate)
    assert asked.answers[asked.right] == f"{after.output_kernel[0]:.4f}"


def test_an_exploding_regression_is_quiet_and_seen():
    with np.errstate(all="raise", under="ignore"):
        descent = descent_of(BatchExhibit(rate=10.0, degree=9), "one")
    assert not np.isfinite(descent.training[-1])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"descent_preset": "explode"}, "it has flown off"),
        ({"descent_preset": "saddle"}, "the gradient is exactly zero"),
        ({"descent_surface": "himmelblau", "descent_rate": "10", "descent_start_1": "5", "descent_start_2": "-5"}, "it has flown off"),
        ({"batches_rate": "10", "batches_degree": "15"}, "beyond ±1,000,000"),
        ({"losses_probability": "0", "losses_label": "1", "losses_sum_1": "-5"}, "loss 16.1181"),
        ({"worksheet_w11": "5", "worksheet_v1": "-5", "worksheet_rate": "10"}, "Backpropagation by hand"),
    ],
)
def test_extremes_are_told_in_words_and_raise_no_warning(query, expected):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        at = opened("learning", **query)
    texts = [element.value for element in (*at.markdown, *at.warning, *at.header)]
    assert any(expected in text for text in texts)
