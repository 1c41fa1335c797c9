"""What the heroes show by themselves before a training: a frame over what is read, and what is made of it."""

import numpy as np
import pytest

from ann_core.charts.film import FINEST
from ann_core.lessons.attention import picture as heads
from ann_core.lessons.convolutional.stage import picture as stage
from ann_core.lessons.gan import picture as games
from ann_core.lessons.lstm.lockstep.reel import _before
from ann_core.lessons.recurrent import picture as series
from ann_core.lessons.recurrent.at_hand import at_hand
from ann_core.lessons.recurrent.over_time import strips
from ann_core.maths.networks import gan
from ann_core.probing.gan import players
from ann_core.specs import AttentionSpec, ConvolutionalSpec, GanSpec, RecallSpec, RecurrentSpec
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import begun, untrained
from ann_core.ui.workbench.looking import Example
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim

NOTHING = np.zeros((0, 4))


def marks_of(content, kind):
    """The marks of a kind in a film, each with the panel that it is on, and its arrays."""
    header, body = unpacked(content)
    every = [(panel, mark) for panel in header["panels"] for mark in panel["marks"] if mark["kind"] == kind]
    read = lambda part: array_of(part, body) if isinstance(part, dict) else part  # noqa: E731
    return [(panel, {name: read(part) for name, part in mark.items()}) for panel, mark in every]


def framed(mark, stop):
    """Where the frame is at a stop: left, top, right, bottom as shares of the box."""
    row, column = divmod(stop, mark["stops"][1])
    left, top, width, height = mark["frame"]
    left, top = left + column * mark["step"][0], top + row * mark["step"][1]
    return np.array([left, top, left + width, top + height])


def trained_once(first):
    """The same weights, an epoch later: nothing moves by itself there."""
    return [first, Checkpoint(1, first.weights, first.predicted, first.confidence)]


@claim("convolutional", "film.reading.convolution")
@pytest.mark.parametrize("size", [3, 5])
def test_the_window_lies_over_the_pixels_that_the_frames_in_the_maps_stand_for(size):
    """At every stop the window covers as many pixels as a kernel, from the row and the column of the cell that is framed in every map."""
    spec = ConvolutionalSpec(kernel_size=size, filters=(8, 16))
    random = np.random.default_rng(1)
    example = Example(random.integers(0, 255, (28, 28), np.uint8), list("0123456789"))
    (_, window), (_, frames) = marks_of(stage.film_of(spec, [begun(spec)], NOTHING, "n", False, example), "sweep")
    side = 28 - size + 1
    assert window["stops"] == frames["stops"] == [side, side]
    assert len(window["boxes"]) == 1
    assert len(frames["boxes"]) == 8
    for stop in range(side * side):
        row, column = divmod(stop, side)
        assert framed(frames, stop) * side == pytest.approx([column, row, column + 1, row + 1])
        assert framed(window, stop) * 28 == pytest.approx([column, row, column + size, row + size])


@claim("recurrent", "film.reading.series")
@pytest.mark.parametrize("preset", ["default", "weather", "logistic"])
def test_the_window_holds_what_is_read_and_the_ring_is_the_forecast_made_from_it(preset):
    """The window ends with the value before the ring; the ring is on the forecast, but for the rounding of places."""
    spec = RecurrentSpec.preset(preset)
    hand, first = at_hand(spec), untrained(spec)
    content = series.film_of(hand, [first], "n", False)
    panel, window = marks_of(content, "sweep")[-1]  # the part from close by, or the whole
    _, ring = marks_of(content, "stroll")[-1]
    over = list(window["boxes"][0])
    shown = next(mark for other, mark in marks_of(content, "lines") if other == panel and mark["frame"] == pytest.approx(over))
    count = shown["places"].shape[2]
    stops = ring["places"].shape[1]
    begin, end = strips.close_by(hand)
    forecasts = hand.predicted(first)
    drawn = slice(max(begin, spec.window) - spec.window, end - spec.window)
    low, high = series.frame(hand, hand.series.values[begin:end], forecasts[drawn])
    assert window["stops"] == [1, stops]
    for stop in range(0, stops, 7):
        place = round(ring["places"][0, stop, 0] / FINEST * (count - 1))
        value = low + (high - low) * ring["places"][0, stop, 1] / FINEST
        assert value == pytest.approx(np.clip(forecasts[begin + place - spec.window], low, high), abs=1e-4 * (high - low))
        left, top, right, bottom = framed(window, stop)
        assert (top, bottom) == (0, 1)
        assert right * (count - 1) == pytest.approx(place - 1, abs=0.02)
        assert (right - left) * (count - 1) == pytest.approx(spec.window - 1, abs=0.02)
    assert not marks_of(series.film_of(hand, trained_once(first), "n", False), "sweep")


@claim("gan", "film.reading.noise")
@pytest.mark.parametrize("changes", [{}, {"noise_kind": "uniform"}, {"noise_size": 1}])
def test_the_ring_is_what_the_generator_makes_of_noise_in_a_circle(changes):
    """The first two numbers of the noise go round in a circle, or the only one to and fro; the others are zero."""
    spec = GanSpec(**changes)
    first = untrained(spec)
    begun_players = players(spec, first)
    reach = 1.0 if spec.noise_kind == "uniform" else games.WALK_REACH
    angles = np.arange(games.WALK_STOPS) * 2 * np.pi / games.WALK_STOPS
    noise = np.zeros((len(angles), spec.noise_size), np.float32)
    noise[:, 0] = reach * np.cos(angles)
    if spec.noise_size > 1:
        noise[:, 1] = reach * np.sin(angles)
    walk = games.walk(spec, begun_players)
    np.testing.assert_allclose(walk, gan.generate(begun_players.generator, noise), atol=1e-5)
    assert games.stage_of(spec, [first], games.EVERYTHING[:3]).walk is not None
    assert games.stage_of(spec, trained_once(first), games.EVERYTHING[:3]).walk is None


@claim("lstm", "film.reading.sequence")
def test_the_frames_of_all_racers_are_at_the_same_step():
    """Each picture of a racer has a column a step; the frame goes from the first to the last."""
    specs = {"lstm": RecallSpec(gap=12, examples=256, units=4), "simple": RecallSpec(gap=12, examples=256, units=4, cell="simple")}
    sweeps = marks_of(_before.__wrapped__((), "en", specs), "sweep")
    assert len(sweeps) == len(specs)
    pictures = [mark["frames"].shape[2] for panel, mark in marks_of(_before.__wrapped__((), "en", specs), "picture")]
    for _, mark in sweeps:
        assert mark["stops"] == [1, pictures[0]]
        assert framed(mark, pictures[0] - 1)[2] == pytest.approx(1)
    assert len(set(pictures)) == 1


@claim("attention", "film.reading.attention")
@pytest.mark.parametrize("task", ["reverse", "look_up"])
def test_the_framed_row_is_that_of_a_token_that_asks(task):
    """A stop for each row of each map, no more."""
    spec = AttentionSpec(task=task)
    content = heads.film_of(spec, [untrained(spec)], NOTHING, "n", False)
    sweeps = marks_of(content, "sweep")
    walked = {panel["title"] for panel, _ in sweeps}
    maps = [each for each in marks_of(content, "picture") if each[0]["title"] in walked]
    assert len(sweeps) == len(maps)
    for (_, mark), (_, shown) in zip(sweeps, maps, strict=True):
        rows = shown["frames"].shape[1]
        assert mark["stops"] == [rows, 1]
        assert framed(mark, rows - 1) == pytest.approx([0, 1 - 1 / rows, 1, 1])
        np.testing.assert_allclose(mark["boxes"][0], shown["box"], rtol=1e-6)
