"""The learner's language, and the words in it."""

import math
import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"zh": "中文", "en": "English"}
TERM = re.compile(r"\[(?P<words>[^\]]+)\]\(term:(?P<term>\w+)\)")
"""A word of the vocabulary in prose: [learning rate](term:learning_rate)."""

MARKUP = re.compile(r"[!-/;-@\[-`{-~]")
NO_BREAK = "\u2060"  # between the colons of an icon, or in an address, it makes them words

ASSETS = Path(__file__).parents[2] / "assets"
PLAIN = 7  # digits: beyond that a number is written as a power of ten
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def preferred() -> str:
    """What the browser asks for: Chinese where it says so, else English."""
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def current() -> str:
    """The language of this session: the switch says it, or what it last said."""
    for key in ("lang", "_lang"):  # one look is enough nearly always, and every word on a page asks
        if (said := st.session_state.get(key)) in LANGUAGES:
            return said
    return preferred()


@cache
def catalogue(language: str) -> GNUTranslations:
    """The interface's words in a language, read from the catalogue as it was written."""
    file = ASSETS / "locale" / language / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def tr(message: str, **values: object) -> str:
    """The words for a message id, with values filled in; a value `n` chooses between singular and plural."""
    words = catalogue(current())
    found = words.ngettext(message, message, values["n"]) if "n" in values else words.gettext(message)
    return found.format(**values) if values else found


def known(message: str) -> bool:
    """Whether there are words for a message id."""
    return catalogue(current()).gettext(message) != message


def sentences(*parts: str) -> str:
    """Sentences one after the other: with a blank between them, or, in Chinese, without."""
    return ("" if current() == "zh" else " ").join(parts)


def plain(text: str) -> str:
    """A learner's own words as Markdown that shows them as they are: no links, pictures, formulas or icons."""
    return MARKUP.sub(r"\\\g<0>", " ".join(text.split())).replace(":", f":{NO_BREAK}")


def signed(value: float) -> str:
    """A number with three digits behind the point and a real minus sign."""
    return fixed(value, 3) if abs(value) < 1e4 else digits(value)


def fixed(value: float, places: int) -> str:
    """A number with so many digits behind the point and a real minus sign."""
    return f"{value:z.{places}f}".replace("-", "−")


def digits(value: float, count: int = 3) -> str:
    """A number rounded to so many digits, as it is written in books: 0.0123, 12,300, 1.23×10⁻⁵, ∞."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    short = f"{value:.{count}g}"
    return printed(f"{float(short):,.{PLAIN}g}" if abs(value) < 10**PLAIN else short)


def printed(number: str) -> str:
    """A number as Python writes it, as it is printed in books."""
    size, _, power = number.partition("e")
    return size.replace("-", "−") + ("×10" + str(int(power)).translate(RAISED) if power else "")


def labels(prefix: str, options: Iterable[object]) -> Callable[[object], str]:
    """A widget's `format_func`: the words for each option, looked up now, for Streamlit may ask outside the session."""
    return {option: tr(f"{prefix}.{option}") for option in options}.get


def prose(lesson: str, section: str) -> str:
    """A section of a lesson's prose in the current language, as Markdown; its terms explain themselves."""
    return TERM.sub(_explained, sections(lesson, current())[section])


def _explained(link: re.Match) -> str:
    definition = tr(f"term.{link['term']}").replace('"', "”").replace("**", "")  # a tooltip is plain text
    return f'[{link["words"]}](#glossary "{definition}")'


def terms(lesson: str) -> list[str]:
    """The terms that a lesson's prose explains, in order of their first use."""
    found = (link["term"] for text in sections(lesson, current()).values() for link in TERM.finditer(text))
    return list(dict.fromkeys(found))


def sections(lesson: str, language: str) -> dict[str, str]:
    """A lesson's prose by section id. Raises `FileNotFoundError` for a lesson without prose."""
    file = ASSETS / "text" / language / f"{lesson}.md"
    return _sections(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _sections(file: Path, _modified: int) -> dict[str, str]:
    parts = file.read_text(encoding="utf-8").split("\n## ")[1:]
    return {head.strip(): body.strip() for head, _, body in (part.partition("\n") for part in parts)}
