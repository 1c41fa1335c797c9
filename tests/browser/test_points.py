"""Points in the plane: the film, the learner's hand in it, points of their own, links, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHORT = "points_epochs=30"
HASH_OF_PICTURES = """canvases => canvases.map(canvas => canvas.toDataURL()).join("")"""


def press(page, name, experiment="points"):
    page.locator(f".st-key-{experiment}_{name} button").click()


def trained(visit, query=SHORT, language="en", **options):
    page = visit(f"/feedforward?lang={language}&{query}", **options)
    press(page, "train")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(page.locator(".film-slider")).to_be_visible()
    return page


def film(page):
    return page.locator(".st-key-points_film")


def pictures(page):
    """What the film shows, as text that differs where a pixel does."""
    return film(page).locator("canvas").evaluate_all(HASH_OF_PICTURES)


def at_the_end(page):
    last = page.locator(".film-slider").get_attribute("max")
    expect(page.locator(".film-slider")).to_have_js_property("value", last)
    expect(page.locator(".film-play")).to_have_text("▶")


def no_exception(page):
    assert page.locator("[data-testid=stException]").count() == 0


def test_the_film_plays_by_itself_and_asks_the_server_for_nothing(visit):
    page = visit(f"/feedforward?lang=zh&{SHORT}")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append("frame")))
    page.reload()
    before = pictures(page)
    press(page, "train")
    expect(page.locator(".film-play")).to_have_text("❚❚")  # plays by itself
    at_the_end(page)
    page.wait_for_timeout(1_000)
    seen, asked = {before, pictures(page)}, len(sent)
    page.locator(".film-play").click()
    for _ in range(20):
        page.wait_for_timeout(150)
        seen.add(pictures(page))
    at_the_end(page)
    assert len(seen) > 4, "the pictures move"
    assert len(sent) == asked
    no_exception(page)


@pytest.fixture(scope="module")
def calm(stay):
    """A learner with a trained network whom nothing moves by itself; stays for the tests that follow each other here."""
    return trained(stay, reduced_motion="reduce")


def test_who_wants_calm_is_not_played_to(calm):
    page = calm
    page.wait_for_timeout(500)
    at_the_end(page)
    page.locator(".film-play").click()
    expect(page.locator(".film-play")).to_have_text("❚❚")
    at_the_end(page)


def test_a_hand_in_the_weights_moves_the_pictures_and_can_be_undone(calm):
    page = calm
    network = film(page).locator("canvas").first
    box = network.bounding_box()
    network.click(position={"x": box["width"] * 0.87, "y": box["height"] * 0.52})  # the output
    expect(page.locator(".st-key-points_hand")).to_be_visible()
    expect(page.locator(".st-key-points_neuron input")).to_have_value("output")
    untouched = pictures(page)
    slider = page.locator(".st-key-points_hand input[type=range]").first
    slider.focus()
    for _ in range(30):
        slider.press("ArrowRight")
    expect(page.locator(".film-caption")).to_have_text(re.compile("1 number changed"))
    assert pictures(page) != untouched
    press(page, "undo")
    expect(page.locator(".film-caption")).to_have_text(re.compile("accuracy"))
    page.wait_for_timeout(500)
    assert pictures(page) == untouched
    press(page, "touch_end")
    expect(page.locator(".film-slider")).to_be_visible()
    network.focus()
    for key in ("ArrowRight", "ArrowLeft", "Enter"):  # back from the first is the last
        network.press(key)
    expect(page.locator(".st-key-points_neuron input")).to_have_value("output")
    press(page, "touch_end")
    no_exception(page)


def test_a_click_on_the_plane_asks_the_network(calm):
    page = calm
    surface = film(page).locator("canvas").nth(1)
    box = surface.bounding_box()
    surface.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.1})
    expect(page.locator("[data-testid=stToast]")).to_contain_text("the pupil is admitted")
    expect(page.locator(".st-key-points_place_admission_1 input")).not_to_have_value("100")
    no_exception(page)


def test_keyboard_alone(calm):
    page = calm
    page.locator(".st-key-points_noise input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('points_noise')")
    page.locator(".st-key-points_train button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(page.locator(".film-slider")).to_be_visible()  # the film comes a moment later
    at_the_end(page)
    page.locator(".film-slider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".film-caption")).to_have_text(re.compile("untrained"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(".film-caption")).to_have_text(re.compile("Epoch 1 "))
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator(".film-play")).to_have_text("❚❚")
    at_the_end(page)


def table_of(rows):
    return {"name": "pupils.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode("gb18030")}


def test_a_learners_own_file_is_read_told_trained_on_and_seen_by_nobody_else(visit):
    page = visit("/feedforward?lang=en&points_dataset=own&points_epochs=5")
    page.locator(".st-key-points_own_way button", has_text="File").click()
    rows = ["数学,语文,录取", *(f"{n},{150 - n},{'是' if n > 70 else '否'}" for n in range(0, 150, 3))]
    rows[4] = "9,abc,是"
    uploader = page.locator(".st-key-points_own_file input[type=file]")
    uploader.set_input_files(table_of(rows))
    expect(page.get_by_text("49 points")).to_be_visible()
    expect(page.get_by_text("line 5", exact=False)).to_be_visible()
    press(page, "train")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(page.get_by_text("34 training examples")).to_be_visible()
    uploader.set_input_files({"name": "picture.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n\0\0"})
    expect(page.get_by_text("This is not a table of text")).to_be_visible()
    other = visit("/feedforward?lang=en&points_dataset=own&points_epochs=5")
    expect(other.get_by_text("No points of your own yet")).to_be_visible()
    no_exception(page)


def click_points(page):
    """Four points of each of two classes."""
    canvas = page.locator("[class*=st-key-points_canvas] canvas.upper-canvas").first
    for letter, down in (("A", 60), ("B", 240)):
        page.locator(".st-key-points_own_letter button", has_text=letter).click()
        page.wait_for_timeout(800)
        for place in range(4):
            canvas.click(position={"x": 50 + 40 * place, "y": down})
            page.wait_for_timeout(300)
    expect(page.get_by_text("8 points")).to_be_visible()


def test_points_are_clicked_onto_the_canvas(visit):
    page = visit("/feedforward?lang=en&points_dataset=own")
    click_points(page)
    expect(page.get_by_text("2 classes: A, B")).to_be_visible()


def test_a_link_opens_in_the_other_language(visit):
    query = "points_dataset=xor&points_layers=3-relu.2-sigmoid&points_features=x1.product"
    page = visit(f"/feedforward?lang=zh&{query}")
    page.locator(".film-panels canvas").first.wait_for()
    for token in query.split("&"):
        assert token in page.evaluate("location.search")
    other = visit(page.evaluate("location.pathname + location.search").replace("lang=zh", "lang=en"))
    expect(other.locator("h1")).to_have_text("Feed-forward network")
    expect(other.locator(".st-key-points_layers_1 input")).to_have_value("3")


def test_on_a_phone_nothing_scrolls_sideways(visit):
    page = trained(visit, "points_preset=pinwheel", "en", viewport={"width": 390, "height": 844}, has_touch=True)
    at_the_end(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    no_exception(page)


def test_an_explosion_is_told_and_the_pictures_stay(visit):
    query = "points_dataset=hills&points_learning_rate=10&points_layers=16-relu.16-linear&points_epochs=30"
    page = trained(visit, query, reduced_motion="reduce")
    expect(page.get_by_text("The training has exploded").first).to_be_visible()
    page.locator(".film-slider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".film-caption")).to_have_text(re.compile("untrained"))
    no_exception(page)
