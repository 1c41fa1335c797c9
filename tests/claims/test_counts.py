"""One thing is not told as several: the English messages with every number at 1."""

import re

import pytest

from ann_core.exhibits import spec_class
from ann_core.spec import bounds
from ann_core.ui import language
from tests.claims.register import SHARED, claim
from tests.ui.test_words import CATALOGUES, IDS, forms

THINGS = "epochs|steps|neurons|layers|units|points|biases|links|kernels|maps"
COUNTED_BY_N = f"{THINGS}|answers|channels|draws|examples|images|networks|places|runs|seeds|sequences|times|trainings|windows|words"
NUMBER = re.compile(r"\{(\w+)[^{}]*\}")
NO_NUMBERS = {"intact", "broken", "name", "part", "sizes", "layer", "share"}
"""What is filled in here are words, or shares, or the number of one layer."""
AT_LEAST = {
    **{f"depth.deltas.{kind}": ("depth", "stack") for kind in ("shrinks", "grows", "level", "gone")},
    "quiz.keeping": ("recall", "gap"),
}
"""Numbers that begin higher: an exhibit or an experiment, and its field."""
NEVER_ONE = {
    "claim.same": "a constant",
    "ahead.chaos": "the Lyapunov times of the series that have one",
    "ahead.chaos.at_least": "the same",
    "depth.sizes": "a constant",
    "judge.who": "a constant",
    "quality.how": "a constant",
    "quiz.steps": "of 20 points a tenth are trained on at least",
    "quiz.steps.balanced": "of 20 points a tenth are trained on at least",
    "series.beside": "the stretch of a series that is shown",
    "source.study": "a study that is kept",
    "source.xor": "a study that is kept",
    "stage.crowded": "a constant",
    "stage.outside": "a constant",
    "strip.states.some": "more units than are shown",
    **dict.fromkeys(("study.adding", "study.longer", "study.longer_none", "study.recall"), "a study that is kept"),
}


def ones(name: str, number: str = "") -> str:
    """The singular of a message with this number at 1, or every number; what is no number is left as it is."""
    text = forms(CATALOGUES["en"][name])[0]
    asked = {number} if number else set(NUMBER.findall(text)) - NO_NUMBERS
    return NUMBER.sub(lambda blank: "1" if blank[1] in asked else blank[0], text)


def several(text: str, things: str = THINGS) -> list[str]:
    """Where a text tells one thing as several."""
    return re.findall(rf"\b(?<![.,])1\*{{0,2}} (?:(?!of|the|percentage)[a-z]+ ){{0,2}}?(?:{things})\b", text)


@claim(
    SHARED,
    "count.epochs",
    "panel.finished",
    "panel.stopped",
    "panel.finished.game",
    "panel.stopped.game",
    "guess.measured",
    "layers.part",
    "idle.counted",
    "doctor.dead.evidence",
)
@pytest.mark.parametrize("name", sorted(IDS - AT_LEAST.keys() - NEVER_ONE.keys()))
def test_one_thing_is_not_told_as_several(name):
    """Neither "1 epochs" nor "1 hidden neurons", in whatever message a number may be 1; a number called n chooses the singular."""
    assert several(ones(name)) == []
    assert several(ones(name, "n"), COUNTED_BY_N) == []


@claim("neuron", *AT_LEAST)
@pytest.mark.parametrize(("name", "where"), AT_LEAST.items())
def test_a_number_that_is_left_out_begins_higher(name, where):
    """Two at least, by the bounds of its field."""
    assert bounds(spec_class(where[0]), where[1]).low > 1
    assert several(ones(name))


@claim(SHARED, "count.epochs")
def test_the_test_of_counts_would_find_one():
    """One thing, with a word between or in bold; and nothing in what is right. Counted epochs are a phrase of its own."""
    for wrong in ("after 1 epochs", "a bias for each of 1 neurons", "**1** unseen points", "1 of 1 neurons"):
        assert several(wrong), wrong
    for right in ("after 1 epoch", "1 of its places", "11 epochs", "0.1 epochs", "1 percentage points", "Layer 1: maps"):
        assert not several(right), right
    words = language.catalogue("en")
    assert [words.ngettext("count.epochs", "count.epochs", n).format(n=n) for n in (1, 2000)] == ["1 epoch", "2,000 epochs"]
