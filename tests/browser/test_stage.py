"""The stage of every lesson: as large as the page allows, above the fold, and nowhere an empty place."""

import io
import math

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from ann_core.catalogue import BLOCKS, LESSONS
from ann_core.ui.language import LANGUAGES
from tests.browser.emptiness import Box, empty_boxes
from tests.browser.tour import settled

pytestmark = pytest.mark.browser

KEYS = [lesson.key for lesson in LESSONS if lesson.key != "home"]
SHORT = {
    "feedforward": ("points_epochs=20&feedforward_epochs=1", ("points", "feedforward")),
    "convolutional": ("convolutional_epochs=1&convolutional_training_images=300", ("convolutional",)),
    "recurrent": ("recurrent_epochs=3", ("recurrent",)),
    "lstm": ("recall_epochs=1&recall_examples=512&recall_gap=10", ("recall",)),
    "attention": ("attention_epochs=2&attention_examples=512", ("attention",)),
    "gan": ("gan_epochs=3&gan_digits_epochs=1", ("gan", "gan_digits")),
    "neuron": ("", ()),
    "learning": ("", ()),
}
FOLDED = ["convolutional", "lstm", "gan"]
MEASURED = """() => {
  const within = (root, sought) => [
    ...root.querySelectorAll(sought),
    ...[...root.querySelectorAll("*")].filter((each) => each.shadowRoot).flatMap((each) => within(each.shadowRoot, sought)),
  ]
  const box = (each) => (({ left, top, right, bottom }) => [left, top, right, bottom])(each.getBoundingClientRect())
  const page = document.querySelector("[data-testid=stMainBlockContainer]")
  const [left, top, right, bottom] = box(page)
  const sides = ["Left", "Top", "Right", "Bottom"].map((side) => parseFloat(getComputedStyle(page)[`padding${side}`]))
  const stage = document.querySelector("[class*=st-key-stage_], [class*=st-key-exhibit_]")
  const main = document.querySelector("[data-testid=stMain]")
  return {
    column: [left + sides[0], top + sides[1], right - sides[2], bottom - sides[3]],
    stage: stage && box(stage),
    panels: !stage ? [] : within(stage, "canvas, [role=graphics-document]").map(box).filter(([a, , b]) => b > a),
    figures: within(page, "canvas, .vega-embed, iframe, img").map(box),
    sideways: main.scrollWidth - main.clientWidth,
    height: main.scrollHeight,
  }
}"""
HIGHEST = 14_000  # of a picture of a whole page, in pixels


def opened(visit, key, width, language="en", query="", height=900):
    page = visit(f"/{key}?lang={language}&{query}", viewport={"width": width, "height": height}, reduced_motion="reduce")
    settled(page)
    return page


def wide(box):
    return box[2] - box[0]


def widest(panels):
    """How wide the panels that stand side by side are together, where that is most."""
    rows = [[other for other in panels if abs(other[1] - panel[1]) < 60] for panel in panels]
    return max(max(row, key=lambda box: box[2])[2] - min(row)[0] for row in rows)


@pytest.mark.parametrize("key", KEYS)
def test_the_stage_fills_the_page_and_is_seen_without_scrolling(visit, key):
    page = opened(visit, key, 1400)
    found = page.evaluate(MEASURED)
    assert wide(found["stage"]) >= 1040
    assert found["sideways"] == 0
    assert found["stage"][1] < 340, "the stage comes first"
    if found["panels"]:
        assert widest(found["panels"]) >= 420
        assert min(top for _, top, _, _ in found["panels"]) < 620, "and its picture with it"
    page.set_viewport_size({"width": 1920, "height": 1080})
    settled(page)
    larger = page.evaluate(MEASURED)
    assert wide(larger["stage"]) > wide(found["stage"])
    if found["panels"]:
        assert max(map(wide, larger["panels"])) >= max(map(wide, found["panels"]))


@pytest.mark.parametrize("key", KEYS)
def test_on_a_phone_all_is_stacked_the_picture_comes_before_the_settings_and_fingers_have_room(visit, key):
    page = opened(visit, key, 390, "zh", height=844)
    found = page.evaluate(MEASURED)
    assert found["sideways"] == 0
    assert all(left >= 0 and right <= 390 for left, _, right, _ in found["panels"])
    buttons = page.locator("[class*=_bar] button:visible").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert all(height >= 44 for height in buttons)
    for name in SHORT[key][1]:
        first = page.locator(f".st-key-stage_first_{name}").bounding_box()
        shown = page.locator(f".st-key-stage_picture_{name}").bounding_box()
        assert shown["y"] < first["y"]


@pytest.mark.parametrize("key", FOLDED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_picture_is_seen_without_scrolling_before_and_after_a_training(visit, key, language):
    query, (name, *_) = SHORT[key]
    page = opened(visit, key, 1400, language, query)
    assert bottom(page, name) <= 900
    page.locator(f".st-key-{name}_train button").click()
    expect(page.locator(f".st-key-{name}_status_finished")).to_be_visible()
    settled(page)
    assert bottom(page, name) <= 900
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_the_stage_of_a_game_is_a_large_square(visit):
    for width, least in ((1400, 560), (1920, 700)):
        page = opened(visit, "gan", width)
        box = page.locator(".st-key-gan_film canvas").first.bounding_box()
        assert min(box["width"], box["height"]) >= least
        assert box["width"] == pytest.approx(box["height"], abs=2)


def bottom(page, name):
    """Where the lowest of the large panels ends: those as high as the highest."""
    canvases = page.locator(f".st-key-{name}_film canvas")
    expect(canvases.first).to_be_visible()
    boxes = canvases.evaluate_all("all => all.map(each => each.getBoundingClientRect().toJSON())")
    most = max(box["height"] for box in boxes)
    return max(box["bottom"] for box in boxes if box["height"] > 0.8 * most)


def test_a_neurons_map_is_large_where_eight_stand_in_a_column(visit):
    """A click on the middle of the uppermost of eight picks it, and one 20 pixels to the side as well."""
    page = opened(visit, "feedforward", 1400, query="points_layers=8-tanh.2-tanh&points_epochs=5")
    page.locator(".st-key-points_train button").click()
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    settled(page)
    network = page.locator(".st-key-points_film canvas").first
    size = network.bounding_box()
    pointing = []
    for down in range(0, int(size["height"]), 4):
        network.hover(position={"x": size["width"] * 0.47, "y": down})
        pointing.append(network.evaluate("canvas => canvas.style.cursor") == "pointer")
    assert 4 * sum(pointing) / 8 >= 44


def emptiness(page):
    """The empty places of a page as it is, seen in a picture of the whole of it."""
    for _ in range(2):  # a page may grow when it is seen whole
        size = page.viewport_size | {"height": min(page.evaluate(MEASURED)["height"], HIGHEST)}
        page.set_viewport_size(size)
        settled(page)
    found = page.evaluate(MEASURED)
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    column = Box(*map(math.ceil, found["column"]))._replace(bottom=min(int(found["column"][3]), len(picture)))
    return empty_boxes(picture, column, [Box(*map(int, figure)) for figure in found["figures"]])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["home", *KEYS])
def test_no_place_of_a_page_is_empty(visit, key, language):
    query, experiments = SHORT.get(key, ("", ()))
    page = opened(visit, "" if key == "home" else key, 1400, language, query)
    if key != "home":
        assert emptiness(page) == [], "before a training"
    page.set_viewport_size({"width": 1400, "height": 900})
    for name in experiments:
        page.locator(f".st-key-{name}_train button").click()
        expect(page.locator(f".st-key-{name}_status_finished")).to_be_visible()
        settled(page)
    assert emptiness(page) == []


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.lesson != "home"], ids=lambda block: block.key)
def test_a_building_block_leads_to_its_section(visit, block):
    page = visit("/?lang=en", viewport={"width": 1400, "height": 900})
    page.locator(f".st-key-block_{block.key} a:visible").first.click()
    heading = page.locator(f"[id='{block.section}']")
    expect(heading).to_be_in_viewport()
    page.wait_for_timeout(1_000)  # what is above it may still grow
    expect(heading).to_be_in_viewport()
    assert "section=" not in page.url


@pytest.mark.parametrize("key", KEYS)
def test_the_contents_lead_to_every_section(visit, key):
    page = opened(visit, key, 1400)
    links = page.locator(".st-key-contents a")
    anchors = links.evaluate_all("all => all.map(each => each.hash.slice(1))")
    assert len(anchors) >= 5
    assert all(page.locator(f"[id='{anchor}']").count() == 1 for anchor in anchors)
    links.last.click()
    expect(page.locator(f"[id='{anchors[-1]}']")).to_be_in_viewport()
