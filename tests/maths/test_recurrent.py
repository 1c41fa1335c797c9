"""Recurrent cells in NumPy compute what Keras computes, forwards and backwards through time."""

from dataclasses import dataclass, fields
from itertools import product

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.maths.learning.activations import ACTIVATIONS, sigmoid
from ann_core.maths.networks import recurrent
from ann_core.maths.networks.cells import CELLS

CLOSE = 1e-7
FINITE = 1e-6
KERAS = {"simple": keras.layers.SimpleRNN, "gru": keras.layers.GRU, "lstm": keras.layers.LSTM}
KERAS_CELLS = {"simple": keras.layers.SimpleRNNCell, "gru": keras.layers.GRUCell, "lstm": keras.layers.LSTMCell}
SMOOTH = ["tanh", "sigmoid", "softplus", "silu", "linear"]
EXACT = [*SMOOTH, "relu", "elu"]  # the numbers in leaky ReLU and GELU are of single precision in Keras
BLOCKS = [(kind, name) for kind, cell in CELLS.items() for name in cell.blocks]


@pytest.fixture(autouse=True, scope="module")
def double_precision():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def close(ours, theirs, tolerance=CLOSE):
    """Of the same shape, in double precision, and within the tolerance, relative to the largest magnitude."""
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours, theirs, atol=tolerance * np.abs(theirs).max(initial=0), rtol=0)


def all_close(ours, theirs, tolerance=CLOSE):
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        close(our, their, tolerance)


@dataclass(frozen=True)
class Case:
    """A cell of random weights, sequences, and a slope for each state."""

    kind: str
    activation: str
    weights: list[np.ndarray]
    x: np.ndarray
    slope: np.ndarray

    @property
    def cell(self):
        return recurrent.cell(self.kind, self.weights, self.activation)

    @property
    def units(self):
        return len(self.weights[1])

    def unrolled(self, clamped=None):
        return recurrent.unroll(self.cell, self.x, clamped)

    def slopes(self, clamped=None):
        return recurrent.through_time(self.cell, self.unrolled(clamped), self.slope)


def small(random, *shapes):
    """Weights with which hardly a sum is so large that its slope drowns in rounding, as 1 - tanh² does."""
    return [random.normal(scale=0.5, size=shape) for shape in shapes]


def drawn(kind, activation="tanh", seed=0, batch=3, time=5, inputs=2, units=4):
    random, blocks = np.random.default_rng(seed), max(1, len(CELLS[kind].blocks))
    bias = (2, blocks * units) if kind == "gru" else (blocks * units,)
    weights = small(random, (inputs, blocks * units), (units, blocks * units), bias)
    return Case(kind, activation, weights, random.normal(size=(batch, time, inputs)), random.normal(size=(batch, time + 1, units)))


def cases(activations, longest=6, widest=4):
    few = st.integers(1, 3)
    sides = (few, st.integers(1, longest), few, st.integers(1, widest))
    return st.builds(drawn, st.sampled_from(sorted(CELLS)), st.sampled_from(activations), st.integers(0, 999), *sides)


# --- forwards


@settings(deadline=None, max_examples=60)
@given(cases(EXACT))
def test_states_are_those_of_keras(case):
    layer = KERAS[case.kind](case.units, case.activation, return_sequences=True, return_state=True)
    layer.build(case.x.shape)
    layer.set_weights(case.weights)
    ours = case.unrolled()
    assert not ours.states[:, 0].any()
    close(ours.states[:, 1:], layer(case.x)[0])
    if case.kind != "lstm":
        assert ours.memory is None
        return
    assert not ours.memory[:, 0].any()
    for steps in range(1, case.x.shape[1] + 1):
        close(ours.memory[:, steps], layer(case.x[:, :steps])[2])


def formulas(case):
    """Every part by the formula of its own columns, from the states before."""
    kernel, state_kernel, bias = case.weights
    ours, function = case.unrolled(), ACTIVATIONS[case.activation].function
    before = ours.states[:, :-1]
    if case.kind == "simple":
        return {"from_input": case.x @ kernel, "from_state": before @ state_kernel, "sum": case.x @ kernel + before @ state_kernel + bias}
    columns = {name: slice(place * case.units, (place + 1) * case.units) for place, name in enumerate(case.cell.blocks)}
    above, below = bias if case.kind == "gru" else (bias, np.zeros_like(bias))
    coming = {name: case.x @ kernel[:, places] + above[places] for name, places in columns.items()}
    recalled = {name: before @ state_kernel[:, places] + below[places] for name, places in columns.items()}
    gates = {name: sigmoid(coming[name] + recalled[name]) for name in columns}
    sums = {
        f"{name}_sum": coming[name] + (gates["reset"] if (case.kind, name) == ("gru", "candidate") else 1) * recalled[name]
        for name in columns
    }
    gates["candidate"] = function(sums["candidate_sum"])
    more = {"recalled": recalled["candidate"]} if case.kind == "gru" else {"squashed": function(ours.memory[:, 1:])}
    return {**gates, **sums, **more}


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_parts_are_those_of_the_formulas(kind, activation):
    case = drawn(kind, activation)
    ours, theirs = case.unrolled().parts, formulas(case)
    assert ours.keys() == theirs.keys()
    for name, part in theirs.items():
        assert np.ptp(part) > 0.1
        close(ours[name], part, 1e-12)


def test_blocks_are_in_the_order_of_keras():
    """Whose own names for them are these."""
    assert CELLS["gru"].blocks == ("update", "reset", "candidate")
    assert CELLS["lstm"].blocks == ("input", "forget", "candidate", "output")


# --- backwards


def taped(case):
    """Slopes of weights, sequences, states and memory as TensorFlow finds them, step by step with Keras' cell."""
    cell = KERAS_CELLS[case.kind](case.units, case.activation)
    cell.build(case.x.shape[::2])
    cell.set_weights(case.weights)
    x, slope = tf.constant(case.x), tf.constant(case.slope)
    state = [tf.zeros((len(case.x), case.units), tf.float64) for _ in range(2 if case.kind == "lstm" else 1)]
    with tf.GradientTape() as tape:
        tape.watch([x, *state])
        states = [state]
        for step in range(case.x.shape[1]):
            _, state = cell(x[:, step], state)
            tape.watch(state)
            states.append(state)
        value = tf.add_n([tf.reduce_sum(slope[:, place] * state[0]) for place, state in enumerate(states)])
    weights, x, states = tape.gradient(value, [[variable.value for variable in cell.trainable_variables], x, states])
    h, *c = (np.stack(side, axis=1) for side in zip(*states, strict=True))
    return weights, x, h, *c


@settings(deadline=None, max_examples=60)
@given(cases(EXACT))
def test_slopes_through_time_are_those_of_a_tape(case):
    ours = case.slopes()
    weights, *rest = taped(case)
    all_close(ours.weights, weights)
    all_close([ours.x, ours.states] if ours.memory is None else [ours.x, ours.states, ours.memory], rest)


@st.composite
def clamps(draw, case):
    """Some numbers of some parts, held."""
    random, shape = np.random.default_rng(draw(st.integers(0, 99))), (case.x.shape[1], case.units)
    names = draw(st.lists(st.sampled_from(case.cell.blocks), unique=True, min_size=1))
    return {name: np.where(random.random(shape) < 0.5, random.uniform(-1, 2, shape), np.nan) for name in names}


def differences(function, values, step=1e-5):
    """∂ function/∂ each value, each moved a step up and down."""
    found = np.zeros(values.shape)
    for place in np.ndindex(values.shape):
        moved = np.zeros(values.shape)
        moved[place] = step
        found[place] = (function(values + moved) - function(values - moved)) / (2 * step)
    return found


def agrees_with_differences(case, clamped=None):
    def loss(x=case.x, **changed):
        cell = recurrent.cell(case.kind, [changed.get(str(place), part) for place, part in enumerate(case.weights)], case.activation)
        return (case.slope * recurrent.unroll(cell, x, clamped).states).sum()

    ours = case.slopes(clamped)
    theirs = [differences(lambda part, place=place: loss(**{str(place): part}), part) for place, part in enumerate(case.weights)]
    largest = max(np.abs(part).max() for part in theirs)
    for our, their in zip(ours.weights, theirs, strict=True):
        np.testing.assert_allclose(our, their, atol=FINITE * largest, rtol=0)
    np.testing.assert_allclose(ours.x, differences(lambda x: loss(x=x), case.x), atol=FINITE * max(largest, np.abs(ours.x).max()), rtol=0)


@settings(deadline=None, max_examples=15)
@given(cases(SMOOTH, longest=4, widest=3))
def test_slopes_agree_with_finite_differences(case):
    agrees_with_differences(case)


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_slopes_agree_with_finite_differences_where_parts_are_held(data):
    case = data.draw(cases(SMOOTH, longest=4, widest=3).filter(lambda case: case.kind != "simple"))
    agrees_with_differences(case, data.draw(clamps(case)))


# --- whole networks


def model_like(case, outputs=2, readout="linear"):
    """Keras' network of such a cell and a dense layer, and ours."""
    model = keras.Sequential(
        [keras.Input((None, case.x.shape[2])), KERAS[case.kind](case.units, case.activation), keras.layers.Dense(outputs, readout)]
    )
    random = np.random.default_rng(len(case.x))
    model.set_weights([*case.weights, *small(random, (case.units, outputs), outputs)])
    return model, recurrent.network(case.kind, model.get_weights(), case.activation, readout)


@settings(deadline=None, max_examples=30)
@given(cases(EXACT), st.integers(1, 3), st.sampled_from(["linear", "tanh", "sigmoid", "elu"]))
def test_slopes_of_the_squared_error_are_those_of_keras(case, outputs, readout):
    model, network = model_like(case, outputs, readout)
    targets = np.random.default_rng(1).normal(size=(len(case.x), outputs))
    x = tf.constant(case.x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        answers = model(x)
        value = keras.losses.MeanSquaredError(dtype="float64")(targets, answers)
    weights, along_x = tape.gradient(value, [[variable.value for variable in model.trainable_variables], x])
    ours = recurrent.squared_error_slopes(network, case.x, targets)
    close(recurrent.answers(network, case.x), answers)
    all_close(ours.weights, weights)
    close(ours.x, along_x)


@pytest.mark.parametrize("kind", CELLS)
def test_targets_are_as_many_as_answers(kind):
    case = drawn(kind)
    network = model_like(case, 1)[1]
    targets = np.arange(3.0)
    ours, theirs = (recurrent.squared_error_slopes(network, case.x, values) for values in (targets, targets[:, None]))
    all_close(ours.weights, theirs.weights, 0)
    with pytest.raises(ValueError, match="reshape"):
        recurrent.squared_error_slopes(network, case.x, np.arange(4.0))


@pytest.mark.parametrize("kind", CELLS)
def test_the_same_weights_answer_to_sequences_of_any_length(kind):
    case = drawn(kind, time=5)
    model, network = model_like(case)
    longest = np.random.default_rng(2).normal(size=(3, 23, 2))
    for length in (1, 2, 5, 11, 23):
        x = longest[:, :length]
        close(recurrent.answers(network, x), model(x))
        assert np.array_equal(recurrent.unroll(network.cell, x).states, recurrent.unroll(network.cell, longest).states[:, : length + 1])


@pytest.mark.parametrize(("kind", "activation"), list(product(CELLS, ["tanh", "sigmoid"])))
def test_a_free_run_is_what_keras_goes_on_with(kind, activation):
    case = drawn(kind, activation, inputs=1)
    model, network = model_like(case, 1)
    window = np.sin(np.arange(6.0))
    before, values = window.copy(), list(window)
    for _ in range(15):
        values.append(float(model(np.reshape(values[-6:], (1, 6, 1)))[0, 0]))
    ours = recurrent.free_run(network, window, 15)
    assert np.ptp(ours) > 0.001
    close(ours, values[6:])
    assert np.array_equal(window, before)
    assert recurrent.free_run(network, window, 0).shape == (0,)
    close(recurrent.free_run(network, np.arange(6), 4), recurrent.free_run(network, np.arange(6.0), 4), 0)


@pytest.mark.parametrize(("kind", "count"), list(product(CELLS, [1, 3])))
def test_free_runs_together_are_those_of_each(kind, count):
    networks = [model_like(drawn(kind, "tanh", inputs=1, seed=seed), 1)[1] for seed in range(count)]
    window = np.sin(np.arange(6.0))
    whole = recurrent.free_run(recurrent.together(networks), window, 12)
    close(whole, np.stack([recurrent.free_run(each, window, 12) for each in networks]))


@pytest.mark.parametrize(("kind", "readout"), list(product(CELLS, ["linear", "tanh"])))
def test_slopes_of_an_answer_are_those_of_a_tape(kind, readout):
    case = drawn(kind, "tanh")
    model, network = model_like(case, 1, readout)
    x = tf.constant(case.x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        answers = model(x)
    close(recurrent.answer_slopes(network, recurrent.unroll(network.cell, case.x)), tape.gradient(answers, x))


# --- clipping


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 99), st.lists(st.lists(st.integers(1, 4), max_size=3), min_size=1, max_size=4), st.floats(0.01, 10))
def test_clipping_is_that_of_tensorflow(seed, shapes, most):
    random = np.random.default_rng(seed)
    slopes = [np.array(random.normal(size=shape)) for shape in shapes]
    theirs, norm = tf.clip_by_global_norm(slopes, most)
    ours, before = recurrent.clipped(slopes, most)
    assert before == pytest.approx(float(norm), rel=1e-12)
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, their, rtol=1e-12)


def test_clipping_by_hand():
    slopes = [np.array([[3.0, 0.0]]), np.array([-4.0])]
    scaled, norm = recurrent.clipped(slopes, 1.0)
    assert norm == 5.0
    all_close(scaled, [np.array([[0.6, 0.0]]), np.array([-0.8])], 1e-15)
    for most in (0, 5.0, 7.0):
        kept, norm = recurrent.clipped(slopes, most)
        assert norm == 5.0
        all_close(kept, slopes, 0)
    assert not recurrent.clipped([np.zeros(3)], 1.0)[0][0].any()
    assert recurrent.clipped([np.ones(3, np.float32)], 1.0)[0][0].dtype == np.float32


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_exploded_slopes_are_clipped_as_in_tensorflow(value):
    slopes = [np.array([1.0, value]), np.array([2.0])]
    ours, norm = recurrent.clipped(slopes, 1.0)
    assert not np.isfinite(norm)
    for our, their in zip(ours, tf.clip_by_global_norm(slopes, 1.0)[0], strict=True):
        np.testing.assert_array_equal(our, their)
    assert np.array_equal(recurrent.clipped(slopes, 0)[0][1], [2.0])


# --- held parts


def nothing_held(case):
    return np.full((case.x.shape[1], case.units), np.nan)


def test_a_cell_that_forgets_nothing_and_takes_nothing_in_keeps_its_state():
    case = drawn("lstm", time=8)
    forget, taken = nothing_held(case), nothing_held(case)
    forget[3:], taken[3:] = 1, 0
    kept, free = case.unrolled({"forget": forget, "input": taken}), case.unrolled()
    assert np.array_equal(kept.memory[:, :4], free.memory[:, :4])
    assert np.abs(kept.memory[:, 3]).min() > 0
    for step in range(4, 9):
        assert np.array_equal(kept.memory[:, step], kept.memory[:, 3])
        assert (free.memory[:, step] != free.memory[:, 3]).all()
    assert not case.unrolled({"input": np.zeros_like(taken)}).memory.any()


def test_a_gru_that_updates_nothing_keeps_its_state():
    case = drawn("gru", time=8)
    update = nothing_held(case)
    update[3:, 1] = 1
    states = case.unrolled({"update": update}).states
    assert (states[:, 4:, 1] == states[:, 3:4, 1]).all()
    assert (states[:, 4:, [0, 2, 3]] != states[:, 3:4, [0, 2, 3]]).all()


@pytest.mark.parametrize(("kind", "name"), BLOCKS)
def test_a_held_part_has_the_number_and_no_slope(kind, name):
    """One unit of the part is held: its columns of all weights have no slope, all others have."""
    case, unit = drawn(kind), 2
    numbers = nothing_held(case)
    numbers[:, unit] = 0.25
    unrolled, slopes = case.unrolled({name: numbers}), case.slopes({name: numbers})
    held = np.zeros((len(case.cell.blocks), case.units), bool)
    for idle in (name, "reset") if (kind, name) == ("gru", "candidate") else (name,):  # the reset gate acts by the candidate alone
        held[case.cell.blocks.index(idle), unit] = True
    assert (unrolled.parts[name][..., unit] == 0.25).all()
    assert not (unrolled.parts[name][..., :unit] == 0.25).any()
    for slope in slopes.weights:
        assert np.array_equal((slope == 0).reshape(-1, held.size), np.broadcast_to(held.ravel(), (slope.size // held.size, held.size)))


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_where_all_parts_are_held_nothing_is_learnt_but_states_still_matter(kind):
    case = drawn(kind)
    slopes = case.slopes({name: np.full_like(nothing_held(case), 0.5) for name in case.cell.blocks})
    assert not any(part.any() for part in (*slopes.weights, slopes.x))
    if kind == "gru":
        expected = case.slope.copy()
        for step in reversed(range(case.x.shape[1])):
            expected[:, step] += 0.5 * expected[:, step + 1]
        close(slopes.states, expected, 1e-12)
    else:
        assert np.array_equal(slopes.states, case.slope)
        assert slopes.memory.all()


@pytest.mark.parametrize(("kind", "name"), BLOCKS)
def test_where_nothing_is_held_everything_is_as_without(kind, name):
    case = drawn(kind)
    assert np.array_equal(case.unrolled({name: nothing_held(case)}).states, case.unrolled().states)
    for our, their in zip(case.slopes({name: nothing_held(case)}).weights, case.slopes().weights, strict=True):
        assert np.array_equal(our, their)


@pytest.mark.parametrize(("kind", "name"), [("simple", "candidate"), ("gru", "forget"), ("lstm", "squashed")])
def test_parts_that_are_not_there_cannot_be_held(kind, name):
    with pytest.raises(ValueError, match=f"no {name} to hold"):
        drawn(kind).unrolled({name: np.ones((5, 4))})


def test_numbers_to_hold_are_of_as_many_steps():
    with pytest.raises(ValueError, match="broadcast"):
        drawn("lstm").unrolled({"forget": np.ones((6, 4))})


# --- precision and refusals


@pytest.mark.parametrize(("kind", "activation"), list(product(CELLS, ACTIVATIONS)))
def test_single_precision_stays_single(kind, activation):
    case = drawn(kind, activation, inputs=1)
    weights = [part.astype(np.float32) for part in (*case.weights, np.ones((4, 1)), np.ones(1))]
    network, x = recurrent.network(kind, weights, activation, activation), case.x.astype(np.float32)
    clamped = {name: np.where(np.arange(20.0).reshape(5, 4) > 12, 0.5, np.nan) for name in CELLS[kind].blocks}
    unrolled = recurrent.unroll(network.cell, x, clamped)
    slopes = [recurrent.through_time(network.cell, unrolled, case.slope), recurrent.squared_error_slopes(network, x, case.x[:, 0])]
    made = [recurrent.answers(network, x), recurrent.free_run(network, x[0, :, 0], 2), *unrolled.parts.values()]
    for record in (unrolled, *slopes):
        made += [getattr(record, field.name) for field in fields(record)]
    made += [part for some in slopes for part in some.weights]
    assert {part.dtype for part in made if isinstance(part, np.ndarray)} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("kind", "time"), list(product(CELLS, [1, 40])))
def test_an_explosion_is_quiet(kind, time):
    case = drawn(kind, "linear", time=time, inputs=1)
    large = [1e200 * part for part in (*case.weights, np.ones((4, 1)), np.ones(1))]
    network = recurrent.network(kind, large, "linear")
    with np.errstate(all="raise"):
        unrolled = recurrent.unroll(network.cell, case.x)
        recurrent.through_time(network.cell, unrolled, 1e200 * case.slope)
        slopes = recurrent.squared_error_slopes(network, case.x, case.x[:, 0])
        recurrent.free_run(network, case.x[0, :, 0], 3)
        answers = recurrent.answers(network, case.x)
    assert not np.isfinite(answers).all()
    assert not all(np.isfinite(part).all() for part in slopes.weights)
    assert np.isfinite(unrolled.states).all() == (time == 1)


def test_weights_of_another_network_are_refused():
    weights = [*drawn("lstm").weights, np.ones((4, 1)), np.ones(1)]
    assert [type(recurrent.network(kind, weights, "tanh").cell) for kind in CELLS] == list(CELLS.values())
    for change in (weights[:4], [*weights, np.ones(1)], weights[:2]):
        with pytest.raises(TypeError):
            recurrent.network("lstm", change, "tanh")
    with pytest.raises(KeyError):
        recurrent.cell("elman", weights[:3], "tanh")


def test_a_gru_with_one_bias_is_refused():
    """Keras' GRU with `reset_after=False`, whose formula is another."""
    kernel, state_kernel, bias = drawn("gru").weights
    with pytest.raises(ValueError, match="unpack"):
        recurrent.unroll(recurrent.cell("gru", [kernel, state_kernel, bias[0]], "tanh"), drawn("gru").x)
