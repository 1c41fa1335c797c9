"""What the picture shows of a network for points is what Keras computes."""

import keras
import numpy as np
import pytest

from ann_core import models
from ann_core.lessons.feedforward.plane import inside, neurons, picture, scene
from ann_core.lessons.feedforward.plane.scores import scores
from ann_core.maths.inputs.features import FEATURES, features
from ann_core.maths.learning.losses import cross_entropy, squared_error
from ann_core.maths.networks import dense, plane
from ann_core.specs import PointsSpec
from ann_core.training.train import train
from tests.charts.test_film import array_of, unpacked

NETWORKS = {
    "admission": PointsSpec(epochs=3),
    "all features, many layers": PointsSpec(
        dataset="spiral", features=tuple(FEATURES), layers=("16-relu", "5-tanh", "3-elu", "2-silu", "1-leaky_relu", "4-sigmoid"), epochs=2
    ),
    "no hidden layer": PointsSpec(dataset="circle", layers=(), epochs=2),
    "four classes, no bias": PointsSpec(dataset="four", bias=False, epochs=2),
    "a value": PointsSpec(dataset="hills", layers=("6-linear", "3-tanh"), epochs=2),
}


@pytest.fixture(scope="module", params=NETWORKS.values(), ids=NETWORKS.keys())
def trained(request):
    return train(request.param)


def layers_of(run, checkpoint=None):
    weights = (checkpoint or run.final).weights
    return dense.layers([weight.astype(float) for weight in weights], run.spec.activations, run.spec.bias)


def in_keras(run, points):
    """What every layer of the Keras network makes of points: a list of arrays, in float64."""
    keras.backend.set_floatx("float64")
    try:
        model = models.build(run.spec)
        model.set_weights(run.final.weights)
        inner = keras.Model(model.inputs[0], [layer.output for layer in model.layers if isinstance(layer, keras.layers.Dense)])
        made = inner(features(points, run.spec.features))
    finally:
        keras.backend.set_floatx("float32")
    return [np.asarray(part) for part in (made if isinstance(made, list) else [made])]


def close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5 * np.abs(theirs).max())


def test_every_neuron_map_is_what_keras_computes(trained):
    cells = plane.grid(24, 6.0)
    ours = plane.outputs([layers_of(trained)], trained.spec.features, cells)
    for layer, theirs in zip(ours, in_keras(trained, cells), strict=True):
        close(layer[0], theirs)


def told(content):
    """What the maps of a film say of every neuron: by the name it is picked by, (moments, cells²); and the captions."""
    header, body = unpacked(content)
    maps = [mark for mark in header["panels"][0]["marks"] if mark.get("pick") and mark["frames"]["shape"][1] == picture.CELLS]
    shares = {mark["pick"]: (array_of(mark["frames"], body).astype(float) - 128) / 127 for mark in maps}
    values = {mark["pick"]: mark["middle"] + shares[mark["pick"]] * mark["greatest"] for mark in maps}
    steps = {mark["pick"]: mark["greatest"] / 127 for mark in maps}
    return {name: each.reshape(len(each), -1) for name, each in values.items()}, steps, header["moments"]


@pytest.mark.parametrize("part", [slice(None), slice(0, 1), slice(1, 3)])
def test_each_moment_of_a_film_or_of_a_part_is_the_checkpoint_of_its_epoch(trained, part):
    shown = trained.checkpoints[part]
    content = picture.film_of(scene.scene_of(trained.spec, shown, trained.rows), "name", play=True)
    values, steps, captions = told(content)
    cells = plane.grid(picture.CELLS, 6.0)
    assert len(captions) == len(shown)
    for moment, (checkpoint, caption) in enumerate(zip(shown, captions, strict=True)):
        assert caption == picture.caption(scene.scene_of(trained.spec, shown, trained.rows), checkpoint)
        made = plane.outputs([layers_of(trained, checkpoint)], trained.spec.features, cells)
        for name, neuron in neurons.neurons(trained.spec).items():
            step, exact = steps[name], made[neuron.layer][0, :, neuron.unit]
            middle = picture.middle_of(trained.spec) if name.startswith("o") else 0
            clipped = np.clip(exact, middle - 127 * step, middle + 127 * step)
            np.testing.assert_allclose(values[name][moment], clipped, atol=0.51 * step + 1e-5)


def test_links_have_the_weights_and_biases_of_every_moment(trained):
    """The true ones, to the last bit, beside the coarse ones that are drawn."""
    header, body = unpacked(picture.film_of(scene.scene_of(trained.spec, trained.checkpoints, trained.rows), "name", play=True))
    links = [mark for mark in header["panels"][0]["marks"] if mark["kind"] == "links"]
    for moment, checkpoint in enumerate(trained.checkpoints):
        network = dense.layers(checkpoint.weights, trained.spec.activations, trained.spec.bias)
        for mark, layer in zip(links, network, strict=True):
            np.testing.assert_array_equal(array_of(mark["weights"], body)[moment], layer.kernel.ravel())
            assert (len(mark["down"]), len(mark["across"])) == layer.kernel.shape
            if trained.spec.bias:
                np.testing.assert_array_equal(array_of(mark["biases"], body)[moment], layer.bias)
            else:
                assert mark["biases"] is None


def test_the_surface_and_the_bent_lattice_are_what_keras_computes(trained):
    cells, lines = plane.grid(30, 6.0), plane.lattice(7, 9, 6.0).reshape(-1, 2)
    close(plane.answers([layers_of(trained)], trained.spec.features, cells)[0], in_keras(trained, cells)[-1])
    for layer, theirs in zip(plane.outputs([layers_of(trained)], trained.spec.features, lines), in_keras(trained, lines), strict=True):
        close(layer[0], theirs)


def test_the_formulas_of_a_walk_add_up(trained):
    """Products and biases of a layer, summed as the page shows them, are what Keras says."""
    point = np.array([[1.5, -2.25]])
    network, coming = layers_of(trained), features(point, trained.spec.features)[0]
    for layer, theirs in zip(network, in_keras(trained, point), strict=True):
        products = layer.kernel * coming[:, None]
        coming = dense.activate((products.sum(axis=0) + layer.bias)[None], layer.activation)[0]
        close(coming, theirs[0])


def test_scores_without_a_hand_are_those_of_the_history(trained):
    shown = scene.scene_of(trained.spec, trained.checkpoints, trained.rows)
    _, _, loss, score = scores(shown.spec, shown.points, shown.training, trained.final)
    assert loss == pytest.approx(trained.value("val_loss"), rel=1e-4)
    assert score == pytest.approx(trained.value(trained.metrics[3]), rel=1e-4)


def test_losses_are_those_of_keras():
    random = np.random.default_rng(1)
    targets, sums = random.integers(0, 4, 50), random.normal(0, 3, (50, 4))
    theirs = keras.losses.sparse_categorical_crossentropy(targets, sums, from_logits=True)
    close(cross_entropy(targets, sums), np.asarray(theirs))
    sides = random.integers(0, 2, 50)
    theirs = keras.losses.binary_crossentropy(sides[:, None].astype(float), sums[:, :1], from_logits=True)
    close(cross_entropy(sides, sums[:, :1]), np.asarray(theirs))
    close(squared_error(sums[:, 1:2], sums[:, :1]), np.asarray(keras.losses.mean_squared_error(sums[:, 1:2], sums[:, :1])))


def test_the_grid_begins_at_the_upper_left():
    cells = plane.grid(2, 6.0)
    assert cells.tolist() == [[-3, 3], [3, 3], [-3, -3], [3, -3]]


def test_two_directions_keep_two_units_as_they_are_and_find_the_widest_of_more():
    random = np.random.default_rng(2)
    np.testing.assert_array_equal(plane.directions(random.random((9, 2))), np.eye(2))
    spread = random.normal(size=(500, 3)) * (1.0, 9.0, 3.0)
    np.testing.assert_allclose(np.abs(plane.directions(spread)), [[0, 0], [1, 0], [0, 1]], atol=0.15)


@pytest.mark.parametrize("spec", NETWORKS.values(), ids=NETWORKS.keys())
def test_every_neuron_has_a_name_and_a_formula(spec):
    weights = [np.asarray(weight) for weight in models.build(spec).get_weights()]
    network = dense.layers(weights, spec.activations, spec.bias)
    named = neurons.neurons(spec)
    assert len(named) == sum(layer.units for layer in spec.layers) + spec.outputs
    for name, neuron in named.items():
        assert neurons.name_of(spec, neuron) == name
        formula = neurons.formula(spec, network, neuron)
        inputs = network[neuron.layer].kernel[:, neuron.unit]
        assert all(f"{abs(weight):.2f}" in formula for weight in inputs)


def test_an_exploded_network_still_makes_a_film():
    run = train(PointsSpec(dataset="hills", learning_rate=10.0, layers=("16-relu", "16-linear"), epochs=30))
    assert run.exploded
    content = picture.film_of(scene.scene_of(run.spec, run.checkpoints, run.rows), "name", play=True)
    assert "∞" in content.decode("utf-8", "ignore")


def test_a_place_of_the_picture_is_a_place_of_the_axes(monkeypatch):
    put = {}
    monkeypatch.setattr(inside.session, "put_later", put.__setitem__)
    inside.put_point(PointsSpec(), (0.5, 1.0))
    assert put == {"points_place_admission_1": 75, "points_place_admission_2": 150}
    inside.put_point(PointsSpec(dataset="circle"), (0.0, 0.25))
    assert put["points_place_circle_1"] == -6.0
    assert put["points_place_circle_2"] == -3.0
