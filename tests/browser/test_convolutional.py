"""The convolutional lesson in a real browser: drawing by mouse and by finger, the bench, a wrong upload."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_points import no_exception, press

pytestmark = pytest.mark.browser
SETTINGS = "convolutional_dataset=digits&convolutional_filters=8&convolutional_epochs=4&convolutional_dense_units=0"
SEVEN = [(0.25, 0.2), (0.72, 0.2), (0.45, 0.85)]


def canvas(page):
    found = page.locator("[class*=st-key-draw_canvas] canvas").last
    expect(found).to_be_visible()
    found.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    return found


def places(found, points):
    box = found.bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def by_mouse(page, points):
    first, *others = places(canvas(page), points)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=12)
    page.mouse.up()


def by_finger(page, points):
    """One stroke of a finger, as Chromium itself hands touches on."""
    first, *others = places(canvas(page), points)
    session = page.context.new_cdp_session(page)

    def touch(kind, *at):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})

    touch("touchStart", first)
    before = first
    for place in others:
        for step in range(1, 13):
            touch("touchMove", tuple(a + (b - a) * step / 12 for a, b in zip(before, place, strict=True)))
        before = place
    touch("touchEnd")


def trained(visit, path="", **options):
    page = visit(f"/convolutional?{path}&{SETTINGS}", **options)
    press(page, "train", "convolutional")
    expect(page.locator(".st-key-convolutional_status_finished")).to_be_visible()
    return page


def says(page):
    return page.locator("[data-testid=stMarkdown]", has_text="The network says").first


def test_a_seven_is_drawn_read_taken_apart_and_cleared(visit):
    page = trained(visit, "lang=en")
    expect(page.get_by_text("The network is waiting for your drawing.")).to_be_visible()
    by_mouse(page, [(0.5, 0.5), (0.5, 0.502)])
    expect(page.get_by_text("Only a dot so far.")).to_be_visible()
    page.locator(".st-key-draw_clear button").click()
    expect(page.get_by_text("The network is waiting for your drawing.")).to_be_visible()
    by_mouse(page, SEVEN)
    expect(says(page)).to_be_visible()
    before = page.locator(".st-key-draw_unit").inner_text()
    tile = page.locator(".st-key-figure_draw_maps canvas").first
    box = tile.bounding_box()
    tile.click(position={"x": box["width"] * 0.03, "y": box["height"] * 0.2})
    expect(page.locator(".st-key-draw_unit")).not_to_have_text(before)
    expect(page.locator(".st-key-draw_unit")).to_contain_text("Filter 1,")
    tile.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter"):
        tile.press(key)
    expect(page.locator(".st-key-draw_unit")).to_contain_text("Filter 2,")
    no_exception(page)


def test_a_finger_draws_on_a_phone(visit):
    page = trained(visit, "lang=zh", viewport={"width": 390, "height": 844}, has_touch=True)
    by_finger(page, SEVEN)
    expect(page.get_by_text("网络说是")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    no_exception(page)


def test_the_window_goes_where_a_map_is_touched_and_a_wrong_file_is_told(visit):
    page = visit("/convolutional?lang=en&convolution_picture=scene&convolution_stride=3")
    bench = page.locator(".st-key-figure_bench_film")
    before = bench.locator(".film-caption").inner_text()
    filling = bench.locator("canvas").nth(2)
    filling.scroll_into_view_if_needed()
    filling.click(position={"x": 5, "y": 5})
    expect(bench.locator(".film-caption")).to_contain_text("Row 1, column 1")
    assert before != bench.locator(".film-caption").inner_text()
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    other = visit("/convolutional?lang=en&convolution_picture=upload")
    for name, content, said in (
        ("holiday.png", b"this is no picture", "not a picture that can be read"),
        ("huge.png", bomb.getvalue(), "12000 × 12000"),
    ):
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        other.locator(".st-key-convolution_file input[type=file]").set_input_files(file)
        expect(other.get_by_text(said)).to_be_visible()
    no_exception(other)
