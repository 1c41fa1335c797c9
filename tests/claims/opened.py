"""Pages as a learner opens them, and what stands on them."""

import re
from collections.abc import Iterable, Iterator

from streamlit.testing.v1 import AppTest

from tests.claims.register import HERE
from tests.patience import PATIENCE
from tests.ui.test_words import IDS

BRACE = re.compile(r"\{[a-z_][\w.]*(?:[:!][^{}]*)?\}")
LEFT_ALONE = re.compile(r"\$[^$]*\$|```.*?```|`[^`]*`", re.DOTALL)
WORD = re.compile(r"[a-z_]+(?:\.[\w-]+)+")


def at_page(lesson: str, language: str, **query: str) -> AppTest:
    """A lesson's page in a language, with what its address says."""
    at = AppTest.from_file(str(HERE.parents[1] / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = language
    at.run()
    if lesson != "home":
        at.switch_page(f"screens/{lesson}.py")
    for name, token in query.items():
        at.query_params[name] = token
    at.run()
    assert not at.exception, at.exception
    return at


def texts(at: AppTest) -> Iterator[str]:
    """All words on a page: texts, labels, help, options, and what charts and pictures say in their stead; no formulas and no code."""
    for element in elements(at):
        if element.type in ("latex", "code"):
            continue
        said = [getattr(element, name, None) for name in ("value", "label", "help", "placeholder", "body", "alt")]
        said += list(getattr(element, "options", None) or [])
        said.append(getattr(getattr(element, "proto", None), "alt", None))
        yield from (each for each in said if isinstance(each, str))


def elements(at: AppTest) -> Iterator:
    """All that stands on a page and in its sidebar."""
    yield from (*_walk(at.main), *_walk(at.sidebar))


def _walk(block) -> Iterator:
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _walk(child)


def raw_words(said: Iterable[str]) -> list[str]:
    """What was never filled in, and names of messages, in some texts."""
    found = []
    for text in said:
        plain = LEFT_ALONE.sub("", text)
        found += [match.group() for match in BRACE.finditer(plain)]
        found += [word for word in WORD.findall(plain) if word in IDS]
    return found
