"""Before a training a point wanders over the plane, or a frame over what is read, until the learner does anything."""

import numpy as np
import pytest
from playwright.sync_api import expect

from ann_core.charts.film import Box, Sweep
from ann_core.lessons.feedforward.plane import picture, scene
from tests.browser.test_pointing import SPEC, Sheet, moments_of
from tests.browser.test_points import HASH_OF_PICTURES
from tests.browser.tour import settled
from tests.patience import wait_for

pytestmark = pytest.mark.browser

LESSONS = ("neuron", "learning", "feedforward", "convolutional", "recurrent", "lstm", "attention", "gan")
CAPTION, ASIDE = ".film-caption", ".film-aside"
FRAME = """([mark, seconds]) => {
  const drawn = []
  const pen = { unit: 1, strokeRect: (...box) => drawn.push(box) }
  DRAW.sweep(pen, { ...mark, boxes: { values: Float32Array.from(mark.boxes.flat()) } }, { wandering: seconds, colours: {} })
  return drawn.at(-1)
}"""
SPOT = "() => stages.get(document.body.firstChild).finger.spot"


@pytest.fixture
def opened(context):
    """Opens a page with the first moments of a training; time goes by only where a test says so."""
    pages = []

    def show(count=1, **options):
        page = context(**options).new_page()
        pages.append(page)
        page.clock.install(time=0)
        page.clock.pause_at(1_000)
        return Sheet(page, moments=moments_of(SPEC, count))

    yield show
    for page in pages:
        page.close()


def after(sheet, seconds):
    """Where the point is after so many seconds: shares of the plane, or None where there is none."""
    sheet.page.clock.run_for(round(1_000 * seconds))
    return sheet.page.evaluate(SPOT)


def test_a_point_wanders_over_the_plane_and_the_network_follows(opened):
    sheet = opened()
    places = [after(sheet, 2) for _ in range(20)]
    steps = np.abs(np.diff(places, axis=0)).max(axis=1)
    assert (steps > 0.005).all(), "it never rests"
    assert (np.ptp(places, axis=0) > 0.6).all(), "it sees most of the plane"
    before = sheet.passed()[-1]["outputs"]
    after(sheet, 2)
    assert sheet.passed()[-1]["outputs"] != before


def test_it_takes_small_steps_at_a_pace_that_leaves_the_machine_alone(opened):
    sheet = opened()
    sheet.page.evaluate("draws = 0; draw = Stage.prototype.draw; Stage.prototype.draw = function () { draws++; draw.call(this) }")
    after(sheet, 1)
    before = sheet.page.evaluate("draws")
    places = [after(sheet, 0.2) for _ in range(10)]
    assert 10 < sheet.page.evaluate("draws") - before <= 40
    assert np.abs(np.diff(places, axis=0)).max() < 0.05


def test_it_says_nothing_but_how_to_put_a_point_there(opened):
    sheet = opened()
    assert after(sheet, 1) is not None
    assert sheet.said.locator("span").inner_text() == sheet.page.evaluate(
        "stages.get(document.body.firstChild).film.words['said.wandering']"
    )
    assert sheet.said.locator("button").is_hidden()


@pytest.mark.parametrize("does", ["mouse", "keyboard"])
def test_whatever_the_learner_does_it_is_gone_for_good(opened, does):
    sheet = opened()
    assert after(sheet, 1) is not None
    sheet.page.mouse.click(1, 1) if does == "mouse" else sheet.page.keyboard.press("Tab")
    assert after(sheet, 0) is None
    sheet.show(picture.film_of(scene.scene_of(SPEC, tuple(sheet.moments)), "other", play=False))
    assert after(sheet, 5) is None


def test_the_learners_own_point_stays(opened):
    sheet = opened()
    after(sheet, 1)
    sheet.page.mouse.click(1, 1)
    sheet.put((1.5, -3.0))
    assert np.allclose(after(sheet, 5), (0.625, 0.25))


def test_a_minute_is_enough(opened):
    sheet = opened()
    assert after(sheet, 50) is not None
    assert after(sheet, 20) is None


def test_nothing_wanders_over_a_training_nor_where_the_learner_wants_no_motion(opened):
    assert after(opened(count=2), 2) is None
    assert after(opened(reduced_motion="reduce"), 2) is None


@pytest.mark.parametrize(("stop", "row", "column"), [(0, 0, 0), (1, 0, 1), (25, 0, 25), (26, 1, 0), (675, 25, 25)])
def test_a_window_is_over_the_pixels_of_which_a_map_shows_the_answer(opened, stop, row, column):
    """A kernel of 3 × 3 on 28 × 28 pixels: the cell (row, column) of the map is made of the pixels from there to two further."""
    page = opened().page
    boxes = [(10, 20, 280, 280)]
    for size, side in ((3, 28), (1, 26)):
        mark = Sweep.over([Box(*boxes[0])], 26, 26, size)
        told = {"boxes": boxes, "stops": mark.stops, "frame": mark.frame, "step": mark.step}
        x, y, wide, high = page.evaluate(FRAME, [told, (stop + 0.5) / 20])
        cell = 280 / side
        assert np.allclose([x, y, wide, high], [10 + column * cell, 20 + row * cell, size * cell, size * cell])


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_moves_before_anything_is_pressed_and_rests_when_something_is(visit, lesson):
    page = visit(f"/{lesson}?lang=zh")
    hero = page.locator("[class*=st-key-stage_], [class*=st-key-exhibit_]").first
    expect(hero.locator("canvas").first).to_be_visible()
    shown = lambda: hero.locator("canvas").evaluate_all(HASH_OF_PICTURES)  # noqa: E731
    seen = set()
    wait_for(lambda: seen.add(shown()) or len(seen) >= 5)
    if lesson == "learning":
        return  # what moves there is a film, which plays on
    settled(page)
    heights = hero.bounding_box()["height"]
    page.keyboard.press("Shift")
    before = shown()
    page.wait_for_timeout(1_500)
    assert shown() == before
    assert hero.bounding_box()["height"] == heights, "nothing jumps"


@pytest.mark.parametrize("lesson", ["convolutional", "recurrent", "lstm", "attention", "gan"])
def test_what_moves_is_said_beside_the_moment_and_no_longer_when_it_rests(visit, lesson):
    page = visit(f"/{lesson}?lang=en")
    aside = page.locator(ASIDE).first
    expect(aside).not_to_be_empty()
    settled(page)
    caption = page.locator(CAPTION).first.bounding_box()
    assert aside.bounding_box()["y"] == pytest.approx(caption["y"], abs=1)
    page.keyboard.press("Shift")
    expect(aside).to_be_empty()
