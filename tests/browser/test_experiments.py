"""Experiments that teach, in a real browser: the doctor and its remedy, pins, guess–measure–explain by keyboard and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import no_exception, press, trained

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}
ANSWERS = {"en": "You guessed|You were right|Right", "zh": "你猜|猜对了"}


def test_a_remedy_trains_again_beside_the_sick_run(visit):
    page = trained(visit, "points_learning_rate=10", reduced_motion="reduce")
    expect(page.locator(".st-key-points_doctor")).to_contain_text("Saturated neurons")
    press(page, "treat")
    expect(page.locator(".st-key-points_pinned_A")).to_contain_text("Learning rate 10 (this run: 0.03)")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(page.locator(".st-key-points_doctor")).to_have_count(0)
    assert "points_learning_rate" not in page.evaluate("location.search"), "the default again"
    expect(page.locator(".st-key-figure_points_compare_loss [role=graphics-document]").first).to_be_visible()
    page.locator(".st-key-points_compare_film summary").click()
    slider = page.locator(".st-key-points_compare_film .film-slider")
    slider.focus()
    slider.press("Home")
    expect(page.locator(".st-key-points_compare_film .film-caption")).to_have_text("Epoch 0")
    no_exception(page)


def test_pins_come_and_go_and_five_seeds_show_a_band(visit):
    page = trained(visit, "points_epochs=20", reduced_motion="reduce")
    expect(page.locator(".st-key-points_doctor")).to_have_count(0)
    press(page, "pin")
    expect(page.locator(".st-key-points_pinned_A")).to_contain_text("same settings")
    expect(page.locator(".st-key-points_pin button")).to_be_disabled()
    press(page, "seeds")
    expect(page.locator(".st-key-figure_points_compare_seeds")).to_contain_text("seeds 1 to 5")
    press(page, "unpin_A")
    expect(page.locator(".st-key-points_pinned_A")).to_have_count(0)
    expect(page.locator(".st-key-points_pin button")).to_be_enabled()
    no_exception(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_guess_measure_explain_by_keyboard_on_a_phone(visit, language):
    page = visit(f"/feedforward?lang={language}&points_preset=xor&points_dataset=xor&points_epochs=30", **PHONE, reduced_motion="reduce")
    card = page.locator(".st-key-guess_no_hidden")
    measure = card.locator(".st-key-guess_no_hidden_measure button")
    expect(measure).to_be_disabled()
    card.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(measure).to_be_enabled()
    measure.focus()
    page.keyboard.press("Enter")
    expect(card.get_by_text(re.compile(ANSWERS[language])).first).to_be_visible()
    expect(card.locator("[role=graphics-document]").first).to_be_visible()
    card.locator(".st-key-guess_no_hidden_film summary").focus()
    page.keyboard.press("Enter")
    expect(card.locator(".film-slider")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    no_exception(page)
