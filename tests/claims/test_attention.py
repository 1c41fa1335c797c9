"""What the attention lesson says: who looks at whom, what is forbidden, how alike places are, what becomes of it when something is cut."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ann_core.charts.networks.attention import arcs_panel, shares_panel, weights_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.data.attention import rewritten
from ann_core.exhibits import AttendExhibit
from ann_core.lessons.attention import idea, inside, questions, waves
from ann_core.lessons.attention.typed import knock, probe
from ann_core.lessons.attention.typed.asked import Asked, read
from ann_core.maths.networks.attention import Pass
from ann_core.maths.networks.attention import waves as positions
from ann_core.probing.attention import Idle, network_of
from ann_core.specs import AttentionSpec
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.records import Run
from ann_core.training.train import train
from ann_core.ui import language
from tests.claims.register import claim
from tests.patience import PATIENCE

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
LOOKS = "attend.before", "attend.first_word", "attend.step", "attend.tied", "attend.nobody"


@pytest.fixture(params=language.LANGUAGES)
def in_language(request, monkeypatch):
    monkeypatch.setattr(language, "current", lambda: request.param)
    return request.param


def shares_by_hand(spec, count):
    """The shares of the first head, from the tables of the exhibit: (words, words). All words differ."""
    x = np.array(spec.vectors).reshape(-1, 4)[:count]
    if spec.places_added:
        place = np.arange(count)[:, None] * np.array([1.0, 1.0, 0.01, 0.01])
        x = x + np.stack([np.sin(place[:, 0]), np.cos(place[:, 1]), np.sin(place[:, 2]), np.cos(place[:, 3])], axis=1)
    query, key = (np.array(table).reshape(4, 8)[:, :2] for table in (spec.query_weights, spec.key_weights))
    scores = (x @ query) @ (x @ key).T / (np.sqrt(2) if spec.scaled else 1) / spec.sharpness
    if spec.mask in ("causal", "both"):
        scores[np.triu_indices(count, 1)] = -np.inf
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


@claim("attention", "rewriting.said", "knock.accuracy", "field.attention.examples.help")
@given(st.sampled_from(("copy", "reverse", "sort")), st.integers(256, 20_000), st.integers(6, 26), st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_what_is_called_unseen_was_never_trained_on(task, examples, letters, seed):
    """Also where there are so few different sequences that a training would draw them all; none is missing among those trained on."""
    seen, unseen = rewritten(task, examples, 2_000, 4, 0, letters, seed)
    assert not {tuple(x) for x in seen.x} & {tuple(x) for x in unseen.x}
    assert len(seen.x) == examples
    assert len(unseen.x) >= 100


@claim("attention", "knock.accuracy", "idle.counted", "idle.nothing_strong")
def test_as_many_unseen_sequences_are_named_as_there_are():
    """The number told is that of the sequences judged, also where fewer are held out than are judged at most."""
    spec = AttentionSpec(task="copy", length=4, letters=6, examples=8_000, epochs=1)
    run = train(spec)
    at = AppTest.from_function(_knocked, kwargs={"run": run}, default_timeout=PATIENCE).run()
    assert not at.exception
    held_out = len(rewritten_of(spec)[1].y)
    assert held_out < 500
    assert any(f"Right on {held_out} unseen sequences" in each.value for each in at.markdown)
    assert any("In 40 of the unseen sequences" in each.value for each in at.markdown)


def _knocked(run):
    import streamlit as st

    from ann_core.exhibits import KnockExhibit
    from ann_core.lessons.attention.typed import knock
    from ann_core.lessons.attention.typed.asked import read

    st.query_params["lang"] = "en"
    knock._result(run, read(run.spec, "abcd"), KnockExhibit())
    knock._not_an_explanation(run)


@claim("attention", "attending.certain")
@given(st.floats(0.9991, 1))
def test_or_more_is_never_rounded_up(sure):
    """The share told is at most the least of the real ones."""
    answers = np.array([[[sure, 1 - sure]] * 4])
    asked = Asked(np.zeros(4, int), ("A",) * 4, (0,) * 4)
    said = probe.said(AttentionSpec(length=4), asked, Pass((), answers))
    told = re.search(r"(\d+\.\d)% or more", said)
    assert float(told[1]) <= 100 * sure


@claim("attention", "ask.left_out", "ask.filled", "ask.cut")
def test_what_was_left_out_and_how_much_is_read_at_a_time():
    """Three signs are named, and a mark says that there are more; the length is that of what is read now, longer than in training."""
    notes = dict(read(AttentionSpec(length=8, longer=4), "abc 12345").notes)
    assert notes == {"ask.left_out": {"signs": "1 2 3 …"}, "ask.filled": {"length": 12}}
    assert dict(read(AttentionSpec(length=8), "abcdefgh123").notes) == {"ask.left_out": {"signs": "1 2 3"}}


# --- the one before me


@claim("attention", "attend.before")
def test_whoever_looks_equally_at_all_does_not_look_most_at_the_one_before(in_language):
    """With questions of nothing but zeros all shares are alike: nobody is counted."""
    spec = AttendExhibit(text="a b c d", places_added=True, query_weights=(0.0,) * 32)
    assert language.tr("attend.before", n=3, found=0) in " ".join(inside.notes_on(spec))


@claim("attention", *LOOKS, "attention.md#waves", "preset.attend.previous")
@pytest.mark.parametrize("count", range(2, 11))
def test_who_finds_the_word_before_and_where_the_first_one_looks(count, in_language):
    """Counted and computed for any number of words: with five the first looks at itself, 83.5 %, and gives the last 16.3 %."""
    spec = AttendExhibit.preset("previous").changed(text=" ".join(WORDS[:count]))
    shares = shares_by_hand(spec, count)
    found = sum(shares[row].argmax() == row - 1 for row in range(1, count))
    said = " ".join(inside.notes_on(spec))
    assert language.tr("attend.before", n=count - 1, found=found) in said
    most = int(shares[0].argmax())
    assert WORDS[most] in said.rpartition(language.tr("attend.first_word"))[2]
    assert f"{shares[0].max():.1%}" in said
    if count == 5:
        assert most == 0
        assert [f"{share:.1%}" for share in shares[0, [0, 4]]] == ["83.5%", "16.3%"]


@claim("attention", *LOOKS)
@given(
    count=st.integers(2, 10),
    mask=st.sampled_from(["nothing_masked", "causal"]),
    scaled=st.booleans(),
    sharpness=st.floats(0.1, 5),
    added=st.booleans(),
    preset=st.sampled_from(list(AttendExhibit.presets)),
)
@settings(deadline=None, max_examples=60)
def test_at_whom_a_word_looks_is_computed(count, mask, scaled, sharpness, added, preset):
    """Whatever is set: the count of those that look most at the word before, told where positions are added and not otherwise."""
    changes = {"mask": mask, "scaled": scaled, "sharpness": sharpness, "places_added": added, "blanks": 0}
    spec = AttendExhibit.preset(preset).changed(text=" ".join(WORDS[:count]), **changes)
    shares = shares_by_hand(spec, count)
    said = " ".join(inside.notes_on(spec))
    assert (language.tr("attend.first_word") in said) == added
    found = sum(shares[row].argmax() == row - 1 for row in range(1, count))
    clear = np.abs(np.diff(np.sort(shares, axis=1)[:, -2:], axis=1)).min() > 1e-9
    assert not (added and clear) or language.tr("attend.before", n=count - 1, found=found) in said


# --- forbidden is not small


@claim(
    "attention", "attend.hatched", "attend.barred", "attending.matrix.alt", "attending.arcs.alt", "attend.scores.alt", "attend.mixed.alt"
)
@given(seed=st.integers(0, 999), asking=st.integers(2, 12), asked=st.integers(2, 16), share=st.sampled_from([0.0, 0.3, 1.0]))
@settings(deadline=None, max_examples=40)
def test_what_is_forbidden_is_marked_and_what_is_small_is_not(seed, asking, asked, share):
    """Every forbidden link is hatched, and has a dashed line; no link that is allowed and tiny."""
    allowed = np.random.default_rng(seed).random((asking, asked)) >= share
    weights = np.where(allowed, 1e-9, 0.0)
    names = [str(number) for number in range(16)]
    matrix = weights_panel(Titles("", ""), names[:asking], names[:asked], weights, allowed)
    assert [each.tolist() for each in barred_in(matrix)] == ([] if allowed.all() else [(~allowed[None]).tolist()])
    barred = drawn(arcs_panel(Titles("", ""), names[:asking], names[:asked], weights, allowed), 2)
    assert [moment.sum() for moment in barred] == ([] if allowed.all() else (~allowed).sum(axis=1).tolist())
    table = shares_panel(Titles("", ""), names[:asked], [("other", weights), ("share", weights)], allowed, "share")
    assert [each.tolist() for each in barred_in(table)] == ([] if allowed.all() else [(~allowed[:, None]).tolist()])


def barred_in(panel):
    """What each hatching of a panel lies over, (moments, rows, columns)."""
    return [mark.barred.astype(bool) for mark in panel.marks if mark.kind == "hatch"]


def drawn(panel, points):
    """Which lines of a mark of so many points have a length: for each moment one or zero a line; nothing where there is none."""
    marks = [mark for mark in panel.marks if mark.kind == "lines" and mark.places.shape[2] == points and not mark.name]
    framing = [mark for mark in marks if mark.places.shape[1] == 1 and mark.width == 3.0]
    marks = [mark for mark in marks if all(mark is not other for other in framing)]
    return [(np.ptp(moment.astype(int), axis=1).max(axis=1) > 0) for mark in marks for moment in mark.places]


@claim("attention", "attend.hatched", "attend.barred", "term.mask")
@given(
    mask=st.sampled_from(["nothing_masked", "causal", "blanks", "both"]),
    blanks=st.integers(0, 6),
    count=st.integers(1, 4),
    sharpness=st.floats(0.1, 5),
)
@settings(deadline=None)
def test_the_legend_is_there_where_something_is_forbidden(mask, blanks, count, sharpness):
    """Hatching is explained, and what it bars counted word by word, where a mask forbids; what is forbidden has a share of exactly 0."""
    spec = AttendExhibit(text=" ".join(WORDS[:count]), mask=mask, blanks=blanks, sharpness=sharpness)
    length = len(inside.sequence(spec))
    forbidden = np.zeros((length, length), bool)
    if mask in ("causal", "both"):
        forbidden |= np.triu(np.ones((length, length), bool), 1)
    if mask in ("blanks", "both"):
        forbidden[:, length - blanks :] |= blanks > 0
    hand = inside.hand_of(spec)
    assert not hand.look.weights[0, 0][forbidden].any()
    assert (language.tr("attend.hatched") in inside.notes_on(spec)) == forbidden.any()
    for place in range(length):
        count = int(forbidden[place].sum())
        assert inside._barred(hand, place) == ([language.tr("attend.barred", n=count)] if count else [])


# --- places


@claim("attention", "waves.place", "waves.alike.alt", "attention.md#waves")
@given(count=st.integers(10, 100), width=st.integers(4, 64), data=st.data())
@settings(deadline=None)
def test_how_alike_places_are_is_told_in_numbers(count, width, data):
    """The dot products with itself, with the neighbours and the lowest one, from sines and cosines written out."""
    place = data.draw(st.integers(0, count - 1))
    speeds = [10_000 ** -(number // 2 * 2 / width) for number in range(width)]
    made = np.array([[(np.cos if n % 2 else np.sin)(at * speed) for n, speed in enumerate(speeds)] for at in range(count)])
    row = made @ made[place]
    said = waves.place_words(positions(count, width) @ positions(count, width).T, place)
    near = [row[other] for other in (place - 1, place + 1) if 0 <= other < count]
    for value in (row[place], *near, row.min()):
        assert language.signed(value) in said or abs(value) < 1e-3
    assert all(value > 0.5 * row[place] for value in near), "neighbours are always rather alike"


@claim("attention", "attention.md#waves")
def test_with_four_numbers_the_fast_wave_comes_round_again_after_six_places():
    """The product with the place six farther on is again over nine tenths of that with itself, and three farther on near zero."""
    row = (positions(20, 4) @ positions(20, 4).T)[0] / 2
    assert row[6] > 0.9
    assert abs(row[3]) < 0.1


# --- what was cut


@claim("attention", "knock.answer", "idle.case", "idle.all_matter")
@given(share=st.floats(0, 1), digits=st.sampled_from([1, 2]))
def test_what_is_said_to_be_no_more_than_that_is_not(share, digits):
    """A share that something does not exceed is rounded up, and by less than the last digit."""
    said = float(knock.at_most(share, digits).rstrip("%"))
    assert said >= 100 * share - 1e-9
    assert said - 100 * share < 10.0**-digits + 1e-9


@claim("attention", "idle.alone", "idle.all_matter", "idle.case")
@pytest.mark.parametrize(("heads", "blocks", "task"), [(1, 1, "reverse"), (2, 1, "reverse"), (1, 2, "sort"), (1, 1, "dates")])
def test_that_nobody_can_step_in_is_said_of_a_single_head_only(heads, blocks, task, monkeypatch):
    """With other heads or layers the sentence is left out; for dates there is always one layer more."""
    spec = AttentionSpec(heads=heads, blocks=blocks, task=task)
    said = []
    monkeypatch.setattr(knock.st, "markdown", said.append)
    run = Run.__new__(Run)
    object.__setattr__(run, "spec", spec)
    knock._case(run, Idle(np.array([1, 2, 3]), 0, 0, 0, 1, 0.9, 0.4))
    assert (language.tr("idle.alone") in said[0]) == (heads * blocks == 1 and task != "dates")


@claim("attention", *(f"attending.how.{name}" for name in ("earlier", "look_up", "copy", "reverse", "sort", "dates", "blanks")))
@pytest.mark.parametrize("task", ["copy", "reverse", "sort", "look_up", "dates"])
@pytest.mark.parametrize("blocks", [1, 2])
def test_rows_make_the_answer_in_the_last_layer_only(task, blocks):
    """What the rows of a layer are for is told by where the layer stands; of dates the last one is the reader."""
    spec = AttentionSpec(task=task, blocks=blocks)
    last = blocks - (task != "dates")
    for layer in range(last + 1):
        told = probe.how(spec, layer)
        assert told[0] == language.tr(f"attending.how.{task}" if layer == last else "attending.how.earlier")
        assert (language.tr("attending.how.blanks") in told) == (task == "dates")


# --- costs, questions


@claim("attention", "costs.like_square", "costs.not_yet", "costs.beyond", "costs.said")
@given(growth=st.floats(0.1, 50), factor=st.floats(1.5, 8))
def test_the_growth_of_time_is_told_by_what_was_measured(growth, factor):
    """Near the square of the factor where it is within a root of it, up or down; else less, or more."""
    power = np.log(growth) / np.log(factor)
    expected = "costs.not_yet" if power < 1.5 else "costs.like_square" if power < 2.5 else "costs.beyond"
    assert idea.why_so(growth, factor) == expected or min(abs(power - 1.5), abs(power - 2.5)) < 1e-6


@claim("attention", "quiz.scores", "quiz.scores.because", "quiz.scale", "quiz.scale.because", "quiz.kernels", "quiz.kernels.because")
@given(
    width=st.sampled_from([8, 16, 32, 64]),
    heads=st.sampled_from([1, 2, 4]),
    scaled=st.booleans(),
    length=st.integers(4, 16),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_the_questions_are_right_for_every_network(width, heads, scaled, length, seed):
    """√ of the numbers a head has; sixteen times the scores; four square matrices. And products drawn by lot are √d times as large."""
    spec = AttentionSpec(model_width=width, heads=heads, scaled=scaled, length=length)
    size = width // heads
    asked = questions.scale(spec)
    assert float(asked.answers[asked.right]) == pytest.approx(size**0.5, abs=0.01)
    asked = questions.kernels(spec)
    assert int(asked.answers[asked.right].replace(",", "")) == 4 * width * heads * size
    asked = questions.scores(spec)
    assert int(asked.answers[asked.right].replace(",", "")) == 16 * length**2
    q, k = np.random.default_rng(seed).standard_normal((2, 4_000, size))
    assert (q * k).sum(axis=1).std() == pytest.approx(size**0.5, rel=0.15)


@claim("attention", "attention.md#inside", "attention.md#takeaways")
@given(order=st.permutations(range(5)), mask=st.sampled_from(["nothing_masked", "causal"]))
@settings(deadline=None, max_examples=30)
def test_without_positions_and_masks_there_is_no_order(order, mask):
    """The words of a sentence in another order find the same as before; with a mask, not all do unless the order is the same."""
    words = WORDS[:5]
    spec = AttendExhibit(text=" ".join(words), mask=mask)
    vectors = np.array(spec.vectors).reshape(-1, 4)
    shuffled = np.concatenate([vectors[list(order)], vectors[5:]])
    other = spec.changed(text=" ".join(words[place] for place in order), vectors=tuple(shuffled.ravel().tolist()))
    before, after = (inside.hand_of(each).look.outputs[0] for each in (spec, other))
    same = np.allclose(before[list(order)], after)
    assert same == (mask == "nothing_masked" or all(first < second for first, second in pairwise(order)))


@claim("attention", "heads.untrained")
def test_before_training_queries_and_keys_are_the_same():
    """Keras gives one seed to all four matrices of a layer: so q and k of every place are equal until the first step."""
    for preset in AttentionSpec.presets:
        run = train(AttentionSpec.preset(preset).changed(examples=256, epochs=1, batch_size=256))
        for heads in (block.heads for block in network_of(run, run.checkpoints[0]).blocks):
            np.testing.assert_array_equal(heads.query, heads.key)
        for heads in (block.heads for block in network_of(run).blocks):
            assert not np.array_equal(heads.query, heads.key)


@claim("attention", "attend.words")
@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=8), st.permutations("vwxyz"))
@settings(max_examples=40, deadline=None)
def test_other_words_in_the_same_places_give_the_same_numbers(text, others):
    """With every word replaced by another one, alike by alike, not a number of the attention changes."""
    replaced = [others["abcde".index(word)] for word in text]
    first, second = (inside.hand_of(AttendExhibit(text=" ".join(words))).look for words in (text, replaced))
    for part in ("q", "k", "v", "scores", "weights", "mixed", "outputs"):
        np.testing.assert_array_equal(getattr(first, part), getattr(second, part))
