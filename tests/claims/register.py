"""The register of claims: what the pages say, and the test that makes it true.

A claim is a test in this folder. It names the lesson and the words that it holds: message ids, or sections of prose as
`<lesson>.md#<section>`. Its docstring is the property. What is true of every setting is tested over the settings
(hypothesis); what was measured is measured again, over seeds (marker `slow` where that takes long).
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from ann_core.catalogue import LESSONS
from ann_core.ui.language import LANGUAGES, catalogue, sections

HERE = Path(__file__).parent
SHARED = "frame"
"""What stands on the pages of several lessons: doctor, pins, guesses, films, splits."""


def claim(lesson: str, *where: str) -> Callable:
    """Enters a test in the register. Raises `KeyError` for a lesson or for words that do not exist in both languages."""
    if lesson != SHARED and lesson not in {each.key for each in LESSONS}:
        raise KeyError(lesson)
    if not where:
        raise KeyError(f"{lesson}: where does it stand?")
    for place in where:
        for language in LANGUAGES:
            if not said(place, language):
                raise KeyError(f"{place} ({language})")
    return pytest.mark.claim(lesson, where)


def said(place: str, language: str) -> str:
    """The words that stand at a place, in a language; nothing where there are none."""
    if "#" in place:
        file, _, section = place.partition("#")
        return sections(file.removesuffix(".md"), language).get(section, "")
    words = catalogue(language)
    found = {words.gettext(place), words.ngettext(place, place, 2)} - {place}
    return found.pop() if found else ""
