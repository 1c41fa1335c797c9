"""A real browser, and the app for it to visit."""

import json
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests import patience
from tests.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no way out
)
PATIENCE = 1_000 * patience.PATIENCE  # milliseconds
ADVICE = "browser tests need Chromium, Chrome or Edge (Debian: apt-get install chromium)"


def installed_browser():
    found = [path for name in NAMES if (path := shutil.which(name))] + [path for path in PLACES if Path(path).exists()]
    return found[0] if found else None


@pytest.fixture(scope="session")
def browser():
    path = installed_browser()
    if path is None and os.environ.get("ANN_REQUIRE_BROWSER"):
        pytest.fail(ADVICE)
    if path is None:
        pytest.skip(ADVICE)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    """One server for all browser tests of a process: starting TensorFlow takes longer than most of them.

    It forgets a learner soon after the connection has ended.
    """
    started = Server(tmp_path_factory.mktemp("server"), STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="15")
    yield started
    started.close()


@pytest.fixture(scope="session")
def context(browser):
    """Browser contexts by their options: tests with the same share what the browser has loaded once."""
    opened = {}

    def get(**options):
        key = json.dumps(options, sort_keys=True)
        if key not in opened:
            opened[key] = browser.new_context(**options)
        return opened[key]

    yield get
    for each in opened.values():
        each.close()


@pytest.fixture
def visit(context, server):
    """Opens an address of the server as a new learner, and leaves in the end."""
    yield from _visits(context, server)


@pytest.fixture(scope="module")
def stay(context, server):
    """The same for learners who stay for several tests: opening and training take longer than most of what is tested."""
    yield from _visits(context, server)


def _visits(context, server):
    pages = []

    def go(path, **options):
        page = context(**({"viewport": {"width": 1400, "height": 1000}, "locale": "en-GB"} | options)).new_page()
        pages.append(page)
        page.set_default_timeout(PATIENCE)
        page.goto(server.address + path)
        page.wait_for_selector("h1")
        return page

    yield go
    for page in pages:
        page.close()
