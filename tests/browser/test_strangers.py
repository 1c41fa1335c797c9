"""People who share a server: nobody sees another's things, and nothing lies when the server or a tab starts afresh."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_points import click_points, press
from tests.server import Server, free_port

pytestmark = pytest.mark.browser

LONG = "points_epochs=5000&points_points=5000&points_batch_size=1&points_layers=16-tanh.16-tanh.16-tanh"
MINE = "points_noise=0.13&points_learning_rate=0.02"
UNTRAINED = ".st-key-points_status_untrained"
STATUS = f"[class*=st-key-points_status_]:not({UNTRAINED})"
"""Of a training that goes on or is over."""
ICONS = """
window.icons = new Set()
new MutationObserver(() => document.querySelectorAll("link[rel~=icon]").forEach((each) => icons.add(new URL(each.href).host)))
  .observe(document, { subtree: true, childList: true, attributes: true })
"""
"""Where the icon of the tab comes from, from the first moment on: the browser asks for it unseen."""


def test_a_restarted_server_keeps_the_settings_and_tells_no_lie_in_an_open_tab(context, browser, tmp_path):
    port = free_port()
    (tmp_path / "first").mkdir()
    first = Server(tmp_path / "first", port)
    page = context(viewport={"width": 1400, "height": 1000}, locale="en-GB").new_page()
    page.add_init_script(ICONS)
    try:
        page.goto(f"{first.address}/feedforward?lang=en&{LONG}&{MINE}")
        press(page, "train")
        expect(page.locator(".st-key-points_status_running")).to_be_visible()
        assert page.evaluate("[...icons]") == [f"127.0.0.1:{port}"]
    finally:
        first.close()
    expect(page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")).to_have_count(0)
    (tmp_path / "second").mkdir()
    second = Server(tmp_path / "second", port)
    try:
        expect(page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")).to_have_count(1)
        expect(page.locator(UNTRAINED)).to_be_visible()
        expect(page.locator(STATUS)).to_have_count(0)
        for setting in MINE.split("&"):
            assert setting in page.evaluate("location.search")
        expect(page.locator(".st-key-points_train button")).to_be_enabled()
        press(page, "train")
        expect(page.locator(".st-key-points_status_running")).to_be_visible()
        assert page.locator("[data-testid=stException]").count() == 0
    finally:
        page.close()
        second.close()


def test_a_reloaded_tab_keeps_the_settings_and_starts_afresh(visit):
    page = visit(f"/feedforward?lang=en&{LONG}&{MINE}")
    press(page, "train")
    expect(page.locator(".st-key-points_status_running")).to_be_visible()
    page.reload()
    expect(page.locator(UNTRAINED)).to_be_visible()
    expect(page.locator(STATUS)).to_have_count(0)
    for setting in MINE.split("&"):
        assert setting in page.evaluate("location.search")


def test_what_one_has_drawn_and_trained_is_not_on_anothers_page(visit):
    mine = visit("/feedforward?lang=en&points_dataset=own&points_epochs=5")
    click_points(mine)
    press(mine, "train")
    expect(mine.locator(".st-key-points_status_finished")).to_be_visible()
    address = mine.evaluate("location.pathname + location.search")
    assert not re.search(r"\d\.\d.*,", address), "points do not travel in the address"

    other = visit(address)
    expect(other.get_by_text("Your own points are not there")).to_be_visible()
    expect(other.locator(UNTRAINED)).to_be_visible()
    expect(other.locator(STATUS)).to_have_count(0)
    expect(mine.locator(".st-key-points_status_finished")).to_be_visible()


def test_names_in_a_file_are_shown_as_they_are(visit):
    """Not as HTML, Markdown, formulas or icons."""
    page = visit("/feedforward?lang=en&points_dataset=own&points_epochs=5")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.locator(".st-key-points_own_way button", has_text="File").click()
    nasty = ["<img src=http://127.0.0.1:9/x onerror=alert(1)>", "![a](http://127.0.0.1:9/y)", "$x^2$"]
    rows = [",".join(nasty), *(f"{n},{90 - n},{':material/home:' if n > 40 else '[b](http://127.0.0.1:9/z)'}" for n in range(0, 90, 3))]
    file = {"name": "../../etc/<b>.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    page.locator(".st-key-points_own_file input[type=file]").set_input_files(file)
    expect(page.get_by_text("30 points")).to_be_visible()
    press(page, "train")
    expect(page.locator(".st-key-points_status_finished")).to_be_visible()
    page.wait_for_timeout(1_000)
    told = page.locator("[data-testid=stMain]")
    assert told.locator("img[src*=':9']").count() == 0
    assert told.locator("a[href*=':9']").count() == 0
    assert told.locator(".katex", has_text="x^2").count() == 0
    assert [url for url in asked if ":9/" in url or url == "1"] == []
    assert page.locator("[data-testid=stException]").count() == 0


def test_an_address_is_shown_as_it_is(visit):
    page = visit("/feedforward?lang=en&points_epochs=%0A%0A![a](http://127.0.0.1:9/x)&%0A%0A[b](http://127.0.0.1:9/y)=%60%0A%0A%24x^2%24")
    line = page.get_by_text("could not be read")
    expect(line).to_contain_text("points_epochs= ![a](http://127.0.0.1:9/x)")
    assert page.locator("img[src*=':9']").count() == 0
    assert page.locator("a[href*=':9']").count() == 0
    assert line.locator(".katex").count() == 0
