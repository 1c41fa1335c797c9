"""The foundations in a real browser: a gate, a start picked on the surface, the worksheet, a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import no_exception
from tests.browser.tour import settled
from tests.patience import wait_for
from tests.ui.test_numbers import read

pytestmark = pytest.mark.browser


def test_a_neuron_is_made_a_gate_and_the_link_keeps_it(visit):
    page = visit("/neuron?lang=en")
    card = page.locator(".st-key-neuron_gate_card")
    expect(card).to_contain_text("2 of 4 right")
    card.locator(".st-key-neuron_show button").click()
    expect(card).to_contain_text("4 of 4 right")
    page.wait_for_function("location.search.includes('neuron_weight_1')")
    other = visit(page.evaluate("location.pathname + location.search").replace("lang=en", "lang=zh"))
    expect(other.locator(".st-key-neuron_gate_card")).to_contain_text("四个对了 4 个")
    no_exception(page)


def test_a_small_picture_is_played_and_stopped_and_the_welcome_is_one_measure(visit):
    page = visit("/?lang=en", reduced_motion="reduce")
    small, large = page.locator(".st-key-figure_portrait_gan"), page.locator(".st-key-figure_home_film")
    expect(small.locator(".film-play")).to_be_visible()
    for name in ("start", "back", "on", "end", "slider", "speed"):
        expect(small.locator(f".film-{name}")).to_be_hidden()
        expect(large.locator(f".film-{name}")).to_be_visible()
    seen = small.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    small.locator(".film-play").click()
    wait_for(lambda: small.locator("canvas").evaluate("canvas => canvas.toDataURL()") != seen, lambda: page.wait_for_timeout(50))
    expect(page.locator(".st-key-prose_home_welcome")).to_be_visible()


def test_on_a_phone_formulas_and_tables_of_the_foundations_are_whole(visit):
    page = visit("/neuron?lang=zh", viewport={"width": 390, "height": 844})
    for lesson in ("neuron", "learning", ""):
        page.goto(f"{page.url.split('?')[0].rpartition('/')[0]}/{lesson}?lang=zh")
        settled(page)
        found = page.locator(".katex-display, [data-testid=stMarkdownContainer] table")
        assert found.count()
        cut = found.evaluate_all("all => all.filter((each) => each.scrollWidth > each.clientWidth + 3).map((each) => each.textContent)")
        assert cut == [], "three pixels are of the formula for screen readers"


def test_a_click_on_the_surface_is_the_start_of_the_walk(visit):
    page = visit("/learning?lang=en")
    surface = page.locator(".st-key-figure_descent_film canvas").first
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    surface.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.5})
    page.wait_for_function("location.search.includes('descent_start_1')")
    assert float(re.search(r"descent_start_1=([-\d.]+)", page.evaluate("location.search"))[1]) > 0
    no_exception(page)


def test_dragging_a_point_changes_the_surface(visit):
    page = visit("/learning?lang=en&descent_surface=fit")
    canvas = page.locator("[class*=st-key-descent_canvas] canvas.upper-canvas").first
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    said = page.get_by_text("size of the gradient there").first
    before = said.inner_text()
    box = canvas.bounding_box()
    x, y = box["x"] + 7 / 8 * box["width"], box["y"] + (1 - 0.95 / 1.5) / 2 * box["height"]  # the point at (3, 0.95)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 120, steps=5)
    page.mouse.up()
    expect(said).not_to_have_text(before)
    no_exception(page)


def test_the_worksheet_is_worked_through_on_a_phone(visit):
    page = visit("/learning?lang=zh", viewport={"width": 390, "height": 844})
    prediction = page.locator(".st-key-worksheet_prediction input")
    prediction.fill("1.1")
    prediction.press("Enter")
    page.locator(".st-key-worksheet_show button").click()
    expect(page.get_by_text("你说 1.1000")).to_be_visible()
    page.locator(".st-key-worksheet_all button").click()
    check = page.locator(".st-key-worksheet_check")
    expect(check).to_be_visible()
    rows = check.locator("tbody tr")
    expect(rows).to_have_count(9)
    for row in rows.all():
        _, ours, theirs, _, _ = (cell.inner_text() for cell in row.locator("td").all())
        assert read(ours) == pytest.approx(read(theirs), abs=2e-6)
    page.locator(".st-key-worksheet_next_example button").click()
    page.wait_for_function("location.search.includes('worksheet_w11')")
    expect(check).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    no_exception(page)
