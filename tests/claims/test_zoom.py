"""What is said where the picture of the convolutional network is looked into, and changed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.lessons.convolutional.drawn.units import Unit
from ann_core.lessons.convolutional.network import UNCHANGED, Changes, altered
from ann_core.lessons.convolutional.stage import hand, picture, zoom
from ann_core.maths.networks.convolution import Convolution, Dense
from ann_core.specs import ConvolutionalSpec
from ann_core.training.untrained import begun
from ann_core.ui.language import signed
from ann_core.ui.workbench.looking import Example
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim
from tests.claims.test_convolutional import picture as digit
from tests.claims.test_convolutional import some_run

SPEC = st.builds(
    ConvolutionalSpec,
    dataset=st.just("digits"),
    filters=st.lists(st.integers(1, 20), max_size=2).map(tuple),
    dense_units=st.sampled_from([0, 5, 40]),
    batch_norm=st.booleans(),
    pooling=st.sampled_from(["max", "average", "none"]),
)


def opened(spec, seed, unit, **options):
    """The picture as a browser gets it, and the network's way to it."""
    run = some_run(spec, seed)
    example = Example(digit(3), list("0123456789"))
    header, body = unpacked(picture.film_of(spec, [run.final], run.rows, "n", False, example, unit, **options))
    return header, body, picture.passed(spec, run.final, example)


@settings(deadline=None, max_examples=40)
@given(spec=SPEC, seed=st.integers(0, 99), share=st.floats(0, 1))
@claim("convolutional", "zoom.channels", "zoom.channels.some", "zoom.inputs", "zoom.inputs.some", "zoom.channel.map", "zoom.channel.unit")
@claim(
    "convolutional", "zoom.channel.picture", "zoom.channels.alt", "zoom.unit", "zoom.hidden", "zoom.class", "zoom.map.title", "zoom.leads"
)
@claim("convolutional", "zoom.sum.all", "zoom.bias", "zoom.output", "zoom.steps.alt", "zoom.softmax", "zoom.softmax.alt", "zoom.how")
def test_what_is_opened_says_what_it_is_and_how_much_of_it_is_shown(spec, seed, share):
    """Where more than sixteen channels come in, those with the largest sums are shown, and their number and that of all is said.

    The unit's own value is that of its output; everything that can be clicked leads to a unit that the network has.
    """
    _, _, passed = opened(spec, seed, None)
    places = [place for place, layer in enumerate(passed.layers) if isinstance(layer, Convolution | Dense)]
    place = places[round(share * (len(places) - 1))]
    *where, number = (round(share * (size - 1)) for size in passed.outputs[place][0].shape)
    unit = Unit(place, number, *where)
    header, body, _ = opened(spec, seed, unit)
    layer, output = passed.layers[place], passed.outputs[place][0][(*where, number)]
    told = f"{output:.1%}" if layer.activation == "softmax" else signed(output)
    assert header["moments"][0].endswith(told)
    shown = {
        mark["name"].split(": ")[0]: float(array_of(mark["values"], body)[0, 0, 0])
        for mark in header["panels"][1]["marks"]
        if mark["kind"] == "cells" and mark["name"].endswith(": sum")
    }
    coming = zoom.coming_to(passed, place)
    count = coming.shape[-1]
    kind = "picture" if not place or not any(isinstance(each, Convolution | Dense) for each in passed.layers[:place]) else None
    kind = kind or ("map" if coming.ndim == 3 else "unit")
    word = "input" if kind == "unit" else "channel"
    assert len(shown) == min(count, 16)
    some = f"16 of its {count} {word}s: those that give most"
    assert header["panels"][1]["title"] == (some if count > 16 else f"Its {count} {word}{'s' * (count > 1)}")
    assert set(shown) <= {f"{kind} {each + 1}" for each in range(count)} | {"picture"}
    if kind == "unit":
        sums = coming * layer.kernel[:, number]
        largest = {f"unit {each + 1}" for each in np.argsort(-np.abs(sums), kind="stable")[:16]}
        assert set(shown) == largest
    for mark in (mark for panel in header["panels"] for mark in panel["marks"]):
        if mark.get("pick"):
            assert zoom.there([passed], zoom.picked_unit(mark["pick"], [0, 0])) is not None


@settings(deadline=None, max_examples=25)
@given(spec=SPEC.filter(lambda spec: spec.filters), seed=st.integers(0, 99), number=st.integers(0, 3))
@claim("convolutional", "looking.changed", "do.silence", "do.restore", "do.out", "source.with_changes")
def test_surgery_is_offered_told_and_undone(spec, seed, number):
    """Silencing is offered for a filter that still speaks, undoing where anything is changed; both answers are those of their networks."""
    filter_ = number % spec.filters[0]
    changes = Changes(silenced=((0, filter_),))
    header, _, before = opened(spec, seed, Unit(0, filter_))
    assert [f"do.silence 0 {filter_}" in header["words"], "do.restore" in header["words"], "do.out" in header["words"]] == [
        True,
        False,
        True,
    ]
    header, _, _ = opened(spec, seed, Unit(0, filter_), changes=changes)
    assert [f"do.silence 0 {filter_}" in header["words"], "do.restore" in header["words"]] == [False, True]
    header, _, _ = opened(spec, seed, None, changes=changes)
    run = some_run(spec, seed)
    cut = type("Checkpoint", (), {"weights": altered(spec, run.final.weights, changes)})
    after = picture.passed(spec, cut, Example(digit(3), list("0123456789")))
    answers = [each.outputs[-1][0] for each in (after, before)]
    said = [f"takes it for “{answer.argmax()}”, {answer.max():.1%}" for answer in answers]
    assert f"{said[0]}; before your surgery: {said[1]}" in header["moments"][0]
    assert hand.turned(UNCHANGED, filter_, [1.0]).kernels == ((filter_, (1.0,)),)


@settings(deadline=None, max_examples=25)
@given(spec=SPEC, seed=st.integers(0, 99), label=st.none() | st.integers(0, 9))
@claim("convolutional", "looking.slopes", "looking.slopes.alt", "looking.both.alt", "do.slopes", "do.outputs", "do.both")
@claim("convolutional", "looking.gives", "film.scale.most", "film.scale.own")
def test_gradients_are_those_of_the_loss_of_this_picture(spec, seed, label):
    """A small step of a hidden unit's output changes the loss as its gradient says; of a drawing, the class it is taken for is wanted."""
    run = some_run(spec, seed)
    example = Example(digit(3), list("0123456789"), label=label)
    passed = picture.passed(spec, run.final, example)
    last, coming = passed.layers[-1], passed.outputs[-2][0].astype(float)
    wanted = int(passed.outputs[-1][0].argmax()) if label is None else label
    loss = lambda inputs: -np.log(_softmax(inputs @ last.kernel + last.bias)[wanted])  # noqa: E731
    slopes = picture._slopes(passed, example)[-1][0]
    step = 1e-4
    for place in range(0, len(coming), max(1, len(coming) // 5)):
        nudge = step * (np.arange(len(coming)) == place)
        np.testing.assert_allclose((loss(coming + nudge) - loss(coming - nudge)) / (2 * step), slopes[place], atol=1e-3)


def _softmax(sums):
    growth = np.exp(sums - sums.max())
    return growth / growth.sum()


@claim("convolutional", "looking.paper", "looking.drawn", "do.wipe", "looking.image.alt")
def test_one_can_draw_where_it_is_said():
    """The picture is a paper where its classes are digits; a drawing can be wiped away."""
    spec = ConvolutionalSpec(dataset="digits", filters=(2,))
    for paper, drawn, title in ((False, False, "Test image"), (True, False, "Test image: draw on it"), (True, True, "Your digit, centred")):
        example = Example(digit(3), list("0123456789"), paper, drawn)
        for unit in (None, Unit(2, 1)):
            header, _ = unpacked(picture.film_of(spec, [begun(spec)], np.zeros((0, 4)), "n", False, example, unit))
            assert header["panels"][0]["marks"][0]["paper"] == paper
            assert ("do.wipe" in header["words"]) == drawn
            assert header["panels"][0]["title"] == title or unit
