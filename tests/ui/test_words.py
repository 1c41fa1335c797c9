"""Both languages say everything, and say it in their own way of writing."""

import ast
import html
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ann_core.catalogue import BLOCKS, LESSONS, NETWORKS
from ann_core.coaching.diagnoses.supervised import DIAGNOSES
from ann_core.coaching.interventions import INTERVENTIONS
from ann_core.exhibits import spec_class
from ann_core.experiments import SPECS
from ann_core.spec import choices
from ann_core.ui.language import ASSETS, LANGUAGES, NO_BREAK, TERM, plain, sections
from tests.browser import tour

ROOT = Path(__file__).parents[2]
CHINESE = "\u4e00-\u9fff"


def catalogue(language):
    with (ASSETS / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {message.id if isinstance(message.id, str) else message.id[0]: message for message in read_po(file, language) if message.id}


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
IDS = set(CATALOGUES["en"])


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_messages():
    assert set(CATALOGUES["zh"]) == IDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty(language):
    assert [name for name, message in CATALOGUES[language].items() if not all(forms(message))] == []


@pytest.mark.parametrize("name", sorted(IDS))
def test_both_languages_fill_in_the_same_values(name):
    english, chinese = (CATALOGUES[language][name] for language in ("en", "zh"))
    assert isinstance(english.string, tuple) == isinstance(chinese.string, tuple)
    assert len({frozenset(placeholders(text)) for text in (*forms(english), *forms(chinese))}) == 1


def pattern(part):
    """A regular expression for a part of a message id: the text itself, or anything where a value is filled in."""
    if isinstance(part, ast.JoinedStr):
        return "".join(map(pattern, part.values))
    return re.escape(part.value) if isinstance(part, ast.Constant) else ".+"


def used_ids():
    """Message ids in the code: whole ones, and patterns of those that are put together."""
    whole, patterns = set(), set()
    for file in (ROOT / "ann_core").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "labels"):
                argument = node.args[0]
                if node.func.id == "labels":
                    argument = ast.JoinedStr([argument, ast.Constant("."), ast.FormattedValue(argument, -1)])
                if isinstance(argument, ast.Constant):
                    whole.add(argument.value)
                elif isinstance(argument, ast.JoinedStr):
                    patterns.add("".join(map(pattern, argument.values)))
    return whole, patterns


def test_every_message_that_is_asked_for_is_there():
    whole, patterns = used_ids()
    assert whole - IDS == set()
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in IDS)] == []


def test_every_message_is_asked_for():
    whole, patterns = used_ids()
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "ann_core").rglob("*.py"))
    unused = [name for name in IDS - whole if not any(re.fullmatch(p, name) for p in patterns) and f'"{name}"' not in code]
    assert unused == []


def choice_word(field, choice):
    return f"choice.{field}.{choice}" if isinstance(choice, int) else f"choice.{choice}"


def test_everything_in_the_tables_has_its_words():
    wanted = {f"lesson.{entry.key}.title" for entry in LESSONS} | {f"navigation.{entry.section}" for entry in LESSONS}
    wanted |= {f"lesson.{key}.{word}" for key in NETWORKS for word in ("title", "summary")}
    wanted |= {f"block.{block.key}{part}" for block in BLOCKS for part in ("", ".what")}
    for name in {name for entry in LESSONS for name in entry.settings}:
        cls = spec_class(name)
        wanted |= {f"preset.{name}.{preset}" for preset in cls.presets} if len(cls.presets) > 1 else set()
        helped = ("", ".help") if name in SPECS else ("",)
        for field in cls.model_fields:
            wanted |= {f"field.{field}{part}" for part in helped} | {choice_word(field, choice) for choice in choices(cls, field)}
    assert wanted - IDS == set()


def test_everything_that_can_be_found_and_broken_has_its_words():
    wanted = {f"doctor.{record.name}{part}" for record in DIAGNOSES for part in ("", ".evidence", ".remedy")}
    for record in INTERVENTIONS:
        wanted |= {f"guess.{record.name}", f"guess.{record.name}.question"}
        wanted |= {f"guess.answer.{answer}" for answer in record.answers}
        wanted |= {f"guess.{record.name}.because.{answer}" for answer in record.answers}
    assert wanted - IDS == set()


def test_every_reason_has_its_words():
    """Codes of data problems and failed trainings, as the code raises them."""
    wanted = set()
    for file in (ROOT / "ann_core").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        wanted |= {f"data.problem.{code}" for code in re.findall(r'DataProblem\(\s*"(\w+)"', text)}
        wanted |= {f"failure.{code}" for code in re.findall(r'TrainingFailed\(\s*"(\w+)"', text)}
    assert len(wanted) > 10
    assert wanted - IDS == set()


@pytest.mark.parametrize("lesson", [entry.key for entry in LESSONS])
def test_prose_has_the_same_sections_and_terms_in_both_languages(lesson):
    english, chinese = sections(lesson, "en"), sections(lesson, "zh")
    assert list(english) == list(chinese)
    for name in english:
        assert {link["term"] for link in TERM.finditer(english[name])} == {link["term"] for link in TERM.finditer(chinese[name])}, name
        assert all(f"term.{link['term']}" in IDS for link in TERM.finditer(english[name]))


def chinese_texts():
    for file in (ASSETS / "text" / "zh").glob("*.md"):
        yield file.name, file.read_text(encoding="utf-8")
    for name, message in CATALOGUES["zh"].items():
        yield from ((name, text) for text in forms(message))


def test_chinese_uses_chinese_punctuation():
    wrong = re.compile(rf"[{CHINESE}][,;:?!](?!\w*:)|[,;?!][{CHINESE}]|[{CHINESE}]\(|\)[{CHINESE}]")
    found = []
    for name, text in chinese_texts():
        plain = re.sub(r"\]\(term:\w+\)|:material/\w+:|\{[^}]*\}|`[^`]*`", "", text)
        found += [(name, match.group()) for match in wrong.finditer(plain)]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_to_be_bold_is(language):
    """Beside Chinese brackets and quotes Markdown leaves its asterisks standing."""
    texts = {name: form for name, message in CATALOGUES[language].items() for form in forms(message)}
    texts |= {file.name: file.read_text(encoding="utf-8") for file in (ASSETS / "text" / language).glob("*.md")}
    markdown = MarkdownIt("commonmark").enable("table")
    words = {name: re.sub(r"\{[^{}]*\}|\$[^$]*\$|`[^`]*`", "x", text) for name, text in texts.items()}
    assert [name for name, text in words.items() if "**" in markdown.render(text)] == []


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_a_learners_words_are_shown_as_they_are(text):
    shown = MarkdownIt("commonmark").enable("table").renderInline(plain(text))
    assert html.unescape(shown).replace(NO_BREAK, "") == text
    assert not re.search(r":[a-z_/+-]+\d*:", html.unescape(shown)), "an icon"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("训练 200 轮", []),
        ("ReLU", []),
        ("Show data: 损失随轮数的变化", []),
        ("Copy to clipboard", []),
        ("the network is ready", ["the network is ready"]),
        ("Search the training images", ["Search the training images"]),
    ],
)
def test_the_tour_finds_english_on_a_chinese_page(line, found):
    """Names and what the framework says aside; a line that only begins like the framework's is no line of it."""
    assert tour.english(f"开始\n{line}", tour.names()) == found
