"""What the feed-forward page says of images: how they are held out, what is really used, what was measured on them."""

import re
import time
from dataclasses import replace
from functools import cache
from importlib.machinery import PathFinder
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from scipy.spatial.distance import cdist
from scipy.stats import norm

from ann_core.coaching.interventions import interventions
from ann_core.coaching.interventions.intervention import learned_nothing
from ann_core.data import images
from ann_core.data.drawing import CENTRE, to_digit
from ann_core.data.fingerprint import fingerprint
from ann_core.lessons.feedforward import questions
from ann_core.lessons.feedforward import splits as page
from ann_core.lessons.feedforward.picture import over_pixels
from ann_core.maths.measures.shares import share
from ann_core.probing import splits
from ann_core.specs import FeedForwardSpec, GanDigitsSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.images import pixels_shuffled, seen
from ann_core.training.train import train
from ann_core.ui import trainings
from ann_core.ui.figures import classified
from ann_core.ui.language import LANGUAGES, catalogue, sections
from ann_core.ui.workbench import looking
from ann_core.ui.workbench.guess import figures
from tests.claims import register
from tests.claims.opened import texts
from tests.claims.register import claim
from tests.ui.test_pages import open_page

SKLEARN = Path(PathFinder.find_spec("sklearn").submodule_search_locations[0])
NAMES = [f"class {label}" for label in range(10)]


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


@cache
def table():
    """scikit-learn's file as it is: digits of 0 … 16, (1797, 64), and their labels."""
    rows = np.loadtxt(SKLEARN / images.DIGITS_FILE, delimiter=",")
    return rows[:, :-1], rows[:, -1].astype(int)


def edits(first, second):
    """How many insertions, deletions and substitutions lead from one sequence to another."""
    before = list(range(len(second) + 1))
    for i, here in enumerate(first, 1):
        now = [i]
        for j, there in enumerate(second, 1):
            now.append(min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (here != there)))
        before = now
    return before[-1]


def wilson(count, of, z=None):
    z = norm.ppf(0.975) if z is None else z
    middle, reach = count + z**2 / 2, z * sqrt(count * (of - count) / of + z**2 / 4)
    return (middle - reach) / (of + z**2), (middle + reach) / (of + z**2)


def said(message, **values):
    """English words: without a session they are what `tr` gives."""
    return catalogue("en").gettext(message).format(**values)


@claim("feedforward", "feedforward.md#splits", "splits.sheets")
def test_the_sheets_begin_where_the_same_sequence_of_labels_begins_anew():
    """One form of 130 digits is repeated 14 times, with a few gaps; no boundary could be moved and fit better."""
    labels = table()[1].tolist()
    starts, form = [*images.DIGITS_SHEETS, len(labels)], labels[:130]
    assert len(images.DIGITS_SHEETS) == 14
    for before, here, after in zip(starts, starts[1:], starts[2:], strict=False):
        fits = {at: edits(labels[before:at], form) + edits(labels[at:after], form) for at in range(here - 3, here + 4)}
        assert min(fits, key=fits.get) == here
        assert list(fits.values()).count(fits[here]) == 1
    assert max(edits(labels[first:last], form) for first, last in pairwise(starts)) <= 8


@claim("feedforward", "feedforward.md#splits")
def test_the_digits_were_written_by_13_people():
    """So says the description that comes with them; on more sheets, so that one hand at least wrote two, which is told."""
    words = " ".join((SKLEARN / "datasets" / "descr" / "digits.rst").read_text(encoding="utf-8").split())
    assert "different 13 to the test set" in words
    assert len(images.DIGITS_SHEETS) > 13
    assert "somebody filled in two" in sections("feedforward", "en")["splits"]
    assert "有人写了两页" in sections("feedforward", "zh")["splits"]


@claim("feedforward", "feedforward.md#splits", "splits.kind.sheets", "data.fallback")
def test_whole_sheets_are_held_out_wherever_the_small_digits_are_used():
    """What is tested are the last three sheets, row by row, in the lessons on images and in the game on digits alike."""
    rows, labels = table()
    found = images.load("digits")
    assert (len(found.x_train), len(found.x_test)) == (1_415, 382)
    expected = images.enlarged(rows)
    for part, mine, theirs in (("test", found.x_test, expected[1_415:]), ("train", found.x_train, expected[:1_415])):
        assert sorted(image.tobytes() for image in mine) == sorted(image.tobytes() for image in theirs), part
    assert sorted(found.y_test.tolist()) == sorted(labels[1_415:].tolist())
    examples, source = examples_of(GanDigitsSpec())
    assert (source.training, source.testing) == (1_415, 382)
    assert sorted(row.tobytes() for row in examples.x) == sorted(row.tobytes() for row in images.centred(rows[:1_415]))
    of = images.sheets()
    assert not set(of[: images.DIGITS_TRAINING]) & set(of[images.DIGITS_TRAINING :])


@claim("feedforward", "panel.outdated", "probe.no_images")
def test_runs_on_the_former_split_are_told_from_those_on_this_one():
    """The same digits, held out in another way, have another fingerprint: in the lessons on images and in the game."""
    rows, labels = table()
    order = np.random.default_rng(0).permutation(len(rows))
    pictures, names = images.enlarged(rows[order]), labels[order].astype(np.uint8)
    former = fingerprint((pictures[:1_437], names[:1_437], pictures[1_437:], names[1_437:]))
    assert images.load("digits").fingerprint != former
    assert examples_of(FeedForwardSpec(dataset="digits"))[1].fingerprint == images.load("digits").fingerprint
    assert examples_of(GanDigitsSpec())[1].fingerprint != fingerprint((images.centred(rows[order]), names))


def nearest_right(training, test):
    rows, labels = table()
    return labels[training][cdist(rows[test], rows[training], "sqeuclidean").argmin(axis=1)] == labels[test]


@claim("feedforward", "splits.neighbour", "splits.neighbour.sheets", "splits.neighbour.mixed", "splits.pretends")
def test_the_nearest_digit_is_four_times_as_often_wrong_on_hands_never_seen():
    """Errors as computed from the file: 3 in a hundred more, beyond what chance does, where whole sheets are held out."""
    whole = nearest_right(np.arange(1_415), np.arange(1_415, 1_797))
    assert page.of_neighbours("sheets").value == pytest.approx(whole.mean())
    assert whole.mean() == pytest.approx(0.958, abs=0.001)
    assert nearest_right(np.arange(1_437), np.arange(1_437, 1_797)).mean() == pytest.approx(0.956, abs=0.001)
    order = np.random.default_rng(0).permutation(1_797)
    kept = [np.flatnonzero(images.digits_order(1_797) == row)[0] for row in range(1_797)]
    drawn = splits.split("mixed")
    assert sorted(np.concatenate(drawn)) == sorted(kept) == list(range(1_797))
    assert drawn.test.tolist() == order[1_415:].tolist()
    at_file = images.digits_order(1_797)
    mixed = nearest_right(at_file[drawn.training], at_file[drawn.test])
    assert page.of_neighbours("mixed").value == pytest.approx(mixed.mean())
    assert (1 - whole.mean()) / (1 - mixed.mean()) > 3
    ends = wilson(mixed.sum(), 382)[0], wilson(whole.sum(), 382)[1]
    low = mixed.mean() - whole.mean() - sqrt((mixed.mean() - ends[0]) ** 2 + (ends[1] - whole.mean()) ** 2)
    assert low > 0
    assert "hides" in page.said_of_both(page.of_neighbours("sheets"), page.of_neighbours("mixed"))


@claim("feedforward", "splits.neighbour.mixed", "splits.neighbour.sheets", "feedforward.md#splits")
def test_how_often_the_nearest_digit_is_from_the_same_sheet():
    """None where sheets are held out whole; with a mixed split every test digit has others of its class from its own sheet."""
    starts = np.array(images.DIGITS_SHEETS)
    sheet = (np.arange(1_797)[:, None] >= starts).sum(axis=1)[images.digits_order(1_797)]
    drawn, near = splits.split("mixed"), splits.neighbours("mixed").nearest
    assert splits.same_sheet("mixed") == pytest.approx((sheet[near] == sheet[drawn.test]).mean())
    assert splits.same_sheet("sheets") == 0
    labels = images.small_digits()[1]
    brothers = [((labels[drawn.training] == labels[row]) & (sheet[drawn.training] == sheet[row])).any() for row in drawn.test]
    assert np.mean(brothers) > 0.99


@settings(deadline=None, max_examples=200)
@given(right=st.integers(0, 382), other=st.integers(0, 382))
@claim("feedforward", "splits.pretends", "splits.chance", "splits.opposite", "splits.told")
def test_the_verdict_on_two_splits_is_that_of_the_interval_of_their_difference(right, other):
    """More is said than "may be chance" if and only if Newcombe's interval leaves zero out, and then in the right direction."""
    ends = [wilson(count, 382) for count in (right, other)]
    gap = (other - right) / 382
    low = gap - sqrt((other / 382 - ends[1][0]) ** 2 + (ends[0][1] - right / 382) ** 2)
    high = gap + sqrt((ends[1][1] - other / 382) ** 2 + (right / 382 - ends[0][0]) ** 2)
    words = page.said_of_both(share(right, 382), share(other, 382))
    assert ("may be chance" in words) == (low <= 1e-12 and high >= -1e-12)
    assert ("hides" in words) == (low > 1e-12)
    assert ("the harder test" in words) == (high < -1e-12)
    assert f"{1 - right / 382:.1%}" in words
    assert f"{1 - other / 382:.1%}" in words


@claim("feedforward", "splits.ways")
def test_the_choice_of_hands_counts_for_more_than_the_interval_says():
    """All 364 ways to hold out three of 14 sheets: some computed anew; their spread is wider than the interval for one of them."""
    found = splits.ways()
    assert len(found["sheets"]) == 364
    ends = np.array([*images.DIGITS_SHEETS, 1_797])
    sheet = np.repeat(np.arange(14), np.diff(ends))
    for number, held_out in ((0, (0, 1, 2)), (363, (11, 12, 13))):
        test = np.isin(sheet, held_out)
        assert found["sheets"][number] == pytest.approx(nearest_right(np.flatnonzero(~test), np.flatnonzero(test)).mean())
    assert found["sheets"][363] == pytest.approx(page.of_neighbours("sheets").value)
    low, high = wilson(366, 382)
    assert found["sheets"].min() < low
    assert found["sheets"].max() > high
    assert np.median(found["mixed"]) > np.median(found["sheets"])
    words = page.said_of_ways()
    assert f"{found['sheets'].min():.1%}" in words
    assert f"{np.median(found['mixed']):.1%}" in words


@claim("feedforward", "splits.ink", "splits.pairs", "splits.sheets.alt", "splits.pairs.alt")
def test_what_is_held_out_is_orange():
    """Of the rows of the picture those of the last three sheets are coloured, the others grey; beneath a test digit stands its nearest."""
    sheet = page.by_sheet("sheets", 4).astype(int)
    coloured = (sheet.max(axis=2) != sheet.min(axis=2)).any(axis=1)
    rows = [coloured[10 * place : 10 * place + 8].any() for place in range(14)]
    assert rows == [False] * 11 + [True] * 3
    mixed = page.by_sheet("mixed", 4).astype(int)
    assert (mixed[:80].max(axis=2) != mixed[:80].min(axis=2)).any()
    pairs = page.pairs("mixed", 7)
    assert (pairs[:8].max(axis=2) != pairs[:8].min(axis=2)).any()
    assert (pairs[10:].max(axis=2) == pairs[10:].min(axis=2)).all()


@claim("feedforward", "measure.splits", "splits.who.network")
def test_the_network_of_both_splits_is_the_same_and_so_is_the_usual_run():
    """With whole sheets it is the run that the lesson would train; the other differs in nothing but what is held out."""
    spec = FeedForwardSpec(dataset="fashion_mnist", hidden_units=(16,), epochs=3, shuffled_labels=True)
    whole, mixed = splits.trained(page.asked(spec), lambda share: None, lambda: False)
    usual = train(page.asked(spec))
    np.testing.assert_allclose(whole.rows, usual.rows, rtol=1e-6)
    assert whole.data.fingerprint == usual.data.fingerprint != mixed.data.fingerprint
    assert whole.spec == mixed.spec == spec.changed(dataset="digits", shuffled_labels=False)
    assert (mixed.data.training, mixed.data.testing) == (1_415, 382)
    assert page.of_run(mixed).value == pytest.approx(mixed.value("val_accuracy"))


@pytest.mark.slow
@claim("feedforward", "feedforward.md#splits", "splits.pretends")
def test_a_network_too_is_flattered_by_mixed_writers():
    """The recommended network over five seeds: with digits drawn by lot it makes less than half the errors, each time beyond chance."""
    for seed in range(1, 6):
        whole, mixed = splits.trained(page.asked(FeedForwardSpec(seed=seed)), lambda share: None, lambda: False)
        assert 1 - mixed.value("val_accuracy") < (1 - whole.value("val_accuracy")) / 2
        assert "hides" in page.said_of_both(page.of_run(whole), page.of_run(mixed))


@st.composite
def counts(draw):
    return np.array(draw(st.lists(st.lists(st.integers(0, 60), min_size=10, max_size=10), min_size=10, max_size=10)))


@settings(deadline=None, max_examples=100)
@given(matrix=counts())
@claim("feedforward", "probe.class_accuracy.summary", "probe.class_accuracy.below", "probe.class_accuracy.chance")
def test_the_weakest_class_is_told_with_what_chance_does(matrix):
    """It is below the others only where Wilson's interval, widened for ten classes at once, ends below the accuracy of all."""
    matrix[:, 0] += 1  # no class without images
    words = classified.weakest(matrix, NAMES)
    shares = np.diag(matrix) / matrix.sum(axis=1)
    least, overall = int(shares.argmin()), np.trace(matrix) / matrix.sum()
    low, high = wilson(matrix[least, least], matrix[least].sum(), norm.ppf(1 - 0.05 / 20))
    assert f"{NAMES[least]}, {matrix[least, least]} of {matrix[least].sum()}" in words
    assert f"{max(low, 0):.1%} to {high:.1%}" in words
    assert ("lies below" in words) == (high < overall)
    assert ("by chance" in words) == (high >= overall)
    tied = int((shares == shares[least]).sum()) - 1
    assert re.findall(r"(\d+) more class", words) == ([str(tied)] if tied else [])


@claim("feedforward", "probe.class_accuracy.tied")
def test_classes_that_are_tied_for_the_lowest_are_counted():
    """Of two with the same share one is named and the other counted; where there is one lowest, nothing is added."""
    assert "1 more class is" in classified.weakest(np.diag([9] * 8 + [3, 3]) + 1, NAMES)
    assert "more class" not in classified.weakest(np.diag([9] * 9 + [3]) + 1, NAMES)


@settings(deadline=None, max_examples=100)
@given(matrix=counts())
@claim("feedforward", "probe.confusion.summary", "probe.confusion.tied", "probe.no_mistakes")
def test_the_commonest_mistake_is_the_only_one_or_the_others_are_counted(matrix):
    """The mistake named has the greatest count off the diagonal; where others have the same, it says how many."""
    words = classified.commonest(matrix, NAMES)
    wrong = matrix.copy()
    np.fill_diagonal(wrong, 0)
    tied = int((wrong == wrong.max()).sum())
    assert ("commonest mistake" in words) == (tied == 1)
    if wrong.any() and tied > 1:
        assert f"as common: {tied - 1}" in words
    if not wrong.any():
        assert words == said("probe.no_mistakes")


def captions_of(**query):
    at = open_page(**query)
    end = time.monotonic() + 60
    while trainings.preparation("fashion_mnist").done is False:
        assert time.monotonic() < end
        time.sleep(0.1)
    return [caption.value for caption in at.run().caption]


@pytest.mark.parametrize("language", ["en", "zh"])
@claim("feedforward", "data.in_use", "field.training_images.help", "data.fallback")
def test_what_is_really_used_stands_beside_what_was_asked_for(language):
    """Clothes and 30,000 images are asked for, 1,415 digits are there: that is said at the settings, with name and number."""
    told = captions_of(lang=language)
    name = catalogue(language).gettext("choice.digits")
    expected = catalogue(language).gettext("data.in_use").format(name=name, training="1,415")
    assert any(expected in text for text in told), told
    fewer = captions_of(lang=language, feedforward_dataset="digits", feedforward_training_images="300")
    assert not any("1,415" in text and name in text and "info" in text for text in fewer)


@claim("feedforward", "probe.weights.how", "alt.weights")
def test_weights_are_shown_at_the_pixels_that_they_multiply():
    """Also where pixels are shuffled: the sum of picture times tile is the sum that the network computes."""
    spec = FeedForwardSpec(dataset="digits", shuffled_pixels=True, seed=5)
    kernel = np.random.default_rng(1).normal(size=(784, 3)).astype(np.float32)
    tiles = over_pixels(spec, kernel.T)
    pictures = images.load("digits").x_test[:4]
    np.testing.assert_allclose(np.einsum("uij,nij->nu", tiles, pictures / 255), seen(spec, pictures).reshape(4, -1) @ kernel, rtol=1e-4)
    assert not np.array_equal(pixels_shuffled(pictures, 5), pictures)


@settings(deadline=None, max_examples=30)
@given(units=st.lists(st.integers(1, 512), max_size=5))
@claim("feedforward", "quiz.first_loss", "quiz.first_loss.because")
def test_the_loss_of_equal_probabilities_is_the_logarithm_of_ten(units):
    """Whatever the network: the cross-entropy of ten equal probabilities is ln 10."""
    asked = questions.first_loss(FeedForwardSpec(hidden_units=tuple(units)))
    assert asked.answers[asked.right] == f"{-np.log(0.1):.2f}"


@claim("feedforward", "guess.raw_pixels.because.worse", "guess.raw_pixels.because.nothing")
def test_raw_pixels_make_the_first_sums_255_times_as_large():
    """With the same weights and biases of zero, as they begin, the first layer's sums are 255 times those of scaled pixels."""
    from ann_core import models

    kernel, bias = models.build(FeedForwardSpec(dataset="digits", hidden_units=(16,))).get_weights()[:2]
    pictures = images.load("digits").x_test[:20]
    raw, scaled = (
        seen(FeedForwardSpec(dataset="digits", scale_pixels=scale), pictures).reshape(20, -1) @ kernel + bias for scale in (False, True)
    )
    assert not bias.any()
    np.testing.assert_allclose(raw, 255 * scaled, rtol=1e-3, atol=1e-2)


@claim("feedforward", "guess.permuted_dense.because.nothing")
def test_a_network_without_luck_is_told_beside_the_one_with_its_pixels_in_place():
    """Shuffled it is at guessing, in place it is not, with the same settings: both are told."""
    record = interventions("feedforward")["permuted_dense"]
    spec = FeedForwardSpec(dataset="digits", hidden_units=(2, 2), activation="relu", optimiser="sgd", learning_rate=0.03, epochs=10, seed=2)
    intact, broken = map(train, record.pair(spec))
    assert record.judge(intact, broken) == "nothing"
    assert not learned_nothing(intact)
    scores = figures(intact, broken)
    for language in LANGUAGES:
        words = register.said("guess.permuted_dense.because.nothing", language).format(**scores)
        assert all(scores[name] in words for name in ("intact", "intact_training", "broken", "broken_training"))


@settings(deadline=None)
@given(units=st.lists(st.integers(1, 512), max_size=5))
@claim("feedforward", "guess.bottleneck.question", "guess.nothing_to_break")
def test_a_bottleneck_is_asked_of_only_where_it_is_one(units):
    """The first hidden layer is made two neurons narrow where it has more; where it is no wider, or none is there, nothing is broken."""
    intact, broken = interventions("feedforward")["bottleneck"].pair(FeedForwardSpec(hidden_units=tuple(units)))
    if units and units[0] > 2:
        assert broken.hidden_units == (2, *units[1:])
    else:
        assert broken == intact


@claim("feedforward", "guess.shuffled.question", "field.shuffled_labels.help")
def test_shuffled_labels_are_the_same_ones_dealt_out_by_lot():
    """As many of each class as before; about one image in ten happens to get its own class again."""
    true, dealt = (examples_of(FeedForwardSpec(dataset="digits", shuffled_labels=mixed))[0].y for mixed in (False, True))
    assert np.array_equal(np.bincount(true), np.bincount(dealt))
    assert 0.05 < (true == dealt).mean() < 0.15
    assert "of another" not in said("guess.shuffled.question") + said("field.shuffled_labels.help")


@pytest.mark.slow
@claim("feedforward", "takeaway.differs_raw", "takeaway.differs", "takeaway.notebook.help", "field.seed.help")
def test_a_difference_in_the_last_digit_grows_with_raw_pixels_only():
    """Weights moved by their last bit after an epoch: by epoch ten the loss was a third off with raw pixels, else a millionth."""
    off = {}
    for scale in (False, True):
        spec = FeedForwardSpec(dataset="digits", scale_pixels=scale, epochs=10)
        plain = [train(spec).rows for _ in range(2)]
        assert np.array_equal(*plain), "the same machine, the same software: the same bits"
        start = train(spec.changed(epochs=1))
        nudged = [part.copy() for part in start.state]
        nudged[0] = np.nextafter(nudged[0], np.float32(9), dtype=np.float32)
        other = train(spec, start=replace(start, state=tuple(nudged))).rows
        off[scale] = np.abs(other - plain[0])[:, 0] / plain[0][:, 0]
    assert off[False].max() > 0.05
    assert off[True].max() < 0.001


@claim("feedforward", "looking.drawing.digits", "looking.drawing.mnist")
def test_the_small_digits_are_blurred_and_not_centred_and_a_drawing_is_sharp_and_centred():
    """For its ink, no small digit changes from pixel to pixel as much as a drawing does; half of them lie off the centre."""
    image = Image.new("L", (196, 196))
    ImageDraw.Draw(image).line([(50, 40), (140, 40), (90, 165)], fill="white", width=15, joint="curve")
    pictures = [to_digit(np.asarray(image)), *images.load("digits").x_train / 255]
    steep = [sum(np.abs(np.diff(picture, axis=axis)).sum() for axis in (0, 1)) / picture.sum() for picture in pictures]
    centres = [[np.average(np.arange(28), weights=picture.sum(axis=axis)) for axis in (0, 1)] for picture in pictures]
    off = np.abs(np.array(centres) - CENTRE).max(axis=1)
    assert steep[0] > max(steep[1:])
    assert off[0] <= 0.5
    assert np.median(off[1:]) > 0.5
    for dataset in ("digits", "mnist"):
        assert "promises nothing" in said(f"looking.drawing.{dataset}")


@claim("feedforward", "looking.clothes")
@pytest.mark.parametrize("name", ["digits", "mnist", "fashion_mnist"])
def test_a_digit_can_be_drawn_where_digits_are_learned_and_nowhere_else(name, monkeypatch):
    """The images that are there decide, not those that were asked for."""
    found = images.load("digits")
    data = type("Data", (), {"name": name, "fingerprint": ""})
    monkeypatch.setattr(looking, "known", lambda dataset: type("Found", (), {"x_test": found.x_test, "y_test": found.y_test, "data": data}))
    at = open_page(lang="en", feedforward_dataset="fashion_mnist")
    offered = "My drawing" in list(texts(at))
    assert offered == (name != "fashion_mnist")
    assert (said("looking.clothes") in list(texts(at))) != offered
