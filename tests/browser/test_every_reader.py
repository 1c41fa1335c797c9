"""Every reader: axe on every page, keyboard, small screens, no request to another host."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ann_core.catalogue import LESSONS
from ann_core.ui.language import catalogue
from tests.browser.conftest import PATIENCE

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")
SCHEMATIC = catalogue("en").gettext("source.schematic")
PAGES = ["" if lesson.key == "home" else lesson.key for lesson in LESSONS]
ENGLISH = [(name, "en", "light") for name in PAGES]
CHINESE = [(name, "zh", "dark") for name in PAGES]


ALL_DRAWN = """() => !document.querySelector("[data-stale=true], [data-testid=stSkeleton]")
  && [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")].every((each) => each.shadowRoot?.firstElementChild)"""


def settled(page):
    """Wait until nothing runs any more, and everything has been drawn: what draws is fetched only when the page is there."""
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function(ALL_DRAWN)
    page.wait_for_timeout(700)


FRAMEWORK = {"exclude": [["[data-testid=stSidebarNav]"], ["svg.marks"], [".katex-display"]]}
"""Not ours: Streamlit's navigation has groups between its list and the items, Vega gives a role to groups without marks, and a
formula of KaTeX that must be scrolled cannot be reached by keyboard. Charts have a text alternative around them."""


def violations(page):
    """What axe finds serious or critical: its rule, and where."""
    found = Axe().run(page, context=FRAMEWORK).response["violations"]
    return [(each["id"], node["html"][:200]) for each in found if each["impact"] in SERIOUS for node in each["nodes"]]


@dataclass(frozen=True)
class Opened:
    """A page, and all hosts that it has asked."""

    name: str
    page: Page
    asked: set


@pytest.fixture(scope="module", params=[*ENGLISH, *CHINESE], ids=lambda each: f"{each[0] or 'home'}-{each[1]}")
def opened(request, context, server):
    """Every page in both languages, one light and one dark; opened once for all that is asked of it."""
    name, language, scheme = request.param
    page = context(viewport={"width": 1400, "height": 1000}, locale="en-GB", color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENCE)
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).hostname))
    page.goto(f"{server.address}/{name}?lang={language}")
    settled(page)
    yield Opened(name, page, asked)
    page.close()


def test_axe_finds_nothing_serious_of_ours_and_no_other_host_is_asked(opened):
    found = violations(opened.page)
    if found:  # what wakes up fades in: only what stays counts
        opened.page.wait_for_timeout(3_000)
        found = violations(opened.page)
    assert found == []
    assert opened.asked - {None} == {"127.0.0.1"}  # None: pictures within the page


FOCUSED = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (at === document.body) return null
  at.reached = true
  const name = at.getAttribute("aria-label") || at.labels?.[0]?.innerText || at.innerText || at.title || ""
  return [at.tagName, name.trim(), at.getBoundingClientRect().width > 0]
}"""
UNREACHED = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])])
  const BESIDE = "[aria-haspopup=listbox], [data-testid^=stNumberInputStep]" // what the field next to it does by arrow keys
  const controls = "button, input, select, textarea, summary, a[href], [role=slider]"
  return all(document)
    .filter((each) => each.matches(controls) && !each.reached && !each.disabled && each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.matches(`[role=radio], [role=tab], [type=radio], [data-variant=pills], ${BESIDE}`))
    .filter((each) => !each.closest("[aria-hidden=true], [inert]"))
    .map((each) => each.outerHTML.slice(0, 160))
}"""
NEXT = "following::*[self::table or contains(@class, 'st-key-figure_')][1]"
NAMELESS = "CANVAS"  # a table to type into, of Streamlit: it names its cells


@pytest.mark.parametrize("opened", ENGLISH, ids=lambda each: each[0] or "home", indirect=True)
def test_the_tab_key_leads_to_everything_all_has_a_name_and_films_have_their_numbers(opened):
    """Within a group of choices arrows lead on: one of them is reached."""
    page = opened.page
    found = []
    for _ in range(400):
        page.keyboard.press("Tab")
        if (at := page.evaluate(FOCUSED)) is None:
            break
        found.append(at)
    assert page.evaluate(FOCUSED) is None, f"no end of the page: {found[-5:]}"
    assert [at for at in found if at[0] != NAMELESS and not at[1]] == []
    assert page.evaluate(UNREACHED) == []
    for film in page.locator("[class*=st-key-figure_]").filter(has=page.locator(".film-panels")).all():
        summary = film.locator(".film-numbers summary")
        if SCHEMATIC in film.inner_text():
            expect(summary).to_be_hidden()
        elif not summary.is_visible():  # then all of them stand in a table beneath
            expect(film.locator(f"xpath={NEXT}[self::table]")).to_be_visible()
        else:
            summary.click()
            expect(film.locator(".film-numbers table td")).not_to_have_count(0)


CUT_OFF = """() => [...document.querySelectorAll("[data-testid=stMain] [data-testid=stButtonGroup] *")]
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 2)
  .map((each) => each.innerText)"""


def test_nothing_is_wider_than_a_phone_and_no_choice_is_cut_off(opened):
    page = opened.page
    assert page.evaluate(CUT_OFF) == []
    page.set_viewport_size({"width": 390, "height": 840})
    page.wait_for_timeout(300)
    settled(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    main = page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('[data-testid=stMain]'))")
    assert main[0] <= main[1] <= 390
    assert page.evaluate(CUT_OFF) == []


def rows_of(page, figure, name):
    """The rows of a film's table whose caption contains this name, texts."""
    tables = page.locator(f".st-key-figure_{figure} .film-numbers table").filter(has=page.locator("caption", has_text=name))
    expect(tables.first).to_be_visible()
    return [row.locator("td").all_inner_texts() for row in tables.first.locator("tr").all()]


def test_a_film_is_told_in_numbers_at_each_of_its_moments(visit):
    page = visit("/lstm?lang=en")
    settled(page)
    film = page.locator(".st-key-figure_gates_film")
    film.locator(".film-numbers summary").click()
    first = rows_of(page, "gates_film", "How far is each gate open?")
    assert first[1:] != []
    assert all(re.fullmatch(r"−?\d+(\.\d+)?", text) for row in first[1:] for text in row)
    slider = film.locator(".film-slider")
    slider.focus()
    slider.press("End")
    assert rows_of(page, "gates_film", "How far is each gate open?") != first


def test_numbers_are_those_of_the_page(visit):
    page = visit("/neuron?lang=zh&neuron_weight_1=-2.5&neuron_weight_2=0.75&neuron_function=sigmoid")
    settled(page)
    page.locator(".st-key-figure_neuron_film .film-numbers summary").click()
    told = [float(row[0].replace("−", "-")) for row in rows_of(page, "neuron_film", "w →")[1:]]
    assert told == pytest.approx([-2.5, 0.75, 0.5], abs=2.5 / 127), "the weights, and the bias beneath them"
