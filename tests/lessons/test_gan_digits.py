"""The game on digits: really played, judged by a network that was really trained, and shown on the page."""

import numpy as np
import pytest

from ann_core.coaching.doctor import diagnose
from ann_core.data.images import DIGITS_TRAINING, brightness, centred, small_digits
from ann_core.exhibits.gan import WalkExhibit
from ann_core.lessons.gan.digits import judge as judge_section
from ann_core.lessons.gan.digits import sheet, walk
from ann_core.lessons.gan.digits.train import examine
from ann_core.maths.networks import gan
from ann_core.models.gan import discriminator, generator
from ann_core.probing.gan import players, samples_of
from ann_core.probing.gan_digits import JUDGE, compared, copies, judged, nearest_digits, train_judge
from ann_core.specs import GanDigitsSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.gan import watched_noise
from ann_core.training.records import together
from ann_core.training.train import train
from ann_core.ui.language import catalogue
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
    way = walk.between(first, second, path)
    np.testing.assert_allclose(way[[0, -1]], [first, second], atol=1e-5)
    lengths = np.linalg.norm(way, axis=1)
    ends = min(np.linalg.norm(first), np.linalg.norm(second))
    assert (lengths.min() >= ends * 0.999) == (path == "arc")


def test_a_walk_to_where_one_stands_stands_still():
    here = np.ones(4, np.float32)
    np.testing.assert_allclose(walk.between(here, here, "arc"), np.ones((walk.STEPS, 4)))
    np.testing.assert_allclose(walk.between(here, -here, "arc")[walk.STEPS // 2], 0, atol=1e-6)


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
    at.slider(key="walk_walk_to").set_value(9).run()
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
