"""How soon a page has something to see: `python -m tests.load.first_picture`; in a browser, on a server that knows the page."""

import statistics
import tempfile
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

from ann_core.catalogue import LESSONS
from tests.browser.conftest import ARGUMENTS, installed_browser
from tests.server import Server

LEAST_AREA = 40_000
"""Square pixels of a canvas that counts as a picture."""
WATCH = f"""
  window.drawn = []
  for (const name of ["drawImage", "putImageData", "fillRect", "stroke", "fill"]) {{
    const draw = CanvasRenderingContext2D.prototype[name]
    CanvasRenderingContext2D.prototype[name] = function (...given) {{
      const {{ canvas }} = this, now = document.timeline.currentTime
      if (canvas.isConnected && canvas.width * canvas.height >= {LEAST_AREA} && drawn.at(-1) !== now) drawn.push(now)
      return draw.apply(this, given)
    }}
  }}
"""
"""Keeps the times, in milliseconds from the opening, of the frames in which something was drawn."""


def milliseconds(page, address: str, patience: float) -> tuple[float, float | None]:
    """From opening an address to its first picture, and to one that moves: five frames drawn within half a second; None where none does."""
    page.goto(address)
    page.wait_for_function("drawn.length > 0", timeout=60_000)
    page.wait_for_timeout(1_000 * patience)
    drawn = page.evaluate("drawn")
    moving = (first for first, fifth in zip(drawn, drawn[4:], strict=False) if fifth - first < 500)
    return drawn[0], next(moving, None)


@click.command()
@click.argument("keys", nargs=-1)
@click.option("--times", default=10, show_default=True)
@click.option("--patience", default=3.0, show_default=True, help="Seconds to look on after the first picture.")
def main(keys: tuple[str, ...], times: int, patience: float) -> None:
    """Open these pages, or all, so often, each time as a new visitor with nothing loaded before, and print medians."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), ANN_WARM_UP="none")
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=list(ARGUMENTS))
        try:
            for key in keys or [lesson.key for lesson in LESSONS]:
                address = f"{server.address}/{key if key != 'home' else ''}?lang=en"
                found = []
                for _ in range(times + 1):
                    context = browser.new_context(viewport={"width": 1400, "height": 900})
                    page = context.new_page()
                    page.add_init_script(WATCH)
                    found.append(milliseconds(page, address, patience))
                    context.close()
                pictures, moving = ([round(each) for each in column if each is not None] for column in zip(*found[1:], strict=True))
                told = f"moves after {statistics.median(moving):.0f} ms" if moving else "does not move by itself"
                click.echo(f"{key:14} picture after {statistics.median(pictures):.0f} ms (worst {max(pictures)}), {told}")
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()
