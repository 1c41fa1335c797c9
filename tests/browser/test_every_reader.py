"""Every reader: axe on every page, keyboard, small screens, no request to another host."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from ann_core.catalogue import LESSONS

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")
PAGES = ["" if lesson.key == "home" else lesson.key for lesson in LESSONS]


def settled(page):
    """Wait until nothing runs any more, and everything has been drawn."""
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function("!document.querySelector('[data-stale=true]')")
    page.wait_for_timeout(700)


FRAMEWORK = {"exclude": [["[data-testid=stSidebarNav]"], ["svg.marks"], [".katex-display"]]}
"""Not ours: Streamlit's navigation has groups between its list and the items, Vega gives a role to groups without marks, and a
formula of KaTeX that must be scrolled cannot be reached by keyboard. Charts have a text alternative around them."""


def violations(page):
    """What axe finds serious or critical: its rule, and where."""
    found = Axe().run(page, context=FRAMEWORK).response["violations"]
    return [(each["id"], node["html"][:200]) for each in found if each["impact"] in SERIOUS for node in each["nodes"]]


@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "home")
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_serious_of_ours_and_no_other_host_is_asked(context, server, name, language, scheme):
    page = context(viewport={"width": 1400, "height": 1000}, locale="en-GB", color_scheme=scheme).new_page()
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).hostname))
    page.goto(f"{server.address}/{name}?lang={language}")
    settled(page)
    found = violations(page)
    page.close()
    assert found == []
    assert asked - {None} == {"127.0.0.1"}  # None: pictures within the page


@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "home")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_wider_than_a_phone(visit, name, language):
    page = visit(f"/{name}?lang={language}", viewport={"width": 390, "height": 840})
    settled(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    main = page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('[data-testid=stMain]'))")
    assert main[0] <= main[1]
