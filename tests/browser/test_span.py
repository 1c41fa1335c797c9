"""Gates of a trained LSTM are held by rectangles: dragged by mouse and finger, marked by keys, turned round, taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hero import Hero
from tests.browser.test_points import no_exception, press
from tests.browser.tour import settled
from tests.patience import wait_for

pytestmark = pytest.mark.browser
SETTINGS = "recall_gap=11&recall_epochs=1&recall_examples=256&recall_units=8&race_racers=lstm"
FORGET, INPUT = 1, 2
LEFT = 84 / 860


class Surgery(Hero):
    """The film of the gates."""

    def film(self, page):
        return page.locator(".st-key-figure_operate_film")

    def cell(self, page, panel, row, column):
        """The middle of a cell of one of the pictures, 8 units by 12 steps."""
        return self.place(page, panel, (LEFT + (1 - LEFT) * (column + 0.5) / 12, (row + 0.5) / 8))


HERO = Surgery("operate")
film = HERO.film


def opened(visit, **options):
    page = visit(f"/lstm?lang=en&{SETTINGS}", reduced_motion="reduce", **options)
    press(page, "train", "recall")
    expect(page.locator(".st-key-recall_status_finished")).to_be_visible()
    film(page).locator(".film-panels canvas").nth(FORGET).scroll_into_view_if_needed()
    settled(page)
    return page


def pictures(page):
    return film(page).locator(".film-panels canvas").evaluate_all("canvases => canvases.map((canvas) => canvas.toDataURL())")


def held(page):
    return re.findall(r"(?:forget|input|output)~[\d~]+(?:shut|open)", page.evaluate("location.search"))


def drag(page, panel, corner, other):
    page.mouse.move(*HERO.cell(page, panel, *corner))
    page.mouse.down()
    page.mouse.move(*HERO.cell(page, panel, *other), steps=6)


def test_rectangles_are_dragged_turned_round_and_taken_back(visit):
    page = opened(visit, viewport={"width": 1400, "height": 900})
    before = pictures(page)
    drag(page, FORGET, (1, 2), (4, 6))
    during = pictures(page)
    assert during[FORGET] != before[FORGET], "the frame is seen before the server knows of it"
    assert during[INPUT] == before[INPUT]
    page.mouse.up()
    wait_for(lambda: held(page) == ["forget~3~7~2~5~shut"])
    expect(page.get_by_text("with your hand on the gates")).to_be_visible()
    assert pictures(page)[FORGET] not in (before[FORGET], during[FORGET])
    drag(page, INPUT, (7, 11), (0, 11))
    page.mouse.up()
    wait_for(lambda: held(page) == ["forget~3~7~2~5~shut", "input~12~12~1~8~shut"])
    HERO.does(page, "Open instead")
    wait_for(lambda: held(page)[-1:] == ["input~12~12~1~8~open"])
    HERO.does(page, "Take back the last")
    wait_for(lambda: len(held(page)) == 1)
    HERO.does(page, "Let go of all")
    wait_for(lambda: not held(page))
    page.mouse.move(0, 0)
    wait_for(lambda: pictures(page) == before)
    no_exception(page)


def test_a_rectangle_is_marked_by_keys(visit):
    page = opened(visit, viewport={"width": 1400, "height": 900})
    canvas = film(page).locator(".film-panels canvas").nth(FORGET)
    canvas.focus()
    for key in ("ArrowDown", "Enter", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    for key in ("Enter", "Shift+ArrowLeft", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    wait_for(lambda: held(page) == ["forget~7~8~5~6~shut"])
    for key in ("Enter", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    wait_for(lambda: held(page)[1:] == ["forget~7~8~5~5~shut"])
    no_exception(page)


def test_a_finger_drags_a_rectangle_and_not_the_page(visit):
    page = opened(visit, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    at = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    start, end = HERO.cell(page, FORGET, 1, 3), HERO.cell(page, FORGET, 6, 5)
    touch = page.context.new_cdp_session(page)
    point = lambda place: [{"x": place[0], "y": place[1]}]  # noqa: E731
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": point(start)})
    for share in (0.3, 0.6, 1):
        between = [one + share * (other - one) for one, other in zip(start, end, strict=True)]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": point(between)})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_for(lambda: held(page) == ["forget~4~6~2~7~shut"])
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == at
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_exception(page)
