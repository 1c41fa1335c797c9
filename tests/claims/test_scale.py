"""What the page on attention says of how large networks are."""

import re

import pytest

from ann_core.lessons.attention.scale import PUBLISHED, captions, size_of, table
from ann_core.models import build
from ann_core.specs import AttentionSpec
from tests.claims.register import claim

VOCABULARY, CONTEXT = 50_257, {"GPT-2": 1_024, "GPT-3": 2_048}


@claim("attention", "scale.fills", "scale.parameters", "scale.own", "scale.source")
@pytest.mark.parametrize(
    "changes", [{}, {"task": "dates", "heads": 2}, {"blocks": 2, "feed_forward": 0, "norm": False, "positions": "none"}]
)
def test_the_learners_own_network_is_counted_as_keras_counts_it(changes):
    """All numbers of the network of the settings at hand, whatever they are."""
    spec = AttentionSpec(**changes)
    assert size_of(spec).parameters == build(spec).count_params()


@claim("attention", "scale.source", "attention.md#scale")
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_sizes_agree_with_one_another(name):
    """Blocks of the stated width and number have, with the embeddings, as many numbers as are stated: within three in a hundred."""
    size = PUBLISHED[name]
    counted = 12 * size.blocks * size.width**2 + (VOCABULARY + CONTEXT[name]) * size.width
    assert counted == pytest.approx(size.parameters, rel=0.03)
    assert size.width % size.heads == 0


@claim("attention", "scale.times", "scale.alt")
def test_every_square_is_told_how_many_times_the_one_before_it_is():
    """The quotient of two rows of the table is the number of the caption."""
    sizes = {"own": size_of(AttentionSpec()), **PUBLISHED}
    numbers = [size.parameters for size in sizes.values()]
    told = captions(sizes)
    for place in (1, 2):
        times = float(re.search(r"That is ([\d,]+) times", told[place])[1].replace(",", ""))
        assert times == pytest.approx(numbers[place] / numbers[place - 1], rel=0.01)
    assert all(f"{number:,}" in table(sizes) for number in numbers)
