import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ann_core.data import images
from ann_core.maths.learning.activations import ACTIVATIONS, sigmoid, softmax
from ann_core.maths.measures import classification
from ann_core.maths.networks import dense
from ann_core.training.train import train

NUMBERS = arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(-30, 30, width=32))


def close(ours, theirs, tolerance=1e-5):
    """Within the tolerance, relative to the largest magnitude, or within what double precision can tell from 1."""
    np.testing.assert_allclose(ours, theirs, atol=tolerance * np.abs(theirs).max() + 4 * np.finfo(float).eps, rtol=0)


@pytest.mark.parametrize("name", [name for name, record in ACTIVATIONS.items() if record.trains])
@given(z=NUMBERS)
def test_activations_agree_with_keras(name, z):
    close(ACTIVATIONS[name].function(z), keras.ops.convert_to_numpy(getattr(keras.activations, name)(keras.ops.convert_to_tensor(z))))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_agree_with_finite_differences(name):
    z, step = np.linspace(-4, 4, 81) + 0.013, 1e-6
    record = ACTIVATIONS[name]
    close(record.derivative(z), (record.function(z + step) - record.function(z - step)) / (2 * step), 1e-6)


def test_extreme_sums_stay_finite():
    z = np.array([[-1e4, 0.0, 1e4]])
    with np.errstate(all="raise", under="ignore"):
        assert softmax(z).tolist() == [[0, 0, 1]]
        assert sigmoid(z).tolist() == [[0, 0.5, 1]]


@pytest.mark.parametrize("scale", [True, False])
def test_a_trained_network_computes_what_keras_computes(small_spec, scale):
    from ann_core import models

    run = train(small_spec.changed(scale_pixels=scale, hidden_units=(16, 8), activation="tanh", epochs=2))
    model = _in_float64(models.build, run)
    x = images.load("digits").x_test[:50].astype(float) / (255 if scale else 1)
    layers = dense.layers([weight.astype(float) for weight in run.final.weights], run.spec.activations)
    steps = dense.forward(layers, x.reshape(50, -1))
    theirs = keras.ops.convert_to_numpy(model(x))
    close(steps[-1].outputs, theirs)
    if scale:
        close(steps[-1].outputs, run.predictions[:50])
    inner = keras.Model(model.inputs[0], [layer.output for layer in model.layers[1:]])
    for step, output in zip(steps, inner(x), strict=True):
        close(step.outputs, keras.ops.convert_to_numpy(output))


def _in_float64(build, run):
    """The network of a run in double precision: raw pixels make sums of thousands, where single precision is coarse."""
    keras.config.set_dtype_policy("float64")
    model = build(run.spec)
    keras.config.set_dtype_policy("float32")
    model.set_weights(run.final.weights)
    return model


def test_parameters_are_counted_as_keras_counts(small_spec):
    from ann_core import models

    assert sum(dense.parameter_counts((784, 128, 10))) == 101_770
    spec = small_spec.changed(hidden_units=(20, 7))
    assert sum(dense.parameter_counts((784, 20, 7, 10))) == models.build(spec).count_params()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_confusion_counts_every_example_once(pairs):
    labels, predicted = (np.array(column, np.uint8) for column in zip(*pairs, strict=True))
    matrix = classification.confusion_matrix(labels, predicted, 4)
    assert all(matrix[truth, guess] == pairs.count((truth, guess)) for truth in range(4) for guess in range(4))
    accuracy = classification.class_accuracy(matrix)
    for label in range(4):
        of_class = predicted[labels == label]
        assert accuracy[label] == (of_class == label).mean() if len(of_class) else np.isnan(accuracy[label])


def test_the_surest_mistake_comes_first():
    labels, predicted = np.array([0, 1, 2, 3]), np.array([0, 2, 1, 1])
    assert classification.confident_mistakes(labels, predicted, np.array([1, 0.4, 0.9, 0.6])).tolist() == [2, 3, 1]
