"""The cell unrolled over a window of the series, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.hero import Hero
from tests.browser.test_points import no_exception
from tests.browser.tour import settled

pytestmark = pytest.mark.browser
WIDE = {"viewport": {"width": 1400, "height": 900}}

HERO = Hero("recurrent")
film, place, says, does = HERO.film, HERO.place, HERO.says, HERO.does


@pytest.mark.parametrize(
    ("language", "untrained", "value", "unit", "out"),
    [
        ("en", "untrained", r"value \d+: it says", "Unit 5 at step 9", "Whole series"),
        ("zh", "还没训练", r"第 \d+ 个数：预测", "单元 5，第 9 步", "整条序列"),
    ],
)
def test_a_value_is_picked_a_step_a_unit_and_the_way_back(visit, language, untrained, value, unit, out):
    page = visit(f"/recurrent?lang={language}", **WIDE)
    says(page, untrained)
    settled(page)
    page.mouse.click(*place(page, 0, (0.6, 0.5)))
    says(page, value)
    widths = film(page).locator(".film-panels figure").evaluate_all("figures => figures.map(figure => figure.getBoundingClientRect())")
    assert len(widths) == 5
    assert widths[0]["width"] > 1_000, "the series has a row for itself"
    assert len({round(each["y"]) for each in widths[1:]}) == 1, "all that adds up stands side by side"
    page.mouse.click(*place(page, 1, (0.137 + 0.863 * 8.5 / 20, 0.108 + 0.892 * 4.5 / 10)))
    expect(film(page).get_by_text(unit)).to_be_visible()
    page.mouse.click(*place(page, 0, (0.3, 0.5)))
    expect(film(page).get_by_text(unit)).to_have_count(0)
    does(page, out)
    says(page, untrained)
    no_exception(page)


def test_keys_lead_through_the_series_too(visit):
    page = visit("/recurrent?lang=en", **WIDE)
    says(page, "untrained")
    film(page).locator(".film-panels canvas").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    says(page, r"value \d+: it says")


def test_on_a_phone_nothing_is_cut(visit):
    page = visit("/recurrent?lang=zh&recurrent_cell=lstm", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    says(page, "还没训练")
    settled(page)
    film(page).locator(".film-panels canvas").first.scroll_into_view_if_needed()
    page.touchscreen.tap(*place(page, 0, (0.6, 0.5)))
    says(page, r"第 \d+ 个数：预测")
    rights = (
        film(page).locator(".film-panels canvas").evaluate_all("canvases => canvases.map(canvas => canvas.getBoundingClientRect().right)")
    )
    assert max(rights) <= 390
