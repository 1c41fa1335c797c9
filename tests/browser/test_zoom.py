"""The picture of the convolutional network in a real browser: looked into, drawn on, cut, turned, in other colours."""

import re

import pytest
from playwright.sync_api import expect

from ann_core.charts.palette import NEGATIVE, POSITIVE
from tests.browser.hero import Hero
from tests.browser.test_points import HASH_OF_PICTURES, no_exception, press
from tests.browser.tour import settled
from tests.patience import wait_for

pytestmark = pytest.mark.browser
SETTINGS = "convolutional_dataset=digits&convolutional_epochs=3&convolutional_training_images=300"
SECOND_MAPS, ANSWER, WHOLE_MAP = 2, 3, 3
A_MAP, A_UNIT_OF_IT = (0.46, 0.38), (0.32, 0.72)
GHOSTS = """() => {
  window.most = 0
  const count = () => {
    const found = deep(document).length
    window.most = Math.max(window.most, found)
    requestAnimationFrame(count)
  }
  const deep = (node) => [
    ...node.querySelectorAll(".film-ghost"),
    ...[...node.querySelectorAll("*")].filter((each) => each.shadowRoot).flatMap((each) => deep(each.shadowRoot)),
  ]
  count()
}"""

HERO = Hero("convolutional")
film, place, says, does = HERO.film, HERO.place, HERO.says, HERO.does


def canvas(page, number):
    return film(page).locator(".film-panels canvas").nth(number)


@pytest.fixture
def page(visit):
    found = visit(f"/convolutional?lang=en&{SETTINGS}", viewport={"width": 1400, "height": 900})
    says(found, "untrained")
    settled(found)
    return found


def pictures(page):
    return film(page).locator("canvas").evaluate_all(HASH_OF_PICTURES)


def test_a_map_is_opened_a_unit_of_it_picked_and_the_way_back_found(page):
    page.evaluate(GHOSTS)
    page.mouse.click(*place(page, SECOND_MAPS, A_MAP))
    says(page, r"map 6, row 5, column 6: −?\d+\.\d{3}")
    assert page.evaluate("() => window.most") > 10, "what is in both pictures glides"
    page.mouse.click(*place(page, WHOLE_MAP, A_UNIT_OF_IT))
    says(page, "map 6, row 8, column 4: ")
    expect(film(page).locator(".film-ghost")).to_have_count(0)
    page.mouse.move(*place(page, WHOLE_MAP, (0.5, 0.5)))
    expect(film(page).locator(".film-note:visible")).to_have_text(re.compile(r"map · row 6 · column 6= −?\d+(\.\d+)?"))
    page.keyboard.press("Tab")
    canvas(page, WHOLE_MAP).focus()
    page.keyboard.press("Escape")
    expect(film(page).locator(".film-deeds button", has_text="Whole network")).to_have_count(0)
    says(page, r"takes it for “\d”, [\d.]+%$")
    no_exception(page)


def test_a_value_under_the_pointer_is_that_of_the_caption(page):
    page.mouse.click(*place(page, SECOND_MAPS, A_MAP))
    says(page, "map 6, row 5, column 6: ")
    told = film(page).locator(".film-caption").inner_text().rsplit(": ", 1)[1]
    page.mouse.move(*place(page, WHOLE_MAP, (5.5 / 11, 4.5 / 11)))
    note = film(page).locator(".film-note:visible")
    expect(note).to_contain_text("row 5 · column 6")
    pointed = note.inner_text().rsplit("= ", 1)[1]
    assert float(pointed.replace("−", "-")) == pytest.approx(float(told.replace("−", "-")), abs=0.006)


def test_a_class_leads_to_softmax_and_from_there_to_another_class(page):
    box = canvas(page, ANSWER).bounding_box()
    unit = box["width"] / 250
    nodes = (250 - 4 - 91 - 8 - 13 + 6) * unit
    for down in range(20, 300, 4):  # the first class's square
        page.mouse.move(box["x"] + nodes, box["y"] + down * unit)
        if canvas(page, ANSWER).evaluate("canvas => canvas.style.cursor") == "pointer":
            break
    page.mouse.click(box["x"] + nodes, box["y"] + (down + 4) * unit)
    says(page, r"class “0”: [\d.]+%")
    page.mouse.click(*place(page, 3, (0.6, 0.5)))
    says(page, r"class “[45]”: [\d.]+%")


def test_a_digit_is_drawn_on_the_picture_and_wiped_away(visit):
    page = visit(f"/convolutional?lang=en&{SETTINGS}", viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    says(page, "untrained")
    settled(page)
    before = pictures(page)
    first, *others = [place(page, 0, (x, y * 170 / 316)) for x, y in ((0.25, 0.2), (0.72, 0.2), (0.45, 0.85))]
    page.mouse.move(*first)
    page.mouse.down()
    for each in others:
        page.mouse.move(*each, steps=8)
    during = pictures(page)
    assert during != before, "the stroke is seen before the server knows of it"
    page.mouse.up()
    expect(film(page).get_by_text("Your digit, centred")).to_be_visible()
    drawn = pictures(page)
    assert drawn not in (before, during)
    does(page, "Back to the test image")
    expect(film(page).get_by_text("Test image: draw on it")).to_be_visible()
    wait_for(lambda: pictures(page) == before)
    no_exception(page)


def test_a_filter_is_silenced_and_a_kernel_turned_in_a_trained_network(page):
    press(page, "train", "convolutional")
    expect(page.locator(".st-key-convolutional_status_finished")).to_be_visible()
    film(page).locator(".film-end").click()
    page.mouse.click(*place(page, 1, (0.9, 0.25)))
    says(page, "map 4, ")
    does(page, "Silence this filter")
    says(page, r"before your surgery: takes it for “\d”.* · map 4, .*: 0\.000")
    expect(film(page).locator(".film-source")).to_contain_text("with your surgery")
    does(page, "Undo my surgery")
    expect(film(page).locator(".film-source")).not_to_contain_text("surgery")
    settled(page)
    kernel = place(page, 1, (0.62, 0.5))
    before = film(page).locator(".film-caption").inner_text()
    page.mouse.move(*kernel)
    page.mouse.down()
    page.mouse.move(kernel[0], kernel[1] - 90, steps=6)
    page.mouse.up()
    says(page, "before your surgery")
    assert film(page).locator(".film-caption").inner_text().rsplit(": ", 1) != before.rsplit(": ", 1)
    does(page, "Whole network")
    says(page, r"takes it for “\d”.*before your surgery")
    no_exception(page)


BANDS = """legends => legends.map((legend) => [...legend.children].map(({ children: [name, low, band, high, own] }) => ({
  name: name.textContent, ends: [low.textContent, band.textContent, high.textContent], own: own.textContent,
  colours: getComputedStyle(band).backgroundImage.match(/rgb\\([^)]*\\)/g),
})))"""


def bands(page):
    """What stands beneath each panel whose pictures are scaled: of every kind of numbers its name, the ends of its band, its colours."""
    return [each for each in film(page).locator(".film-legend").evaluate_all(BANDS) if each]


def scaled_by(page, name):
    film(page).locator(".film-scale select").select_option(name)


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


def test_colours_have_one_scale_for_a_map_a_layer_or_the_network(page):
    own, high = pictures(page), film(page).bounding_box()["height"]
    assert [(band["ends"], band["own"]) for (band,) in bands(page)] == [(["0", "", "max"], "each map’s own")] * 2
    scaled_by(page, "layer")
    of_layers = [band["ends"][2] for (band,) in bands(page)]
    assert len(set(of_layers)) == 2, "each layer has its own"
    assert pictures(page) != own
    scaled_by(page, "network")
    of_network = [band["ends"][2] for (band,) in bands(page)]
    assert len(of_network) == 2
    assert len(set(of_network)) == 1
    assert of_network[0] in of_layers, "the largest of all layers"
    assert not any(band["own"] for (band,) in bands(page))
    assert film(page).bounding_box()["height"] == high, "nothing moves"
    scaled_by(page, "tile")


@pytest.mark.parametrize(("scheme", "paper"), [("light", "#fdfdfc"), ("dark", "#14171c")])
def test_the_legend_is_a_band_of_the_colours_themselves(visit, scheme, paper):
    """From zero to the largest number where nothing is negative, else from as far below zero: on a phone it has room too."""
    page = visit(f"/convolutional?lang=en&{SETTINGS}", viewport={"width": 390, "height": 844}, color_scheme=scheme)
    says(page, "untrained")
    settled(page)
    assert [band["colours"] for (band,) in bands(page)] == [[rgb(paper), rgb(POSITIVE)]] * 2
    does(page, "Maps beside their gradients")
    expect(film(page).locator(".film-legend b", has_text="∂L/∂a")).to_have_count(2)
    scaled_by(page, "layer")
    for outputs, slopes in bands(page):
        assert [outputs["name"], slopes["name"]] == ["a", "∂L/∂a"]
        assert slopes["colours"] == [rgb(NEGATIVE), rgb(paper), rgb(POSITIVE)]
        low, middle, high = slopes["ends"]
        assert [low, middle] == [f"−{high}", "0"]
        assert outputs["ends"][:2] == ["0", ""]
    ends = film(page).locator(".film-legend span").evaluate_all("all => all.map((each) => each.getBoundingClientRect().right)")
    assert max(ends) <= 390
    scaled_by(page, "tile")


def test_gradients_are_seen_in_the_same_maps_or_beside_them(page):
    before = pictures(page)
    does(page, "Show the gradients")
    expect(film(page).get_by_text("∂L/∂a of 16 feature maps")).to_be_visible()
    alone = pictures(page)
    assert alone != before
    does(page, "Maps beside their gradients")
    expect(film(page).locator(".film-legend b:text-is('a')")).to_have_count(2)
    expect(film(page).locator(".film-legend b:text-is('∂L/∂a')")).to_have_count(2)
    assert pictures(page) not in (before, alone)
    bottom = film(page).locator(".film-legend").nth(1).bounding_box()
    assert bottom["y"] + bottom["height"] <= 900, "all of it is seen at once"
    page.mouse.click(*place(page, 1, (0.34, 0.18)))
    says(page, "map 1, row ")  # a gradient leads where its map does
    does(page, "Whole network")
    does(page, "Show what it finds")
    expect(film(page).get_by_text("∂L/∂a")).to_have_count(0)


def test_a_phone_opens_a_map_by_a_touch(visit):
    page = visit(f"/convolutional?lang=zh&{SETTINGS}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    says(page, "还没训练")
    settled(page)
    canvas(page, SECOND_MAPS).scroll_into_view_if_needed()
    page.touchscreen.tap(*place(page, SECOND_MAPS, A_MAP))
    says(page, "特征图 6 第 5 行第 6 列")
    widths = (
        film(page).locator(".film-panels canvas").evaluate_all("canvases => canvases.map(canvas => canvas.getBoundingClientRect().right)")
    )
    assert max(widths) <= 390
    does(page, "整个网络")
    expect(film(page).locator(".film-deeds button", has_text="整个网络")).to_have_count(0)


def test_nothing_glides_where_less_motion_is_wanted(visit):
    page = visit(f"/convolutional?lang=en&{SETTINGS}", viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    says(page, "untrained")
    settled(page)
    page.evaluate(GHOSTS)
    page.mouse.click(*place(page, SECOND_MAPS, A_MAP))
    says(page, "map 6, ")
    assert page.evaluate("() => window.most") == 0
