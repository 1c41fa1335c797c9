"""What holds for the words of all lessons: one key has one meaning, and no raw word ever reaches a page."""

import ast
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ann_core.catalogue import LESSONS
from ann_core.catalogue import lesson as lesson_of
from ann_core.exhibits import WorksheetExhibit, spec_class
from ann_core.lessons.learning.worksheet import network_of
from ann_core.maths.learning.backpropagation import STAGES, worksheet
from ann_core.ui import language as spoken
from ann_core.ui.language import LANGUAGES
from tests.claims.opened import at_page, raw_words, texts
from tests.claims.register import claim
from tests.specs.test_specs import specs_of
from tests.ui.test_words import CATALOGUES, IDS, forms, placeholders

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "ann_core").rglob("*.py"), *(ROOT / "screens").glob("*.py")])
BLANKS = {name: placeholders(forms(CATALOGUES["en"][name])[0]) for name in IDS}
"""What is to be filled in, by message."""
FILLED = sorted(name for name, blanks in BLANKS.items() if blanks)
PLURAL = {name for name in IDS if isinstance(CATALOGUES["en"][name].string, tuple)}


class Call(NamedTuple):
    """A place in the code that asks for a message by its whole name, and what it fills in."""

    where: str
    message: str
    given: frozenset[str]


def names(node: ast.expr) -> list[str]:
    """The whole names that an expression may stand for."""
    if isinstance(node, ast.IfExp):
        return [*names(node.body), *names(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) else []


def calls() -> list[Call]:
    """All calls of `tr` and `Source.exact` with a whole name whose values can be read off the code."""
    found = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in ("tr", "Source.exact"):
                given = [keyword.arg for keyword in node.keywords]
                if None not in given:
                    where = f"{file.relative_to(ROOT)}:{node.lineno}"
                    found += [Call(where, name, frozenset(given)) for name in names(node.args[0])]
    return found


CALLS = calls()


@claim("frame", *FILLED)
def test_whoever_asks_for_a_message_fills_in_all_of_it():
    """Wherever the code names a message and its values, these are all that the message has, and so none is left raw."""
    assert len(CALLS) > 500
    assert [(call.where, call.message, BLANKS[call.message] - call.given) for call in CALLS if BLANKS[call.message] - call.given] == []


@claim("frame", *sorted(PLURAL))
def test_only_a_message_with_a_plural_is_counted():
    """A value called n asks for singular or plural: a message that has none would come back as its own name."""
    assert [(call.where, call.message) for call in CALLS if ("n" in call.given) != (call.message in PLURAL)] == []


@pytest.fixture
def asked(monkeypatch):
    """Whether values came with it, for each time that a message is asked for: {message: {True, False}}."""
    heard: dict[str, set[bool]] = {}
    catalogue = spoken.catalogue

    def listening(language):
        caller = sys._getframe(1)
        if caller.f_code is spoken.tr.__code__:
            heard.setdefault(caller.f_locals["message"], set()).add(bool(caller.f_locals["values"]))
        return catalogue(language)

    monkeypatch.setattr(spoken, "catalogue", listening)
    return heard


def of_two_kinds(heard):
    """Messages that were used as a title, with nothing filled in, and as a sentence with figures, or that were left raw."""
    return sorted(name for name, ways in heard.items() if len(ways) > 1 or (name in FILLED and False in ways))


@claim("frame", *FILLED)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: entry.key)
def test_no_brace_and_no_message_id_on_a_page(entry, language, asked):
    """An opened page shows words: nothing that was to be filled in, no name of a message, and no key with two meanings."""
    assert raw_words(texts(at_page(entry.key, language))) == []
    assert len(asked) > 30
    assert of_two_kinds(asked) == []


@claim("learning", *(f"worksheet.stage.{stage}{part}" for stage in STAGES for part in ("", ".how")), "worksheet.show", "worksheet.all")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worksheet_shows_words_at_every_step(language, asked):
    """At all of its steps, one after the other, with and without a prediction, and after the last one."""
    at, steps = at_page("learning", language), 0
    while any(button.key == "worksheet_show" for button in at.button):
        if steps % 3:
            at.number_input(key="worksheet_prediction").set_value((0.1234, -50.0)[steps % 3 - 1])
        at.button(key="worksheet_show").click().run()
        assert not at.exception
        assert raw_words(texts(at)) == [], steps
        steps += 1
    assert steps == len(worksheet(network_of(WorksheetExhibit()), (1.0, 0.5), 1.0, 0.5))
    shown = " ".join(texts(at))
    for stage in STAGES:
        assert f"**{CATALOGUES[language][f'worksheet.stage.{stage}'].string}**" in shown
    at.button(key="worksheet_next_example").click().run()
    at.button(key="worksheet_all").click().run()
    assert raw_words(texts(at)) == []
    assert of_two_kinds(asked) == []


@claim("frame", "app.title")
def test_the_tests_of_words_would_find_a_raw_one():
    """A brace, a plural and a message id are found, formulas and code are left alone; a key of two meanings is found."""
    for raw in ("Loss {before}", "worksheet.loss.fell", "**worksheet.stage.loss**", "{n:,} steps"):
        assert raw_words([raw]), raw
    for fine in (r"$f(z) = \frac{1}{2}$", "`{x}`", "e.g. this", "0.5.", "scikit-learn.org"):
        assert not raw_words([fine]), fine
    assert [name for name in IDS if "." in name and not raw_words([name])] == []
    assert set(of_two_kinds({"app.title": {True, False}, FILLED[0]: {False}, FILLED[1]: {True}})) == {"app.title", FILLED[0]}


@claim("frame", *FILLED)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", ["neuron", "learning"])
@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_brace_and_no_message_id_whatever_is_set(lesson, language, asked, data):
    """The same for any settings of what is computed on the spot."""
    query = {}
    for name in lesson_of(lesson).exhibits:
        query |= data.draw(specs_of(spec_class(name))).to_query()
    assert raw_words(texts(at_page(lesson, language, **query))) == []
    assert of_two_kinds(asked) == []
