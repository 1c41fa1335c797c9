"""The register itself: nothing stands in it that is not tested, and no lesson is missing."""

import ast
import re

import pytest

from ann_core.catalogue import LESSONS
from ann_core.ui.language import LANGUAGES
from tests.claims.register import HERE, claim, said

FILES = sorted(file for file in HERE.glob("test_*.py") if file.name not in {"test_register.py", "test_mutations.py"})


def the_tests_of(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_test_is_a_claim_and_says_its_property(file):
    for test in the_tests_of(file):
        claims = [each for each in test.decorator_list if isinstance(each, ast.Call) and ast.unparse(each.func) == "claim"]
        assert claims, f"{file.name}: {test.name} names no words"
        assert ast.get_docstring(test), f"{file.name}: {test.name} does not say what makes them true"
        found = [ast.unparse(node) for node in ast.walk(test) if isinstance(node, ast.Assert | ast.Call)]
        assert any(each.startswith(("assert ", "np.testing.")) for each in found), f"{file.name}: {test.name} asserts nothing"


@pytest.mark.parametrize("where", [(), ("no.such.message",), ("lstm.md#no_such_section",)])
def test_words_that_do_not_exist_cannot_be_claimed(where):
    with pytest.raises(KeyError):
        claim("lstm", *where)


def test_no_other_lesson_can_be_claimed():
    with pytest.raises(KeyError):
        claim("transistor", "app.title")


def test_a_place_is_read_in_both_languages():
    assert [said("app.language", language) for language in LANGUAGES] == ["语言", "Language"]


def test_every_lesson_has_claims():
    named = set(re.findall(r'@claim\("(\w+)"', "".join(file.read_text(encoding="utf-8") for file in FILES)))
    assert {lesson.key for lesson in LESSONS} <= named
