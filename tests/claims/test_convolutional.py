"""What the convolutional page says: every sum followed, the present drawing, surgery with what chance does."""

import re
from itertools import pairwise
from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from ann_core.coaching.interventions import images as interventions
from ann_core.data import images
from ann_core.data.drawing import stages
from ann_core.exhibits import ConvolutionExhibit, SharingExhibit
from ann_core.lessons.convolutional import beside, idea, inside, kernel, surgery
from ann_core.lessons.convolutional import claim as claimed
from ann_core.lessons.convolutional.drawn import drawing, maps, reasons, units
from ann_core.lessons.convolutional.drawn.own import Own
from ann_core.lessons.convolutional.drawn.units import Unit
from ann_core.lessons.convolutional.network import Looked, coming_to, look
from ann_core.lessons.convolutional.stage import picture as stage
from ann_core.maths.inputs.kernels import KERNELS
from ann_core.maths.networks.convolution import Convolution, Dense, forward, skipped
from ann_core.specs import ConvolutionalSpec
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import seen
from ann_core.training.records import Checkpoint, DataSource, Run
from ann_core.training.train import train
from ann_core.ui import session, trainings
from ann_core.ui.inputs.drawing import remark
from ann_core.ui.language import catalogue
from ann_core.ui.workbench import looking
from tests.charts.test_film import array_of, unpacked
from tests.claims.opened import at_page, texts
from tests.claims.register import claim, said
from tests.patience import PATIENCE
from tests.ui.test_pages import open_page

SOURCE = DataSource("digits", "digits", "package", "0" * 12, 1_415, 382)
NAMES = [str(label) for label in range(10)]
SPECS = st.builds(
    ConvolutionalSpec,
    filters=st.lists(st.integers(1, 12), max_size=2).map(tuple),
    kernel_size=st.sampled_from([3, 5]),
    activation=st.sampled_from(["relu", "tanh", "linear", "sigmoid"]),
    pooling=st.sampled_from(["max", "average", "none"]),
    batch_norm=st.booleans(),
    dense_units=st.integers(0, 20),
    dataset=st.just("digits"),
)


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


def some_run(spec, seed):
    """A run of a spec with weights drawn by lot, as if it had been trained."""
    random, side, channels, weights = np.random.default_rng(seed), 28, 1, []
    for filters in spec.filters:
        weights += [random.normal(size=(spec.kernel_size, spec.kernel_size, channels, filters)) / 3, random.normal(size=filters)]
        weights += [random.uniform(0.5, 2, filters) for _ in range(4)] if spec.batch_norm else []
        side, channels = (side - spec.kernel_size + 1) // (1 if spec.pooling == "none" else 2), filters
    sizes = (side * side * channels, *([spec.dense_units] if spec.dense_units else []), 10)
    for before, after in pairwise(sizes):
        weights += [random.normal(size=(before, after)) / sqrt(before), random.normal(size=after)]
    weights = tuple(weight.astype(np.float32) for weight in weights)
    checkpoints = tuple(Checkpoint(epoch, weights, np.zeros(382, np.uint8), np.ones(382, np.float32)) for epoch in (0, 1))
    return Run(spec, SOURCE, spec.metrics, np.full((1, 4), 0.5), checkpoints, None, (), 0.0, 0.0)


def picture(number):
    return images.load("digits").x_test[number]


@settings(deadline=None, max_examples=40)
@given(spec=SPECS, seed=st.integers(0, 99), number=st.integers(0, 381), chosen=st.floats(0, 1, exclude_max=True))
@claim("convolutional", "convolutional.md#draw", "maps.how", "unit.sum", "unit.sum.softmax", "unit.normalisation", "unit.products")
def test_every_sum_of_every_layer_can_be_followed(spec, seed, number, chosen):
    """Any unit of any layer that computes, also each dense neuron and each of the ten sums, is told with the sum that NumPy finds."""
    looked = look(some_run(spec, seed), picture(number))
    coming = looked.inputs[0][..., None].astype(float)
    for place, layer in enumerate(looked.layers):
        outputs = looked.outputs[place][0]
        if isinstance(layer, Convolution | Dense):
            unit = np.unravel_index(int(chosen * outputs.size), outputs.shape)
            if isinstance(layer, Convolution):
                row, column, filter_ = map(int, unit)
                side = spec.kernel_size
                products = coming[row : row + side, column : column + side] * layer.kernel[..., filter_]
                asked = Unit(place, filter_, row, column)
                _, said = units.of_convolution(layer, coming_to(looked, place), asked)
            else:
                filter_ = int(unit[0])
                products = coming.ravel() * layer.kernel[:, filter_]
                asked = Unit(place, filter_)
                _, said = units.of_dense(layer, coming_to(looked, place), asked)
            assert units.exists(looked, asked)
            total, bias = products.sum() + layer.bias[filter_], layer.bias[filter_]
            assert f"**{total:.3f}**" in said or f"**{total + 1e-4:.3f}**" in said or f"**{total - 1e-4:.3f}**" in said
            assert f"bias {bias:.3f}" in said
            assert (f"{outputs[unit]:.1%}" if layer.kind == "dense" and place == len(looked.layers) - 1 else f"{outputs[unit]:.3f}") in said
        coming = outputs.astype(float)


@settings(deadline=None, max_examples=25)
@given(spec=SPECS, seed=st.integers(0, 99))
@claim("convolutional", "maps.convolution", "maps.dense", "maps.sums", "maps.max", "maps.average", "maps.normalisation")
def test_all_maps_and_all_neurons_are_there_to_be_picked(spec, seed):
    """As many tiles as filters are set in each layer, a cell for each dense neuron, one for each of the ten sums; each can be picked."""
    looked = look(some_run(spec, seed), picture(0))
    panels = maps._maps(looked)
    counts = [len(panel.marks) for panel in panels if len(panel.marks) > 1 or re.search("maps? of", panel.title)]
    layers = 1 + spec.batch_norm + (spec.pooling != "none")
    assert counts == [filters for filters in spec.filters for _ in range(layers)]
    rows = [mark for panel in panels for mark in panel.marks if mark.pick.split(".")[2] != "0"]
    assert len(rows) == 1 + (spec.dense_units > 0)
    for neurons, mark in zip([*([spec.dense_units] if spec.dense_units else []), 10], rows, strict=True):
        assert prod(mark.frames.shape[1:]) >= neurons
    assert all(mark.pick for panel in panels for mark in panel.marks)
    np.testing.assert_allclose(np.exp(looked.layers[-1].sums(looked.outputs[-2])[0]).argmax(), looked.probabilities.argmax())


@settings(deadline=None, max_examples=10)
@given(filters=st.tuples(st.integers(1, 64), st.integers(1, 64)))
@claim("convolutional", "maps.kernels", "looking.kernels", "looking.filters", "looking.some", "looking.outputs.alt", "looking.answer.alt")
@claim("convolutional", "looking.maps.legend", "compare.kernels")
def test_films_show_as_many_kernels_and_maps_as_are_set(filters):
    """All kernels up to the 64 that can be set, those of the sixteen maps that are drawn beneath the picture; of more maps that is said.

    A frame is the mean of its map; the bars are the shares of the classes.
    """
    run = some_run(ConvolutionalSpec(filters=filters, dataset="digits", dense_units=0), 1)
    example = looking.Example(picture(0), list("0123456789"))
    header, body = unpacked(stage.film_of(run.spec, run.checkpoints, run.rows, "name", False, example))
    image, *maps, answer = header["panels"][:4]
    outputs = forward(layers_of(run.spec, run.final.weights), seen(run.spec, picture(0)[None]))
    drawn = min(filters[0], 16)
    assert image["marks"][1]["texts"] == [f"{drawn} kernel{'s' * (drawn > 1)}"]
    assert len(image["marks"]) == 2 + drawn
    assert [len(panel["marks"]) for panel in header["panels"][4:]] == [filters[0]] * (filters[0] > 16)
    for panel, count, place, side in zip(maps, filters, (0, 2), (26, 11), strict=True):
        heading = f"{count} feature map{'s' * (count > 1)}, {side}×{side}" + (f": 16 of {count}" if count > 16 else "")
        assert panel["title"] == heading
        tiles = [mark for mark in panel["marks"] if mark["kind"] == "picture" and mark["name"].startswith(f"{heading} ")]
        assert len(tiles) == 2 * min(count, 16)  # a frame and a tile each
        means = outputs[place][0].mean(axis=(0, 1))[:16]
        shown = array_of(tiles[0]["frames"], body)[-1].item()
        np.testing.assert_allclose(shown - 128, 127 * means[0] / max(tiles[0]["greatest"], 1e-9), atol=1)
    ends = [array_of(mark["places"], body)[-1, 0, 1, 0] / 65_535 for mark in answer["marks"] if mark["kind"] == "lines"]
    np.testing.assert_allclose(ends, outputs[-1][0], atol=2e-5)
    assert beside.kernels(run.checkpoints).shape[:2] == (2, filters[0])


def shown_as(monkeypatch, **answers):
    """Stands in for the session of a learner."""
    for name, answer in answers.items():
        monkeypatch.setattr(session, name, answer)


@claim("convolutional", "picture.missing.drawing", "source.own_drawing", "choice.drawing")
def test_the_bench_shows_the_drawing_as_it_is_now(monkeypatch):
    """What is on the canvas is on the bench: each stroke draws the bench anew, after the canvas, wherever it shows the drawing."""
    reruns, bench = [], type("Bench", (), {"run": None, "spec": ConvolutionExhibit(picture="drawing")})
    monkeypatch.setattr(session, "bench", lambda name: bench)
    monkeypatch.setattr(drawing.st, "rerun", reruns.append)
    drawing._drawn()
    bench.spec = ConvolutionExhibit(picture="digit")
    drawing._drawn()
    assert reruns == [["drawing", "bench"], ["drawing"]]
    for value in (0.25, 0.75):
        kept = Own(digit=np.full((28, 28), value))
        monkeypatch.setattr(inside, "own", lambda kept=kept: kept)
        shown = inside._picture(ConvolutionExhibit(picture="drawing"))
        assert (shown.picture == value).all()


@claim("convolutional", "kernel.choose", "kernel.own", "kernel.upright")
def test_the_choice_of_kernels_names_what_the_table_holds_now(monkeypatch):
    """A kernel typed into the table is called its own name, or "my own", in the same run, not in the next."""
    named = {}
    monkeypatch.setattr(session, "put", named.__setitem__)
    for typed, expected in ((KERNELS["blur"].small, "blur"), (KERNELS["level"].small, "level"), (tuple(range(9)), None)):
        monkeypatch.setattr(kernel, "_edited", lambda key, entries, typed=typed: typed)
        assert kernel.in_hand("any", KERNELS["upright"].small, lambda entries: None, (3,)) == typed
        assert named["any_named"] == expected


@pytest.mark.parametrize("language", ["en", "zh"])
@claim("convolutional", "field.in_colour", "field.picture_number", "picture.stands_in.clothing", "picture.stands_in.digit")
def test_controls_and_pictures_are_the_present_ones(language):
    """A colour picture is chosen: at once there is a switch for its channels; clothes that are not here are not called clothes."""
    at = open_page("screens/convolutional.py", lang=language)
    assert "convolution_in_colour" not in [toggle.key for toggle in at.toggle]
    at.selectbox(key="convolution_picture").set_value("scene").run()
    assert "convolution_in_colour" in [toggle.key for toggle in at.toggle]
    assert "convolution_picture_number" not in [number.key for number in at.number_input]
    for name, dataset in (("clothing", "fashion_mnist"), ("digit", "mnist")):
        trainings.preparation(dataset).result(PATIENCE)
        at.selectbox(key="convolution_picture").set_value(name).run()
        words = catalogue(language)
        captions = " ".join(caption.value for caption in at.caption)
        assert words.gettext(f"picture.stands_in.{name}") in captions
        assert words.gettext("choice.digits") in captions


def agresti_min(lost, gained, of, together=1):
    """The interval for a change on the same cases, by its formula."""
    z = norm.ppf(1 - 0.05 / (2 * together))
    middle, spread = (gained - lost) / (of + 2), lost + gained + 1 - (gained - lost) ** 2 / (of + 2)
    return middle - z * sqrt(spread) / (of + 2), middle + z * sqrt(spread) / (of + 2)


@claim("convolutional", "surgery.worst.chance", "surgery.worst")
def test_one_image_of_99_is_not_called_suffering():
    """One nine less of 99 may be chance, and is said so; thirty less are not."""
    labels = np.repeat(np.arange(10), 99)
    for lost, chance in ((1, True), (30, False)):
        right = np.ones((2, 990), bool)
        right[1, 9 * 99 : 9 * 99 + lost] = False
        words = surgery.said_of_worst(right, labels, NAMES)
        assert f"No class has fallen further than 9: of 99 images 99 were recognised before, {99 - lost} are now" in words
        assert ("may be chance" in words) == chance


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 9_999), keeps=st.floats(0.3, 1), wins=st.floats(0, 1), n=st.integers(20, 1_000))
@claim("convolutional", "surgery.worst", "surgery.worst.chance", "surgery.worse", "surgery.better", "surgery.same", "surgery.unclear")
def test_what_surgery_did_is_said_with_what_chance_does(seed, keeps, wins, n):
    """Classes and the whole are called worse or better only where the interval of the change on the same images leaves zero out."""
    random = np.random.default_rng(seed)
    labels, before = random.integers(0, 10, n), random.random(n) < 0.8
    after = np.where(before, random.random(n) < keeps, random.random(n) < wins)
    low, high = agresti_min((before & ~after).sum(), (after & ~before).sum(), n)
    found = surgery.verdict(surgery.changed(before, after))
    share = after.mean() - before.mean()
    assert found == ("worse" if high < 0 else "better" if low > 0 else "same" if abs(share) <= 0.01 else "unclear")
    net = [int(after[labels == label].sum()) - int(before[labels == label].sum()) for label in range(10)]
    falls = [found / max((labels == label).sum(), 1) for label, found in enumerate(net)]
    words, worst = surgery.said_of_worst(np.stack([before, after]), labels, NAMES), int(np.argmin(falls))
    assert bool(words) == (falls[worst] < 0)
    if words:
        here = labels == worst
        high = agresti_min((before & ~after)[here].sum(), (after & ~before)[here].sum(), here.sum(), 10)[1]
        assert f"No class has fallen further than {worst}: of {here.sum()} images {before[here].sum()} were" in words
        assert ("may be chance" in words) == (high >= 0)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 9_999), filters=st.integers(2, 16), hurt=st.floats(0, 0.5))
@claim("convolutional", "each.said", "each.none", "each.unmissed")
def test_filters_that_are_missed_are_counted_beyond_chance(seed, filters, hurt):
    """None costs more than the one named; as many are said to be missed as lose more than chance explains, for so many at once."""
    random = np.random.default_rng(seed)
    whole = random.random(382) < 0.9
    without = [whole & (random.random(382) > hurt * random.random()) for _ in range(filters)]
    words = surgery.said_of_each(np.stack([whole, *without]))
    worst = int(np.argmin([each.mean() for each in without]))
    missed = sum(agresti_min((whole & ~each).sum(), (each & ~whole).sum(), 382, filters)[1] < 0 for each in without)
    if without[worst].mean() >= whole.mean():
        assert "None is missed" in words
    else:
        assert f"none is missed more than filter {worst + 1}" in words
        assert (f"explain: {missed}." in words) if missed else ("may be chance" in words)


@claim("convolutional", "each.unmissed", "surgery.worst")
def test_what_nobody_misses_is_not_called_missed():
    """Silencing changes nothing, or helps: no filter is named. Two classes fall alike: neither is said to have fallen further."""
    whole = np.arange(100) < 80
    for without in (whole, np.arange(100) < 90):
        assert surgery.said_of_each(np.stack([whole, without, without])).startswith(
            "None is missed: whichever is silenced, accuracy is 80.0%"
        )
    right = np.ones((2, 1_000), bool)
    right[1, [10, 110]] = False
    assert "No class has fallen further than 0" in surgery.said_of_worst(right, np.repeat(np.arange(10), 100), NAMES)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 99), number=st.integers(0, 381), filter_=st.integers(0, 3))
@claim("convolutional", "surgery.drawing.same", "surgery.drawing.other")
def test_surgery_is_shown_on_the_learners_own_drawing(seed, number, filter_):
    """Before and after, what both networks say of the drawing itself."""
    run = some_run(ConvolutionalSpec(filters=(4,), dense_units=0, dataset="digits"), seed)
    changed, digit = surgery.silenced(run, filter_), picture(number) / np.float32(255)
    inputs = seen(run.spec, picture(number)[None])
    answers = [forward(layers_of(run.spec, weights), inputs)[-1][0] for weights in (run.final.weights, changed)]
    words = surgery.said_of_drawing(run, changed, digit)
    first, second = (int(answer.argmax()) for answer in answers)
    assert f"**{first}**" in words
    assert f"**{second}**" in words
    assert f"{answers[0][first]:.1%}" in words
    assert f"{answers[1][second]:.1%}" in words


@settings(deadline=None, max_examples=200)
@given(before=st.floats(0, 1), dense_before=st.floats(0, 1), lost=st.floats(-0.1, 0.9), dense_lost=st.floats(-0.1, 0.9))
@claim("convolutional", "claim.same", "claim.less", "claim.more", "claim.neither", "claim.holds", "claim.poor")
def test_the_claim_is_judged_by_what_was_measured(before, dense_before, lost, dense_lost):
    """Neither is judged where one recognises little; "it does mind" is a loss of three points or more, "neither" less for both."""
    found = claimed.verdict(before, dense_before, lost, dense_lost)
    assert (found == "poor") == (before < 0.3 or dense_before < 0.3)
    if found in ("holds", "neither"):
        assert lost < 0.03
        assert (found == "holds") == (dense_lost >= 0.03)
    elif found != "poor":
        assert lost >= 0.03
        assert (found == "less") == (dense_lost - lost >= 0.03)
        assert (found == "more") == (lost - dense_lost >= 0.03)


@settings(deadline=None, max_examples=60)
@given(lost=st.floats(0, 0.1), dense_lost=st.floats(0, 0.1))
@claim("convolutional", "claim.same", "claim.neither", "claim.holds")
def test_the_words_of_the_claim_hold_for_the_numbers_beside_them(lost, dense_lost):
    """The limit that the words name is kept by the losses as they are written, also a hair beside it."""
    record = claimed.DISTORTIONS["shift"]
    curves = np.full((2, len(record.levels)), 0.9)
    others = np.arange(len(record.levels)) != record.levels.index(record.neutral)
    curves[:, others] -= np.array([[lost], [dense_lost]]) / others.mean()
    words = claimed._said(record, claimed.Invariance({"shift": curves}, None, 382))
    told = [float(number) for number in re.search(r"loses (\S+) percentage points on average, the dense one (\d+\.\d)", words).groups()]
    assert ("Both are below 3" in words) == (max(told) < 3)
    assert ("Only the convolutional one stays below 3" in words) == (told[0] < 3 <= told[1])
    if "less than 3 points apart" in words:
        assert abs(told[0] - told[1]) < 3
        assert told[0] >= 3


@claim("convolutional", "claim.otherwise")
def test_a_share_that_has_risen_is_not_called_a_rest():
    """Under noise both classes may rise: the words do not say that one has fallen."""
    for language, fallen in (("en", "only"), ("zh", "只剩")):
        assert fallen not in catalogue(language).gettext("claim.otherwise")


@settings(deadline=None, max_examples=60)
@given(spec=st.builds(ConvolutionalSpec, filters=st.lists(st.integers(1, 64), max_size=2).map(tuple), dense_units=st.integers(0, 256)))
@claim("convolutional", "claim.how", "claim.size.alike", "claim.size.nearest", "convolutional.md#claim")
def test_the_dense_network_is_called_about_as_large_only_where_it_is(spec):
    """Its parameters are counted anew; where they are not within a quarter, its one layer has as many or few neurons as it may have."""
    other = claimed.twin(spec)
    theirs, mine = 785 * other.hidden_units[0] + 10 * (other.hidden_units[0] + 1), claimed.parameters(spec)
    words = claimed.how(spec, other, 382)
    assert f"parameters {theirs:,}, against {mine:,} here" in words
    alike = 0.8 <= theirs / mine <= 1.25
    assert ("about the same size" in words) == alike
    assert alike or other.hidden_units[0] in (1, 2, 512) or abs(theirs - mine) <= 795


@settings(deadline=None, max_examples=60)
@given(low=st.floats(-1, 1), high=st.floats(-1, 1))
@claim("convolutional", "reasons.said", "reasons.falls", "reasons.never_falls", "reasons.rises", "reasons.never_rises")
def test_hiding_is_said_to_help_only_where_it_does(low, high):
    """The words follow the signs of the least and the greatest fall."""
    lost = np.array([[min(low, high), max(low, high)]])
    words = reasons.said("7", 0.5, lost)
    assert ("it falls by" in words) == (lost.max() > 0)
    assert ("it rises by" in words) == (lost.min() < 0)
    assert "−" not in words
    assert "by -" not in words


@claim("convolutional", "reasons.falls", "reasons.rises")
def test_the_square_that_costs_most_costs_what_is_said():
    """The greatest and the least fall told are those of one square hidden, computed by hand, not of a mean over squares."""
    looked = look(some_run(ConvolutionalSpec(filters=(8,), dataset="digits"), 1), picture(0))
    label, falls = int(looked.probabilities.argmax()), []
    for top, left in np.ndindex(12, 12):
        covered = looked.inputs.copy()
        covered[0, 2 * top : 2 * top + 6, 2 * left : 2 * left + 6] = 0
        falls.append(looked.probabilities[label] - forward(looked.layers, covered)[-1][0, label])
    found = reasons.hidden(looked, label)
    np.testing.assert_allclose(found.ravel(), falls, atol=1e-5)
    assert f"it falls by {max(falls):.1%}" in reasons.said("7", 0.5, found)
    assert reasons.spread(found, (28, 28)).max() < found.max()


@claim("convolutional", "convolutional.md#takeaways", "sharing.said")
def test_what_sharing_saves_is_counted():
    """16 kernels of 3×3 on 28×28: 16 · (9 + 1) against 16 · 26² · (28² + 1)."""
    spec = SharingExhibit(side=28, kernel_size=3, kernels=16)
    assert idea.shared_parameters(spec) == 16 * 10 == 160
    assert idea.dense_parameters(spec) == 16 * 26**2 * (28**2 + 1) > 8_000_000
    for kernels, words in ((1, "1 kernel of 3×3 makes 1 map of"), (2, "2 kernels of 3×3 make 2 maps of")):
        at = at_page("convolutional", "en", **{SharingExhibit.query_key("kernels"): str(kernels)})
        assert any(words in text for text in texts(at))


@pytest.mark.parametrize(("side", "size", "stride", "unread"), [(28, 3, 1, 0), (28, 3, 4, 28**2 - 21**2), (28, 3, 2, 28**2 - 27**2)])
@claim("convolutional", "bench.skipped")
def test_pixels_that_no_number_of_the_kernel_lies_on_are_counted(side, size, stride, unread):
    """Windows of three at a stride of four read three rows of every four: 21 of 28."""
    assert skipped((side, side), size, stride) == unread


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 9_999), there=st.floats(0.4, 1), n=st.sampled_from([180, 382, 10_000]))
@claim(
    "convolutional",
    "guess.permuted.because.same",
    "guess.no_pooling.because.same",
    "guess.no_bend.because.same",
    "guess.one_filter.because.same",
)
def test_a_difference_is_told_only_where_it_is_beyond_chance(seed, there, n):
    """Better or worse only where the interval of the change leaves zero out, with as many changes as answers differ."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, n).astype(np.uint8)
    answers = [np.where(random.random(n) < share, labels, (labels + 1) % 10).astype(np.uint8) for share in (0.9, there)]
    spec = ConvolutionalSpec(dataset="digits")
    source = DataSource("digits", "digits", "package", "0" * 12, 1_415, n)
    runs = []
    for answer in answers:
        score = float((answer == labels).mean())
        checkpoint = Checkpoint(1, (np.zeros(1),), answer, np.ones(n, np.float32))
        runs.append(Run(spec, source, spec.metrics, np.array([[0.1, 0.9, 0.1, score]]), (checkpoint,), None, (), 0.0, 0.0))
    before, after = (answer == labels for answer in answers)
    low, high = agresti_min((before & ~after).sum(), (after & ~before).sum(), n)
    found, net = interventions.beyond_chance(*runs), after.mean() - before.mean()
    assert found == ("same" if abs(net) <= 0.01 or low <= 0 <= high else "better" if net > 0 else "worse")


@claim("convolutional", "unit.neuron", "unit.class", "unit.title")
def test_what_was_picked_is_what_is_explained(monkeypatch):
    """A click on a cell names the unit of that cell, also in the rows of neurons."""
    looked: Looked = look(some_run(ConvolutionalSpec(filters=(3,), dense_units=40, dataset="digits"), 1), picture(0))
    kept, rows = {}, [mark for panel in maps._maps(looked) for mark in panel.marks if mark.pick.split(".")[2] != "0"]
    monkeypatch.setattr(session, "put", kept.__setitem__)
    for mark, neuron in ((rows[0], 33), (rows[1], 7)):
        cell = divmod(neuron, mark.frames.shape[2])
        monkeypatch.setattr(session, "value", lambda key, mark=mark, cell=cell: {"picked": {"pick": mark.pick, "cell": list(cell)}})
        maps._picked()
        unit = kept["_draw_unit"]
        assert unit == Unit(int(mark.pick.split(".")[0]), neuron)
        assert units.exists(looked, unit)
    assert not units.exists(looked, Unit(len(looked.layers) - 1, 10))


@pytest.mark.parametrize("language", ["en", "zh"])
@claim("convolutional", "guess.without.filters", "probe.no_filters", "quiz.kernel_parameters", "guess.one_filter.question", "claim.how")
def test_without_a_convolution_nothing_is_asked_of_one(language):
    """No quiz about maps, nothing to break in convolutions, no twin beside a network that is dense itself: the page says why."""
    run, words = train(ConvolutionalSpec(filters=(), dataset="digits", epochs=1)), catalogue(language).gettext
    at = open_page(
        "screens/convolutional.py",
        lang=language,
        **{ConvolutionalSpec.query_key("filters"): run.spec.to_query()[ConvolutionalSpec.query_key("filters")]},
    )
    trainings.preparation("digits").result(PATIENCE)  # the page has started the engine
    at.session_state["_convolutional_bench"].run = run
    at.run()
    shown, infos = list(texts(at)), [info.value for info in at.info]
    assert infos.count(words("guess.without.filters")) == 2
    assert words("probe.no_filters") in infos
    for message in ("quiz.kernel_parameters", "guess.permuted.question", "claim.how"):
        begun = words(message).partition("{")[0]
        assert begun
        assert [text for text in shown if text.strip("*").startswith(begun)] == []


@claim("convolutional", "guess.no_bend.question", "guess.permuted_dense.because.nothing", "convolutional.md#probe")
def test_words_name_nothing_that_may_not_be_there():
    """Neither ReLU, which need not be set, nor digits, which may be clothes; what luck can do is not put down to the settings alone."""
    for language, words in (("en", ("ReLU", "digit", "luck")), ("zh", ("ReLU", "数字", "运气"))):
        for place, word in zip(("guess.no_bend.question", "convolutional.md#probe"), words, strict=False):
            assert word not in said(place, language)
        assert words[-1] in said("guess.permuted_dense.because.nothing", language)


@claim("convolutional", "draw.remark.full")
def test_a_canvas_is_called_white_from_nine_tenths_on():
    """Just below nine tenths it is prepared as any drawing; above, the words say nine tenths and not all."""
    for rows, expected in ((250, "prepared"), (254, "full"), (280, "full")):
        rgba = np.zeros((280, 280, 4), np.uint8)
        rgba[..., 3] = 255
        rgba[:rows] = 255
        assert remark(stages(rgba)) == expected
    assert "nine tenths" in said("draw.remark.full", "en")
    assert "九成" in said("draw.remark.full", "zh")
