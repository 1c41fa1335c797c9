"""What only a real browser can see. The first test opens a deep link as the first visit to a fresh server."""

import io
import json
import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.data.test_data import image_arrays
from tests.server import Server

pytestmark = pytest.mark.browser  # what is slow here, tests/load/test_faults.py tries without a browser


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory):
    """A server of this file's own: its tests count on a fresh one, kill its worker, and give it data."""
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.close()


SMALL = "feedforward_dataset=digits&feedforward_hidden_units=16&feedforward_epochs=5"
IDLE_PERCENT = 10  # of a core
LONG = "feedforward_dataset=digits&feedforward_batch_size=1&feedforward_epochs=100"


COUNT_CHARTS_MADE_ANEW = """() => {
    window.madeAnew = 0
    const charts = node => node.querySelectorAll ? node.querySelectorAll("canvas, svg.marks").length + node.matches("canvas, svg.marks") : 0
    new MutationObserver(changes => {
        for (const change of changes) for (const node of change.removedNodes) window.madeAnew += charts(node)
    }).observe(document.body, {childList: true, subtree: true})
}"""


def press(page, name):
    page.locator(f".st-key-feedforward_{name} button").click()


def status(page, state):
    return page.locator(f".st-key-feedforward_status_{state}")


def canvas(page, key):
    """The drawn part of a chart."""
    return page.locator(f".st-key-figure_{key}").locator("canvas, svg.marks").first


def no_exception(page):
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_shared_link_opens_trains_and_answers(visit):
    page = visit(f"/feedforward?lang=zh&{SMALL}")
    expect(page.locator("h1")).to_have_text("前馈神经网络")
    assert "feedforward_hidden_units=16" in page.evaluate("location.search")
    press(page, "train")
    expect(status(page, "finished")).to_be_visible()
    expect(canvas(page, "feedforward_curve_loss")).to_be_visible()
    expect(canvas(page, "feedforward_probabilities")).to_be_visible()
    no_exception(page)


@pytest.fixture(scope="module")
def learned(stay):
    """A learner with a trained network, who stays for the tests that follow each other here."""
    page = stay(f"/feedforward?lang=en&{SMALL}&feedforward_seed=10")
    press(page, "train")
    expect(status(page, "finished")).to_be_visible()
    return page


def test_an_image_is_picked_by_a_click(learned):
    page = learned
    number = page.locator(".st-key-feedforward_probe_image input")
    expect(number).to_have_value("0")
    gallery = canvas(page, "feedforward_gallery_browse")
    gallery.scroll_into_view_if_needed()
    box = gallery.bounding_box()
    gallery.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.6})
    expect(number).not_to_have_value("0")
    page.evaluate(COUNT_CHARTS_MADE_ANEW)
    page.locator(".st-key-feedforward_probe_epoch input[type=range]").press("ArrowLeft")
    expect(page.get_by_text("with the weights of epoch 4")).to_be_visible()
    assert page.evaluate("window.madeAnew") == 0, "the time machine moves charts, it does not flash"
    for view in page.get_by_role("tab").all():
        view.click()
        page.wait_for_timeout(700)
        no_exception(page)


def test_a_digit_is_drawn_and_the_film_stays_where_it_is(learned):
    page, film = learned, learned.locator(".st-key-figure_feedforward_film")
    film.locator(".film-end").click()
    film.locator(".film-back").click()
    before = film.locator(".film-caption").inner_text()
    moment = before.split(" · ")[0]
    page.locator(".st-key-feedforward_subject button").last.click()
    paper = page.locator("[class*=st-key-feedforward_draw_canvas] canvas").last
    expect(paper).to_be_visible()
    expect(film.locator(".film-caption")).to_contain_text(moment)
    paper.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = paper.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 150, steps=10)
    page.mouse.up()
    expect(film.locator(".film-caption")).not_to_have_text(before)
    expect(film.locator(".film-caption")).to_contain_text(moment)
    page.locator(".st-key-feedforward_subject button").first.click()
    expect(film.locator(".film-caption")).to_have_text(before)


def test_a_batch_of_images_is_seen_in_slow_motion_and_one_of_them_is_followed(visit):
    page = visit(f"/feedforward?lang=en&{SMALL}&feedforward_optimiser=sgd", reduced_motion="reduce")
    for trained in (False, True):
        if trained:
            press(page, "train")
            expect(status(page, "finished")).to_be_visible()
        press(page, "slow")
        film = page.locator(".st-key-figure_feedforward_slow_film")
        film.locator(".film-start").click()
        caption = film.locator(".film-caption")
        expect(caption).to_have_text(re.compile(rf"^The batch: 32 of 1,415.*image {1 + trained},"))
        page.locator(".st-key-feedforward_slow_whose button").last.click()
        expect(caption).to_have_text(re.compile("the mean of all"))
        film.locator(".film-on").click()
        sheet = film.locator("canvas").last
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        sheet.click(position={"x": box["width"] * 0.37, "y": box["height"] * 0.15})
        expect(caption).to_have_text(re.compile("^Forward, layer 1: the sums are"))
        film.locator(".film-start").click()
        expect(caption).to_have_text(re.compile("image 2,"))
        assert page.locator(".st-key-feedforward_slow_after").count() == trained
        film.locator(".film-end").click()
        expect(caption).to_have_text(re.compile("^After the step this image loses"))
        press(page, "slow_end")
        expect(page.locator(".st-key-feedforward_slow button")).to_be_visible()
    no_exception(page)


def test_guess_measure_explain(learned):
    page = learned
    page.locator(".st-key-feedforward_break button", has_text="Raw pixels").click()
    box = page.locator(".st-key-guess_raw_pixels")
    box.locator("[role=radiogroup] label").first.click()
    page.locator(".st-key-guess_raw_pixels_measure button").click()
    expect(box).to_contain_text(re.compile(r"After 5 epochs, accuracy on unseen examples: intact \d+\.\d%, changed \d+\.\d%"))
    expect(canvas(page, "raw_pixels_curve_val_accuracy")).to_be_visible()


def test_the_language_switch_keeps_settings_and_run(learned):
    page = learned
    page.get_by_role("button", name="中文").or_(page.get_by_role("radio", name="中文")).first.click()
    expect(page.locator("h1")).to_have_text("前馈神经网络")
    expect(status(page, "finished")).to_contain_text("训练完成")
    page.wait_for_function("location.search.includes('lang=zh') && location.search.includes('feedforward_hidden_units=16')")


def test_files_to_take_home_in_the_other_language(learned):
    page = learned
    content = {}
    page.get_by_role("tab", name="图像").last.click()
    for name in ("experiment", "history", "notebook", "model"):
        with page.expect_download() as download:
            page.locator(f".st-key-feedforward_download_{name} button").first.click()
        content[name] = download.value.path().read_bytes()
    assert json.loads(content["experiment"])["spec"]["hidden_units"] == [16]
    assert len(content["history"].decode().strip().splitlines()) == 6
    assert "数据" in json.loads(content["notebook"])["cells"][1]["source"][0]
    assert content["model"].startswith(b"PK")


def test_curves_grow_while_it_trains(visit):
    page = visit(f"/feedforward?lang=en&{LONG}&feedforward_seed=5")
    press(page, "train")
    expect(status(page, "running")).to_contain_text(re.compile(r"epoch [1-9]"))
    expect(canvas(page, "feedforward_curve_accuracy")).to_be_visible()
    page.evaluate(COUNT_CHARTS_MADE_ANEW)
    first = int(re.search(r"epoch (\d+)", status(page, "running").inner_text())[1])
    expect(status(page, "running")).to_contain_text(f"epoch {first + 2}")
    assert page.evaluate("window.madeAnew") == 0, "a chart moves, it does not flash"
    press(page, "stop")
    expect(status(page, "stopped")).to_be_visible()
    no_exception(page)


def test_a_training_goes_on_while_the_learner_is_on_another_page(visit):
    page = visit(f"/feedforward?lang=en&{LONG}&feedforward_seed=6")
    press(page, "train")
    expect(status(page, "running")).to_be_visible()
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.locator("h1")).to_have_text("Neural Networks You Can See")
    page.get_by_role("link", name="Feed-forward network").click()
    expect(status(page, "running")).to_contain_text(re.compile(r"epoch [1-9]"))
    press(page, "stop")
    expect(status(page, "stopped")).to_be_visible()


def test_settings_survive_a_click_while_the_page_is_drawn_again(visit):
    """The search for MNIST begins with the first visit and ends with reruns, into which the clicks fall."""
    for pause in (300, 1_200):
        page = visit("/feedforward?lang=en&feedforward_dataset=mnist&feedforward_batch_size=2&feedforward_epochs=90")
        page.locator(".st-key-feedforward_train button").wait_for()
        page.wait_for_timeout(pause)
        press(page, "train")
        expect(status(page, "running")).to_be_visible()
        query = "?lang=en&feedforward_dataset=mnist&feedforward_batch_size=2&feedforward_epochs=90"
        assert page.evaluate("location.search") == query
        press(page, "stop")
        expect(status(page, "stopped").or_(page.get_by_text("Nothing trained yet")).first).to_be_visible()
        page.close()


@pytest.mark.slow
def test_two_learners_share_one_training_and_one_may_leave(visit):
    pages = [visit(f"/feedforward?lang=en&{LONG}&feedforward_seed=7") for _ in range(2)]
    for page in pages:
        press(page, "train")
    for page in pages:
        expect(status(page, "running")).to_contain_text(re.compile(r"epoch [1-9]"))
    press(pages[0], "stop")
    expect(status(pages[0], "stopped")).to_be_visible()
    expect(status(pages[1], "running")).to_be_visible()
    press(pages[1], "stop")
    expect(status(pages[1], "stopped")).to_be_visible()


def test_the_same_training_is_not_done_twice(visit):
    texts = []
    for _ in range(2):
        page = visit(f"/feedforward?lang=en&{SMALL}&feedforward_seed=8")
        press(page, "train")
        expect(status(page, "finished")).to_be_visible()
        texts.append(status(page, "finished").inner_text())
    assert texts[0] == texts[1], "even the seconds are those of the first training"


@pytest.mark.slow
def test_a_learner_who_is_gone_costs_nothing(visit, server):
    page = visit(f"/feedforward?lang=en&{LONG}&feedforward_seed=9")
    press(page, "train")
    expect(status(page, "running")).to_contain_text(re.compile(r"epoch [1-9]"))
    worker = server.workers()[-1]
    assert worker.cpu_percent(1.0) > IDLE_PERCENT
    page.close()
    end = time.monotonic() + 110
    while worker.cpu_percent(1.0) > IDLE_PERCENT:
        assert time.monotonic() < end, "the worker goes on for nobody"


@pytest.mark.slow
def test_a_killed_worker_does_not_lose_the_training(visit, server):
    page = visit("/feedforward?lang=en&feedforward_dataset=digits&feedforward_batch_size=2&feedforward_epochs=40")
    press(page, "train")
    expect(status(page, "running")).to_contain_text(re.compile(r"epoch [1-9]"))
    server.workers()[-1].kill()
    page.locator(".st-key-feedforward_status_finished, .st-key-feedforward_status_failed").wait_for()
    expect(status(page, "finished")).to_contain_text("40 epochs")
    no_exception(page)


def test_a_tampered_link_is_told_quietly(visit):
    page = visit("/feedforward?lang=en&feedforward_epochs=1e9&feedforward_seed=-1&unknown=%3Cscript%3E")
    line = page.get_by_text("could not be read")
    expect(line).to_contain_text("feedforward_epochs=1e9")
    expect(line).to_contain_text("unknown=<script>")
    page.wait_for_function("location.search === '?lang=en'")
    no_exception(page)


def test_a_phone_needs_no_sideways_scrolling(visit):
    page = visit(f"/feedforward?lang=zh&{SMALL}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    press(page, "train")
    expect(status(page, "finished")).to_be_visible()
    expect(canvas(page, "feedforward_probabilities")).to_be_visible()
    widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth]")
    assert max(widths) <= 390


def test_real_data_found_later_put_the_run_on_digits_away(visit, server):
    """The last test of this server: from here on it has images of clothes."""
    page = visit("/feedforward?lang=en&feedforward_hidden_units=16&feedforward_epochs=3")
    expect(page.locator(".st-key-data_status_fashion_mnist")).to_contain_text("stand in for")
    press(page, "train")
    expect(status(page, "finished")).to_be_visible()
    expect(page.get_by_text("8×8 handwritten digits, 1,415 training examples").first).to_be_visible()
    file = io.BytesIO()
    np.savez(file, **image_arrays(300, 100))
    (server.data / "fashion_mnist.npz").write_bytes(file.getvalue())
    page.locator(".st-key-data_retry_fashion_mnist button").click()
    expect(page.locator(".st-key-data_status_fashion_mnist")).to_contain_text("300 for training")
    expect(page.get_by_text("put away")).to_be_visible()
    assert status(page, "finished").count() == 0
    press(page, "train")
    expect(status(page, "finished")).to_be_visible()
    expect(page.get_by_text("Fashion-MNIST clothes, 300 training examples").first).to_be_visible()


def test_the_server_log_holds_no_error_of_ours(server):
    """Streamlit itself logs a traceback where a browser goes without a word; none may lead through our code."""
    assert [line for line in server.text().splitlines() if "File" in line and ("ann_core" in line or "screens" in line)] == []
