"""One learner on a fresh server: `python -m tests.load.alone`; how soon there is something to see, and what all presets occupy."""

import re
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import sync_playwright

from ann_core.catalogue import LESSONS
from ann_core.experiments import SPECS
from tests.browser.conftest import ARGUMENTS, installed_browser
from tests.load.client import Learner
from tests.load.memory import watched
from tests.load.test_faults import wait_until
from tests.server import Server

LESSON = "feedforward"


def images(folder: Path, training: int) -> None:
    """Files of as many images as MNIST and Fashion-MNIST have, without anything on them that could be learned."""
    generator = np.random.default_rng(0)
    arrays = {}
    for part, count in (("train", training), ("test", training // 6)):
        arrays[f"x_{part}"] = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        arrays[f"y_{part}"] = generator.integers(0, 10, count, dtype=np.uint8)
    for name in ("mnist", "fashion_mnist"):
        np.savez(folder / f"{name}.npz", **arrays)


def seconds_to_see_something(folder: Path) -> dict[str, float]:
    """From the command to the server's answer, to a page in a browser, and from Train to the first epoch."""
    begun = time.monotonic()
    server = Server(folder)
    found = {"server answers": time.monotonic() - begun}
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=installed_browser(), args=list(ARGUMENTS))
            launched = time.monotonic()
            page = browser.new_page()
            page.goto(f"{server.address}/{LESSON}?lang=en")
            page.wait_for_selector("h1")
            found["then a page has its title"] = time.monotonic() - launched
            page.locator(".st-key-points_train button").click(timeout=60_000)
            pressed = time.monotonic()
            page.locator(".st-key-points_film .film-caption", has_text=re.compile("Epoch [1-9]")).wait_for(timeout=120_000)
            found["Train pressed at once: first epoch shown"] = time.monotonic() - pressed
            browser.close()
    finally:
        server.close()
    return found


def all_presets(address: str, process: int) -> None:
    """Open every preset of every lesson in a tab of its own, train it, and tell what was occupied."""
    for lesson in LESSONS:
        for experiment in lesson.experiments:
            for preset in SPECS[experiment].presets:
                begun = time.monotonic()
                with watched(process) as peaks, Learner(address) as learner:
                    learner.open(lesson.key, f"lang=en&{SPECS[experiment].query_key('preset')}={preset}")
                    learner.press(f"{experiment}_train")
                    end = wait_until(learner, "finished", "failed", "stopped", experiment=experiment)
                    seconds = time.monotonic() - begun
                    learner.wait(1)
                told = ", ".join(f"{name} {value} MB" for name, value in peaks.megabytes.items())
                click.echo(f"{experiment:14} {preset:14} {end} in {seconds:5.1f} s: {told}")


@click.command()
@click.option("--images", "count", default=60_000, show_default=True, help="Training images in each of the two sets.")
def main(count: int) -> None:
    """Start the app on a port of its own, once to see how soon something is to be seen, once for all presets."""
    with tempfile.TemporaryDirectory() as folder:
        for name, seconds in seconds_to_see_something(Path(folder)).items():
            click.echo(f"{name}: {seconds:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            images(server.data, count)
            with watched(server.process.pid) as peaks:
                all_presets(server.address, server.process.pid)
        finally:
            server.close()
    click.echo("the most: " + ", ".join(f"{name} {value} MB" for name, value in peaks.megabytes.items()))


if __name__ == "__main__":
    main()
