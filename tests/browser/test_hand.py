"""A neuron in the hand: what the browser computes while its line is led elsewhere is what the server computes afterwards."""

import base64

import numpy as np
import pytest
from playwright.sync_api import expect

from ann_core.charts import film
from ann_core.exhibits import NeuronExhibit
from ann_core.lessons.feedforward.plane import picture as plane
from ann_core.lessons.feedforward.plane.scene import scene_of
from ann_core.lessons.neuron import picture
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.specs import PointsSpec
from ann_core.training.untrained import untrained
from ann_core.ui.figures.film import script
from tests.browser.test_points import no_exception
from tests.browser.tour import settled
from tests.charts.test_film import array_of, in_the_hand, packed_alone, unpacked

pytestmark = pytest.mark.browser

FOLLOWED = """([text, numbers]) => {
  const film = read(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
  const neuron = marksOf(film).find(({ kind }) => kind === "neuron")
  neuron.numbers = numbers
  follow(film, neuron)
  return marksOf(film).filter(({ kind }) => ["picture", "links", "dots"].includes(kind))
    .map(({ frames, strengths, places, greatest }) => [[...(frames ?? strengths ?? places).values], greatest?.values ? null : greatest])
}"""
LED = """([text, from, to]) => {
  const neuron = marksOf(read(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))))[0]
  const grip = gripAt(neuron, from, 0.1)
  return grip && led(neuron, grip, to)
}"""
STEEP = (1.5, -1.0, 0.5)
"""Its line rises from (−1⅔, −2) to (1, 2)."""


@pytest.fixture(scope="module")
def scripted(context):
    """A page with nothing but the film's script."""
    opened = context().new_page()
    opened.add_script_tag(content=script())
    yield opened
    opened.close()


def coded(content):
    return base64.b64encode(content).decode()


def drawn(content, body):
    """What the pictures, connections and points of a film are, and what they stand for."""
    marks = [mark for panel in content["panels"] for mark in panel["marks"] if mark["kind"] in ("picture", "links", "dots")]
    arrays = [array_of(mark.get("frames") or mark.get("strengths") or mark["places"], body).ravel() for mark in marks]
    full = [array_of(mark["greatest"], body)[0] if isinstance(mark["greatest"], dict) else mark["greatest"] for mark in marks]
    return list(zip(arrays, full, strict=True))


def test_what_the_hand_moves_is_never_kept_as_a_picture(scripted):
    """Neither the point on the curve nor anything else of a film with a neuron in the hand; the points of a plane are kept."""
    kept = """text => read(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))).panels
      .flatMap(layersOf).filter(({ kept }) => kept).flatMap(({ marks }) => marks.map(({ kind }) => kind))"""
    assert scripted.evaluate(kept, coded(picture.film_of(NeuronExhibit()))) == []
    spec = PointsSpec()
    of_points = plane.film_of(scene_of(spec, (untrained(spec),)), "n", play=False)
    assert "dots" in scripted.evaluate(kept, coded(of_points))


@pytest.mark.parametrize("function", ACTIVATIONS)
def test_what_follows_in_the_browser_is_what_the_server_draws(scripted, function, monkeypatch):
    """From one neuron's film to another's, picture by picture: off by a shade at most."""
    monkeypatch.setattr(picture, "tr", lambda message, **_: message)
    monkeypatch.setattr(picture, "words", dict)
    changed = {"weight_1": -2.35, "weight_2": 0.85, "bias_value": -1.2003}  # no cell has its centre on the line
    before = NeuronExhibit(function=function)
    found = scripted.evaluate(FOLLOWED, [coded(picture.film_of(before)), list(changed.values())])
    expected = drawn(*unpacked(picture.film_of(before.changed(**changed))))
    assert len(found) == len(expected) > 5
    for (values, greatest), (theirs, full) in zip(found, expected, strict=True):
        np.testing.assert_allclose(values, theirs, atol=1)
        assert greatest is None or greatest == pytest.approx(float(full), rel=1e-5)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((-1 / 3, 0), (2 / 3, 0), (1.5, -1.0, -1.0)),  # a whole unit to the right
        ((-1 / 3, 0), (-1 / 3, 1), (1.5, -1.0, 1.5)),
        ((-1 / 3, 0), (40, 0), (1.5, -1.0, -5.0)),  # no farther than the slider
        ((0.9, 1.85), (-1 / 3, 2), (1.8, 0.0, 0.6)),  # upright
        ((-1.6, -1.9), (-2, 0), (0.0, -1.8, 0.0)),  # level, with the same side above
        ((1.8, -1.8), (0, 0), None),
    ],
)
def test_in_its_middle_the_line_is_moved_and_near_its_ends_turned(scripted, start, end, expected):
    """Moved, it goes through where it is led; turned about its middle, its weights keep their size, up to a slider's step."""
    found = scripted.evaluate(LED, [coded(packed_alone(in_the_hand(STEEP))), list(start), list(end)])
    assert found == (expected and pytest.approx(list(expected), abs=0.026))


@pytest.mark.parametrize("numbers", [(0.0, 0.0, 1.0), (0.1, 0.0, 5.0), (0.0, 0.1, -5.0)])
def test_where_there_is_no_line_nothing_can_be_taken(scripted, numbers):
    assert scripted.evaluate(LED, [coded(packed_alone(in_the_hand(numbers))), [0, 0], [1, 1]]) is None


def test_the_step_of_the_hand_is_that_of_the_sliders():
    """And its answers are those to every sum that numbers in such steps make at the corners."""
    hand = picture._in_the_hand(NeuronExhibit(), film.Picture(film.Box(0, 0, 1, 1), np.zeros((1, 1, 1), np.uint8)), 0.5, "")
    assert (len(hand.answers) - 1) * hand.step == pytest.approx(2 * hand.farthest)
    assert hand.farthest == hand.most * (1 + 2 * hand.reach)


def place(canvas, x1, x2):
    """A place of the plane in pixels of the page."""
    box = canvas.bounding_box()
    unit = box["width"] / 360
    return box["x"] + (46 + 75 * (x1 + 2)) * unit, box["y"] + (8 + 75 * (2 - x2)) * unit


def cursor(canvas):
    return canvas.evaluate("canvas => canvas.style.cursor")


def test_the_line_is_led_by_the_pointer_and_the_sliders_follow(visit):
    page = visit("/neuron?lang=en")
    settled(page)
    canvas = page.locator(".st-key-figure_neuron_film canvas").first
    page.mouse.move(*place(canvas, 1.6, -1.6))
    assert cursor(canvas) == "crosshair"
    page.mouse.move(*place(canvas, -1 / 3, 0))
    assert cursor(canvas) == "grab"
    seen = canvas.evaluate("canvas => canvas.toDataURL()")
    page.mouse.down()
    page.mouse.move(*place(canvas, 2 / 3, 0), steps=4)
    assert cursor(canvas) == "grabbing"
    assert canvas.evaluate("canvas => canvas.toDataURL()") != seen
    assert "neuron_bias_value" not in page.url, "the server hears of it when it is over"
    page.mouse.up()
    page.wait_for_function("location.search.includes('neuron_bias_value=-1')")
    expect(page.locator(".st-key-neuron_bias_value")).to_contain_text("-1.00")
    assert "neuron_x1" not in page.url
    page.mouse.click(*place(canvas, -1, 1))
    page.wait_for_function("location.search.includes('neuron_x1=-1')")
    no_exception(page)


def test_a_finger_leads_the_line_and_scrolls_beside_it(visit):
    page = visit("/neuron?lang=zh", viewport={"width": 390, "height": 844}, has_touch=True)
    settled(page)
    canvas = page.locator(".st-key-figure_neuron_film canvas").first
    canvas.scroll_into_view_if_needed()
    asked = """(canvas, [x, y]) => {
      const touch = new Touch({ identifier: 1, target: canvas, clientX: x, clientY: y })
      return canvas.dispatchEvent(new TouchEvent("touchstart", { touches: [touch], cancelable: true, bubbles: true }))
    }"""
    assert not canvas.evaluate(asked, list(place(canvas, -1 / 3, 0)))
    assert canvas.evaluate(asked, list(place(canvas, 1.6, -1.6)))
