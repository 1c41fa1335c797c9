"""Slow motion of a batch of images: what is drawn and said in every movement is what the step was."""

import numpy as np
import pytest

from ann_core import models
from ann_core.data import images
from ann_core.lessons.feedforward.picture import over_pixels
from ann_core.lessons.feedforward.slow import images as slow
from ann_core.lessons.feedforward.slow.shown import Movements
from ann_core.lessons.feedforward.slow.step import taken_apart
from ann_core.models.objectives import objective_of
from ann_core.specs import FeedForwardSpec
from ann_core.training.examples import examples_of
from ann_core.training.untrained import begun
from ann_core.ui import language
from ann_core.ui.language import digits
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim

SMALL = {"dataset": "digits", "training_images": 200}
SPECS = {
    "one hidden layer": FeedForwardSpec(**SMALL, hidden_units=(20,)),
    "three": FeedForwardSpec(**SMALL, hidden_units=(9, 18, 4), activation="tanh", batch_size=50, optimiser="sgd"),
    "none": FeedForwardSpec(**SMALL, hidden_units=(), batch_size=1),
    "shuffled": FeedForwardSpec(**SMALL, hidden_units=(5,), shuffled_pixels=True, shuffled_labels=True, scale_pixels=False),
}
CLASSES = list("0123456789")


@pytest.fixture(params=[(spec, image) for spec in SPECS for image in (2, None)], ids=str)
def filmed(request, monkeypatch):
    """A spec, which of its images are followed, its first step taken apart, and the film of that."""
    monkeypatch.setattr(language, "current", lambda: "en")
    name, image = request.param
    spec, examples = SPECS[name], examples_of(SPECS[name])[0]
    apart = taken_apart(spec, examples, begun(spec))
    header, body = unpacked(slow.film_of(slow.Scene(spec, examples, CLASSES, begun(spec), image), "name"))
    followed = np.arange(len(apart.rows)) if image is None else [image % len(apart.rows)]
    return spec, followed, apart, header, body


def named(header, ending, kind="picture", panel=0):
    return [mark for mark in header["panels"][panel]["marks"] if mark["kind"] == kind and mark.get("name", "").endswith(ending)]


def values_of(mark, body, moment=0):
    """What a picture's colours stand for at a moment."""
    frames = array_of(mark["frames"], body)
    return (frames[min(moment, len(frames) - 1)].astype(float) - 128) / 127 * mark["greatest"]


def shown_at(mark, body):
    return np.flatnonzero(array_of(mark["shown"], body)).tolist()


def test_every_layer_goes_forward_and_back_once(filmed):
    spec, _, _, header, _ = filmed
    assert len(header["moments"]) == 2 * len(spec.activations) + 4


def test_tiles_are_weights_then_slopes_then_the_change_then_the_new_weights(filmed):
    spec, _, apart, header, body = filmed
    times = Movements(len(spec.activations))
    before, after = apart.network[0].kernel, apart.after[0].kernel
    expected = {
        ": W": (before, [*range(times.back(0)), times.count - 1]),
        ": ∂L/∂W": (apart.gradients[0].kernel, list(range(times.back(0), times.change))),
        ": ΔW": (after - before, [times.change]),
    }
    for ending, (kernel, when) in expected.items():
        tiles = [mark for mark in named(header, ending) if mark["frames"]["shape"][1] == 28]
        assert len(tiles) == min(kernel.shape[1], 16)
        for unit, mark in enumerate(tiles):
            assert shown_at(mark, body) == when
            drawn = over_pixels(spec, kernel.T)[unit]
            np.testing.assert_allclose(values_of(mark, body), drawn, atol=0.51 * mark["greatest"] / 127)
    new = named(header, ": W")[0]
    np.testing.assert_allclose(values_of(new, body, times.count - 1), over_pixels(spec, after.T)[0], atol=0.51 * new["greatest"] / 127)


def test_frames_are_outputs_going_forward_and_errors_coming_back(filmed):
    spec, followed, apart, header, body = filmed
    times, place = Movements(len(spec.activations)), {": a": 0, ": δ": 0}
    for depth in range(max(len(spec.hidden_units), 1)):
        moments = {": a": depth + 1, ": δ": times.back(depth)}
        told = {": a": apart.steps[depth].outputs, ": δ": apart.deltas[depth]}
        for ending, values in told.items():
            expected = values[followed].mean(axis=0)[:16]
            marks = named(header, ending)[place[ending] :][: len(expected)]
            place[ending] += len(expected)
            for mark, value in zip(marks, expected, strict=True):
                assert shown_at(mark, body)[0] == moments[ending]
                np.testing.assert_allclose(values_of(mark, body), value, atol=0.51 * mark["greatest"] / 127)


def test_lines_are_what_is_given_then_slopes_then_the_change(filmed):
    spec, followed, apart, header, body = filmed
    times, hidden = Movements(len(spec.activations)), len(spec.hidden_units)
    for number, ending in enumerate((": a · w", ": ∂L/∂W", ": ΔW")):
        marks = named(header, ending, "links")
        assert len(marks) == hidden
        for depth, mark in enumerate(marks, 1):
            drawn = array_of(mark["strengths"], body) / 127 * mark["greatest"]
            kernel = apart.network[depth].kernel[:16, :16]
            gives = apart.steps[depth - 1].outputs[followed].mean(axis=0)[:16, None] * kernel
            change = apart.after[depth].kernel[:16, :16] - kernel
            expected = (gives, apart.gradients[depth].kernel[:16, :16], change)[number]
            moment = (depth + 1, times.back(depth), times.change)[number]
            np.testing.assert_allclose(drawn[moment], expected.ravel(), atol=0.51 * mark["greatest"] / 127)
            assert not drawn[:moment].any()
            assert not drawn[times.count - 2 + (number > 1)].any()


def test_the_numbers_beside_the_classes_are_the_probabilities_and_the_errors(filmed):
    _, followed, apart, header, _ = filmed
    texts = [mark["texts"] for mark in header["panels"][0]["marks"] if mark["kind"] == "words" and len(mark["texts"]) == 10]
    _, before, after, errors = texts
    for said, values, form in ((before, apart.steps[-1].outputs, ".2f"), (errors, apart.deltas[-1], "+.2f")):
        assert said == [format(value, form).replace("-", "−") for value in values[followed].mean(axis=0)]
    assert after != errors


@claim("feedforward", *(f"slow.{whose}.{part}" for whose in ("one", "mean") for part in ("batch", "loss", "after")), "slow.images.how")
def test_the_losses_told_are_those_of_keras(filmed):
    """The losses before the step are those of the Keras network with the starting weights, in words and as bars."""
    spec, followed, apart, header, body = filmed
    model, examples = models.build(spec), examples_of(spec)[0]
    model.set_weights(begun(spec).weights)
    said, count = header["moments"], len(apart.rows)
    assert said[0].startswith(f"The batch: {count} of 200,")
    loss = said[len(spec.activations) + 1]
    assert digits(apart.losses.mean()) in loss
    assert digits(apart.losses_after.mean()) in said[-1]
    if len(followed) < count or count == 1:
        assert digits(apart.losses[followed[0]]) in loss
    theirs = objective_of(spec).loss(examples.y[apart.rows], model((examples.x[apart.rows] / examples.divisor).astype(np.float32)))
    np.testing.assert_allclose(apart.losses, np.asarray(theirs), rtol=1e-3, atol=1e-5)
    before, after = (named(header, name, "lines", 1) for name in ("before the step", "after it"))
    assert len(before) == min(count, 32)
    top = max(apart.losses[:32].max(), apart.losses_after[:32].max())
    for marks, losses, first in ((before, apart.losses, len(spec.activations) + 1), (after, apart.losses_after, len(said) - 1)):
        for mark, expected in zip(marks, losses, strict=False):
            ends = array_of(mark["places"], body)[:, 0, 1, 0] / 65_535 * top
            assert not ends[:first].any()
            np.testing.assert_allclose(ends[-1], expected, atol=1e-4 * top)


@claim("feedforward", "slow.one.followed", "slow.one.label", "slow.mean.followed", "slow.one.forward", "slow.mean.forward")
def test_the_picture_is_the_image_that_is_followed_and_is_called_so(filmed):
    """One image with the label it is trained by, or the mean of the batch, and the numbers told are its own."""
    spec, followed, apart, header, body = filmed
    examples = examples_of(spec)[0]
    pictures = over_pixels(spec, examples.x[apart.rows].reshape(len(apart.rows), -1))
    marks = header["panels"][0]["marks"]
    np.testing.assert_allclose(array_of(marks[0]["frames"], body)[0], pictures[followed].mean(axis=0), atol=0.51)
    sums = apart.steps[0].sums[followed].mean(axis=0)
    assert digits(sums[0]) in header["moments"][1]
    if "mean" in header["moments"][0]:
        assert marks[1]["texts"] == [f"the mean of all {len(apart.rows)}"]
    else:
        number = followed[0] + 1
        assert marks[1]["texts"] == [f"image {number} of {len(apart.rows)}", f"label: {examples.y[apart.rows[followed[0]]]}"]


@claim("feedforward", "slow.one.back", "slow.mean.back", "slow.images.longest", "slow.images.alt", "slow.images.batch.alt")
def test_what_comes_back_is_told_with_the_slopes_of_the_whole_batch(filmed):
    """δ of what is followed; the slopes' ends are those of the layer, whichever image is followed."""
    spec, followed, apart, header, _ = filmed
    times = Movements(len(spec.activations))
    for layer, gradient in enumerate(apart.gradients):
        said = header["moments"][times.back(layer)]
        for value in (apart.deltas[layer][followed].mean(axis=0)[0], gradient.kernel.min(), gradient.kernel.max()):
            assert digits(value) in said
    longest = next(mark for mark in header["panels"][1]["marks"] if mark["kind"] == "words")["texts"][0]
    assert digits(max(apart.losses[:32].max(), apart.losses_after[:32].max())) in longest


def test_it_is_offered_only_where_the_images_are_at_hand(monkeypatch):
    offered = []
    monkeypatch.setattr(slow.Motion, "button", lambda *asked: offered.append(asked))
    for found in (None, images.load("digits")):
        monkeypatch.setattr(slow, "known", lambda dataset, found=found: found)
        slow.button(FeedForwardSpec(), [], "key")
        assert len(offered) == (found is not None)
