"""The LSTM and the attention lesson in a browser: a measurement that is stopped, a head that appears, a date on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import no_exception, press

pytestmark = pytest.mark.browser


def film(page, key):
    return page.locator(f".st-key-figure_{key}")


def test_the_horizon_can_be_stopped_and_keeps_what_was_measured(visit):
    page = visit("/lstm?lang=en&recall_examples=256&recall_epochs=1&horizon_cells=simple&horizon_longest=200&horizon_seeds=5")
    page.locator(".st-key-horizon_measure button").click()
    expect(page.get_by_text(re.compile(r"[1-9]\d* of 25"))).to_be_visible()
    page.locator(".st-key-horizon_stop button").click()
    expect(film(page, "lstm_horizon")).to_be_visible()
    expect(page.locator(".st-key-horizon_measure button")).to_be_enabled()
    expect(page.get_by_text("Stopped: this is what was measured")).to_be_visible()
    no_exception(page)


def test_a_head_appears_and_its_rows_answer_to_the_pointer(visit):
    page = visit("/attention?lang=en", reduced_motion="reduce")
    caption = film(page, "attention_film").locator(".film-caption")
    expect(caption).to_have_text(re.compile("^Not trained yet"))
    press(page, "train", "attention")
    expect(page.locator(".st-key-attention_status_finished")).to_be_visible()
    expect(caption).to_have_text(re.compile("Epoch 40.*DESSERTS.*100.0%"))
    looks = film(page, "attention_look_film")
    matrix = looks.locator("canvas").nth(1)
    matrix.scroll_into_view_if_needed()
    box = matrix.bounding_box()
    for row, words in ((0, r"S \(place 1\) looks most at D \(place 8\)"), (7, r"D \(place 8\) looks most at S \(place 1\)")):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * (0.12 + 0.86 * (row + 0.5) / 8))
        expect(looks.locator(".film-caption")).to_have_text(re.compile(words))
    field = page.locator(".st-key-attention_text_reverse input")
    field.fill("Drawer🙂!")
    field.press("Enter")
    expect(page.get_by_text("yours were filled up by lot").first).to_be_visible()
    no_exception(page)


def test_a_date_is_read_on_a_phone_from_a_link(visit):
    query = "attention_preset=dates&attention_epochs=3&attend_text=%E5%B0%8F%E7%8C%AB&knock_token=3"
    page = visit(f"/attention?lang=zh&{query}", viewport={"width": 390, "height": 844})
    expect(film(page, "attend_film").locator(".film-caption")).to_have_text(re.compile("「小」"))
    press(page, "train", "attention")
    expect(page.locator(".st-key-attention_status_finished")).to_be_visible()
    field = page.locator(".st-key-attention_text_dates input")
    field.fill("2026年2月30日")
    field.press("Enter")
    expect(page.get_by_text("没有这一天").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "knock_token=3" in page.evaluate("location.search")
    no_exception(page)
