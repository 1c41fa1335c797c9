"""A real browser, and a real server for it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
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
)
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
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


class Server:
    """The app on a port of its own, with data folders of its own and no way out."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self.data.mkdir()
        environment = os.environ | {"ANN_DATA_DIR": str(self.data), "ANN_CACHE_DIR": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port), "--server.address", "127.0.0.1"]
        self.log = (folder / "server.log").open("w+")
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self):
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.text())

    def text(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def workers(self):
        """Worker processes, the one with TensorFlow (the largest) last."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        spawned = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        return sorted(spawned, key=lambda child: child.memory_info().rss)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.close()


@pytest.fixture
def visit(browser, server):
    """Opens an address of the server in a fresh browser session; closes it in the end."""
    contexts = []

    def go(path, **options):
        context = browser.new_context(**({"viewport": {"width": 1400, "height": 1000}, "locale": "en-GB"} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(server.address + path)
        page.wait_for_selector("h1")
        return page

    yield go
    for context in contexts:
        context.close()
