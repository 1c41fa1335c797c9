"""The belt of memory, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.hero import Hero
from tests.browser.test_points import no_exception
from tests.browser.tour import settled

pytestmark = pytest.mark.browser
WIDE = {"viewport": {"width": 1400, "height": 900}}
SHORT = "recall_gap=12&recall_units=4"
INK = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return data.reduce((sum, value, place) => (sum * 31 + value * (place % 251)) % 1000003, 7)
}"""


BELT = Hero("belt")
film, says, does = BELT.film, BELT.says, BELT.does


def opened(visit, language="en", **options):
    page = visit(f"/lstm?lang={language}&{SHORT}", **(options or WIDE))
    settled(page)
    film(page).scroll_into_view_if_needed()
    expect(film(page).locator("canvas").first).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("language", "stages"),
    [
        ("en", ["Step 1 of 13, reads C: the belt brings c = 0.000", "keeps f · c", "is added", "is read out"]),
        ("zh", ["第 1 步（共 13 步），读到 C：传送带运来 c = 0.000", "留下 f · c", "落上去", "读出来的是 h"]),
    ],
)
def test_a_step_has_four_stages_and_the_slider_leads_to_any(visit, language, stages):
    page = opened(visit, language)
    for stage in stages:
        says(page, stage)
        film(page).locator(".film-on").click()
    says(page, stages[0][:2] if language == "zh" else "Step 2 of 13")
    film(page).locator(".film-slider").fill("48")
    says(page, "13")
    no_exception(page)


def test_a_belt_that_plays_glides_and_pauses_where_it_is_told_to(visit):
    page = opened(visit)
    belt = film(page).locator("canvas").first
    film(page).locator(".film-slider").fill("4")
    film(page).locator(".film-speed").select_option("0.25")
    film(page).locator(".film-play").click()
    seen = set()
    for _ in range(8):
        seen.add(belt.evaluate(INK))
        page.wait_for_timeout(100)
    assert len(seen) > 2, "between two moments it moves"
    film(page).locator(".film-play").click()
    still = belt.evaluate(INK)
    page.wait_for_timeout(300)
    assert belt.evaluate(INK) == still


def test_the_button_leads_to_a_change_and_another_unit_to_another_belt(visit):
    page = opened(visit)
    says(page, "Step 1 of 13")
    film(page).locator(".film-end").click()
    does(page, "next change")
    expect(film(page).locator(".film-slider")).not_to_have_value("51")
    value = int(film(page).locator(".film-slider").input_value())
    assert value % 4 == 0, "a change begins with what arrives"
    before = film(page).locator("canvas").first.evaluate(INK)
    unit = page.locator("[class*=st-key-belt_unit] input")
    unit.scroll_into_view_if_needed()
    settled(page)  # a list that is open closes when the page moves
    unit.fill("4")
    expect(page.get_by_role("option")).to_have_text(["4"])
    unit.press("Enter")
    expect(page.get_by_text("You are looking at unit 4")).to_be_visible()
    settled(page)
    assert film(page).locator("canvas").first.evaluate(INK) != before
    no_exception(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_the_whole_belt_is_seen_and_stays_where_it_is(visit, language):
    page = opened(visit, language, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    belt = film(page).locator("canvas").first
    tops = set()
    for _ in range(8):
        box, bar = belt.bounding_box(), film(page).locator(".film-slider").bounding_box()
        tops.add(round(box["y"] - bar["y"]))
        film(page).locator(".film-on").click()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert len(tops) == 1, "a caption that grows would move the picture"
