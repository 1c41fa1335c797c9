"""The block of attention in a real browser: open from the beginning, another cell, numbers, cuts, all heads."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hero import Hero
from tests.browser.test_points import no_exception, press
from tests.browser.tour import settled

pytestmark = pytest.mark.browser
WIDE = {"viewport": {"width": 1400, "height": 900}}

HERO = Hero("attention")
film, place, says, does = HERO.film, HERO.place, HERO.says, HERO.does


def test_the_block_is_there_at_once_as_wide_as_the_page_and_above_the_fold(visit):
    page = visit("/attention?lang=en", **WIDE)
    says(page, "“S” looks at “S” with")
    settled(page)
    found = film(page).locator(".film-panels canvas").evaluate_all("canvases => canvases.map(canvas => canvas.getBoundingClientRect())")
    assert len(found) == 3
    assert max(each["right"] for each in found) - min(each["left"] for each in found) >= 1_040
    assert max(each["bottom"] for each in found) <= 900


def test_another_cell_shows_another_token_and_its_numbers(visit):
    page = visit("/attention?lang=en", **WIDE)
    says(page, "“S” looks at “S”")
    settled(page)
    page.mouse.click(*place(page, 0, (0.46, 0.41)))
    says(page, r"“E” looks at “E” with [\d.]+%$")
    expect(film(page).get_by_text("The way of “E”")).to_be_visible()
    page.mouse.move(*place(page, 1, (0.5, 0.04)))
    expect(film(page).locator(".film-note:visible")).to_have_text(re.compile(r"embedding · column \d+= [−\d.×⁰-⁹]+"))
    page.mouse.move(*place(page, 2, (0.9, 0.12)))
    expect(film(page).locator(".film-note:visible")).to_contain_text("keys of all")


def test_a_link_and_a_head_are_cut_and_mended_while_the_network_is_trained(visit):
    page = visit("/attention?lang=zh&attention_examples=256&attention_epochs=2", **WIDE)
    says(page, "「S」看「S」：")
    press(page, "train", "attention")
    expect(page.locator(".st-key-attention_status_finished")).to_be_visible()
    does(page, "剪断这条连线")
    says(page, r"剪断之前：\w{8} · 「S」看「S」：0\.0%")
    expect(film(page).locator(".film-source")).to_contain_text("动过手术")
    does(page, "关掉这个头")
    expect(film(page).locator(".film-deeds button", has_text="关掉这个头")).to_have_count(0)
    does(page, "全部接好")
    expect(film(page).locator(".film-caption")).not_to_contain_text("剪断")
    does(page, "所有的头")
    expect(film(page).locator(".film-panels canvas")).to_have_count(1)
    no_exception(page)
