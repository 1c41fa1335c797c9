"""The game on digits: really played, judged by a network that was really trained, and shown on the page."""

import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from ann_core.coaching.doctor import diagnose
from ann_core.data.images import DIGITS_TRAINING, brightness, centred, small_digits
from ann_core.exhibits.gan import WalkExhibit
from ann_core.lessons.gan.digits import blind, plane, sheet, walk
from ann_core.lessons.gan.digits import judge as judge_section
from ann_core.lessons.gan.digits.train import examine
from ann_core.maths.networks import gan
from ann_core.models.gan import discriminator, generator
from ann_core.probing.gan import players, samples_of
from ann_core.probing.gan_digits import (
    JUDGE,
    OF_EACH,
    as_seen,
    compared,
    copies,
    judged,
    nearest_digits,
    suspicion,
    train_judge,
    trial,
)
from ann_core.specs import GanDigitsSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.gan import watched_noise
from ann_core.training.records import together
from ann_core.training.train import train
from ann_core.ui.language import catalogue
from tests.charts.test_film import unpacked
from tests.lessons.test_gan import opened, texts_of
from tests.patience import PATIENCE

SMALL = GanDigitsSpec(generator_layers=(16,), discriminator_layers=(16,), noise_size=4, batch_size=16, epochs=3)


@pytest.fixture(scope="module")
def run():
    """The default preset, really played."""
    return train(GanDigitsSpec())


@pytest.fixture(scope="module")
def judge():
    return train_judge(lambda share: None, lambda: False)


def test_players_see_the_digits_that_the_judge_trains_on(judge):
    examples, source = examples_of(GanDigitsSpec())
    assert examples.x.shape == (DIGITS_TRAINING, 64)
    assert examples.x.min() == -1
    assert examples.x.max() == 1
    assert (source.training, source.testing) == (judge.data.training, judge.data.testing)
    np.testing.assert_array_equal(np.rint((examples.x[5] + 1) * 8), small_digits()[0][5])


def test_the_judge_knows_digits(judge):
    assert judge.value("val_accuracy") >= 0.90
    real = judged(judge, compared().real)
    labels = small_digits()[1][DIGITS_TRAINING:]
    assert (real.digits == labels).mean() == pytest.approx(judge.value("val_accuracy"), abs=0.01)  # seen through 256 steps of grey


def test_the_default_makes_digits_and_copies_none(run, judge):
    found = judged(judge, run.final.predicted)
    assert found.recognised >= 0.83
    assert found.recognised >= judged(judge, compared().mixes).recognised + 0.08
    assert (found.counts > 0).all()
    assert copies(run.final.predicted) == 0


def test_a_copy_would_be_found():
    rows = small_digits()[0]
    pictures = brightness(centred(rows[[3, 4, DIGITS_TRAINING + 1]]))
    assert copies(pictures) == 2
    found = nearest_digits(pictures[:2])
    np.testing.assert_allclose(found.distances, 0, atol=0.5)  # 256 steps of grey are not a multiple of 16
    np.testing.assert_array_equal(found.pictures, pictures[:2])


def test_what_is_kept_can_be_computed_from_the_weights(run):
    spec, both = run.spec, players(run.spec, run.final)
    made = gan.generate(both.generator, watched_noise(spec))
    difference = brightness(made).astype(int) - run.final.predicted.astype(int)
    assert np.abs(difference).max() <= 1
    maker, critic = generator(spec), discriminator(spec)
    count = len(maker.weights)
    maker.set_weights(run.final.weights[:count])
    critic.set_weights(run.final.weights[count:])
    np.testing.assert_allclose(np.asarray(maker(watched_noise(spec))), made, atol=1e-4)
    np.testing.assert_allclose(np.asarray(critic(made))[:, 0], gan.scores(both.discriminator, made), atol=1e-3)
    np.testing.assert_allclose(samples_of(spec, run.final), made, atol=1 / 127)


def test_the_penalty_counts():
    free, held = (train(SMALL.changed(penalty=penalty, epochs=20)) for penalty in (0.0, 10.0))
    lengths = []
    for run in (free, held):
        real = examples_of(run.spec)[0].x[:200]
        slopes = gan.point_slopes(players(run.spec, run.final).discriminator, real, np.ones(len(real), np.float32))
        lengths.append(float(np.linalg.norm(slopes, axis=1).mean()))
    assert lengths[1] < lengths[0] / 2


def test_playing_further_equals_playing_longer():
    further, longer = train(SMALL, start=train(SMALL.changed(epochs=1))), train(SMALL)
    np.testing.assert_array_equal(further.rows, longer.rows)
    np.testing.assert_array_equal(further.final.predicted, longer.final.predicted)


def test_a_healthy_game_on_digits_is_left_alone(run):
    assert not diagnose(examine(run))


@pytest.mark.parametrize("path", ["straight", "arc"])
def test_a_walk_begins_and_ends_where_it_should(path):
    random = np.random.default_rng(1)
    first, second = random.normal(size=(2, 32)).astype(np.float32)
    way = plane.between(first, second, path, walk.STEPS)
    np.testing.assert_allclose(way[[0, -1]], [first, second], atol=1e-5)
    lengths = np.linalg.norm(way, axis=1)
    ends = min(np.linalg.norm(first), np.linalg.norm(second))
    assert (lengths.min() >= ends * 0.999) == (path == "arc")


def test_a_walk_to_where_one_stands_stands_still():
    here = np.ones(4, np.float32)
    np.testing.assert_allclose(plane.between(here, here, "arc", walk.STEPS), np.ones((walk.STEPS, 4)))
    np.testing.assert_allclose(plane.between(here, -here, "arc", walk.STEPS)[walk.STEPS // 2], 0, atol=1e-6)


def test_what_is_on_the_way_is_made_by_the_generator(run):
    asked = WalkExhibit(walk_from=2, walk_to=7)
    made = walk.pictures_on_the_way(run, asked)
    assert made.shape == (walk.STEPS, 8, 8)
    for place, number in ((0, 2), (-1, 7)):
        assert np.abs(made[place].astype(int) - run.final.predicted[number - 1].astype(int)).max() <= 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_digits_are_shown_and_walked_through(run, judge, language):
    words = catalogue(language)
    at = opened(lang=language)
    assert words.gettext("judge.play_first") in texts_of(at)
    at.session_state["_gan_digits_bench"].run = run
    at.session_state["_measured_judge"] = judge_section.measure.Measurement(JUDGE.key(), result=judge)
    at.run()
    assert not at.exception
    for name in ("judge.real", "judge.mixes", "judge.noise", "judge.samples"):
        assert words.gettext(name) in texts_of(at)
    assert f"{judged(judge, run.final.predicted).recognised:.1%}" in texts_of(at)
    at.selectbox(key="walk_walk_path").set_value("straight").run()
    assert not at.exception
    at.button(key="blind_check").click().run()
    mine, its = at.session_state[f"_blind_{run.key}"].scores[0]
    assert mine == OF_EACH  # who marks nothing is right about what is real
    assert words.gettext("blind.score").format(mine=mine, its=its, of=2 * OF_EACH, chance=OF_EACH) in texts_of(at)
    assert words.gettext("blind.belief") in texts_of(at)
    at.button(key="blind_again").click().run()
    assert words.gettext("blind.score").split("{")[0] not in texts_of(at)
    assert not at.exception


def test_the_judge_is_trained_without_being_asked(run):
    at = opened()
    at.session_state["_gan_digits_bench"].run = run
    at.run()
    state = at.session_state["_measured_judge"]
    state.task.outcome.result(PATIENCE)
    at.run()
    assert state.result.value("val_accuracy") >= 0.90
    assert not at.exception


def test_two_games_on_digits_can_be_compared():
    runs = train(SMALL), train(SMALL.changed(seed=2, epochs=2))
    leading, shown = together(*runs)
    assert leading == runs[0].checkpoints
    assert [len(part) for part in shown] == [len(leading)] * 2
    assert sheet.panel(shown[1], "B").title == "B"


@pytest.fixture(scope="module")
def exact(run):
    """The run with both players in float64, as Keras has them and as NumPy has them."""
    networks, place = [], 0
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    for build in (generator, discriminator):
        network = build(run.spec)
        count = len(network.weights)
        network.set_weights(run.final.weights[place : place + count])
        networks.append(network)
        place += count
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    weights = tuple(weight.astype(float) for weight in run.final.weights)
    return replace(run, checkpoints=(*run.checkpoints[:-1], replace(run.final, weights=weights))), *networks


def close(found, expected):
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())


def test_the_plane_is_made_by_the_generator(exact):
    found, maker, _ = exact
    noise, amounts = plane.ends_of(found, WalkExhibit(walk_from=2, walk_to=7)), plane.places()
    assert amounts.shape == (plane.PLACES**2, 2)
    np.testing.assert_allclose(amounts[[0, -1]], [(-1.1, 1.1), (1.1, -1.1)])
    np.testing.assert_allclose(np.unique(np.diff(np.unique(amounts[:, 0].round(9)))), 0.05)
    made = (amounts @ noise).astype(np.float32)
    expected = np.asarray(maker(made.astype(float)))
    close(gan.generate(players(found.spec, found.final).generator, made.astype(float)), expected)
    difference = plane.pictures_at(found, noise, amounts).astype(int) - brightness(expected)
    assert np.abs(difference).max() <= 1


def test_both_tiles_are_on_the_plane_and_the_way_leads_from_one_to_the_other(run):
    asked = WalkExhibit(walk_from=2, walk_to=7)
    noise, amounts = plane.ends_of(run, asked), plane.places()
    made = plane.pictures_at(run, noise, amounts)
    for at, number in (((1, 0), 2), ((0, 1), 7)):
        place = np.abs(amounts - at).sum(axis=1).argmin()
        np.testing.assert_allclose(amounts[place], at, atol=1e-9)
        assert np.abs(made[place].astype(int) - run.final.predicted[number - 1].astype(int)).max() <= 1
    for path in ("straight", "arc"):
        line = plane.way(*noise, path, 11)
        np.testing.assert_allclose(line[[0, -1]], [(1, 0), (0, 1)], atol=1e-9)
        np.testing.assert_allclose(line @ noise, plane.between(*noise, path, 11), atol=1e-5)


def test_the_film_of_the_plane_has_a_moment_for_every_place(run):
    header, _ = unpacked(plane.film_of(run, WalkExhibit(walk_from=2, walk_to=7), "plane"))
    assert len(header["moments"]) == plane.PLACES**2
    drawn, large = header["panels"]
    leads = next(mark for mark in drawn["marks"] if mark["kind"] == "place")
    assert (leads["rows"], leads["columns"], leads["leads"]) == (plane.PLACES, plane.PLACES, True)
    framed = [mark["box"][:2] for mark in drawn["marks"] if mark.get("chosen")]
    assert sorted(framed) == [[174, 22], [326, 174]]  # the fifth and the ninth column, the first and the fifth row
    assert large["marks"][0]["frames"]["shape"] == [plane.PLACES**2, 8, 8]
    assert header["moments"][header["begin"]] == "0.50 × noise of 2 + 0.50 × noise of 7"
    assert header["moments"][-1] == "1.10 × noise of 2 − 1.10 × noise of 7"


@pytest.mark.parametrize(
    "said", [None, {}, {"pick": None}, {"pick": "walk_from"}, {"pick": "walk_from 41"}, {"pick": "x 1"}, {"pick": "walk_to 1 2"}, 3]
)
def test_what_no_tile_says_is_left_alone(said):
    assert sheet.picked(said, walk.ENDS, 40) is None


def test_a_tile_says_which_end_of_the_walk_it_becomes(run):
    asked = WalkExhibit(walk_from=2, walk_to=7)
    for picks in walk.ENDS:
        header, _ = unpacked(walk.film_of(run, asked, picks, "walk"))
        tiles = [mark for mark in header["panels"][0]["marks"] if mark["kind"] == "picture"]
        assert [sheet.picked(tile, walk.ENDS, 40) for tile in tiles] == [(picks, number) for number in range(1, 41)]
        assert [tile["name"] for tile in tiles if tile.get("chosen")] == ["2", "7"]


def test_the_discriminators_verdicts_are_those_of_keras(exact):
    found, _, critic = exact
    drawn = trial(found, 3)
    said = suspicion(found, drawn.pictures)
    expected = np.asarray(critic(as_seen(drawn.pictures).astype(float)))[:, 0]
    close(said.scores, expected)
    np.testing.assert_array_equal(said.real, 1 / (1 + np.exp(-expected)) > 0.5)


@pytest.mark.parametrize("loss", ["least_squares", "wasserstein"])
def test_each_loss_has_its_own_threshold(loss):
    run = train(SMALL.changed(loss=loss))
    drawn = trial(run, 1)
    said = suspicion(run, drawn.pictures)
    critic = players(run.spec, run.final).discriminator
    np.testing.assert_allclose(said.scores, gan.scores(critic, as_seen(drawn.pictures)))
    if loss == "least_squares":
        np.testing.assert_array_equal(said.real, gan.GAMES[loss].belief(said.scores) > 0.5)
    else:
        means = gan.scores(critic, examples_of(run.spec)[0].x).mean(), gan.scores(critic, samples_of(run.spec, run.final)).mean()
        assert said.threshold == pytest.approx(np.mean(means), rel=1e-5)


def test_a_blind_test_is_drawn_by_lot_from_what_nobody_has_seen(run):
    unseen, known = ({picture.tobytes() for picture in part} for part in (compared().real, brightness(examples_of(run.spec)[0].x)))
    orders = []
    for number in range(1, 30):
        drawn = trial(run, number)
        assert drawn.real.sum() == OF_EACH
        assert len(drawn.pictures) == 2 * OF_EACH == len({picture.tobytes() for picture in drawn.pictures})
        assert all((picture.tobytes() in unseen) == real for picture, real in zip(drawn.pictures, drawn.real, strict=True))
        orders.append(drawn.real)
    assert not unseen & known
    assert len({order.tobytes() for order in orders}) == len(orders)
    assert 0.2 < np.mean(orders, axis=0).min() <= np.mean(orders, axis=0).max() < 0.8
    np.testing.assert_array_equal(trial(run, 4).pictures, trial(run, 4).pictures)


def test_nothing_tells_the_answers_before_they_are_checked(run):
    """Real and forged tiles differ in their pixels alone, and those are in no table."""
    drawn, at_hand = trial(run, 1), blind.Round()
    header, _ = unpacked(blind.film_of(run, at_hand, drawn))
    assert [panel["told"] for panel in header["panels"]] == [False, False]
    tiles = [mark for panel in header["panels"] for mark in panel["marks"] if mark["kind"] == "picture"]
    kinds = [{key for key in tile if key not in ("box", "frames", "name", "pick")} for tile in tiles]
    assert all(kind == kinds[0] for kind in kinds)
    assert [tile["pick"] for tile in tiles] == [f"mark {number}" for number in blind.NUMBERS]
    swapped, _ = unpacked(blind.film_of(run, at_hand, drawn._replace(real=~drawn.real)))
    assert json.dumps(swapped) == json.dumps(header)


def test_marks_are_counted_as_answers(run):
    drawn = trial(run, 1)
    forged = {number for number in blind.NUMBERS if not drawn.real[number - 1]}
    first, wrong = min(forged), min(set(blind.NUMBERS) - forged)
    assert blind.mistaken(blind.Round(marked=forged), drawn) == []
    at_hand = blind.Round(marked=forged - {first} | {wrong})
    assert blind.mistaken(at_hand, drawn) == sorted([first, wrong])
    header, _ = unpacked(blind.film_of(run, replace(at_hand, checked=True), drawn))
    tiles = [mark for panel in header["panels"] for mark in panel["marks"] if mark["kind"] == "picture"]
    assert [int(tile["name"]) for tile in tiles if tile.get("chosen")] == sorted([first, wrong])
    assert not any(tile.get("pick") for tile in tiles)
