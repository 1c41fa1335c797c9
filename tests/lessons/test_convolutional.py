"""The convolutional lesson: its bench, its network by hand, what is measured, and the page with a trained network."""

import io
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from ann_core import models
from ann_core.data import images
from ann_core.data.drawing import stages
from ann_core.data.pictures import read_picture
from ann_core.exhibits import ConvolutionExhibit, DistortionExhibit, SharingExhibit
from ann_core.lessons.convolutional import claim, idea, inside, kernel, questions, surgery
from ann_core.lessons.convolutional.drawn import reasons, units
from ann_core.lessons.convolutional.network import at, coming_to, look
from ann_core.maths.inputs.distortions import DISTORTIONS
from ann_core.maths.inputs.kernels import KERNELS, as_grid
from ann_core.maths.networks.convolution import Convolution, forward, receptive_field
from ann_core.probing import images as evaluate
from ann_core.probing.measurement import light
from ann_core.specs import ConvolutionalSpec
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import pixels_shuffled, seen
from ann_core.training.records import TrainingFailed
from ann_core.training.train import train
from ann_core.ui import trainings
from ann_core.ui.inputs.drawing import remark
from ann_core.ui.language import catalogue
from tests.patience import PATIENCE, wait_for

ROOT = Path(__file__).parents[2]
SMALL = ConvolutionalSpec(dataset="digits", training_images=400, filters=(4, 6), dense_units=12, epochs=3, learning_rate=0.01)


def never():
    return False


def ignore(message):
    pass


@pytest.fixture(scope="module")
def run():
    return train(SMALL)


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


@settings(deadline=None, max_examples=60)
@given(
    spec=st.builds(
        ConvolutionExhibit,
        kernel=st.lists(st.floats(-10, 10), min_size=1, max_size=25).map(tuple),
        bias_value=st.floats(-5, 5),
        red=st.floats(-2, 2),
        stride=st.integers(1, 4),
        padding=st.integers(0, 4),
        dilation=st.integers(1, 4),
        picture=st.just("scene"),
        in_colour=st.booleans(),
    ),
    rows=st.integers(1, 12),
    columns=st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_the_numbers_on_the_bench_add_up(spec, rows, columns, seed):
    picture = np.random.default_rng(seed).random((rows, columns, 3 if spec.in_colour else 1))
    bench = inside.computed(spec, picture)
    np.testing.assert_allclose(bench.sums.sum(axis=1) + spec.bias_value, bench.z.ravel(), atol=1e-9)
    if bench.z.size:
        row, column = (int(size) - 1 for size in bench.z.shape)
        padded = np.pad(picture, ((spec.padding,) * 2, (spec.padding,) * 2, (0, 0)))
        span = slice(None, spec.dilation * (spec.size - 1) + 1, spec.dilation)
        window = padded[row * spec.stride :, column * spec.stride :][span, span]
        assert bench.z[row, column] == pytest.approx((window * bench.kernel).sum() + spec.bias_value)


def test_the_bench_agrees_with_keras():
    spec = ConvolutionExhibit(kernel=KERNELS["blur"].large, stride=2, padding=1, bias_value=0.5)
    picture = np.random.default_rng(1).random((20, 17, 1))
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
    theirs = keras.ops.conv(padded[None], as_grid(spec.kernel)[..., None, None], strides=2)
    np.testing.assert_allclose(inside.computed(spec, picture).z, np.asarray(theirs)[0, :, :, 0] + 0.5, atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "red"), [({}, False), ({"stride": 2}, True), ({"stride": 3, "padding": 1}, False), ({"stride": 3}, True)]
)
def test_the_formula_is_red_where_it_does_not_come_out_even(changes, red):
    spec = ConvolutionExhibit(**changes)
    formula = inside.size_formula(spec, (28, 28))
    assert ("red" in formula) == red == bool(inside._unseen(spec, (28, 28)))
    assert formula.endswith(rf"= {inside.computed(spec, np.zeros((28, 28, 1))).z.shape[0]} \end{{aligned}}")


@pytest.mark.parametrize("name", KERNELS)
def test_kernels_do_what_they_are_called(name):
    flat = np.ones((1, 9, 9, 1))
    for size in (3, 5):
        answer = Convolution(as_grid(KERNELS[name].entries(size))[..., None, None], np.zeros(1), "linear").forward(flat)
        expected = 0.0 if name in ("upright", "level", "edges") else 1.0  # edges are silent where all is alike; the others keep the light
        np.testing.assert_allclose(answer, expected, atol=1e-4)


def test_an_upright_edge_is_seen_by_one_kernel_only():
    picture = np.zeros((1, 9, 9, 1))
    picture[:, :, 5:] = 1
    for name, expected in (("upright", 4), ("level", 0)):
        layer = Convolution(as_grid(KERNELS[name].small)[..., None, None], np.zeros(1), "linear")
        assert np.abs(layer.forward(picture)).max() == expected


def test_a_known_kernel_becomes_its_relative_and_another_gets_a_border():
    taken = []
    own = tuple(float(number) for number in range(9))
    for entries, size, expected in (
        (KERNELS["blur"].small, 5, KERNELS["blur"].large),
        (own, 5, tuple(np.pad(as_grid(own), 1).ravel())),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernel.session, "value", lambda key, size=size: size)
            kernel._sized("any", entries, taken.append)
        assert taken.pop() == expected


def test_counts_of_sharing_are_those_of_keras():
    spec = SharingExhibit(side=10, kernel_size=3, kernels=4)
    shared, dense = keras.layers.Conv2D(4, 3), keras.layers.Dense(8 * 8 * 4)
    shared.build((None, 10, 10, 1))
    dense.build((None, 100))
    assert idea.shared_parameters(spec) == shared.count_params()
    assert idea.dense_parameters(spec) == dense.count_params()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"filters": (3,), "pooling": "none"},
        {"batch_norm": True, "dense_units": 0},
        {"kernel_size": 5, "pooling": "average"},
        {"filters": ()},
    ],
)
def test_the_page_counts_and_computes_what_keras_does(changes):
    spec = SMALL.changed(**changes)
    model = models.portable(spec)
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert claim.parameters(spec) == trainable
    picture = images.load("digits").x_test[3]
    run_ = train(spec.changed(epochs=1))
    model.set_weights(run_.final.weights)
    looked = look(run_, picture)
    np.testing.assert_allclose(looked.probabilities, np.asarray(model(looked.inputs))[0], atol=1e-5)


def test_the_twin_is_about_as_large_and_sees_the_same():
    for spec in (ConvolutionalSpec(), ConvolutionalSpec.preset("article"), SMALL):
        other = claim.twin(spec)
        count = models.portable(other).count_params()
        assert abs(count - claim.parameters(spec)) < 800
        assert (other.dataset, other.training_images, other.seed, other.epochs) == (
            spec.dataset,
            spec.training_images,
            spec.seed,
            spec.epochs,
        )


def test_shuffled_pixels_are_all_there_and_in_the_same_order_for_all():
    pictures = images.load("digits").x_test[:5]
    shuffled = pixels_shuffled(pictures, 3)
    assert shuffled.shape == pictures.shape
    assert not np.array_equal(shuffled, pictures)
    np.testing.assert_array_equal(np.sort(shuffled.reshape(5, -1)), np.sort(pictures.reshape(5, -1)))
    np.testing.assert_array_equal(pixels_shuffled(pictures[2:3], 3)[0], shuffled[2])
    spec = SMALL.changed(shuffled_pixels=True)
    np.testing.assert_allclose(seen(spec, pictures), pixels_shuffled(pictures, spec.seed) / 255.0, rtol=1e-6)


def test_predictions_by_a_worker_are_those_of_the_run(run):
    heard = []
    said = evaluate.predictions(light(run), (run.final.weights, surgery.silenced(run, 0)), heard.append, never)
    np.testing.assert_array_equal(said[0], run.final.predicted[: evaluate.MOST_IMAGES])
    assert [share.share for share in heard] == [0.0, 0.5]


def test_a_silenced_filter_says_nothing_and_a_new_kernel_is_in_its_place(run):
    pictures = seen(run.spec, images.load("digits").x_test[:4])
    for spec in (SMALL, SMALL.changed(batch_norm=True)):
        trained = run if spec == SMALL else train(spec.changed(epochs=1))
        network = at(trained, trained.final)
        silent = layers_of(trained.spec, surgery.silenced(trained, 2))
        place = 1 if trained.spec.batch_norm else 0
        assert np.abs(forward(network, pictures)[place][..., 2]).max() > 0
        assert np.abs(forward(silent, pictures)[place][..., 2]).max() == 0
    grid = as_grid(KERNELS["edges"].small)
    changed = surgery.with_kernel(run, 1, grid)
    np.testing.assert_allclose(changed[0][:, :, 0, 1], grid, rtol=1e-6)
    np.testing.assert_array_equal(np.delete(changed[0], 1, axis=3), np.delete(run.final.weights[0], 1, axis=3))
    learned = run.final.weights[0][:, :, 0, 1]
    assert np.linalg.norm(surgery.as_strong(grid, learned)) == pytest.approx(np.linalg.norm(learned))
    assert not surgery.as_strong(np.zeros((3, 3)), learned).any()


def test_invariance_is_measured_for_both_networks(run, monkeypatch):
    monkeypatch.setattr(evaluate, "DISTORTIONS", {name: DISTORTIONS[name] for name in ("shift", "noise")})
    heard = []
    found = evaluate.invariance(light(run), claim.twin(SMALL), heard.append, never)
    record = DISTORTIONS["shift"]
    here = record.levels.index(record.neutral)
    for name in ("shift", "noise"):
        place = DISTORTIONS[name].levels.index(DISTORTIONS[name].neutral)
        assert found.accuracy[name][0, place] == pytest.approx(run.value("val_accuracy"))
        assert found.accuracy[name][1, place] == pytest.approx(found.twin.value("val_accuracy"))
    assert found.accuracy["shift"][0, 0] < found.accuracy["shift"][0, here]
    shares = [share.share for share in heard]
    assert (np.diff(shares) >= -1e-9).all()
    with pytest.raises(TrainingFailed):
        evaluate.invariance(light(run), claim.twin(SMALL), ignore, lambda: True)


def test_the_nearest_image_to_a_training_image_is_itself(run):
    training = images.load("digits").x_train
    by_pixels, by_network = evaluate.nearest(light(run), training[7], 5, ignore, never)
    for near in (by_pixels, by_network):
        np.testing.assert_array_equal(near.images[0], training[7])
        assert near.distances[0] == pytest.approx(0, abs=1e-5)
        assert (np.diff(near.distances) >= 0).all()
    distances = np.sqrt(np.square((training[:400].astype(float) - training[7]) / 255).sum(axis=(1, 2)))
    np.testing.assert_allclose(by_pixels.distances, np.sort(distances)[:5], rtol=1e-4, atol=1e-5)


def test_hiding_and_nudging_are_what_they_say(run):
    picture = images.load("digits").x_test[0]
    looked = look(run, picture)
    label = int(looked.probabilities.argmax())
    falls, slope = reasons.hidden(looked, label), reasons.nudged(looked, label)
    corner = looked.inputs.copy()
    corner[0, : reasons.SQUARE, : reasons.SQUARE] = 0
    expected = looked.probabilities[label] - forward(looked.layers, corner)[-1][0, label]
    assert falls[0, 0] == pytest.approx(expected, abs=1e-5)
    lost = reasons.spread(falls, picture.shape)
    assert lost[0, 0] == falls[0, 0]
    assert lost[2, 3] == pytest.approx(falls[:2, :2].mean())
    row, column = np.unravel_index(np.abs(slope).argmax(), slope.shape)

    def total(by):
        moved = looked.inputs.astype(float)
        moved[0, row, column] += by
        last = looked.layers[-1]
        return float((forward(looked.layers, moved)[-2] @ last.kernel + last.bias)[0, label])

    assert slope[row, column] == pytest.approx((total(1e-4) - total(-1e-4)) / 2e-4, rel=1e-2)


@pytest.mark.parametrize("changes", [{}, {"batch_norm": True}, {"pooling": "average", "activation": "tanh"}])
def test_the_sum_of_any_unit_is_its_value(changes, run):
    trained = train(SMALL.changed(epochs=1, **changes))
    looked = look(trained, images.load("digits").x_test[1])
    explain = {"convolution": units.of_convolution, "normalisation": units.of_normalisation}
    for place, (layer, outputs) in enumerate(zip(looked.layers, looked.outputs, strict=True)):
        coming = coming_to(looked, place)
        if outputs.ndim == 4:
            unit = units.Unit(place, 1, outputs.shape[1] - 1, 0)
            _, said = explain.get(layer.kind, units.of_pooling)(layer, coming, unit)
            assert f"{outputs[0, unit.row, unit.column, unit.filter] + 0.0:.3f}" in said


def canvas(painted):
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[..., 3] = 255
    rgba[painted] = 255
    return rgba


@pytest.mark.parametrize(
    ("painted", "expected"),
    [
        (np.s_[0:0, 0:0], "empty"),
        (np.s_[100:122, 60:82], "dot"),
        (np.s_[:, :], "full"),
        (np.s_[40:240, 130:150], "prepared"),
    ],
)
def test_what_is_drawn_is_told_sensibly(painted, expected):
    assert remark(stages(canvas(painted))) == expected


def test_distortions_of_one_picture_are_put_together():
    picture = images.load("digits").x_test[0] / np.float32(255)
    levels = np.array([-2.0, 0.0, 2.0])
    plain = claim.distorted(picture, DistortionExhibit(), "shift", levels, 1)
    np.testing.assert_allclose(plain[1], picture)
    np.testing.assert_allclose(plain[2], np.pad(picture, ((0, 0), (2, 0)))[:, :28], atol=1e-6)
    turned = claim.distorted(picture, DistortionExhibit(rotation=90), "shift", levels, 1)
    np.testing.assert_allclose(turned[1], np.rot90(picture), atol=1e-5)


def test_questions_know_the_right_answers():
    spec = ConvolutionalSpec()
    model = models.portable(spec)
    asked = questions.map_side(spec)
    assert asked.answers[asked.right] == str(model.layers[2].output.shape[1])
    asked = questions.kernel_parameters(spec)
    assert int(asked.answers[asked.right].replace(",", "")) == model.layers[3].count_params()
    for changes in ({}, {"pooling": "none"}, {"filters": (5,)}, {"kernel_size": 5}):
        spec = ConvolutionalSpec(**changes)
        network = at(train_shape(spec), train_shape(spec).final)
        last = max(place for place, layer in enumerate(network) if isinstance(layer, Convolution))
        found = receptive_field(network, last, 0, 0)
        asked = questions.field(spec)
        assert asked.answers[asked.right] == str(found.bottom - found.top)


def train_shape(spec):
    """What has the shape of a run, untrained."""

    class Shape:
        final = type("Final", (), {"weights": models.portable(spec).get_weights()})

    Shape.spec = spec
    return Shape


def upload(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_a_picture_of_one_pixel_fits_no_kernel_and_is_told():
    picture = read_picture(upload(Image.new("RGB", (1, 1), "red"))) / 255
    bench = inside.computed(ConvolutionExhibit(picture="upload"), picture[..., :1])
    assert bench.z.size == 0
    assert "red" in inside.size_formula(ConvolutionExhibit(), (1, 1))


def opened(**query):
    at_ = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at_.query_params["lang"] = query.get("lang", "en")
    at_.run()
    at_.switch_page("screens/convolutional.py")
    for name, token in query.items():
        at_.query_params[name] = token
    return at_.run()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_page_with_a_trained_network(language, run):
    at_ = opened(lang=language, convolutional_dataset="digits")
    assert not at_.exception
    at_.session_state["_convolutional_bench"].run = run
    at_.session_state["draw_subject"] = "test"
    text = catalogue(language)
    wait_for(lambda: text.gettext("maps.how") in {caption.value for caption in at_.caption}, at_.run)  # images are looked for
    wait_for(lambda: [button for button in at_.button if button.key == "claim_measure_button"], at_.run)
    assert not at_.exception
    texts = " ".join(element.value for element in (*at_.markdown, *at_.caption, *at_.header))
    for section in ("draw", "claim", "surgery"):
        assert text.gettext(f"section.{section}") in texts
    for name in ("claim", "surgery", "each"):
        assert at_.button(key=f"{name}_measure_button")
    assert text.gettext("maps.how") in texts
    for view in ("reasons", "nearest"):
        at_.session_state["draw_view"] = text.gettext(f"draw.view.{view}")
        at_.run()
        assert not at_.exception
    assert at_.button(key="nearest_measure_button")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"convolution_picture": "scene", "convolution_in_colour": "1"}, "Pooling"),
        ({"convolution_dilation": "4", "convolution_kernel": "_".join(["1"] * 25), "convolution_stride": "4"}, "Pooling"),
        ({"convolution_picture": "drawing"}, "not drawn anything"),
        ({"convolution_picture": "upload"}, "Choose a picture"),
        ({"convolution_stride": "3"}, "does not come out even"),
        ({"convolution_kernel": "a_b_c"}, "could not be read"),
        ({"convolutional_filters": "none", "convolutional_pooling": "max"}, "Convolutional network"),
    ],
)
def test_links_and_extremes_are_told_in_words(query, expected):
    at_ = opened(**query)
    assert not at_.exception
    texts = [element.value for element in (*at_.markdown, *at_.warning, *at_.info, *at_.error, *at_.caption, *at_.title)]
    assert any(expected in text for text in texts), texts[:20]
