"""Points in the plane: the film, the learner's hand in it, points of their own, links, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.patience import wait_for

pytestmark = pytest.mark.browser

SHORT = "points_epochs=30"
HASH_OF_PICTURES = """canvases => canvases.map(canvas => canvas.toDataURL()).join("")"""


def press(page, name, experiment="points"):
    page.locator(f".st-key-{experiment}_{name} button").click()


def trained(visit, query=SHORT, language="en", **options):
    page = visit(f"/feedforward?lang={language}&{query}", **options)
    press(page, "train")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(film(page).locator(".film-slider")).to_be_visible()
    return page


def film(page):
    return page.locator(".st-key-points_film")


def pictures(page):
    """What the film shows, as text that differs where a pixel does."""
    return film(page).locator("canvas").evaluate_all(HASH_OF_PICTURES)


def at_the_end(page):
    expect(film(page).locator(".film-bar:not([inert])")).to_be_visible()
    last = film(page).locator(".film-slider").get_attribute("max")
    expect(film(page).locator(".film-slider")).to_have_js_property("value", last)
    expect(film(page).locator(".film-play")).to_have_text("▶")


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
    expect(film(page).locator(".film-play")).to_have_text("❚❚")  # plays by itself
    at_the_end(page)
    page.wait_for_timeout(1_000)
    seen, asked = {before, pictures(page)}, len(sent)
    film(page).locator(".film-play").click()
    for _ in range(20):
        page.wait_for_timeout(150)
        seen.add(pictures(page))
    at_the_end(page)
    assert len(seen) > 4, "the pictures move"
    assert len(sent) == asked
    no_exception(page)


FOLLOW = """caption => {
  const slider = caption.getRootNode().querySelector(".film-slider")
  window.followed = [], window.faded = 0
  new MutationObserver(() => followed.push([+slider.value, caption.textContent])).observe(caption, { childList: true })
  const look = () => {
    if (!caption.isConnected) followed.push("gone")
    for (let part = caption.getRootNode().host; part; part = part.parentElement) faded = Math.max(faded, 1 - getComputedStyle(part).opacity)
    requestAnimationFrame(look)
  }
  look()
}"""


def test_the_film_plays_from_epoch_0_while_the_training_runs_ahead(visit):
    page = visit("/feedforward?lang=en&points_preset=spiral&points_batch_size=2&points_epochs=600")
    caption = film(page).locator(".film-caption")
    caption.evaluate(FOLLOW)
    press(page, "train")
    expect(caption).to_have_text(re.compile("^Epoch [1-9]"))
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(caption).to_have_text(re.compile("^Epoch 600"))
    expect(film(page).locator(".film-play")).to_have_text("▶")
    moments = [moment for moment, said in page.evaluate("followed") if said]
    assert sorted(set(moments)) == list(range(moments[-1] + 1)), "none is left out"
    assert moments == sorted(moments), "none comes twice"
    assert page.evaluate("faded") == 0
    no_exception(page)


@pytest.fixture(scope="module")
def calm(stay):
    """A learner with a trained network whom nothing moves by itself; stays for the tests that follow each other here."""
    return trained(stay, reduced_motion="reduce")


def test_who_wants_calm_is_not_played_to(calm):
    page = calm
    page.wait_for_timeout(500)
    at_the_end(page)
    film(page).locator(".film-play").click()
    expect(film(page).locator(".film-play")).to_have_text("❚❚")
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
    expect(film(page).locator(".film-caption")).to_have_text(re.compile("1 number changed"))
    assert pictures(page) != untouched
    press(page, "undo")
    expect(film(page).locator(".film-caption")).to_have_text(re.compile("accuracy"))
    wait_for(lambda: pictures(page) == untouched)
    press(page, "touch_end")
    at_the_end(page)
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
    expect(film(page).locator(".film-said")).to_contain_text(re.compile("mathematics 13., x₂ Chinese 1..: the network answers “admitted”"))
    expect(page.locator(".st-key-points_place_admission_1 input")).not_to_have_value("100")
    assert page.locator("[data-testid=stToast]").count() == 0
    surface.press("Escape")
    expect(film(page).locator(".film-said")).to_have_text(re.compile("^Click into the plane"))
    no_exception(page)


def test_a_point_put_before_the_training_stays_in_the_film_and_in_the_hand(visit):
    page = visit(f"/feedforward?lang=en&{SHORT}", reduced_motion="reduce")
    surface, said = film(page).locator("canvas").nth(1), film(page).locator(".film-said")
    box = surface.bounding_box()
    surface.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.1})
    expect(said).to_contain_text("Your point")
    untrained = said.inner_text()
    press(page, "train")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    expect(said).to_contain_text("“admitted”")
    press(page, "touch")
    expect(page.locator(".st-key-points_hand")).to_be_visible()
    expect(said).to_contain_text("“admitted”")
    assert said.inner_text() != untrained
    no_exception(page)


def test_a_link_leads_to_the_slider_of_its_weight(visit):
    page = trained(visit, "points_epochs=5&points_layers=none", reduced_motion="reduce")
    network = film(page).locator("canvas").first
    box = network.bounding_box()
    for share in range(30, 70):  # somewhere on the way down one of the two links lies
        network.hover(position={"x": box["width"] * 0.643, "y": box["height"] * share / 100})
        if film(page).locator(".film-note").first.is_visible():
            break
    name, weight = film(page).locator(".film-note").first.inner_text().splitlines()[:2]
    network.click(position={"x": box["width"] * 0.643, "y": box["height"] * share / 100})
    wanted = page.locator(".st-key-points_hand [data-testid=stSlider]").filter(has=page.locator("strong"))
    expect(wanted).to_contain_text(name.split(" →")[0])
    said = float(weight.split()[-1].replace("−", "-"))
    assert float(wanted.locator("input").input_value()) == pytest.approx(said, abs=0.006)
    no_exception(page)


def test_keyboard_alone(calm):
    page = calm
    page.locator(".st-key-points_noise input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('points_noise')")
    page.locator(".st-key-points_train button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    at_the_end(page)
    film(page).locator(".film-slider").focus()
    page.keyboard.press("Home")
    expect(film(page).locator(".film-caption")).to_have_text(re.compile("untrained"))
    page.keyboard.press("ArrowRight")
    expect(film(page).locator(".film-caption")).to_have_text(re.compile("Epoch 1, batch 1 "))
    for control in ("end", "on", "play"):
        page.keyboard.press("Shift+Tab")
        expect(film(page).locator(f".film-{control}")).to_be_focused()
    page.keyboard.press("Space")
    expect(film(page).locator(".film-play")).to_have_text("❚❚")
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
    expect(other.get_by_text("Your own points are not there")).to_be_visible()
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
    film(page).locator(".film-panels canvas").first.wait_for()
    for token in query.split("&"):
        assert token in page.evaluate("location.search")
    other = visit(page.evaluate("location.pathname + location.search").replace("lang=zh", "lang=en"))
    expect(other.locator("h1")).to_have_text("Feed-forward network")
    other.locator(".st-key-stage_first_points").get_by_role("button", name="Hidden layers").click()
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
    expect(film(page).locator(".film-caption")).to_have_text(re.compile("Epoch 30"))
    film(page).locator(".film-slider").focus()
    page.keyboard.press("Home")
    expect(film(page).locator(".film-caption")).to_have_text(re.compile("untrained"))
    no_exception(page)


def test_a_batch_is_seen_in_slow_motion_before_and_after_training(visit):
    page = visit(f"/feedforward?lang=en&{SHORT}")
    for moments in (1, 2):
        press(page, "slow")
        slow = page.locator(".st-key-points_slow_film")
        expect(slow.locator(".film-caption")).to_have_text(re.compile("^The batch: 10 of 350"))
        assert page.locator(".st-key-points_slow_after").count() == moments - 1
        slow.locator(".film-end").click()
        expect(slow.locator(".film-caption")).to_have_text(re.compile("^After the step"))
        press(page, "slow_end")
        expect(film(page).locator("canvas").first).to_be_visible()
        if moments == 1:
            press(page, "train")
            at_the_end(page)
    no_exception(page)
