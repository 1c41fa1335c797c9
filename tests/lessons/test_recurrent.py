"""The recurrent lesson: series and baselines, a learner's own column, the cell in the hand, the reach, the page."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ann_core import models
from ann_core.data import recurrent
from ann_core.data.own.points import MOST_ROWS, numeric_columns, read_table
from ann_core.data.own.recurrent import LEAST_VALUES, own_series
from ann_core.data.problem import DataProblem
from ann_core.data.recurrent import Scale, Series
from ann_core.exhibits import CellExhibit, ReachExhibit
from ann_core.lessons.recurrent import inside, picture, questions, reach
from ann_core.lessons.recurrent.at_hand import AtHand, network_of
from ann_core.lessons.recurrent.probe import errors, inner
from ann_core.maths.measures import forecasts
from ann_core.maths.networks.recurrent import answers
from ann_core.specs import RecurrentSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.recurrent import scale_of, series_of, training_windows, windows_of
from ann_core.training.records import TrainingFailed
from ann_core.training.train import train
from ann_core.training.untrained import untrained
from ann_core.ui import trainings
from ann_core.ui.language import catalogue
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SMALL = RecurrentSpec(length=120, window=8, units=4, epochs=5)
WEATHER = RecurrentSpec.preset("weather").changed(epochs=3)


@pytest.fixture(scope="module")
def run():
    return train(SMALL)


@pytest.fixture(scope="module")
def weather():
    return train(WEATHER)


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


def hand_of(spec, own=None):
    series = series_of(spec, own)
    return AtHand(spec, series, scale_of(spec, series), training_windows(spec, series))


@pytest.mark.parametrize("kind", recurrent.GENERATED)
@settings(deadline=None)
@given(length=st.integers(50, 300), span=st.floats(10, 1000), noise=st.floats(0, 0.9), seed=st.integers(0, 9999))
def test_series_are_as_long_as_asked_for_and_the_same_for_the_same_seed(kind, length, span, noise, seed):
    made = recurrent.series(kind, length, span, noise, seed)
    assert (made.values.shape, made.values.dtype) == ((length,), np.float32)
    assert np.isfinite(made.values).all()
    recurrent.series.cache_clear()
    assert recurrent.series(kind, length, span, noise, seed).fingerprint == made.fingerprint


def test_every_series_that_a_spec_can_name_is_there():
    for name in (*recurrent.GENERATED, "seattle"):
        assert len(series_of(RecurrentSpec(series=name)).values) >= 50
    with pytest.raises(KeyError):
        recurrent.series("nothing", 100, 10.0)


def test_seattle_is_four_years_of_days_and_knows_the_year_before():
    series = recurrent.seattle()
    assert len(series.values) == 1461
    assert (np.diff(series.days) == np.timedelta64(1, "D")).all()
    earlier = series.year_before
    assert (earlier[:366] == -1).all()
    for place in (366, 800, 1154, 1460):
        then, now = series.days[earlier[place]], series.days[place]
        assert str(then)[5:] == str(now)[5:]
        assert int(str(now)[:4]) - int(str(then)[:4]) == 1


def test_the_day_before_a_leap_day_stands_in_for_it():
    days = np.arange("2015-01-01", "2016-03-02", dtype="datetime64[D]")
    series = Series(np.zeros(len(days), np.float32), days=days)
    at = np.flatnonzero(days == np.datetime64("2016-02-29"))[0]
    assert days[series.year_before[at]] == np.datetime64("2015-02-28")


@given(values=st.lists(st.floats(-1e3, 1e3, width=32), min_size=3, max_size=50))
def test_a_scale_goes_there_and_back(values):
    values = np.array(values, np.float32)
    scale = Scale.of(values)
    np.testing.assert_allclose(scale.restored(scale.scaled(values)), values, atol=1e-3 * max(1, np.abs(values).max()))


def test_what_is_held_out_has_no_part_in_the_scale():
    spec = RecurrentSpec(series="walk", held_out=0.5)
    series = series_of(spec)
    seen = series.values[: training_windows(spec, series) + spec.window]
    assert scale_of(spec, series) == Scale.of(seen)
    assert scale_of(spec.changed(normalise=False), series) == Scale(0, 1)


def test_shuffled_windows_keep_their_values_and_lose_their_order():
    spec = RecurrentSpec(window=12)
    (x, y), (shuffled, same) = (windows_of(each, series_of(each)) for each in (spec, spec.changed(shuffled_order=True)))
    np.testing.assert_array_equal(np.sort(x, axis=1), np.sort(shuffled, axis=1))
    np.testing.assert_array_equal(y, same)
    moved = (x != shuffled).any(axis=(1, 2)).mean()
    assert moved > 0.95


def test_a_run_keeps_what_it_says_of_every_window(run):
    examples, _ = examples_of(SMALL)
    model = models.build(SMALL)
    model.set_weights(run.final.weights)
    everything = np.concatenate([examples.x, examples.x_val])
    np.testing.assert_allclose(run.final.predicted, model.predict(everything, verbose=0), atol=1e-5)
    held_out = np.abs(run.final.predicted[len(examples.x) :] - examples.y_val).mean()
    assert run.value("val_mean_absolute_error") == pytest.approx(held_out, rel=1e-4)


def test_the_article_is_predicted_on_all_that_it_trained_on():
    run = train(RecurrentSpec.preset("article").changed(epochs=2))
    assert run.final.predicted.shape == (90, 1)
    assert run.metrics == ("loss", "mean_absolute_error")


@pytest.mark.parametrize("cell", ["simple", "gru", "lstm"])
def test_the_network_by_hand_answers_as_the_run_did(cell):
    run = train(SMALL.changed(cell=cell, epochs=1))
    x, _ = hand_of(run.spec).windows
    np.testing.assert_allclose(answers(network_of(run), x.astype(float)), run.final.predicted, atol=1e-5)


def test_a_cut_connection_stays_cut():
    run = train(SMALL.changed(recurrence=False, epochs=2))
    assert not run.final.weights[1].any()
    assert run.final.weights[0].any()


def test_baselines_say_what_they_are_called():
    values = np.array([1.0, 2.0, 4.0, 7.0])
    np.testing.assert_array_equal(forecasts.as_before(values)[1:], [1, 2, 4])
    np.testing.assert_array_equal(forecasts.as_then(values, np.array([-1, -1, 0, 1])), [np.nan, np.nan, 1, 2])
    assert forecasts.absolute_error(np.array([np.nan, 1.0]), np.array([5.0, 3.0])) == 2.0
    assert np.isnan(forecasts.absolute_error(np.full(2, np.nan), np.zeros(2)))


def test_two_weights_continue_a_sine_for_ever():
    hand = hand_of(RecurrentSpec(window=2))
    x, y = (array.astype(float) for array in hand.windows)
    made = forecasts.straight(x[:, :, 0], y[:, 0], hand.training)
    np.testing.assert_allclose(made, y[:, 0], atol=1e-5)


def test_the_straight_formula_never_sees_what_is_held_out():
    x, y = np.random.default_rng(0).normal(size=(40, 3)), np.random.default_rng(1).normal(size=40)
    other = y.copy()
    other[30:] += 100
    np.testing.assert_array_equal(forecasts.straight(x, y, 30), forecasts.straight(x, other, 30))


def test_errors_on_the_page_are_in_degrees_and_say_who_wins(weather):
    hand = hand_of(WEATHER)
    measured = errors.measured(weather, hand)
    assert list(measured) == ["network", "today", "year", "straight"]
    values = hand.series.values.astype(float)
    unseen = np.arange(hand.unseen, len(values))
    assert measured["today"][1] == pytest.approx(np.abs(values[unseen] - values[unseen - 1]).mean())
    lag = [
        np.flatnonzero(hand.series.days == np.datetime64(f"{int(str(day)[:4]) - 1}{str(day)[4:]}"))[0] for day in hand.series.days[unseen]
    ]
    assert measured["year"][1] == pytest.approx(np.abs(values[unseen] - values[lag]).mean())
    assert measured["network"][1] == pytest.approx(weather.value("val_mean_absolute_error") * hand.scale.deviation, rel=1e-3)


CASES = {
    "too few": ("a\n1\n2\n3", "series_few_values"),
    "text": ("a\n" + "\n".join(["x", "1"] * LEAST_VALUES + ["y"] * 5), "series_gaps"),
}


@pytest.mark.parametrize(("text", "code"), CASES.values(), ids=CASES)
def test_a_column_that_will_not_do_is_told(text, code):
    table = read_table(text.encode(), least_columns=1)
    with pytest.raises(DataProblem) as caught:
        own_series(table, "a")
    assert caught.value.code == code
    for language in ("zh", "en"):
        words = catalogue(language).ngettext(f"data.problem.{code}", f"data.problem.{code}", caught.value.values["n"])
        assert words.format(**caught.value.values) != f"data.problem.{code}"


def test_a_column_with_gaps_is_filled_and_said():
    rows = [str(number) for number in range(30)]
    rows[3], rows[10], rows[20] = "", "n/a", "  "
    brought = own_series(read_table(("t\n" + "\n".join(rows) + "\n\n").encode(), least_columns=1), "t")
    assert brought.filled == 3
    np.testing.assert_allclose(brought.series.values, range(30))


def test_a_long_column_is_cut_and_a_constant_one_trains():
    brought = own_series(read_table(("v\n" + "7\n" * 100_000).encode(), least_columns=1), "v")
    assert len(brought.series.values) == MOST_ROWS
    assert brought.cut
    assert brought.constant
    series = Series(brought.series.values[:100].copy())
    run = train(RecurrentSpec(series="own", window=5, epochs=3), own=series)
    assert not run.exploded
    assert run.value("val_mean_absolute_error") < 0.2


def test_daily_dates_become_days_and_others_do_not():
    days = np.arange("2020-02-20", "2020-03-20", dtype="datetime64[D]")
    text = "when,value\n" + "\n".join(f"{day},{number}" for number, day in enumerate(days))
    assert (own_series(read_table(text.encode(), 1), "value").series.days == days).all()
    gap = text.replace("2020-03-01", "2020-04-01")
    assert own_series(read_table(gap.encode(), 1), "value").series.days is None


@settings(max_examples=50)
@given(cells=st.lists(st.one_of(st.floats(), st.text(max_size=5), st.integers()), max_size=60))
def test_no_column_makes_it_stumble(cells):
    file = io.StringIO()
    file.write("name\n" + "\n".join(str(cell).replace("\n", " ").replace("\r", " ") for cell in cells))
    with suppress(DataProblem):
        table = read_table(file.getvalue().encode("utf-8", "surrogatepass"), least_columns=1)
        for name in numeric_columns(table):
            assert np.isfinite(own_series(table, name).series.values).all()


def test_missing_and_short_series_are_told():
    with pytest.raises(TrainingFailed) as caught:
        train(RecurrentSpec(series="own"))
    assert caught.value.code == "no_own_series"
    with pytest.raises(TrainingFailed) as caught:
        train(RecurrentSpec(series="own", window=50), own=Series(np.zeros(30, np.float32)))
    assert (caught.value.code, caught.value.values["n"]) == ("series_too_short", 30)


@settings(deadline=None, max_examples=40)
@given(
    spec=st.builds(
        CellExhibit,
        inputs=st.integers(1, 3),
        units=st.integers(1, 4),
        steps=st.integers(1, 8),
        sequence=st.lists(st.floats(-5, 5), max_size=24).map(tuple),
        from_state=st.lists(st.floats(-5, 5), max_size=16).map(tuple),
        activation=st.sampled_from(["tanh", "relu", "sigmoid", "linear"]),
    )
)
def test_the_cell_in_the_hand_adds_up_and_is_drawn(spec):
    made = inside.cell_of(spec)
    x, h = made.x, np.zeros(spec.units)
    for step in range(spec.steps):
        h = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z}[
            spec.activation
        ](x[step] @ made.cell.kernel + h @ made.cell.recurrent + made.cell.bias)
        np.testing.assert_allclose(made.states[step + 1], h, rtol=1e-9, atol=1e-9)
    assert CellExhibit.from_query(spec.to_query()) == spec


@pytest.mark.parametrize("preset", CellExhibit.presets)
def test_every_preset_of_the_cell_makes_a_film(preset):
    assert len(inside.film_of(CellExhibit.preset(preset))) > 1_000


def test_the_adder_adds_and_the_forgetful_one_forgets():
    adder = inside.cell_of(CellExhibit.preset("adder"))
    np.testing.assert_allclose(adder.states[1:, 0], np.cumsum(adder.x[:, 0]))
    forgetful = inside.cell_of(CellExhibit.preset("forgetful")).states[:, 0]
    assert forgetful[1] > 0.7
    assert abs(forgetful[5]) < 0.01


def test_gradients_vanish_explode_and_are_clipped():
    spec = RecurrentSpec(units=8)
    network, (x, y) = reach.random_network(spec), reach.examples(spec, 60)
    weak, strong = (
        reach.measured(reach.changed(network, ReachExhibit(recurrent_scale=scale, activation="linear")), x, y) for scale in (0.5, 1.5)
    )
    assert weak.lengths[-1] < 1e-9 * weak.lengths[0]
    assert strong.lengths[-1] > 1e6 * strong.lengths[0]
    assert len(weak.lengths) == 61


@pytest.mark.parametrize(("value", "written"), [(0.5, "0.5"), (5.3e-5, "5.3 × 10⁻⁵"), (2.04e12, "2 × 10¹²"), (np.inf, "∞"), (41, "41")])
def test_numbers_of_any_size_are_written_as_people_write_them(value, written):
    assert reach.powers(value) == written


@given(values=st.lists(st.floats(-1e4, 1e4, width=32), min_size=2, max_size=20))
def test_round_bounds_hold_all_values(values):
    low, high = picture.bounds(np.array(values, np.float32))
    assert low < high
    assert low <= min(values)
    assert max(values) <= high


def test_the_random_network_is_drawn_as_keras_draws():
    for cell in ("simple", "gru", "lstm"):
        drawn, built = (
            reach.random_network(RecurrentSpec(cell=cell, units=6)),
            models.build(RecurrentSpec(cell=cell, units=6)).get_weights(),
        )
        for mine, theirs in zip((drawn.cell.kernel, drawn.cell.recurrent, drawn.cell.bias), built[:3], strict=True):
            assert mine.shape == theirs.shape
            assert np.linalg.norm(mine) == pytest.approx(np.linalg.norm(theirs), rel=0.4)


def test_a_film_of_a_series_is_made_before_and_after_training(run, weather):
    for spec, each in ((SMALL, run), (WEATHER, weather)):
        hand = hand_of(spec)
        assert len(picture.film_of(hand, [untrained(spec)], "untrained", play=False)) > 1_000
        assert len(picture.film_of(hand, each.checkpoints, each.key, play=True)) > 1_000


def test_bending_one_value_bends_no_other():
    window = np.zeros((5, 1))
    every = inner.bent(window, None, 2.0)
    assert every.shape == (5, 5, 1)
    np.testing.assert_array_equal(every[..., 0], 2 * np.eye(5))
    np.testing.assert_array_equal(inner.bent(window, 3, 2.0)[:, 0], [0, 0, 0, 2, 0])


@pytest.mark.parametrize("cell", ["simple", "gru", "lstm"])
def test_questions_know_the_right_answers(cell):
    spec = RecurrentSpec(cell=cell, units=7, window=9)
    built = models.build(spec)
    weights, passages, fading = questions.weights(spec), questions.passages(spec), questions.fading(spec)
    assert weights.answers[weights.right] == f"{built.layers[0].count_params():,}"
    assert passages.answers[passages.right] == "8"
    assert float(fading.answers[fading.right]) == pytest.approx(13, rel=0.05)


def opened(**query):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = query.get("lang", "en")
    at.run()
    at.switch_page("screens/recurrent.py")
    for name, token in query.items():
        at.query_params[name] = token
    return at.run()


def texts_of(at):
    return " ".join(element.value for element in (*at.markdown, *at.caption, *at.header, *at.info, *at.warning, *at.error))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_page_with_a_trained_network(language, weather):
    at = opened(lang=language, recurrent_preset="weather", recurrent_epochs="3")
    assert not at.exception
    at.session_state["_recurrent_bench"].run = weather
    words = catalogue(language)
    for view in ("errors", "ahead", "states", "influence"):
        at.session_state["recurrent_probe_view"] = words.gettext(f"probe.{view}")
        at.run()
        assert not at.exception, view
    assert "°C" in texts_of(at)
    at.session_state["recurrent_probe_view"] = words.gettext("probe.errors")
    at.run()
    assert words.gettext("errors.how.year") in texts_of(at)
    assert words.gettext("forecast.year") in texts_of(at)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"recurrent_series": "own"}, "Bring a file"),
        ({"recurrent_window": "100", "recurrent_length": "50"}, "Choose a shorter window"),
        ({"cell_sequence": "a_b"}, "could not be read"),
        ({"reach_recurrent_scale": "3", "reach_activation": "linear", "reach_steps_back": "100", "reach_clip_norm": "1"}, "explodes"),
        ({"reach_recurrent_scale": "0"}, "vanished"),
    ],
)
def test_links_and_extremes_are_told_in_words(query, expected):
    at = opened(**query)
    assert not at.exception
    everything = texts_of(at) + "".join(str(each) for each in at.get("bidi_component"))
    assert expected in everything, texts_of(at)[:2000]


@pytest.mark.parametrize(("language", "name"), [("en", "henon"), ("zh", "mackey_glass"), ("zh", "logistic")])
def test_the_whole_page_on_chaos(language, name):
    run = train(RecurrentSpec.preset(name).changed(epochs=3, length=200))
    at = opened(lang=language, recurrent_preset=name, recurrent_epochs="3", recurrent_length="200")
    at.session_state["_recurrent_bench"].run = run
    words = catalogue(language)
    for view in ("errors", "ahead", "states", "influence"):
        at.session_state["recurrent_probe_view"] = words.gettext(f"probe.{view}")
        at.run()
        assert not at.exception, view
        assert "{" not in texts_of(at)
        assert not [word for word in ("ahead.", "errors.", "states.", "influence.", "unit.", "delays.") if f" {word}" in f" {texts_of(at)}"]
    at.session_state["recurrent_probe_view"] = words.gettext("probe.ahead")
    at.run()
    assert ("Lyapunov" if language == "en" else "李雅普诺夫") in texts_of(at)
