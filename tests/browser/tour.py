"""Every page in both languages and both themes, at random settings, before and after training: `python -m tests.browser.tour`.

It looks for what must never reach a page: a brace of a message that was not filled in, a message id, an error of the framework,
English words on a Chinese page, code, names and what the framework says aside.
"""

import random
import re
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import click
from babel.messages.pofile import read_po
from playwright.sync_api import Page, sync_playwright

from ann_core.catalogue import LESSONS, Lesson
from ann_core.exhibits import spec_class
from ann_core.experiments import SPECS
from ann_core.ui.language import ASSETS, LANGUAGES
from tests.browser.conftest import ARGUMENTS, installed_browser
from tests.server import Server

BUDGET = {"epochs": 2, "examples": 512, "training_images": 300, "points": 120}
PATIENCE = 400_000
SETTLING = 2_500  # until films and charts have been fetched and drawn
TEXT = """() => {
  const left_out = "code, pre, .katex, svg, style, script, textarea, [data-testid$=Icon], [translate=no]"
  const found = []
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return found.push(node.textContent)
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(left_out)) return
    if (node.ariaLabel) found.push(node.ariaLabel)
    for (const part of [...node.childNodes, ...(node.shadowRoot ? [node.shadowRoot] : [])]) read(part)
  }
  read(document.querySelector("[data-testid=stMain]"))
  return found.join("\\n")
}"""
BRACE = re.compile(r"\{\w*(?:[:!][^}]*)?\}")
IDENTIFIER = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z']+\b[ ,]+){7,}")  # a sentence, not a name
CHINESE = re.compile("[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{3,}")
FRAMEWORK = re.compile(
    r"(?:Copy Vega-Lite spec|Download as PNG|Fullscreen|Show data|Help for)\b.*|\w+ icon|\d+MB per file.*|file upload|Upload|progress"
    r"|Copy to clipboard|Download as CSV|Show/hide columns|Search|Link to heading|Clear value|Open|Increment|Decrement"
    r"|•(?: [A-Z]{3,4},?)+"
    r"|Update the app with this drawing|Undo|Redo|Edit|Bring forward|Send backward|Delete selected|Reset canvas & history"
)
"""What Streamlit and the canvas say in English whatever the language; there is no setting for it."""
ERRORS = "[data-testid=stException], [data-testid=stAppDeployError], [data-testid=stConnectionStatus]"


def ids() -> set[str]:
    """All message ids."""
    with (ASSETS / "locale" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)} - {""}


@cache
def names() -> set[str]:
    """The Latin words of the Chinese texts: names, and signs of formulas."""
    with (ASSETS / "locale" / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [str(message.string) for message in read_po(file) if message.id]
    return {word for text in (*texts, *(path.read_text() for path in (ASSETS / "text" / "zh").glob("*.md"))) for word in WORD.findall(text)}


def english(text: str, allowed: set[str]) -> list[str]:
    """The lines of a Chinese page that are English: without a Chinese sign and with a word that is no name, or a whole sentence."""
    lines = [line for line in dict.fromkeys(text.split("\n")) if not FRAMEWORK.fullmatch(line.strip())]
    words = [line for line in lines if not CHINESE.search(line) and set(WORD.findall(line)) - allowed]
    return words + ENGLISH.findall("\n".join(lines))


def settings_of(name: str, chance: random.Random) -> dict[str, str]:
    """Up to four settings of a bench, drawn from all that its fields allow, and a small budget, as they stand in an address."""
    cls = spec_class(name)
    described = cls.model_json_schema()["properties"]
    drawn = {field: value_of(described[field], chance) for field in chance.sample(list(described), min(4, len(described)))}
    drawn |= {field: most for field, most in BUDGET.items() if field in described and name in SPECS}
    return {cls.query_key(field): str(value) for field, value in drawn.items() if value is not None}


def value_of(described: dict, chance: random.Random) -> str | int | float | None:
    """A value that a field allows, by its JSON schema; None for what cannot be drawn (lists, texts)."""
    if "enum" in described:
        return chance.choice(described["enum"])
    low, high = described.get("minimum"), described.get("maximum")
    match described.get("type"):
        case "boolean":
            return chance.choice(("true", "false"))
        case "integer" if low is not None and high is not None:
            return chance.randint(low, high)
        case "number" if low is not None and high is not None:
            return round(chance.uniform(low, high), 3)
    return None


def faults(page: Page, language: str, known: set[str]) -> list[str]:
    """What must not be on a page, and is."""
    text = page.evaluate(TEXT)
    found = [f"brace: {each}" for each in BRACE.findall(text)]
    found += [f"message id: {each}" for each in IDENTIFIER.findall(text) if each in known]
    found += [f"error: {each[:300]}" for each in page.locator(ERRORS).all_inner_texts()]
    return found + ([f"English: {each[:300]}" for each in english(text, names())] if language == "zh" else [])


def settled(page: Page) -> None:
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(SETTLING)


def seen(page: Page, language: str, known: set[str]) -> list[str]:
    """The faults of a page in both themes."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(200)
        found += [f"{scheme}: {each}" for each in faults(page, language, known)]
    return found


def train(page: Page, lesson: Lesson) -> None:
    """Train everything on the page that can be trained."""
    for name in lesson.experiments:
        button = page.locator(f".st-key-{name}_train button")
        if button.count() and button.is_enabled():
            button.click()
            page.locator(f".st-key-{name}_status_finished, .st-key-{name}_status_failed").first.wait_for()
            settled(page)


def visit(page: Page, address: str, lesson: Lesson, language: str, query: dict[str, str], known: set[str]) -> list[str]:
    """A page at these settings: its faults before and after training."""
    page.goto(f"{address}/{'' if lesson.key == 'home' else lesson.key}?{urlencode({'lang': language} | query)}")
    settled(page)
    found = [f"before: {each}" for each in seen(page, language, known)]
    train(page, lesson)
    return found + [f"after: {each}" for each in seen(page, language, known)]


@click.command()
@click.option("--settings", "count", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seed", default=1, show_default=True)
@click.option("--lesson", "only", type=click.Choice([lesson.key for lesson in LESSONS]))
def main(count: int, seed: int, only: str | None) -> None:
    """Start the app on a port of its own, go through its pages, and tell what was found."""
    chance, known, found, begun, opened = random.Random(seed), ids(), Counter(), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="1")
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=list(ARGUMENTS))
        try:
            for lesson in (each for each in LESSONS if only in (None, each.key)):
                for _ in range(count if lesson.settings else 1):
                    query = {key: value for name in lesson.settings for key, value in settings_of(name, chance).items()}
                    for language in LANGUAGES:
                        page = browser.new_page(viewport={"width": 1400, "height": 1000}, locale="en-GB")
                        page.set_default_timeout(PATIENCE)
                        try:
                            faulty = visit(page, server.address, lesson, language, query, known)
                        except Exception as error:
                            faulty = [f"{type(error).__name__}: {str(error)[:300]}"]
                        found.update(f"{lesson.key}?{urlencode({'lang': language} | query)}  {each}" for each in faulty)
                        page.close()
                        opened += 1
                click.echo(f"{lesson.key}: {time.monotonic() - begun:.0f} s, faults so far: {found.total()}")
            said = server.text().count("Traceback")
        finally:
            server.close()
    click.echo(f"{opened} pages in both themes, before and after training, in {time.monotonic() - begun:.0f} s")
    click.echo(f"faults: {found.total()}, tracebacks in the server's log: {said}")
    for each, times in found.most_common(40):
        click.echo(f"  {times} × {each}")
    if found or said:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
