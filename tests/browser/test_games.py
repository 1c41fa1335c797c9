"""The GAN lesson in a browser: two players on one stage, a target that is painted, digits that grow, a judge, a walk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import no_exception, press

pytestmark = pytest.mark.browser


def film(page, key):
    return page.locator(f".st-key-figure_{key}")


def test_both_play_on_one_stage_and_a_step_is_taken_apart(visit):
    page = visit("/gan?lang=en", reduced_motion="reduce")
    caption = film(page, "gan_film").locator(".film-caption")
    expect(caption).to_have_text(re.compile("Round 0 "))
    press(page, "train", "gan")
    expect(page.locator(".st-key-gan_status_finished")).to_be_visible()
    expect(caption).to_have_text(re.compile(r"Round 100 · distance 0\.\d\d · [78] of 8 clouds found"))
    film(page, "gan_film").locator(".film-slider").fill("0")
    expect(caption).to_have_text(re.compile("Round 0 "))
    step = film(page, "step_film")
    expect(step.locator(".film-caption")).to_have_text(re.compile("draw", re.IGNORECASE))
    step.locator(".film-slider").fill("4")
    expect(step.locator(".film-caption")).not_to_have_text(re.compile("^Step 1"))
    no_exception(page)


def test_a_collapse_is_diagnosed_and_healed(visit):
    page = visit("/gan?lang=zh&gan_preset=collapse", reduced_motion="reduce")
    press(page, "train", "gan")
    doctor = page.locator(".st-key-gan_doctor")
    expect(doctor).to_contain_text("模式崩溃")
    doctor.locator("button").first.click()
    expect(page.locator(".st-key-gan_status_finished")).to_be_visible()
    expect(doctor).to_have_count(0)
    expect(film(page, "gan_film").locator(".film-caption")).to_have_text(re.compile("8 朵云找到 [78] 朵"))
    no_exception(page)


def test_digits_are_made_judged_and_walked_through_on_a_phone(visit):
    page = visit("/gan?lang=en&gan_digits_epochs=20", viewport={"width": 390, "height": 840}, reduced_motion="reduce")
    press(page, "train", "gan_digits")
    expect(page.locator(".st-key-gan_digits_status_finished")).to_be_visible()
    expect(film(page, "gan_digits_film").locator(".film-caption")).to_have_text("Round 20")
    expect(page.get_by_text(re.compile("The judge is a network as in the lesson on feed-forward"))).to_be_visible()
    expect(page.get_by_role("cell", name="two real ones, mixed")).to_be_visible()
    walk = film(page, "walk_film")
    walk.locator(".film-slider").fill("40")
    expect(walk.locator(".film-caption")).to_have_text("100% of the way from picture 3 to picture 6")
    expect(page.get_by_text(re.compile("are equal to a training digit"))).to_be_visible()
    wide = page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    assert wide
    no_exception(page)


def canvas(page):
    """Where the learner's canvas lies, when it has come to rest."""
    found = page.locator("[class*=st-key-gan_canvas] canvas").last
    expect(found).to_be_visible()
    found.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    return found.bounding_box()


def test_a_target_is_painted_and_imitated(visit):
    page = visit("/gan?lang=en&gan_target=own&gan_epochs=20", reduced_motion="reduce")
    expect(page.get_by_text("Paint something first").first).to_be_visible()
    press(page, "train", "gan")
    expect(page.locator(".st-key-gan_status_failed")).to_contain_text("Paint something first")
    box = canvas(page)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("That is very small")).to_be_visible()
    press(page, "train", "gan")
    expect(page.locator(".st-key-gan_status_finished")).to_be_visible()
    box = canvas(page)
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    for number, row in enumerate(range(4, int(box["height"]), 12)):
        for share in (0.02, 0.98) if number % 2 else (0.98, 0.02):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + row, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Nearly everything is painted")).to_be_visible()
    press(page, "train", "gan")
    expect(page.locator(".st-key-gan_status_finished")).to_be_visible()
    no_exception(page)
