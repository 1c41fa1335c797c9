import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ann_core import models
from ann_core.maths.learning import backpropagation, landscapes, losses, optimisers, regression
from ann_core.maths.learning.activations import ACTIVATIONS, softmax
from ann_core.maths.learning.backpropagation import PARAMETERS, STAGES, Small
from ann_core.maths.learning.landscapes import LANDSCAPES
from ann_core.maths.learning.losses import LOSSES
from ann_core.maths.learning.optimisers import OPTIMISERS, descend
from ann_core.maths.networks import dense
from ann_core.models import optimisers as model_optimisers
from ann_core.specs import PointsSpec
from ann_core.training.examples import examples_of as data_of
from ann_core.training.moments import epoch_order
from ann_core.training.train import train

STEP = 1e-6
SMOOTH = ("tanh", "sigmoid", "silu", "gelu", "softplus", "linear")
BENT = ("relu", "leaky_relu", "elu")


def close(ours, theirs, tolerance=1e-6):
    """Within the tolerance, relative to the largest magnitude."""
    np.testing.assert_allclose(ours, theirs, atol=tolerance * np.abs(theirs).max() + 1e-15, rtol=0)


def differences(function, places):
    """The gradient of a function of places (..., n) by central differences: (..., n)."""
    moves = STEP * np.eye(places.shape[-1])
    return np.stack([(function(places + move) - function(places - move)) / (2 * STEP) for move in moves], axis=-1)


# --- losses

KERAS_LOSSES = {
    "squared": keras.losses.mean_squared_error,
    "absolute": keras.losses.mean_absolute_error,
    "huber": keras.losses.huber,
    "binary_cross_entropy": keras.losses.binary_crossentropy,
}


def examples_of(record):
    """Predictions and targets on all sides of each other, off every kink; probabilities and classes for a classifier's loss."""
    if record.classes:
        return (grid.ravel() for grid in np.meshgrid(np.linspace(0.01, 0.99, 49), [0.0, 1.0]))
    return (grid.ravel() for grid in np.meshgrid(np.linspace(-3, 3, 61) + 0.0137, [-1.5, 0.0, 0.7]))


@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_slopes_are_those_of_keras(name):
    prediction, target = examples_of(LOSSES[name])
    variable = tf.Variable(prediction[:, None])
    with tf.GradientTape() as tape:
        value = KERAS_LOSSES[name](target[:, None], variable)
    assert value.dtype == tf.float64
    close(LOSSES[name].value(prediction, target), value.numpy(), 1e-5)
    close(LOSSES[name].slope(prediction, target), tape.gradient(value, variable).numpy()[:, 0], 1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_slopes_of_losses_agree_with_finite_differences(name):
    record = LOSSES[name]
    prediction, target = examples_of(record)
    above, below = (record.value(prediction + step, target) for step in (STEP, -STEP))
    np.testing.assert_allclose(record.slope(prediction, target), (above - below) / (2 * STEP), rtol=1e-6, atol=1e-8)


def test_the_edges_of_losses():
    right = np.linspace(-2, 2, 5)
    for name in ("squared", "absolute", "huber"):
        assert not LOSSES[name].value(right, right).any()
        assert not LOSSES[name].slope(right, right).any()
    sure = LOSSES["binary_cross_entropy"]
    with np.errstate(all="raise"):
        close(sure.value(np.array([0.0, 1.0]), np.array([1.0, 0.0])), np.full(2, -np.log(losses.LEAST)))
        assert np.isfinite(sure.slope(np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0, 1.0]))).all()


def test_the_slope_of_categorical_cross_entropy_along_the_sums():
    sums = np.random.default_rng(0).normal(0, 3, (6, 4))
    targets = np.eye(4)[[0, 3, 1, 1, 2, 0]]
    ours = losses.categorical_slope(targets, softmax(sums))
    close(ours, differences(lambda z: -(targets * np.log(softmax(z))).sum(axis=-1), sums))
    variable = tf.Variable(sums)
    with tf.GradientTape() as tape:
        value = keras.losses.categorical_crossentropy(targets, variable, from_logits=True)
    close(ours, tape.gradient(value, variable).numpy(), 1e-5)


# --- saturated networks: sums so large that the probabilities are 0 and 1

SATURATED = {
    "two classes": PointsSpec(
        dataset="xor", layers=("16-relu", "16-relu", "16-relu"), initialiser="wide", learning_rate=1e-5, points=100, epochs=2
    ),
    "four classes": PointsSpec(
        dataset="four", layers=("16-relu", "16-relu", "16-relu"), initialiser="wide", learning_rate=1e-5, points=100, epochs=2
    ),
}
MOST_OF_PROBABILITIES = -np.log(losses.LEAST)  # 16.12, which a loss of clipped probabilities cannot exceed


@pytest.mark.parametrize("spec", SATURATED.values(), ids=SATURATED)
def test_a_saturated_network_is_trained_and_judged_as_keras_does(spec):
    """The loop's history, NumPy's loss of its last weights, and a compiled Keras model's fit and evaluation are the same."""
    run, (data, _) = train(spec), data_of(spec)
    model = models.portable(spec)
    name = "binary_crossentropy" if spec.classes == 2 else "sparse_categorical_crossentropy"
    model.compile(optimizer=model_optimisers.build(spec), loss=name, metrics=["accuracy"])
    rows = []
    for epoch in range(spec.epochs):
        order = epoch_order(spec.seed, epoch, len(data.x))
        fitted = model.fit(
            *(data.x[order], data.y[order], spec.batch_size),
            shuffle=False,
            validation_data=(data.x_val, data.y_val),
            verbose=0,
        )
        rows.append([fitted.history[each][0] for each in ("loss", "accuracy", "val_loss", "val_accuracy")])
    np.testing.assert_allclose(run.rows, rows, rtol=1e-4)
    layers = dense.layers([weight.astype(float) for weight in run.final.weights], spec.activations)
    sums = dense.forward(layers, data.x_val.astype(float))[-1].sums
    ours = losses.cross_entropy(data.y_val, sums)
    assert ours.mean() == pytest.approx(run.value("val_loss"), rel=1e-4)
    assert ours.mean() == pytest.approx(model.evaluate(data.x_val, data.y_val, verbose=0)[0], rel=1e-4)
    assert ours.max() > 2 * MOST_OF_PROBABILITIES


@pytest.mark.parametrize("sure", [20.0, 200.0, 1e4])
def test_a_wrong_answer_costs_as_much_as_its_sum_says(sure):
    """400 at sums of ±200, with the whole slope, where a compiled Keras model ends in softmax; 200 and 1 for sigmoid."""
    sums, targets = np.array([[sure, -sure], [-sure, sure]]), np.array([1, 1])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(losses.cross_entropy(targets, sums), [2 * sure, 0], atol=1e-12)
        np.testing.assert_allclose(losses.cross_entropy(np.array([0, 1]), np.array([[sure], [sure]])), [sure, 0], atol=1e-8)
        np.testing.assert_allclose(losses.categorical_slope(np.eye(2)[targets], softmax(sums))[0], [1, -1], atol=1e-12)
    softmaxed = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "softmax", use_bias=False, kernel_initializer="identity")])
    softmaxed.compile(optimizer=keras.optimizers.SGD(1.0), loss="sparse_categorical_crossentropy")
    assert softmaxed.evaluate(sums[:1], targets[:1], verbose=0) == pytest.approx(2 * sure)
    before = softmaxed.get_weights()[0]
    softmaxed.fit(sums[:1], targets[:1], verbose=0)
    slope = np.outer(sums[0], losses.categorical_slope(np.eye(2)[targets[:1]], softmax(sums[:1]))[0])
    np.testing.assert_allclose(before - softmaxed.get_weights()[0], slope, rtol=1e-5)


def test_an_exploded_network_has_no_finite_loss_and_is_quiet():
    for sums in (np.array([[np.inf, 1.0]]), np.array([[np.nan, 1.0]]), np.array([[np.nan]])):
        assert not np.isfinite(losses.cross_entropy(np.array([1]), sums)).any()


@settings(deadline=None)
@given(st.floats(0, 10), st.lists(st.floats(-5, 5), min_size=1, max_size=9))
def test_no_value_is_better_than_the_best_ones(outlier, others):
    targets = np.array([*others, outlier])
    for name in ("squared", "absolute", "huber"):
        low, high = losses.best_values(name, targets)
        assert low <= high + 1e-9
        least = LOSSES[name].value(np.array([low, high])[:, None], targets).mean(axis=1)
        tried = LOSSES[name].value(np.linspace(-6, 11, 300)[:, None], targets).mean(axis=1)
        assert least.max() <= tried.min() + 1e-7
    np.testing.assert_allclose(losses.best_values("squared", targets), targets.mean(), rtol=1e-6, atol=losses.LEVEL)


# --- optimisers

KERAS_OPTIMISERS = {
    "sgd": lambda rate: keras.optimizers.SGD(rate),
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "nesterov": lambda rate: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
    "rmsprop": lambda rate: keras.optimizers.RMSprop(rate),
    "adam": lambda rate: keras.optimizers.Adam(rate),
}


@pytest.fixture
def double_precision():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("landscape", LANDSCAPES)
@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_go_where_keras_goes(name, landscape, double_precision):
    record, rate = LANDSCAPES[landscape], 0.005
    path = descend(name, record.gradient, record.start, rate, 50)
    variable = keras.Variable(np.array(record.start, float), dtype="float64")
    optimiser, places = KERAS_OPTIMISERS[name](rate), [np.array(record.start, float)]
    for _ in range(50):
        optimiser.apply([keras.ops.convert_to_tensor(record.gradient(places[-1]), "float64")], [variable])
        places.append(keras.ops.convert_to_numpy(variable.value).copy())
    assert np.ptp(path.places, axis=0).max() > 0.1
    close(path.places, np.array(places), 1e-5)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_epsilon_stands_where_keras_has_it(name, double_precision):
    """Gradients as small as epsilon itself show where it is added."""
    gradients = np.random.default_rng(1).normal(0, 1, (50, 3)) * np.array([1e-8, 1e-5, 1e-3])
    variable, optimiser = keras.Variable(np.zeros(3), dtype="float64"), KERAS_OPTIMISERS[name](0.1)
    ours, memory = np.zeros(3), None
    for gradient in gradients:
        change, memory = OPTIMISERS[name].step(ours, gradient, memory, 0.1)
        ours = ours + change
        optimiser.apply([keras.ops.convert_to_tensor(gradient, "float64")], [variable])
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(variable.value), rtol=1e-5)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_path_is_made_of_its_changes(name):
    record = LANDSCAPES["bowl"]
    path = descend(name, record.gradient, record.start, 0.02, 30)
    assert (path.places.shape, path.gradients.shape, path.changes.shape) == ((31, 2), (30, 2), (30, 2))
    assert path.places[0].tolist() == list(record.start)
    assert np.array_equal(path.places[1:], path.places[:-1] + path.changes)
    assert np.array_equal(path.gradients, record.gradient(path.places[:-1]))
    assert record.value(path.places[-1]) < record.value(path.places[0])


@pytest.mark.parametrize(("name", "rate"), [("sgd", 5.0), ("momentum", 5.0), ("nesterov", 5.0), ("rmsprop", 1e7), ("adam", 1e7)])
@pytest.mark.parametrize("landscape", ["ravine", "himmelblau"])
def test_an_explosion_is_quiet(name, rate, landscape):
    with np.errstate(all="raise"):
        path = descend(name, LANDSCAPES[landscape].gradient, LANDSCAPES[landscape].start, rate, 100)
    told = np.isfinite(path.places).all(axis=1)
    last = told.sum() - 1
    assert 0 <= last < 100
    assert told[: last + 1].all()
    assert np.abs(path.places[: last + 1]).max() <= optimisers.FAR
    for rows in (path.places[last + 1 :], path.gradients[last:], path.changes[last:]):
        assert np.isnan(rows).all()
    assert np.isfinite(path.changes[:last]).all()


@pytest.mark.parametrize("poor", [np.inf, np.nan])
def test_a_gradient_that_is_no_number_ends_the_path(poor):
    path = descend("adam", lambda place: np.full(1, poor), 0.5, 0.1, 3)
    assert path.places[0] == 0.5
    assert np.isnan(path.places[1:]).all()


# --- landscapes


@pytest.mark.parametrize("name", LANDSCAPES)
def test_gradients_of_landscapes_agree_with_finite_differences(name):
    record = LANDSCAPES[name]
    places = np.random.default_rng(2).uniform(record.low, record.high, (3, 7, 2))
    assert record.value(places).shape == (3, 7)
    close(record.gradient(places), differences(record.value, places))


@pytest.mark.parametrize("name", LANDSCAPES)
def test_minima_are_level_and_nothing_drawn_lies_lower(name):
    record = LANDSCAPES[name]
    lowest = np.array(record.lowest)
    assert len(lowest) > 0
    np.testing.assert_allclose(record.gradient(lowest), 0, atol=1e-12)
    places = np.random.default_rng(3).uniform(record.low, record.high, (5000, 2))
    assert record.value(places).min() >= record.value(lowest).max() - 1e-12
    inside = np.array([*record.lowest, record.start])
    assert ((inside > record.low) & (inside < record.high)).all()


def test_the_saddle_is_level_at_the_middle_and_held_there():
    record = LANDSCAPES["saddle"]
    assert record.gradient(np.zeros(2)).tolist() == [0, 0]
    assert not descend("adam", record.gradient, (0, 0), 0.1, 20).places.any()
    assert record.value(np.array([0, 0.1])) < record.value(np.zeros(2)) < record.value(np.array([0.1, 0]))


def test_the_curve_has_two_valleys_of_different_depth():
    x = np.linspace(landscapes.CURVE_LOW, landscapes.CURVE_HIGH, 2001)
    close(landscapes.curve_slope(x), (landscapes.curve(x + STEP) - landscapes.curve(x - STEP)) / (2 * STEP))
    deep, shallow = landscapes.CURVE_VALLEYS
    assert [landscapes.curve_slope(place) for place in (deep, shallow, landscapes.CURVE_HILL)] == [0, 0, 0]
    values = landscapes.curve(x)
    low = x[1:-1][(values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])]
    np.testing.assert_allclose(low, [deep, shallow], atol=0.003)
    assert landscapes.curve(deep) < landscapes.curve(shallow) < landscapes.curve(landscapes.CURVE_HILL)
    starts = {2.3: shallow, -2.6: deep}
    for start, end in starts.items():
        np.testing.assert_allclose(descend("sgd", landscapes.curve_slope, start, 0.05, 300).places[-1], end, atol=1e-6)


def test_the_landscape_of_a_neuron_is_that_of_its_loss():
    random = np.random.default_rng(4)
    points, weights = random.normal(0, 1, (20, 2)), random.normal(0, 2, (4, 5, 2))
    values = landscapes.fit_loss(weights, points)
    assert values.shape == (4, 5)
    w, b = weights[2, 3]
    assert values[2, 3] == pytest.approx(sum((np.tanh(w * x + b) - y) ** 2 for x, y in points) / 20, rel=1e-12)
    close(landscapes.fit_gradient(weights, points), differences(lambda places: landscapes.fit_loss(places, points), weights))


# --- backpropagation

NUMBER = st.floats(-2, 2, width=32)
PAIR = arrays(float, 2, elements=NUMBER)


def networks(activations):
    return st.builds(
        Small,
        arrays(float, (2, 2), elements=NUMBER),
        PAIR,
        PAIR,
        NUMBER,
        st.sampled_from(activations),
        st.sampled_from(("sigmoid", "linear")),
    )


def same(ours, theirs, tolerance=1e-6):
    """The same numbers under the same keys, but for what central differences cannot tell."""
    assert list(ours) == list(theirs) == list(PARAMETERS)
    expected = np.array(list(theirs.values()))
    np.testing.assert_allclose(list(ours.values()), expected, rtol=0, atol=tolerance * np.abs(expected).max() + 1e-8)


@given(networks(SMOOTH), PAIR, NUMBER)
def test_backpropagation_agrees_with_finite_differences(network, inputs, target):
    same(backpropagation.gradients(network, inputs, target), backpropagation.finite_differences(network, inputs, target))


@given(networks(BENT), PAIR, NUMBER)
def test_backpropagation_agrees_with_finite_differences_off_the_kinks(network, inputs, target):
    assume(np.abs(inputs @ network.hidden_kernel + network.hidden_bias).min() > 1e-4)
    same(backpropagation.gradients(network, inputs, target), backpropagation.finite_differences(network, inputs, target))


@given(networks((*SMOOTH, *BENT)), PAIR, NUMBER, st.floats(0.01, 2))
def test_the_worksheet_says_what_the_vectors_say(network, inputs, target, rate):
    terms = backpropagation.worksheet(network, inputs, target, rate)
    values = {term.key: term.value for term in terms}
    assert len(values) == len(terms)
    assert [term.stage for term in terms] == sorted((term.stage for term in terms), key=STAGES.index)
    slopes = backpropagation.gradients(network, inputs, target)
    assert [term.key for term in terms if term.stage == "gradients"] == [f"dL_d{key}" for key in PARAMETERS]
    after = backpropagation.parameters(backpropagation.updated(network, inputs, target, rate))
    for key in PARAMETERS:
        assert values[f"dL_d{key}"] == pytest.approx(slopes[key], rel=1e-9, abs=1e-12)
        assert values[f"new_{key}"] == pytest.approx(after[key], rel=1e-9, abs=1e-12)
    assert values["loss"] == pytest.approx(backpropagation.loss(network, inputs, target), rel=1e-9, abs=1e-12)


@given(networks(tuple(ACTIVATIONS)), PAIR, NUMBER, st.floats(0.01, 2))
def test_the_numbers_of_a_line_make_its_value(network, inputs, target, rate):
    """The LaTeX of every line, read as arithmetic, gives the value to the rounding of its numbers."""
    assume(np.abs(inputs @ network.hidden_kernel + network.hidden_bias).min() > 1e-3)
    for term in backpropagation.worksheet(network, inputs, target, rate):
        magnitude = sum(float(number) for number in re.findall(r"[\d.]+", term.numbers))
        assert _read(term.numbers) == pytest.approx(term.value, abs=1e-4 * (1 + magnitude)), term
        assert not re.search(r"[-+·] *-|\\cdot -|--|-0\.0000", term.numbers)


def _read(latex):
    names = {"sigma": ACTIVATIONS["sigmoid"].function, "Phi": lambda z: ACTIVATIONS["gelu"].function(z) / z if z else 0.5}
    names |= {"varphi": lambda z: np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi), "tanh": np.tanh, "ln": np.log, "e": np.e}
    cases = re.fullmatch(r"\\begin\{cases\} (\S+) & (\S+) > 0 .*? (\S+) & \S+ \\le 0 \\end\{cases\}", latex)
    if cases:
        return float(cases[1] if float(cases[2]) > 0 else cases[3])
    program = latex.replace(r"\cdot", "*").replace(r"\frac{1}{2}", "0.5").replace("^", "**").replace("\\", "")
    return float(eval(program.replace("{", "(").replace("}", ")"), {**names, "max": max, "min": min}))


def test_the_worksheet_is_in_the_order_of_a_learner():
    network = Small(((0.15, 0.25), (-0.2, 0.3)), (0.35, -0.35), (0.4, 0.5), 0.6, "tanh", "sigmoid")
    terms = backpropagation.worksheet(network, (0.05, -0.1), 0.01, 0.5)
    assert [term.key for term in terms if term.stage not in ("gradients", "update")] == [
        *("z1", "h1", "z2", "h2", "zo", "o", "loss", "dL_do", "do_dzo", "delta_o"),
        *("dzo_dh1", "dL_dh1", "dh1_dz1", "delta_1", "dzo_dh2", "dL_dh2", "dh2_dz2", "delta_2"),
    ]
    first = terms[0]
    assert first.formula == r"w_{11} \cdot x_1 + w_{21} \cdot x_2 + b_1"
    assert first.numbers == r"0.1500 \cdot 0.0500 + (-0.2000) \cdot (-0.1000) + 0.3500"
    assert first.value == pytest.approx(0.3775)


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "step"])
def test_backpropagation_is_that_of_tensorflow(activation, output):
    random = np.random.default_rng(5)
    hidden, output_kernel = random.normal(0, 1, (3, 2)), random.normal(0, 1, 3)
    network = Small(hidden[:2], hidden[2], output_kernel[:2], output_kernel[2], activation, output)
    inputs, target = random.normal(0, 1, 2), 0.3
    layers = [keras.layers.Dense(2, activation, dtype="float64"), keras.layers.Dense(1, output, dtype="float64")]
    model = keras.Sequential([keras.Input((2,), dtype="float64"), *layers])
    model.set_weights([hidden[:2], hidden[2], output_kernel[:2, None], output_kernel[2:]])
    with tf.GradientTape() as tape:
        value = 0.5 * (model(inputs[None])[0, 0] - target) ** 2
    w, b, v, c = (slope.numpy() for slope in tape.gradient(value, model.trainable_variables))
    theirs = dict(zip(PARAMETERS, (*v.ravel(), *c, *w.ravel(), *b), strict=True))
    assert backpropagation.loss(network, inputs, target) == pytest.approx(float(value), rel=1e-5)
    same(backpropagation.gradients(network, inputs, target), theirs, 1e-5)


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_large_inputs_stay_quiet(activation, output):
    network = Small(np.array([[5.0, -5.0], [5.0, 4.0]]), np.ones(2), np.array([3.0, -3.0]), 1.0, activation, output)
    with np.errstate(all="raise", under="ignore"):
        for inputs in ((1e3, 1e3), (-1e3, -1e3), (1e3, -1e3)):
            assert all(np.isfinite(term.value) for term in backpropagation.worksheet(network, inputs, 1e3, 0.5))
            assert np.isfinite(list(backpropagation.gradients(network, inputs, 1e3).values())).all()
            assert np.isfinite(list(backpropagation.finite_differences(network, inputs, 1e3).values())).all()


# --- regression


def examples(count, seed, degree=6):
    x, y = regression.noisy_curve(count, 0.2, seed)
    return regression.polynomial(x, degree), y


def test_points_lie_about_the_curve():
    x, y = regression.noisy_curve(4000, 0.2, 0)
    assert x.min() >= -1
    assert x.max() <= 1
    assert np.std(y - regression.true_curve(x)) == pytest.approx(0.2, rel=0.05)
    assert all(np.array_equal(*pair) for pair in zip((x, y), regression.noisy_curve(4000, 0.2, 0), strict=True))
    assert not np.array_equal(x, regression.noisy_curve(4000, 0.2, 1)[0])


def test_features_are_legendre_polynomials():
    x = np.linspace(-1, 1, 9)
    expected = np.stack([np.ones(9), x, (3 * x**2 - 1) / 2, (5 * x**3 - 3 * x) / 2], axis=1)
    close(regression.polynomial(x, 3), expected, 1e-12)
    assert np.linalg.cond(regression.polynomial(np.linspace(-1, 1, 200), 12)) < 10


@given(arrays(float, 7, elements=st.floats(-1, 1)))
def test_nothing_beats_least_squares(perturbation):
    features, targets = examples(30, 0)
    x, y = regression.noisy_curve(30, 0.2, 0)
    best = regression.least_squares(x, y, 6)
    errors = regression.mean_squared_error(targets, np.array([best, best + perturbation]) @ features.T)
    assert errors[0] <= errors[1] + 1e-15
    np.testing.assert_allclose(regression.gradient(features, targets, best), 0, atol=1e-12)


def test_the_gradient_agrees_with_finite_differences():
    features, targets = examples(25, 1)
    coefficients = np.random.default_rng(6).normal(0, 1, 7)
    theirs = differences(lambda c: regression.mean_squared_error(targets, c @ features.T), coefficients)
    close(regression.gradient(features, targets, coefficients), theirs)


def test_all_examples_in_one_batch_make_one_step_an_epoch():
    features, targets = examples(25, 1)
    descent = regression.descend_in_batches(features, targets, 25, 0.1, 40, 0, examples(50, 2))
    assert descent.steps == 40
    expected = [np.zeros(7)]
    for _ in range(40):
        expected.append(expected[-1] - 0.1 * regression.gradient(features, targets, expected[-1]))
    close(descent.coefficients, np.array(expected), 1e-12)
    assert (np.diff(descent.training) < 0).all()


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 25), (4, 7), (25, 1), (100, 1)])
def test_smaller_batches_make_more_steps(batch_size, steps):
    held_out = examples(50, 2)
    descent = regression.descend_in_batches(*examples(25, 1), batch_size, 0.05, 10, 3, held_out)
    assert descent.steps == 10 * steps
    assert descent.training.shape == descent.held_out.shape == (11,)
    assert descent.coefficients.shape == (11, 7)
    for epoch in (0, 4, 10):
        expected = np.mean((held_out[0] @ descent.coefficients[epoch] - held_out[1]) ** 2)
        assert descent.held_out[epoch] == pytest.approx(expected, rel=1e-12)
    assert descent.training[-1] < 0.6 * descent.training[0]


def test_every_example_is_used_once_an_epoch():
    """With features that are the examples themselves, every step moves the coefficients of its own batch alone."""
    features, targets = np.eye(10), np.arange(1.0, 11)
    descent = regression.descend_in_batches(features, targets, 3, 1.5, 1, 0, (features, targets))
    moved = descent.coefficients[1] / targets  # 2 · 1.5 / size of the batch
    assert sorted(moved) == pytest.approx([1] * 9 + [3])


def test_the_seed_decides_the_order():
    runs = [regression.descend_in_batches(*examples(25, 1), 5, 0.05, 5, seed, examples(50, 2)) for seed in (0, 0, 1)]
    assert np.array_equal(runs[0].coefficients, runs[1].coefficients)
    assert not np.array_equal(runs[0].coefficients, runs[2].coefficients)


@pytest.mark.parametrize("rate", [3.0, 1e3, 1e200])
def test_an_exploding_regression_is_quiet(rate):
    with np.errstate(all="raise"):
        descent = regression.descend_in_batches(*examples(25, 1), 5, rate, 100, 0, examples(50, 2))
        assert regression.best_epoch(descent) == 0
    told = int(np.isfinite(descent.training).sum())
    assert 1 <= told < 101
    for rows in (descent.training[told:], descent.held_out[told:], descent.coefficients[told:]):
        assert np.isnan(rows).all()


def test_early_stopping_finds_the_least_held_out_loss():
    x, y = regression.noisy_curve(20, 0.3, 1)
    held_x, held_y = regression.noisy_curve(100, 0.3, 2)
    held_out = (regression.polynomial(held_x, 12), held_y)
    descent = regression.descend_in_batches(regression.polynomial(x, 12), y, 4, 0.1, 600, 0, held_out)
    best = regression.best_epoch(descent)
    assert 0 < best < 600
    assert descent.held_out[best] == descent.held_out.min() < descent.held_out[-1] / 2
    assert descent.training[-1] < descent.training[best]
