"""What the recurrent lesson says."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_core.charts.sequences.forecast import Stretch
from ann_core.coaching.interventions import interventions
from ann_core.coaching.interventions.intervention import learned_nothing
from ann_core.coaching.interventions.intervention import measured as told_of_two
from ann_core.data import recurrent
from ann_core.exhibits import ReachExhibit
from ann_core.lessons.recurrent import picture, questions, reach
from ann_core.lessons.recurrent.at_hand import AtHand, network_of
from ann_core.lessons.recurrent.over_time import alone, strips
from ann_core.lessons.recurrent.probe import ahead, errors, inner
from ann_core.maths.measures import chaos, continuations, forecasts
from ann_core.maths.networks.recurrent import Network, answers, unroll
from ann_core.specs import RecurrentSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.recurrent import scale_of, series_of, training_windows
from ann_core.training.records import Checkpoint, DataSource, Run
from ann_core.training.train import train
from ann_core.ui import language
from ann_core.ui.figures.curves import measure_words
from ann_core.ui.language import catalogue
from tests.claims.register import claim, said

WORDS = catalogue("en")
COMMON = {"deadline": None, "max_examples": 25}


def hand_of(spec):
    series = series_of(spec)
    return AtHand(spec, series, scale_of(spec, series), training_windows(spec, series))


def chosen(text, message, n=2):
    """Whether a text is that of a message, whatever its figures."""
    form = next(each for each in (WORDS.ngettext(message, message, n), WORDS.gettext(message)) if each != message)
    pieces = [piece.partition("}")[2] if place else piece for place, piece in enumerate(form.split("{"))]
    return all(piece in text for piece in pieces)


def run_that_says(spec, predicted):
    """A run whose network said this after each window, in the series' own values."""
    hand = hand_of(spec)
    scaled = hand.scale.scaled(np.asarray(predicted, np.float32))[:, None]
    truth = hand.scale.scaled(hand.truth)
    parts = [np.abs(scaled[:, 0] - truth)[part] for part in (slice(None, hand.training), slice(hand.training, None))]
    row = [[part.__pow__(2).mean(), part.mean()] for part in parts if len(part)]
    data = DataSource("", spec.series, "generated", "", hand.training, 0, None, hand.series.unit, hand.scale.deviation)
    checkpoint = Checkpoint(1, (np.zeros(1),), scaled, None)
    return Run(spec, data, spec.metrics, np.array([np.concatenate(row)]), (checkpoint,), None, (), 0.0, 0.0), hand


@claim("recurrent", "ahead.chaos", "ahead.chaos.at_least")
@pytest.mark.parametrize(
    ("name", "step", "start", "steps", "published", "tolerance"),
    [
        ("logistic", recurrent.logistic_step, [0.3], 20_000, np.log(2), 0.005),
        ("henon", recurrent.henon_step, [0.1, 0.1], 20_000, 0.419, 0.01),
    ],
)
def test_the_maps_part_as_fast_as_published(name, step, start, steps, published, tolerance):
    """The Lyapunov exponent that the page uses is the computed one, and the published one (ln 2; 0.419)."""
    found = chaos.exponent(step, np.array(start), steps)
    assert found == pytest.approx(published, rel=0.02)
    assert recurrent.LYAPUNOV[name] == pytest.approx(found, abs=tolerance)


@claim("recurrent", "ahead.chaos", "ahead.chaos.at_least")
def test_mackey_and_glass_part_slowly():
    """The exponent that the page uses is the computed one, and about 0.006 as published; for each unit of time."""
    found = chaos.exponent(recurrent.mackey_glass_step, np.full(recurrent.PIECES + 1, 0.9), 3_000) / recurrent.DELAY
    assert recurrent.LYAPUNOV["mackey_glass"] == pytest.approx(found, rel=0.1)
    assert found == pytest.approx(0.006, rel=0.2)


@claim("recurrent", "recurrent.md#train", "choice.logistic", "choice.henon", "choice.mackey_glass", "field.series.help")
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 9999), span=st.floats(50, 2_000))
def test_chaos_follows_its_rule(seed, span):
    """Each value follows from those before by the rule that the page names; Mackey and Glass by the equation, to a thousandth."""
    x = recurrent.series("logistic", 200, 100.0, 0.0, seed).values.astype(float)
    np.testing.assert_allclose(x[1:], 4 * x[:-1] * (1 - x[:-1]), atol=1e-6)
    x = recurrent.series("henon", 200, 100.0, 0.0, seed).values.astype(float)
    np.testing.assert_allclose(x[2:], 1 - 1.4 * x[1:-1] ** 2 + 0.3 * x[:-2], atol=1e-5)
    t = np.arange(0, span, 0.25)
    x = recurrent.mackey_glass(t, 0.0, np.random.default_rng(seed))
    assume(len(x) > 80)
    late, before = x[68:], x[:-68]
    slope = 0.2 * before / (1 + before**10) - 0.1 * late
    np.testing.assert_allclose(np.diff(late), (slope[1:] + slope[:-1]) / 2 * 0.25, atol=1e-3)


@claim("recurrent", "errors.won", "errors.lost", "errors.level")
@settings(**COMMON)
@given(
    name=st.sampled_from(["logistic", "henon", "noisy", "walk", "sine", "seattle"]),
    off=st.floats(0, 2),
    shift=st.floats(-1, 1),
    seed=st.integers(0, 99),
    held_out=st.sampled_from([0.0, 0.1, 0.25]),
)
def test_the_verdict_is_the_one_that_the_errors_call_for(name, off, shift, seed, held_out):
    """Won where the network is nearer than the best rule by more than two standard errors, lost where further, else undecided."""
    spec = RecurrentSpec(series=name, seed=seed, held_out=held_out, length=150, window=5)
    hand = hand_of(spec)
    noise = np.random.default_rng(seed).normal(size=len(hand.truth))
    run, hand = run_that_says(spec, hand.truth + hand.deviation * (off * noise + shift))
    part = slice(hand.training if held_out else 0, None)
    truth = hand.truth[part].astype(float)
    away = {rule: np.abs(said[part] - truth) for rule, said in hand.expected(run.final).items()}
    rivals = {rule: np.nanmean(error) for rule, error in away.items() if rule != "network" and np.isfinite(error).any()}
    best = min(rivals, key=rivals.get)
    difference = (away["network"] - away[best])[np.isfinite(away[best])]
    gap, doubt = difference.mean(), 2 * difference.std(ddof=1) / np.sqrt(len(difference))
    assume(abs(abs(gap) - doubt) > 1e-9 and abs(away["network"].mean() - rivals[best]) > 1e-12)
    expected = "level" if abs(gap) <= doubt else "won" if away["network"].mean() < rivals[best] else "lost"
    told = errors.verdict(run, hand)
    assert [kind for kind in ("won", "lost", "level") if chosen(told, f"errors.{kind}", len(truth))] == [expected]
    assert str(len(truth)) in told


@claim("recurrent", "errors.bent.logistic", "errors.bent.henon", "errors.bent.followed", "recurrent.md#takeaways")
@pytest.mark.slow
@pytest.mark.parametrize("preset", ["logistic", "henon", "mackey_glass"])
def test_where_the_rule_is_bent_the_network_wins_clearly(preset):
    """On each of three seeds the network's error on unseen values is less than a third of the linear formula's."""
    for seed in (1, 2, 3):
        run = train(RecurrentSpec.preset(preset).changed(seed=seed))
        hand = hand_of(run.spec)
        x, y = (array.astype(float) for array in hand.windows)
        inputs = np.hstack([x[:, :, 0], np.ones((len(x), 1))])
        weights = np.linalg.lstsq(inputs[: hand.training], y[: hand.training, 0], rcond=None)[0]
        straight = np.abs(inputs @ weights - y[:, 0])[hand.training :].mean() * hand.scale.deviation
        network = np.abs(hand.predicted(run.final) - hand.truth)[hand.training :].mean()
        assert network < straight / 3
        assert chosen(errors.bent(hand, network, straight), "errors.bent.followed")


@claim("recurrent", "errors.bent.logistic")
@pytest.mark.parametrize("seed", range(5))
def test_a_straight_line_sees_next_to_nothing_of_the_logistic_map(seed):
    """The values of 4 x (1 − x) are uncorrelated with those before: of 2,000 the correlation is less than 0.1."""
    x = recurrent.series("logistic", 2_000, 100.0, 0.0, seed).values
    assert abs(np.corrcoef(x[1:], x[:-1])[0, 1]) < 0.1


@claim("recurrent", "errors.bent.near", "errors.bent.logistic", "errors.bent.henon")
@pytest.mark.parametrize("name", ["logistic", "henon"])
def test_a_weighted_sum_comes_near_a_bent_rule_over_few_values_only(name):
    """Forty values and a constant fit ten windows exactly, and it is told; over 2,000 values none comes nearer than half a deviation."""
    run, hand = run_that_says(RecurrentSpec(series=name, length=50, window=40, held_out=0.0), np.zeros(10))
    found = errors.measured(run, hand)
    assert found["straight"].training < 1e-6
    assert chosen(errors.bent(hand, found["network"].training, found["straight"].training), "errors.bent.near")
    for window in (1, 2, 20, 40):
        run, hand = run_that_says(RecurrentSpec(series=name, length=2_000, window=window), np.zeros(2_000 - window))
        straight = errors.measured(run, hand)["straight"].unseen
        assert straight > hand.deviation / 2
        assert chosen(errors.bent(hand, 1.0, straight), f"errors.bent.{name}")


@claim("recurrent", "errors.bent.followed", "errors.bent.not_yet", "errors.bent.cannot", "errors.bent.near")
@given(network=st.floats(1e-4, 1), straight=st.floats(1e-4, 1), activation=st.sampled_from(["tanh", "linear"]))
@settings(deadline=None)
def test_what_is_said_of_the_bend_is_what_was_measured(network, straight, activation):
    """Followed: less than half of the linear formula's error. A simple linear cell cannot bend. A formula that is near is told to be."""
    hand = hand_of(RecurrentSpec(series="henon", activation=activation))
    expected = "cannot" if activation == "linear" else "followed" if 2 * network < straight else "not_yet"
    expected = "near" if 2 * straight < hand.series.values.std(dtype=float) else expected
    told = errors.bent(hand, network, straight)
    assert [kind for kind in ("followed", "not_yet", "cannot", "near") if chosen(told, f"errors.bent.{kind}")] == [expected]


@claim("recurrent", "errors.sine")
@settings(**COMMON)
@given(window=st.integers(2, 60), length=st.integers(100, 600), span=st.floats(10, 300))
def test_two_values_continue_a_sine(window, length, span):
    """sin(t + d) = 2 cos(d) sin(t) − sin(t − d), for any distance d of the values."""
    hand = hand_of(RecurrentSpec(window=window, length=length, span=span))
    t = np.linspace(0, hand.spec.span, length)
    values = hand.series.values.astype(float)
    np.testing.assert_allclose(values[2:], 2 * np.cos(t[1]) * values[1:-1] - values[:-2], atol=1e-6)


MADE = st.sampled_from(["truth", "late", "middle", "high", "dying", "swelling", "circle", "chance", "lost"])


def continuation(kind, truth, hand, seed):
    t, random, mean = np.arange(len(truth)), np.random.default_rng(seed), float(hand.series.values.mean())
    return {
        "truth": truth,
        "late": np.where(t < len(t) // 3, truth, truth + hand.deviation),
        "middle": np.full(len(t), mean),
        "high": np.full(len(t), mean + 2 * hand.deviation),
        "dying": mean + hand.deviation * 0.9**t * np.sin(t),
        "swelling": mean + hand.deviation * 1.05**t * np.sin(t),
        "circle": mean + hand.deviation * np.sin(2 * np.pi * t / 8),
        "chance": random.normal(mean, hand.deviation, len(t)),
        "lost": np.where(t < 9, truth, np.nan),
    }[kind]


@claim("recurrent", "ahead.stays", "ahead.leaves", "ahead.leaves_at_once", "ahead.said")
@settings(**COMMON)
@given(kind=MADE, name=st.sampled_from(["sine", "henon", "noisy", "seattle"]), steps=st.integers(24, 80), seed=st.integers(0, 99))
def test_where_it_leaves_the_series_is_where_it_was_measured_to(kind, name, steps, seed):
    """It stays for as many steps as lie within four tenths of a standard deviation before the first that does not."""
    run, hand = run_that_says(RecurrentSpec(series=name, seed=seed), hand_of(RecurrentSpec(series=name, seed=seed)).truth)
    place, truth = hand.unseen, hand.series.values[hand.unseen : hand.unseen + steps].astype(float)
    made = continuation(kind, truth, hand, seed)
    beside = 0
    while beside < len(truth) and abs(made[beside] - truth[beside]) <= 0.4 * hand.series.values.std(dtype=float):
        beside += 1
    told = ahead.said(run, hand, place, made)[0]
    expected = "stays" if beside == len(truth) else "leaves" if beside else "leaves_at_once"
    found = [each for each in ("stays", "leaves", "leaves_at_once") if chosen(told, f"ahead.{each}", beside)]
    assert found == [expected]
    if expected == "leaves":
        assert f" {beside} " in told
        assert (f"value {place + beside + 1}" if hand.series.days is None else str(hand.series.days[place + beside])) in told


@claim(
    "recurrent",
    *("ahead.rests.middle", "ahead.rests.elsewhere", "ahead.fades", "ahead.grows", "ahead.circles", "ahead.wanders", "ahead.lost"),
)
@settings(**COMMON)
@given(kind=MADE, steps=st.integers(48, 120), seed=st.integers(0, 99))
def test_what_it_ends_in_is_what_it_does(kind, steps, seed):
    """Made to stand still in the middle or elsewhere, to die away, swell, circle or be lost, it is told so."""
    expected = {
        "middle": "rests.middle",
        "high": "rests.elsewhere",
        "dying": "fades",
        "swelling": "grows",
        "circle": "circles",
        "chance": "wanders",
        "lost": "lost",
    }
    assume(kind in expected)
    hand = hand_of(RecurrentSpec(seed=seed))
    truth = np.sin(np.arange(steps) / 4)
    told = ahead.ending_words(hand, continuations.ending(continuation(kind, truth, hand, seed), hand.deviation))
    if kind in ("dying", "middle") and not told:
        return
    settled = ["rests.middle"] if kind == "dying" else []  # after long enough it stands still
    assert any(chosen(told, f"ahead.{each}") for each in (expected[kind], *settled))
    others = {f"ahead.{each}" for each in expected.values()} - {f"ahead.{expected[kind]}", "ahead.rests.middle"}
    assert not [each for each in others if chosen(told, each)]
    if kind == "circle":
        assert " 8 " in told


@claim("recurrent", "ahead.stays", "ahead.how", "ahead.circles")
def test_on_the_clean_wave_the_default_network_stays_and_is_told_so():
    """The case of the learner who was told to take the clean wave while on it: off by little for 95 steps, and told that it stays."""
    run = train(RecurrentSpec())
    hand = hand_of(run.spec)
    made = hand.scale.restored(ahead.free_run(network_of(run), hand.window_before(hand.unseen), 95))
    truth = hand.series.values[hand.unseen : hand.unseen + 95]
    away = np.abs(made - truth).max()
    told = ahead.said(run, hand, hand.unseen, made)
    assert chosen(told[0], "ahead.stays", 95) == bool(away <= 0.4 * hand.series.values.std())
    assert away < 0.1


@claim("recurrent", "unit.of", "unit.own", "unit.each", "unit.scaled", "field.normalise.help")
@settings(**COMMON)
@given(
    name=st.sampled_from(["seattle", "henon", "walk", "sine"]),
    normalise=st.booleans(),
    off=st.floats(0.01, 3),
    held_out=st.sampled_from([0.0, 0.25]),
)
def test_one_unit_is_told_everywhere(name, normalise, off, held_out):
    """Curves, pins, guesses, captions and results tell the same error, in the series' own unit, and name it."""
    spec = RecurrentSpec(series=name, normalise=normalise, held_out=held_out)
    run, hand = run_that_says(spec, hand_of(spec).truth + off)
    metric = run.metrics[-1]
    own = float(np.abs(hand.predicted(run.final) - hand.truth)[hand.training if held_out else 0 :].mean())
    assert run.told[metric].iloc[-1] == pytest.approx(own, rel=1e-3)
    assert errors.measured(run, hand)["network"][bool(held_out)] == pytest.approx(own, rel=1e-3)
    assert told_of_two(run, run)["intact"] == pytest.approx(own, rel=1e-3)
    assert picture.in_unit(hand, own) in picture.caption(hand, run.final).replace("  ", " ") or own < 1e-3
    np.testing.assert_array_equal(run.told["loss"], run.history["loss"])
    unit = "°C" if name == "seattle" else WORDS.gettext("unit.own") if hand.scale.deviation != 1 else ""
    assert measure_words(metric, run.data) == WORDS.gettext(f"metric.{metric}") + (f" ({unit})" if unit else "")
    assert (measure_words("loss", run.data) != WORDS.gettext("metric.loss")) == (hand.scale.deviation != 1)


@claim("recurrent", "series.beyond", "series.alt")
@settings(**COMMON)
@given(far=st.integers(0, 40), seed=st.integers(0, 99))
def test_what_is_beyond_the_picture_is_counted(far, seed):
    """A forecast further off than the whole range of the series is drawn at the edge and counted in the caption; no other is."""
    spec = RecurrentSpec(series="henon", seed=seed, length=200)
    truth = hand_of(spec).truth.copy()
    truth[:far] += 100
    run, hand = run_that_says(spec, truth)
    told = picture.caption(hand, run.final)
    assert (WORDS.ngettext("series.beyond", "series.beyond", far).format(n=far) in told) == bool(far)
    low, high = picture.limits(hand)
    assert low < hand.series.values.min() < hand.series.values.max() < high


@claim("recurrent", "series.alt", "series.truth")
@settings(**COMMON)
@given(length=st.integers(900, 2_500), seed=st.integers(0, 99), first=st.integers(0, 100))
def test_a_long_series_is_drawn_with_its_extremes(length, seed, first):
    """Of a series too long for the screen every stretch keeps its least and its greatest value: no wave is lost between two points."""
    truth = np.random.default_rng(seed).normal(size=length).astype(np.float32)
    stretch = Stretch(truth, truth[None, first:], first, len(truth), ("", ""), (0, 1))
    drawn = picture.coarser(stretch)
    step = -(-len(truth) // (picture.MOST_POINTS // 2))
    for number in range(0, len(truth), step):
        part, shown = truth[number : number + step], drawn.truth[2 * number // step : 2 * number // step + 2]
        assert (part.min(), part.max()) == (shown.min(), shown.max())
    assert drawn.first + drawn.forecasts.shape[1] == len(drawn.truth)


@claim("recurrent", "delays.title", "delays.before", "delays.alt", "recurrent.md#train")
@pytest.mark.parametrize("name", ["logistic", "henon", "mackey_glass", "sine", "walk", "seattle"])
def test_the_delay_plot_shows_the_rule(name):
    """The maps are shown over the value before; Mackey and Glass over that of one delay ago, as nearly as there is a value."""
    hand = hand_of(RecurrentSpec.preset(name) if name in RecurrentSpec.presets else RecurrentSpec(series=name))
    assert hand.back >= 1
    if name == "mackey_glass":
        assert abs(hand.back * 6.0 - 17) <= 3
    if name in ("logistic", "henon", "walk", "seattle"):
        assert hand.back == 1
    run, _ = run_that_says(hand.spec, hand.truth)
    assert picture.delays(hand, (run.final,)).marks


@claim("recurrent", "states.rounds", "states.how")
@given(rounds=st.floats(1.2, 9), shake=st.floats(0, 0.05), seed=st.integers(0, 99))
@settings(**COMMON)
def test_rounds_are_counted_and_chance_has_none(rounds, shake, seed):
    """A path that goes round is counted as often as it does; one drawn by lot goes no way round."""
    random, t = np.random.default_rng(seed), np.linspace(0, 2 * np.pi * rounds, 120)
    path = np.stack([np.cos(t), np.sin(t)], axis=1) + shake * random.normal(size=(120, 2)) * min(1, rounds / 20)
    assert continuations.turns(path) == pytest.approx(rounds, abs=0.3)
    assert continuations.turns(random.normal(size=(120, 2))) == 0


@claim("recurrent", "influence.spread", "influence.nothing", "influence.how")
@given(moved=st.lists(st.floats(-3, 3).map(lambda value: round(value, 3)), min_size=1, max_size=40))
def test_how_far_back_counts_is_measured(moved):
    """The last n values, and no fewer, make nine tenths of all that the answer moves."""
    sizes = np.abs(np.array(moved))
    needed = continuations.reach_of(np.array(moved), inner.MOST_OF_IT)
    if not sizes.sum():
        assert needed == 0
        return
    assert sizes[-needed:].sum() >= 0.9 * sizes.sum() - 1e-9
    assert needed == 1 or sizes[len(sizes) - needed + 1 :].sum() < 0.9 * sizes.sum() + 1e-9


@claim("recurrent", "reach.faded", "reach.grown", "reach.alive", "reach.none", "reach.clip", "reach.no_clip", "reach.no_number")
@settings(**COMMON)
@given(
    first=st.one_of(st.just(np.inf), st.just(np.nan), st.floats(1e-30, 1e30)),
    last=st.one_of(st.just(0.0), st.floats(1e-3, 1e3)),
    norm=st.one_of(st.just(np.inf), st.floats(1e-3, 1e6)),
    clip=st.sampled_from([0.0, 0.1, 1.0]),
)
def test_what_is_said_of_the_gradient_is_what_was_measured(first, last, norm, clip):
    """Vanished below a thousandth, exploded above a thousandfold or where it is no number; clipped where its norm is finite and longer."""
    assume(last == 0 or not np.isfinite(first) or all(abs(np.log10(first / last) - edge) > 1e-6 for edge in (-3, 3)))
    network, spec = reach.random_network(RecurrentSpec()), ReachExhibit(clip_norm=clip)
    factor = min(1.0, clip / norm) if clip and np.isfinite(norm) else 1.0
    told = reach._words(network, spec, reach.Reach(np.array([last, first]), norm), factor)
    ratio = first / last if last and np.isfinite(first) else np.inf
    expected = "none" if not last else "grown" if ratio > 1e3 else "faded" if ratio < 1e-3 else "alive"
    kinds = ("none", "grown", "faded", "alive")
    assert [kind for kind in kinds if chosen(told, f"reach.{kind}", spec.steps_back)] == [expected]
    clipping = [] if not clip else ["no_number"] if np.isinf(norm) else ["clip"] if norm > clip else ["no_clip"]
    assert [kind for kind in ("clip", "no_clip", "no_number") if chosen(told, f"reach.{kind}")] == clipping


@claim("recurrent", "field.recurrent.seed.help", "recurrent.md#take_home")
def test_the_same_seed_gives_the_same_history():
    """Two trainings of one seed on one machine are equal to the last bit; those of another seed are not."""
    spec = RecurrentSpec(series="henon", length=120, epochs=3)
    first, again, other = train(spec), train(spec), train(spec.changed(seed=2))
    np.testing.assert_array_equal(first.rows, again.rows)
    assert not np.array_equal(first.rows, other.rows)
    assert forecasts.absolute_error(series_of(spec).values, series_of(other.spec).values) > 0


@claim("recurrent", "field.recurrence.help", "guess.no_recurrence.question", "quiz.passages", "quiz.passages_gated")
@pytest.mark.parametrize("cell", ["simple", "gru", "lstm"])
def test_without_u_a_simple_cell_forgets_and_one_with_gates_does_not(cell):
    """With U at zero the first value still moves the answer where there are gates; the cut loop is that of a simple cell."""
    spec = RecurrentSpec(cell=cell)
    made = reach.random_network(spec)
    cut = type(made.cell)(made.cell.kernel, 0 * made.cell.recurrent, made.cell.bias, made.cell.activation)
    window = np.linspace(-1, 1, 5)[:, None]
    first, other = answers(Network(cut, made.readout), np.stack([window, np.concatenate([[[1.0]], window[1:]])]))[:, 0]
    remembers = abs(first - other) > 1e-9
    assert remembers == (cell != "simple")
    assert (questions.passages(spec).name == "passages_gated") == remembers
    assert {each.cell for each in interventions("recurrent")["no_recurrence"].pair(spec)} == {"simple"}


@claim("recurrent", *(f"guess.{name}.because.nothing" for name in ("no_order", "no_recurrence", "short_window", "two_values", "wild")))
@settings(**COMMON)
@given(share=st.floats(0, 2), before=st.lists(st.floats(0, 2), max_size=3), normalise=st.booleans())
def test_nothing_is_learned_where_always_the_mean_is_hardly_worse(share, before, normalise):
    """A tenth below the squared error of always giving the mean, whatever the loss was before, and in a single epoch, too."""
    assume(abs(share - 0.9) > 1e-6)
    spec = RecurrentSpec(normalise=normalise, series="seattle")
    run, hand = run_that_says(spec, hand_of(spec).truth)
    y = hand.windows[1][: hand.training].astype(float)
    losses = np.array([*before, share]) * np.mean((y - y.mean()) ** 2)
    run = replace(run, rows=np.repeat(losses[:, None], len(run.metrics), axis=1), data=examples_of(spec)[1])
    assert learned_nothing(run) == (share > 0.9)


@claim("recurrent", "guess.wild.because.nothing")
def test_one_epoch_that_learns_is_not_told_to_have_learned_nothing():
    """After its first epoch the default network is nearer than the mean."""
    assert not learned_nothing(train(RecurrentSpec(epochs=1)))


@claim("recurrent", "influence.said", "influence.back", "influence.steps", "influence.spread")
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_a_place_in_a_shuffled_window_is_no_number_of_steps(spoken):
    """Shuffled, place n from the end of a window is not n steps back: places are counted, no steps; and nine tenths is at least."""
    ordered, shuffled = (hand_of(RecurrentSpec(series="walk", shuffled_order=order)).windows[0][0] for order in (False, True))
    assert not np.array_equal(ordered, shuffled)
    np.testing.assert_array_equal(np.sort(ordered, axis=0), np.sort(shuffled, axis=0))
    assert not [place for place in ("said", "back", "steps") if re.search("step|步", said(f"influence.{place}", spoken))]
    assert re.search("at least|至少", said("influence.spread", spoken))


@claim("recurrent", "series.error.training", "series.error.unseen")
@pytest.mark.parametrize("held_out", [0.0, 0.25])
def test_the_error_under_a_film_is_that_of_the_line_drawn(held_out):
    """Of the forecasts of this checkpoint, and not the mean of an epoch in which the network still changed."""
    run = train(RecurrentSpec(epochs=1, held_out=held_out))
    hand = hand_of(run.spec)
    off = np.abs(hand.predicted(run.final) - hand.truth)
    told = picture.caption(hand, run.final)
    assert WORDS.gettext("series.error.training").format(error=f"{off[: hand.training].mean():.3g}") in told
    assert f"{run.told['mean_absolute_error'].iloc[-1]:.3g}" not in told
    if held_out:
        assert WORDS.gettext("series.error.unseen").format(error=f"{off[hand.training :].mean():.3g}") in told


@claim("recurrent", "recurrent.md#train")
@pytest.mark.parametrize("rule", [recurrent.logistic_step, recurrent.henon_step, recurrent.mackey_glass_step])
def test_no_rule_of_the_three_is_a_weighted_sum(rule):
    """Half-way between two states a weighted sum with a constant would be half-way between what follows them; the rules are not."""
    size = {recurrent.logistic_step: 1, recurrent.henon_step: 2, recurrent.mackey_glass_step: recurrent.PIECES + 1}[rule]
    low, high = np.full(size, 0.2), np.full(size, 0.9)
    assert np.abs(rule((low + high) / 2) - (rule(low) + rule(high)) / 2).max() > 1e-3


@claim("recurrent", "recurrent.md#train", "curve.validation")
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_the_curve_of_what_is_held_out_is_called_what_it_is_called(spoken):
    """The text names it by its legend."""
    assert any(f"{begin}{said('curve.validation', spoken)}{end}" in said("recurrent.md#train", spoken) for begin, end in ("“”", "「」"))


@claim("recurrent", "ahead.chaos.grows", "ahead.chaos.beyond")
@settings(**COMMON)
@given(off=st.floats(0.01, 2), to_the_end=st.booleans())
def test_an_error_grows_to_the_tolerance_only_where_it_is_smaller(off, to_the_end):
    """Whether the median error has steps to go, or is as large as the tolerance from the beginning."""
    assume(abs(off - 0.4) > 1e-3)
    hand = hand_of(RecurrentSpec(series="henon"))
    run, hand = run_that_says(hand.spec, hand.truth + off * hand.deviation)
    told = ahead.chaos_words(run, hand, 3, to_the_end)
    assert [kind for kind in ("grows", "beyond") if chosen(told, f"ahead.chaos.{kind}")] == ["grows" if off < 0.4 else "beyond"]


@claim("recurrent", "errors.too_few")
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_one_value_has_no_standard_error(spoken, monkeypatch):
    """Where a single value is held out nothing is decided, and no standard error is spoken of."""
    monkeypatch.setattr(language, "current", lambda: spoken)
    spec = RecurrentSpec(length=50, window=40, held_out=0.1)
    run, hand = run_that_says(spec, hand_of(spec).truth + 1)
    assert len(hand.truth) - hand.training == 1
    told = errors.verdict(run, hand)
    assert re.search("no more than one value|至多一个", told)
    assert not re.search("standard error|标准误差", told)


@claim("recurrent", "quiz.weights", "quiz.weights.because", "quiz.passages", "quiz.fading", "quiz.fading.because")
@given(units=st.integers(1, 3), window=st.integers(1, 3), cell=st.sampled_from(["simple", "gru", "lstm"]))
def test_one_is_not_told_as_many(units, window, cell):
    """No question speaks of 1 units or 1 values; what is left of the gradient is the power that is named."""
    spec = RecurrentSpec(units=units, window=window, cell=cell)
    for asked in (questions.weights(spec), questions.passages(spec), questions.fading(spec)):
        for message in (f"quiz.{asked.name}", f"quiz.{asked.name}.because"):
            assert not re.search(r"\b1 [a-z]+s\b", WORDS.gettext(message).format(**asked.values)), message
    assert float(asked.answers[asked.right]) == pytest.approx(100 * 0.8**window, rel=0.1)


@claim("recurrent", "reach.radius")
@given(scale=st.floats(0, 3).map(lambda value: round(value, 2)))
@settings(deadline=None)
def test_the_eigenvalue_told_is_that_of_u_as_set(scale):
    """The greatest eigenvalue of the weights in use: U times the scale."""
    network = reach.random_network(RecurrentSpec())
    told = reach._words(network, ReachExhibit(recurrent_scale=scale), reach.Reach(np.ones(2), 1.0), 1.0)
    radius = np.abs(np.linalg.eigvals(network.cell.recurrent)).max()
    assert f"{scale * radius:.2f}" in told


@claim("recurrent", "series.beside", "series.alone", "series.alt.alone", "recurrent.md#train")
@pytest.mark.parametrize("name", ["default", "henon", "article"])
def test_the_purple_line_is_the_network_fed_with_its_own_answers(name):
    """At every moment each value is the answer to those before it on the line; how long it stays close is counted on it."""
    run = train(RecurrentSpec.preset(name).changed(epochs=3))
    hand = hand_of(run.spec)
    made, window = alone.continuations(hand, run.checkpoints), run.spec.window
    for each, line in zip(run.checkpoints, made, strict=True):
        fed = np.concatenate([hand.window_before(hand.begins), hand.scale.scaled(line)])
        windows = np.lib.stride_tricks.sliding_window_view(fed[:-1], window)[..., None]
        said = hand.scale.restored(answers(network_of(run, each), windows)[:, 0])
        np.testing.assert_allclose(line, said, atol=1e-9 * max(1, np.abs(said).max()))
        truth = hand.series.values[hand.begins :][: len(line)]
        away = np.flatnonzero(np.abs(line - truth) > 0.4 * hand.deviation)
        steps = int(away[0]) if len(away) else len(line)
        assert WORDS.gettext("series.beside").format(steps=steps, all=len(line)) in picture.caption(hand, each, line)


@claim("recurrent", "strip.choice", "strip.unit", "strip.surprise", "strip.error", "strip.influence", "strip.states", "strip.states.some")
@pytest.mark.parametrize("changes", [{}, {"cell": "gru", "units": 16}, {"cell": "lstm", "series": "henon"}])
def test_what_lies_beneath_the_series_is_what_its_name_says(changes):
    """Green is above the value that came, pink below; a value read, raised, moves the answer as its colour says; states are states."""
    run = train(RecurrentSpec(epochs=2, **changes))
    hand, checkpoints = hand_of(run.spec), (run.final,)
    at, network = strips.places_of(hand), network_of(run)
    unit, surprise, influence, states = strips.strips(hand, checkpoints, strips.inner_of(hand, checkpoints), 2)
    high = hand.predicted(run.final)[at - run.spec.window] > hand.series.values[at]
    np.testing.assert_array_equal(surprise.values[0, 0] > 0, high)
    x = hand.windows[0][at - run.spec.window].astype(float)
    for row in (0, 3, len(influence.down) - 1):
        raised = x.copy()
        raised[:, run.spec.window - 1 - row] += 1e-5
        moved = (answers(network, raised) - answers(network, x))[:, 0] / 1e-5
        np.testing.assert_allclose(influence.values[0, row], moved, atol=1e-3)
        assert str(run.spec.window - row) in influence.down[row]
    kept = unroll(network.cell, x).states[:, -1].T
    np.testing.assert_allclose(states.values[0], kept[: len(states.down)], atol=1e-5)
    np.testing.assert_array_equal(unit.values[:, 0], states.values[:, 2])
    assert (str(run.spec.units) in states.choice) == (len(states.down) < run.spec.units)


@claim("recurrent", "delays.forecast", "delays.alt", "series.both.pick", "series.whole.pick")
@pytest.mark.parametrize("name", ["henon", "default"])
def test_a_network_on_its_own_is_shown_over_its_own_earlier_values(name):
    """Across lies the value as many steps before on the same line, of the series only where the line has not begun by then."""
    run = train(RecurrentSpec.preset(name).changed(epochs=1))
    hand = hand_of(run.spec)
    made = alone.continuations(hand, run.checkpoints)
    shown = alone.over_earlier(hand, made)
    np.testing.assert_array_equal(shown[..., 1], made)
    np.testing.assert_array_equal(shown[:, hand.back :, 0], made[:, : -hand.back])
    np.testing.assert_array_equal(shown[0, : hand.back, 0], hand.series.values[hand.begins - hand.back : hand.begins])
