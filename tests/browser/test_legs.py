"""A rate that is changed while the film of a training plays."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import FOLLOW, at_the_end, film, no_exception, press

pytestmark = pytest.mark.browser


def further(page):
    """The learning rate one step further, by keyboard."""
    slider = page.locator(".st-key-points_learning_rate input[type=range]").first
    slider.focus()
    slider.press("ArrowRight")


def test_a_rate_changed_while_the_film_plays_counts_from_there_on(visit):
    page = visit("/feedforward?lang=en&points_epochs=300")
    caption = film(page).locator(".film-caption")
    caption.evaluate(FOLLOW)
    press(page, "train")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    film(page).locator(".film-start").click()
    film(page).locator(".film-speed").select_option("½×")
    film(page).locator(".film-play").click()
    expect(caption).to_have_text(re.compile(r"^Epoch [1-9]\d*,? .*"))
    page.evaluate("followed.length = 0")
    further(page)
    legs = page.locator(".st-key-points_legs")
    expect(legs).to_contain_text(re.compile(r"epochs 1 to \d+: Learning rate 0\.03; epochs \d+ to 300: Learning rate 0\.1"))
    page.wait_for_function("location.search.includes('points_legs=')")
    at_the_end(page)
    expect(caption).to_have_text(re.compile("^Epoch 300"))
    moments = [moment for moment, said in page.evaluate("followed") if said]
    assert moments == sorted(moments), "it goes on from where it was"
    assert page.evaluate("faded") == 0
    query = page.evaluate("location.search")
    other = visit(f"/feedforward{query}")
    expect(other.locator(".st-key-points_legs")).to_contain_text("Learning rate 0.03")
    no_exception(page)


def test_a_rate_changed_while_the_film_rests_waits_for_the_next_training(visit):
    page = visit("/feedforward?lang=en&points_epochs=30")
    press(page, "train")
    at_the_end(page)
    further(page)
    expect(page.get_by_text("You changed Learning rate")).to_be_visible()
    assert page.locator(".st-key-points_legs").count() == 0
    no_exception(page)
