"""Before a training a point wanders over the plane, until the learner does anything: on a bare page, without a server."""

import numpy as np
import pytest

from ann_core.lessons.feedforward.plane import picture, scene
from tests.browser.test_pointing import SPEC, Sheet, moments_of

pytestmark = pytest.mark.browser

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
