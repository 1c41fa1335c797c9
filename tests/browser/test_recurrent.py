"""The recurrent lesson in a browser: real weather on a phone, a learner's own column, the cell step by step."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import no_exception, press
from tests.browser.tour import settled

pytestmark = pytest.mark.browser


def film(page, key):
    return page.locator(f".st-key-figure_{key}")


def test_weather_is_learned_and_told_in_degrees_on_a_phone(visit):
    page = visit("/recurrent?lang=zh&recurrent_preset=weather&recurrent_epochs=8", viewport={"width": 390, "height": 844})
    shown = film(page, "recurrent_film")
    expect(shown.locator(".film-caption")).to_have_text(re.compile("还没训练"))
    press(page, "train", "recurrent")
    expect(page.locator(".st-key-recurrent_status_finished")).to_be_visible()
    expect(shown.locator(".film-caption")).to_have_text(re.compile("第 8 轮.*°C.*没见过.*°C"))
    expect(page.get_by_text("和去年今天一样").first).to_be_visible()
    for name in ("自己往下接", "它的记忆", "哪些数要紧？"):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("的预测从")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_exception(page)


def test_a_column_of_ones_own_is_filled_told_and_continued(visit):
    page = visit("/recurrent?lang=en&recurrent_series=own&recurrent_window=4&recurrent_epochs=5")
    expect(page.get_by_text("Bring a file")).to_be_visible()
    rows = ["day,sales", *(f"2024-01-{day:02},{'' if day == 7 else 50 + day % 7}" for day in range(1, 32))]
    uploader = page.locator(".st-key-recurrent_own_file input[type=file]")
    uploader.set_input_files({"name": "shop.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()})
    expect(page.get_by_text("31 values from “sales”")).to_be_visible()
    expect(page.get_by_text("1 cell was empty")).to_be_visible()
    press(page, "train", "recurrent")
    expect(page.locator(".st-key-recurrent_status_finished")).to_be_visible()
    page.get_by_role("tab", name="On its own").click()
    expect(page.get_by_text(re.compile("Repeating the last value|the series ends"))).to_be_visible()
    uploader.set_input_files({"name": "words.csv", "mimeType": "text/csv", "buffer": b"a\nx\ny\n"})
    expect(page.get_by_text("it does not consist of numbers")).to_be_visible()
    no_exception(page)


def test_the_cell_goes_step_by_step_and_the_link_keeps_it(visit):
    page = visit("/recurrent?lang=en", reduced_motion="reduce")
    page.locator(".st-key-cell_preset").get_by_text("Adds up").click()
    caption = film(page, "cell_film").locator(".film-caption")
    expect(caption).to_have_text(re.compile(r"Step 1.*linear\(z\) = 1\.000"))
    film(page, "cell_film").locator(".film-slider").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(caption).to_have_text(re.compile(r"Step 4.*= 2\.500"))
    page.wait_for_function("location.search.includes('cell_activation=linear')")
    again = visit("/recurrent" + page.evaluate("location.search"))
    expect(film(again, "cell_film").locator(".film-caption")).to_have_text(re.compile(r"linear\(z\) = 1\.000"))
    no_exception(again)


PURPLE = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  const near = (place, colour) => colour.every((part, channel) => Math.abs(data[place + channel] - part) < 12)
  return Array.from({ length: data.length / 4 }, (_, pixel) => pixel).filter((pixel) => near(4 * pixel, [122, 90, 240])).join()
}"""


def test_the_network_on_its_own_is_another_at_every_moment(visit):
    page = visit("/recurrent?lang=en&recurrent_preset=henon&recurrent_epochs=12", viewport={"width": 1400, "height": 900})
    shown = film(page, "recurrent_film")
    delays = shown.locator(".film-panels canvas").nth(1)
    expect(shown.locator(".film-caption")).to_have_text(re.compile(r"untrained.*on its own close to it for \d+ of 95 steps"))
    settled(page)
    seen = [delays.evaluate(PURPLE)]
    press(page, "train", "recurrent")
    expect(page.locator(".st-key-recurrent_status_finished")).to_be_visible()
    expect(shown.locator(".film-caption")).to_have_text(re.compile("Epoch 12 .*of 95 steps"))
    for _ in range(3):
        seen.append(delays.evaluate(PURPLE))
        shown.locator(".film-back").click()
    assert all(seen), "it is there before training, and after"
    assert len(set(seen)) == len(seen), "and moves from moment to moment"
    last = shown.locator(".film-panels canvas").first.bounding_box()
    assert last["y"] + last["height"] < 900, "all of it is seen at once"
    no_exception(page)


def test_what_lies_beneath_the_series_is_chosen(visit):
    page = visit("/recurrent?lang=en", viewport={"width": 1400, "height": 900})
    shown = film(page, "recurrent_film")
    choice, canvas = shown.locator(".film-choice"), shown.locator(".film-panels canvas").first
    expect(choice.locator("option")).to_have_count(4)
    expect(choice).to_have_value("the state of every unit: click one")
    settled(page)
    pictures = []
    for name in choice.locator("option").all_inner_texts():
        choice.select_option(name)
        pictures.append(canvas.evaluate("canvas => canvas.toDataURL()"))
    assert len(set(pictures)) == 4
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.95)  # the last unit
    choice.select_option("the state of one unit")
    page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas.element_handle(), pictures[0]])
    no_exception(page)


def test_on_a_phone_the_choice_and_the_pictures_are_not_cut(visit):
    page = visit("/recurrent?lang=en", viewport={"width": 390, "height": 844})
    shown = film(page, "recurrent_film")
    expect(shown.locator(".film-caption")).to_have_text(re.compile("untrained"))
    settled(page)
    for part in (".film-choice", ".film-panels canvas"):
        rights = shown.locator(part).evaluate_all("found => found.map(each => each.getBoundingClientRect().right)")
        assert max(rights) <= 390
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
