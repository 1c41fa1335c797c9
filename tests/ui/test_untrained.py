"""Before Train the picture of the untrained network is on the page: the one with which the film of its training begins."""

import numpy as np
import pytest

from ann_core.lessons.attention import train as attention
from ann_core.lessons.attention.block import FIRST, WHOLE
from ann_core.lessons.convolutional.stage import train as convolutional
from ann_core.lessons.feedforward import train as feedforward
from ann_core.lessons.feedforward.plane import train as points
from ann_core.lessons.gan import train as gan
from ann_core.lessons.gan.digits import train as gan_digits
from ann_core.lessons.gan.picture import EVERYTHING
from ann_core.lessons.recurrent import train as recurrent
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanDigitsSpec, GanSpec, PointsSpec, RecurrentSpec
from ann_core.training.train import train
from ann_core.ui.language import LANGUAGES, catalogue
from tests.charts.test_film import array_of, unpacked
from tests.claims.opened import at_page

PAGES = {
    "points": "feedforward",
    "feedforward": "feedforward",
    "convolutional": "convolutional",
    "recurrent": "recurrent",
    "attention": "attention",
    "gan": "gan",
    "gan_digits": "gan",
}
CASES = {
    "points": (points.REEL, PointsSpec(points=60, layers=("3-tanh", "2-relu"), epochs=2)),
    "convolutional": (convolutional.REEL, ConvolutionalSpec(dataset="digits", training_images=300, filters=(3, 4), epochs=1)),
    "no filters": (convolutional.REEL, ConvolutionalSpec(dataset="digits", training_images=300, filters=(), dense_units=5, epochs=1)),
    "dense": (feedforward.REEL, FeedForwardSpec(dataset="digits", training_images=300, hidden_units=(6, 5), epochs=1)),
    "no hidden layer": (feedforward.REEL, FeedForwardSpec(dataset="digits", training_images=300, hidden_units=(), epochs=1)),
    "recurrent": (recurrent.REEL, RecurrentSpec(length=90, window=5, units=3, epochs=2)),
    "attention": (attention.REEL, AttentionSpec(examples=256, model_width=8, heads=2, epochs=1)),
    "gan": (gan.REEL, GanSpec(generator_layers=(9,), discriminator_layers=(8,), epochs=1)),
    "gan_digits": (gan_digits.REEL, GanDigitsSpec(generator_layers=(9,), discriminator_layers=(8,), epochs=1)),
}
OPTIONS = {"gan": (EVERYTHING,), "attention": (FIRST, WHOLE), "convolutional": ("", 0), "feedforward": ("", 0, None)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", sorted(set(PAGES.values())))
def test_every_experiment_shows_its_network_before_train(page, language):
    at = at_page(page, language)
    films = [experiment for experiment, where in PAGES.items() if where == page]
    shown = [element.proto.id for element in at.get("bidi_component")]
    for experiment in films:
        assert any(name.endswith(f"-{experiment}_film") for name in shown), shown
    if page == "gan":
        films.append("gan")  # a step of the game as it begins is taken apart further down
    told = [catalogue(language).gettext("source.untrained").format(seed=1, moment=moment(language, each)) for each in films]
    for words in set(told):
        assert sum(words in caption.value for caption in at.caption) == told.count(words), words


def moment(language, experiment):
    """How the beginning of a training is called: games are played in rounds."""
    name = "round" if experiment.startswith("gan") else "epoch"
    return catalogue(language).gettext(f"moment.{name}").format(epoch=0)


@pytest.mark.parametrize(("reel", "spec"), CASES.values(), ids=CASES.keys())
def test_the_film_before_train_is_the_beginning_of_the_film_after_it(reel, spec):
    """What is drawn of the untrained network is what is drawn of checkpoint 0; in the whole film too, where its scale is the same."""
    run, options = train(spec), OPTIONS.get(spec.experiment, ())
    (before, body), (first, of_first), (whole, of_whole) = (
        unpacked(content)
        for content in (
            reel.begun(spec, None),
            reel.film_of(spec, run.checkpoints[:1], np.zeros((0, len(spec.metrics))), "untrained", False, *options),
            reel.film_of(spec, run.checkpoints, run.rows, "whole", True, *options),
        )
    )
    assert before["moments"] == first["moments"] == whole["moments"][:1]
    assert len(whole["moments"]) > 1
    compared = list(of_moments(before, body, first, of_first))
    assert compared
    for ours, theirs in compared:
        assert ours.shape == theirs.shape
        close(ours, theirs)
    fixed = [pair for pair in of_moments(before, body, whole, of_whole) if len(pair[1]) == len(whole["moments"])]
    assert fixed or not getattr(spec, "filters", True), "weights of dense layers are always drawn in the scale of the end"
    for ours, theirs in fixed:
        close(ours[0], theirs[0])


def of_moments(one, body, other, of_other):
    """The arrays of two films that belong to each other: those of marks whose colours and places stand for the same."""
    for panel, beside in zip(one["panels"], other["panels"], strict=True):
        assert panel["title"] == beside["title"]
        for kind in ("picture", "dots", "lines"):
            ours, theirs = ([mark for mark in each["marks"] if mark["kind"] == kind] for each in (panel, beside))
            if len(ours) == len(theirs):  # else curves and rings, of which there is nothing yet
                yield from of_marks(zip(ours, theirs, strict=True), body, of_other)


def of_marks(pairs, body, of_other):
    for mark, its in pairs:
        if all(np.allclose(*ends) for ends in zip(scale(mark, body), scale(its, of_other), strict=True)):
            for name in ("frames", "places"):
                if isinstance(mark.get(name), dict):
                    yield read(mark[name], body), read(its[name], of_other)


def scale(mark, body):
    """What the colours of a mark stand for at its first moment, and where its box ends."""
    return np.ravel(read(mark.get("greatest"), body))[0], read(mark.get("corners"), body)


def read(value, body):
    """A field of a mark as numbers; nothing counts as zero."""
    return array_of(value, body) if isinstance(value, dict) else value or 0.0


def close(ours, theirs):
    """Equal but for the last digit: a colour or a place may have been rounded the other way."""
    np.testing.assert_allclose(ours.astype(int), theirs.astype(int), rtol=0, atol=1)
