"""The pictures of networks for images: what is drawn of an example is what Keras computes of it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ann_core import models
from ann_core.data import images
from ann_core.data.drawing import to_digit
from ann_core.lessons.convolutional.stage import picture as of_convolution
from ann_core.lessons.feedforward import picture as of_dense
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec
from ann_core.training.examples.images import seen
from ann_core.training.train import train
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.inputs import canvas
from ann_core.ui.language import LANGUAGES
from ann_core.ui.workbench import looking
from ann_core.ui.workbench.looking import Example
from tests.charts.test_film import array_of, unpacked
from tests.claims.opened import at_page, elements

SMALL = {"dataset": "digits", "training_images": 200, "epochs": 1}
DENSE = {
    "one hidden layer": FeedForwardSpec(**SMALL, hidden_units=(20,)),
    "three": FeedForwardSpec(**SMALL, hidden_units=(9, 30, 4), activation="tanh"),
    "none": FeedForwardSpec(**SMALL, hidden_units=()),
    "shuffled pixels": FeedForwardSpec(**SMALL, hidden_units=(5,), shuffled_pixels=True),
    "raw pixels": FeedForwardSpec(**SMALL, hidden_units=(5,), scale_pixels=False, activation="linear"),
}
CONVOLUTIONAL = {
    "two layers": ConvolutionalSpec(**SMALL, filters=(3, 17), dense_units=6),
    "none": ConvolutionalSpec(**SMALL, filters=(), dense_units=8),
    "normalised": ConvolutionalSpec(**SMALL, filters=(4,), batch_norm=True, pooling="average", dense_units=0),
}


def example():
    return Example(images.load("digits").x_test[7], list("0123456789"))


def panel_of(content, place=0):
    header, body = unpacked(content)
    return header["panels"][place]["marks"], body


def all_of(content):
    header, body = unpacked(content)
    return [mark for panel in header["panels"] for mark in panel["marks"]], body


def bars(marks, body):
    """The shares of the ten classes at each moment, from the lengths of the bars: (moments, 10)."""
    lines = [mark for mark in marks if mark["kind"] == "lines" and mark["name"] in "0123456789"]
    assert len(lines) == 10
    return np.stack([array_of(mark["places"], body)[:, 0, 1, 0] / 65_535 for mark in lines], axis=1)


def in_keras(spec, checkpoint, picture):
    model = models.build(spec)
    model.set_weights(checkpoint.weights)
    return np.asarray(model(seen(spec, picture[None]), training=False))[0]


@pytest.mark.parametrize(
    ("spec", "film_of"),
    [(spec, of_dense.film_of) for spec in DENSE.values()] + [(spec, of_convolution.film_of) for spec in CONVOLUTIONAL.values()],
)
def test_the_bars_are_what_keras_says_before_and_after_training(spec, film_of):
    run, shown = train(spec), example()
    moments = (begun(spec), run.final)
    marks, body = all_of(film_of(spec, moments, run.rows, "name", True, shown))
    expected = [in_keras(spec, checkpoint, shown.picture) for checkpoint in moments]
    np.testing.assert_allclose(bars(marks, body), expected, atol=2e-5)


@pytest.mark.parametrize("spec", DENSE.values(), ids=DENSE.keys())
def test_a_tile_is_the_weights_over_the_pixels_that_they_multiply(spec):
    run, shown, unit = train(spec), example(), 2
    content = of_dense.film_of(spec, [run.final], run.rows, "name", True, shown, unit)
    (weights,), body = panel_of(content, 2)
    (products,), _ = panel_of(content, 3)
    steps = [weights["greatest"] / 127, products["greatest"] / 127]
    drawn = [(array_of(mark["frames"], body)[0].astype(float) - 128) * step for mark, step in zip((weights, products), steps, strict=True)]
    kernel, inputs = run.final.weights[0][:, unit], seen(spec, shown.picture[None]).ravel()
    np.testing.assert_allclose(np.sort(drawn[0].ravel()), np.sort(kernel), atol=0.51 * steps[0])
    in_order = of_dense.over_pixels(spec, kernel * inputs)
    np.testing.assert_allclose(drawn[1], in_order, atol=0.51 * steps[1])
    lit = of_dense.over_pixels(spec, inputs) > 0
    np.testing.assert_array_equal(lit, shown.picture > 0)  # shuffled ones are where they come from


@pytest.mark.parametrize("spec", DENSE.values(), ids=DENSE.keys())
def test_the_sum_of_a_unit_is_told_with_its_parts(spec, monkeypatch):
    monkeypatch.setattr("ann_core.ui.language.current", lambda: "en")
    run, shown = train(spec), example()
    said = of_dense.sum_words(spec, run.final, shown.picture, 1)
    kernel, bias = (weight.astype(float) for weight in run.final.weights[:2])
    total = seen(spec, shown.picture[None]).ravel() @ kernel[:, 1]
    assert f"add up to {total:.3f}".replace("-", "−") in said or abs(total) >= 1e4
    assert f"bias {bias[1]:.3f}".replace("-", "−") in said.replace("−0.000", "0.000") or abs(bias[1]) < 5e-4


def test_an_exploded_network_is_drawn_too():
    spec = FeedForwardSpec(**SMALL, hidden_units=(8,), optimiser="sgd", learning_rate=10.0, scale_pixels=False, activation="linear")
    run = train(spec)
    marks, body = panel_of(of_dense.film_of(spec, run.checkpoints, run.rows, "name", True, example(), 1))
    assert np.isfinite(bars(marks, body)).all()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["feedforward", "convolutional"])
def test_a_picture_is_looked_at_before_anything_is_trained(page, language, monkeypatch):
    """Also as long as the images are looked for: then it is a small digit."""
    monkeypatch.setattr(looking, "known", lambda dataset: None)
    found = [each.proto for each in elements(at_page(page, language)) if each.type == "bidi_component"]
    films = [proto for proto in found if proto.id.endswith(f"-{page}_film")]
    assert len(films) == 1
    header, _ = unpacked(unpacked(films[0].bytes)[1])
    assert sum(len(panel["marks"]) for panel in header["panels"]) > 20


def test_a_number_beyond_the_images_is_the_last_one(monkeypatch):
    found = type("Found", (), {"x_test": np.arange(3)[:, None], "y_test": np.arange(3), "data": type("Data", (), {"name": "digits"})})
    monkeypatch.setattr(looking, "known", lambda dataset: found)
    monkeypatch.setattr(session, "value", lambda key, default=None: 9_999)
    assert looking.example_of("feedforward", FeedForwardSpec()).picture == [2]


def a_seven():
    """As a canvas says it: white on black, uint8 (196, 196, 4)."""
    image = Image.new("RGBA", (looking.SIDE, looking.SIDE), "black")
    ImageDraw.Draw(image).line([(50, 40), (140, 40), (90, 165)], fill="white", width=15, joint="curve")
    return np.asarray(image)


@pytest.fixture
def drawing(monkeypatch):
    """A learner who has chosen to draw, what is on the canvas, and which data there are."""
    state = {"rgba": None, "name": "digits"}
    found = images.load("digits")

    def known(dataset):
        return type(
            "Found",
            (),
            {"x_test": found.x_test, "y_test": found.y_test, "data": type("Data", (), {"name": state["name"], "fingerprint": ""})},
        )

    monkeypatch.setattr(looking, "known", known)
    monkeypatch.setattr(looking, "_subject", lambda experiment: "drawing")
    monkeypatch.setattr(canvas, "freehand", lambda *described: state["rgba"])
    return state


def film_on(page, **query):
    at = at_page(page, "en", **query)
    (proto,) = [each.proto for each in elements(at) if each.type == "bidi_component" and each.proto.id.endswith(f"-{page}_film")]
    header, body = unpacked(unpacked(proto.bytes)[1])
    return header["panels"][0]["marks"], body, header["moments"][-1]


def test_what_is_drawn_is_what_the_network_is_seen_to_look_at(drawing):
    drawing["rgba"] = a_seven()
    spec = FeedForwardSpec(dataset="digits", hidden_units=(9,), seed=5)
    marks, body, said = film_on("feedforward", **spec.to_query())
    digit = np.rint(255 * to_digit(drawing["rgba"])).astype(np.uint8)
    np.testing.assert_array_equal(array_of(marks[0]["frames"], body)[0], digit)
    expected = in_keras(spec, begun(spec), digit)
    np.testing.assert_allclose(bars(marks, body), [expected], atol=2e-5)
    assert f"“{expected.argmax()}”" in said


def test_an_empty_canvas_leaves_the_test_image(drawing):
    drawing["rgba"] = np.zeros((looking.SIDE, looking.SIDE, 4), np.uint8)
    marks, body, _ = film_on("feedforward", feedforward_dataset="digits")
    np.testing.assert_array_equal(array_of(marks[0]["frames"], body)[0], images.load("digits").x_test[0])
