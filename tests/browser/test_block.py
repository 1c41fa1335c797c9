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
    does(page, "整个网络")
    expect(film(page).locator(".film-panels canvas")).to_have_count(2)
    no_exception(page)


def station(page):
    return film(page).locator(".film-tour > span")


def number_of(page):
    return int(station(page).inner_text().partition("/")[0])


def scrolled(page):
    return page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")


PICTURES = "canvases => canvases.map(canvas => canvas.toDataURL())"


def test_the_space_bar_leads_from_station_to_station_and_back_and_the_page_stays(visit):
    page = visit("/attention?lang=en", **WIDE)
    says(page, "“S” looks at “S”")
    settled(page)
    canvases = film(page).locator(".film-panels canvas")
    canvases.nth(1).focus()
    expect(station(page)).to_contain_text("16 of them")
    said = []
    for number in range(1, 17):
        page.keyboard.press("Space")
        expect(station(page)).to_contain_text(f"{number}/16 · ")
        said.append(station(page).inner_text())
    assert len({words.partition("·")[2] for words in said}) == 16
    assert not [words for words in said if "{" in words]
    assert "“S” scores 5.67" in said[5]
    assert scrolled(page) == 0
    expect(film(page).locator(".film-tour button").nth(1)).to_have_text("How large is large? ↓ (space)")
    page.keyboard.press("Shift+Space")
    expect(station(page)).to_have_text(said[14])
    lit = canvases.evaluate_all(PICTURES)
    page.keyboard.press("Escape")
    expect(station(page)).to_contain_text("16 of them")
    assert all(one != other for one, other in zip(lit, canvases.evaluate_all(PICTURES), strict=True)), "all but the station is veiled"
    assert scrolled(page) == 0


def test_the_button_leads_too_and_at_the_end_to_the_section_about_size(visit):
    page = visit("/attention?lang=zh", viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    says(page, "「S」看「S」")
    settled(page)
    back, onward = (film(page).locator(".film-tour button").nth(number) for number in (0, 1))
    expect(back).to_be_disabled()
    for number in range(1, 17):
        onward.click()
        expect(station(page)).to_contain_text(f"{number}/16 · ")
    for part in (onward, station(page), film(page).locator(".film-panels canvas").first):
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert 0 <= box["y"] < 844, "words and picture are seen together"
    back.click()
    expect(station(page)).to_contain_text("15/16 · ")
    onward.press("Shift+Space")
    expect(station(page)).to_contain_text("14/16 · ")
    onward.press("Space")
    onward.press("Space")
    expect(station(page)).to_contain_text("16/16 · ")
    onward.click()
    expect(page.locator("h2#scale, #scale")).to_be_in_viewport()


def test_a_station_stays_while_another_cell_is_looked_at_and_its_numbers_follow_the_training(visit):
    page = visit("/attention?lang=en&attention_examples=256&attention_epochs=2", **WIDE)
    says(page, "“S” looks at “S”")
    settled(page)
    for _ in range(7):
        film(page).locator(".film-tour button").nth(1).click()
    expect(station(page)).to_contain_text("7/16 · Softmax")
    untrained = station(page).inner_text()
    page.mouse.click(*place(page, 0, (0.46, 0.41)))
    expect(station(page)).to_contain_text("“E” gets")
    press(page, "train", "attention")
    expect(page.locator(".st-key-attention_status_finished")).to_be_visible()
    expect(station(page)).to_contain_text("7/16 · Softmax")
    assert station(page).inner_text() != untrained
    film(page).locator(".film-buttons .film-start").click()
    at_first = station(page).inner_text()
    film(page).locator(".film-buttons .film-end").click()
    expect(station(page)).not_to_have_text(at_first)
    no_exception(page)


def test_a_click_goes_deeper_and_escape_comes_back_to_where_the_space_bar_leads_on(visit):
    page = visit("/attention?lang=en", **WIDE)
    says(page, "“S” looks at “S”")
    settled(page)
    canvases = film(page).locator(".film-panels canvas")
    page.mouse.click(*place(page, 2, (0.6, 0.03)))
    expect(film(page).get_by_text("q = Σ x · W_Q")).to_be_visible()
    expect(canvases).to_have_count(5)
    expect(film(page).locator(".film-tour")).to_be_hidden()
    page.mouse.click(*place(page, 0, (0.9, 0.5)))
    expect(film(page).get_by_text(re.compile(r"^query · S · \d+$"))).to_have_text("query · S · 29")
    page.mouse.move(*place(page, 1, (0.05, 0.18)))
    expect(film(page).locator(".film-note:visible")).to_contain_text("1= ")
    page.keyboard.press("Escape")
    expect(canvases).to_have_count(3)
    page.keyboard.press("Escape")
    expect(canvases).to_have_count(2)
    expect(film(page).get_by_text("The whole network, all tokens at once")).to_be_visible()
    page.keyboard.press("Space")
    expect(station(page)).to_contain_text("1/5 · All 8 tokens")
    page.mouse.click(*place(page, 1, (0.5, 0.45)))
    expect(canvases).to_have_count(3)
    page.keyboard.press("Space")
    expect(station(page)).to_contain_text("1/16 · ")
    assert scrolled(page) == 0
    no_exception(page)


def test_the_cell_that_is_open_shows_how_its_share_comes_about(visit):
    page = visit("/attention?lang=zh", **WIDE)
    says(page, "「S」看「S」")
    settled(page)
    page.mouse.click(*place(page, 0, (0.15, 0.12)))
    expect(film(page).get_by_text("softmax · S → S")).to_be_visible()
    found = film(page).locator(".film-panels canvas").evaluate_all("canvases => canvases.map(canvas => canvas.getBoundingClientRect())")
    assert max(each["right"] for each in found) - min(each["left"] for each in found) >= 1_040
    assert max(each["bottom"] for each in found) <= 900
    does(page, "整个块")
    expect(film(page).locator(".film-panels canvas")).to_have_count(3)
