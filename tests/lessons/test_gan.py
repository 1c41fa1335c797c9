"""A generator against a discriminator: what is imitated, what either wants, games that are really played."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ann_core.data.gan import DEVIATION, EDGE, TARGETS, spread_out, target_points
from ann_core.exhibits import StepExhibit
from ann_core.lessons.gan import own, picture, questions, step
from ann_core.maths.measures.distances import energy_distance, modes
from ann_core.maths.networks import dense, gan
from ann_core.models.gan import LOSSES, discriminator, generator
from ann_core.probing.gan import players
from ann_core.probing.gan_step import turn
from ann_core.specs import GanSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.gan import watched_noise
from ann_core.training.gan import DUELS
from ann_core.training.records import TrainingFailed
from ann_core.training.train import train
from ann_core.ui import session, trainings
from ann_core.ui.language import catalogue
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SMALL = GanSpec(generator_layers=(16,), discriminator_layers=(16,), batch_size=16, epochs=4)


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


@pytest.fixture(scope="module")
def run():
    """The default preset, really played."""
    return train(GanSpec())


@pytest.mark.parametrize("kind", TARGETS)
def test_targets_stay_in_the_plane_and_near_their_modes(kind):
    x = target_points(kind, 2_000, 3)
    assert x.shape == (2_000, 2)
    assert x.dtype == np.float32
    assert np.abs(x).max() < EDGE
    assert not np.array_equal(x, target_points(kind, 2_000, 4))
    if (centres := TARGETS[kind].centres) is not None:
        found = modes(x, centres, DEVIATION)
        assert found.found == len(centres)
        assert found.share > 0.97


def test_what_is_painted_is_spread_over_its_pixels():
    pixels = np.zeros((100, 100), bool)
    pixels[10:20, 70:90] = True
    x = spread_out(pixels, 500, 1)
    assert (x[:, 0] >= EDGE * 0.4).all()
    assert (x[:, 0] <= EDGE * 0.8).all()
    assert (x[:, 1] >= EDGE * 0.6).all()
    assert (x[:, 1] <= EDGE * 0.8).all()
    with pytest.raises(ValueError, match="nothing"):
        spread_out(np.zeros((5, 5), bool), 10, 1)


@pytest.mark.parametrize("name", LOSSES)
def test_both_players_want_in_keras_what_they_want_in_numpy(name):
    real, fake = np.random.default_rng(1).normal(size=(2, 50, 1)) * 5
    ours, theirs = gan.GAMES[name], LOSSES[name]
    assert float(theirs.discriminator(real, fake)) == pytest.approx(ours.discriminator_loss(real[:, 0], fake[:, 0]), rel=1e-5)
    assert float(theirs.generator(fake)) == pytest.approx(ours.generator_loss(fake[:, 0]), rel=1e-5)


def test_the_default_finds_all_eight_modes(run):
    found = modes(run.predictions, TARGETS["eight_clouds"].centres, DEVIATION)
    assert found.found == 8
    assert found.share > 0.75
    assert run.metrics == ("discriminator_loss", "generator_loss")
    assert run.rows.shape == (100, 2)
    assert energy_distance(run.predictions, examples_of(run.spec)[0].x[:1_000]) < 0.3
    assert run.final.predicted.shape == (1_000, 2)


def test_samples_and_scores_can_be_computed_from_the_weights(run):
    """A checkpoint has the weights of both, the generator's first."""
    spec, weights = run.spec, run.final.weights
    count = len(generator(spec).weights)
    layers = dense.layers(weights[:count], (*[spec.activation] * len(spec.generator_layers), "linear"))
    made = gan.generate(layers, watched_noise(spec))
    np.testing.assert_allclose(made, run.predictions, atol=1e-4)
    judge = discriminator(spec)
    judge.set_weights(weights[count:])
    layers = dense.layers(weights[count:], (*[spec.activation] * len(spec.discriminator_layers), "linear"))
    np.testing.assert_allclose(gan.scores(layers, made), np.asarray(judge(made))[:, 0], atol=1e-3)


def test_the_collapse_preset_collapses():
    collapsed = train(GanSpec.preset("collapse"))
    assert modes(collapsed.predictions, TARGETS["eight_clouds"].centres, DEVIATION).belonging <= 2


def test_the_same_spec_gives_the_same_run():
    first, second = train(SMALL), train(SMALL)
    np.testing.assert_array_equal(first.rows, second.rows)
    np.testing.assert_array_equal(first.predictions, second.predictions)
    assert not np.array_equal(first.rows, train(SMALL.changed(seed=2)).rows)


@pytest.mark.parametrize("changes", [{}, {"loss": "wasserstein", "discriminator_steps": 3, "noise_kind": "uniform", "noise_size": 1}])
def test_playing_further_equals_playing_longer(changes):
    spec = SMALL.changed(**changes)
    further = train(spec, start=train(spec.changed(epochs=2)))
    longer = train(spec)
    np.testing.assert_array_equal(further.rows, longer.rows)
    np.testing.assert_array_equal(further.predictions, longer.predictions)
    assert [checkpoint.epoch for checkpoint in further.checkpoints if not checkpoint.batch] == [0, 1, 2, 3, 4]


def test_a_game_can_be_stopped_and_keeps_its_last_round():
    heard = []
    stopped = train(SMALL.changed(epochs=400), heard.append, lambda: len(heard) > 3)
    assert 0 < stopped.epochs < 400
    assert stopped.final.epoch == stopped.epochs
    shorter = train(SMALL.changed(epochs=stopped.epochs))
    np.testing.assert_array_equal(stopped.rows, shorter.rows)
    np.testing.assert_array_equal(stopped.predictions, shorter.predictions)


def test_a_game_says_how_it_goes():
    train(SMALL, should_stop=lambda: True)  # compiles it
    heard = []
    played = train(SMALL.changed(epochs=60), heard.append)
    assert [progress.stage for progress in heard[:2]] == ["compiling", "compiling"]
    rows = [progress.rows for progress in heard if progress.rows is not None]
    np.testing.assert_array_equal(np.concatenate(rows), played.rows)
    assert sum(len(progress.checkpoints) for progress in heard) == len(played.checkpoints)


def test_the_steepness_is_the_gradient_penalty():
    """One turn of the discriminator by hand, with plain Keras and the NumPy slopes."""
    spec = SMALL.changed(loss="wasserstein", optimiser="sgd", discriminator_rate=0.1, penalty=2.0, activation="tanh")
    judge = discriminator(spec)
    layers = dense.layers([weight.astype(float) for weight in judge.get_weights()], ("tanh", "linear"))
    random = np.random.default_rng(2)
    points = random.normal(size=(16, 2))
    slopes = gan.penalty_slopes(layers, points, "gradient")
    nudged = [weight + 1e-6 * slope for weight, slope in zip(judge.get_weights(), slopes, strict=True)]
    change = gan.penalty(dense.layers(nudged, ("tanh", "linear")), points, "gradient") - gan.penalty(layers, points, "gradient")
    assert change == pytest.approx(1e-6 * sum((slope**2).sum() for slope in slopes), rel=1e-2)


def test_an_own_target_must_be_there():
    with pytest.raises(TrainingFailed) as caught:
        train(SMALL.changed(target="own"))
    assert caught.value.code == "no_own_target"


def test_another_rate_compiles_nothing():
    train(SMALL.changed(batch_size=24))
    (*_, duel) = DUELS.kept.values()
    train(SMALL.changed(batch_size=24, generator_rate=0.002, seed=5, target="moons"))
    assert [*DUELS.kept.values()][-1] is duel
    assert duel.advance.experimental_get_tracing_count() == 1


# --- the page


def opened(run=None, **query):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = query.get("lang", "en")
    at.run()
    at.switch_page("screens/gan.py")
    for name, token in (query | (run.spec.to_query() if run else {})).items():
        at.query_params[name] = token
    at.run()
    if run is not None:
        at.session_state["_gan_bench"].run = run
        at.run()
    assert not at.exception
    return at


def texts_of(at):
    return " ".join(element.value for element in (*at.markdown, *at.caption, *at.info, *at.warning))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_game_is_shown_and_judged_on_the_page(run, language):
    at = opened(run, lang=language)
    words = catalogue(language)
    assert words.gettext("quality.energy") in texts_of(at)
    assert f"| {words.gettext('quality.found')} |" in texts_of(at)
    at.pills(key="stage_layers_shown").set_value(["field", "generated_points", "arrows", "bent_grid"]).run()
    assert not at.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_stage_asks_for_a_painting(language):
    at, words = opened(gan_target="own", lang=language), catalogue(language).gettext
    assert words("step.paint_first") in texts_of(at)
    at.button(key="gan_train").click().run()
    assert words("failure.no_own_target") in texts_of(at)


def test_what_is_painted_on_the_stage_is_imitated_until_it_is_wiped_away():
    at = opened(gan_target="own")
    target, bench = (at.session_state[key] for key in ("_own_target", "_gan_bench"))
    for nonsense in ({"strokes": [[[0.5]]]}, {"strokes": "all"}, {"strokes": [[[float("nan"), 0.5]]]}, {"do": "dance"}, {"pick": "x"}):
        own.change(bench, target, nonsense)
        assert target.points is None
    own.change(bench, target, {"strokes": [[[0.25, 0.25], [0.75, 0.25]]]})
    x = target.points.x
    assert len(x) == 4_000
    assert (x[:, 1] > EDGE * 0.4).all()
    assert (x[:, 1] < EDGE * 0.6).all()
    bench.run = train(SMALL.changed(target="own", epochs=1), own=target.points)
    own.change(bench, target, {"strokes": [[[0.1, 0.1]]]})
    assert target.points.x is x
    own.change(bench, target, {"do": "repaint"})
    assert (bench.run, target.points) == (None, None)


@pytest.mark.parametrize("changes", [{"loss": "wasserstein"}, {"noise_size": 1, "noise_kind": "uniform", "target": "ring"}])
def test_the_stage_is_set_for_every_game(changes):
    played = train(SMALL.changed(**changes))
    content = picture.film_of(played.spec, played.checkpoints, played.rows, "name", False, picture.EVERYTHING)
    assert len(content) > 5_000
    stage = picture.stage_of(played.spec, list(played.checkpoints), picture.EVERYTHING)
    assert stage.field.colours.shape == (len(played.checkpoints), picture.FIELD_CELLS, picture.FIELD_CELLS)
    assert stage.arrows.shape == (len(played.checkpoints), picture.ARROWS_SHOWN, 2, 2)
    lengths = np.linalg.norm(stage.arrows[:, :, 1] - stage.arrows[:, :, 0], axis=-1).max(axis=1)
    np.testing.assert_allclose(lengths, picture.LONGEST_ARROW, rtol=1e-4)


def test_a_game_beyond_all_numbers_is_told():
    lost = train(SMALL.changed(optimiser="sgd", generator_rate=10.0, discriminator_rate=10.0, loss="least_squares", epochs=20))
    assert lost.exploded
    opened(lost)


@pytest.mark.parametrize(("painted", "message"), [(0, "target.empty"), (20, "target.dot"), (130, "target.painted"), (260, "target.full")])
def test_a_painting_is_spread_and_remarked_upon(painted, message):
    pixels = np.zeros((260, 260), bool)
    pixels[:painted, :painted] = True
    assert own.remark(pixels) == message
    points = own.points_of(pixels)
    assert (points is None) == (not painted)
    if points is not None:
        assert train(SMALL.changed(target="own"), own=points).data.training == len(points.x)


def test_questions_know_the_right_answers():
    asked = [questions.seen(SMALL), questions.undecided(), questions.weights(SMALL)]
    assert [question.answers[question.right] for question in asked] == ["3,200", "1.39", f"{generator(SMALL).count_params():,}"]


# --- one step


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_small_step_lowers_the_loss_by_its_length_squared(loss, player):
    spec = SMALL.changed(loss=loss, activation="tanh", penalty=0.5 if loss == "wasserstein" else 0.1)
    played = train(spec.changed(epochs=2))
    double = replace(played.final, weights=tuple(weight.astype(float) for weight in played.final.weights))
    random = np.random.default_rng(3)
    noise, real = random.normal(size=(6, 2)), examples_of(spec)[0].x[:6].astype(float)
    both = players(spec, double)
    made = turn(spec, both, player, noise, real, 1e-6)
    assert made.loss - made.loss_after == pytest.approx(1e-6 * made.length**2, rel=1e-3)
    changed, same = ("discriminator", "generator") if player == "discriminator" else ("generator", "discriminator")
    assert getattr(made.players, same) is getattr(both, same)
    assert not np.array_equal(getattr(made.players, changed)[0].kernel, getattr(both, changed)[0].kernel)
    if loss != "wasserstein" and player == "discriminator":
        assert made.loss == pytest.approx(made.real.costs.mean() + made.generated.costs.mean())
    if player == "generator":
        assert made.loss == pytest.approx(made.generated.costs.mean())
        assert made.real.costs is None


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("changes", [{}, {"loss": "wasserstein", "noise_size": 1, "noise_kind": "uniform"}])
def test_a_step_is_drawn_part_by_part(player, changes):
    played = train(SMALL.changed(**changes))
    asked, real = StepExhibit(player=player, points_drawn=10), examples_of(played.spec)[0].x
    first, again = (step.film_of(played.spec, played.final, asked, real, "name") for _ in range(2))
    assert first == again
    other = step.film_of(played.spec, played.final, asked.changed(draw_number=2), real, "name")
    assert other != first
    assert [step.moment(played, progress).epoch for progress in (0, 50, 100)] == [0, 2, 4]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_step_can_be_taken_on_the_page(run, language):
    at = opened(run, lang=language)
    assert catalogue(language).gettext("step.how").format(batch=run.spec.batch_size) in texts_of(at)
    at.selectbox(key="step_player").set_value("generator").run()
    at.slider(key="step_progress").set_value(80).run()
    assert not at.exception


def test_a_step_of_a_game_whose_target_was_painted_over_is_not_shown():
    pixels = np.zeros((260, 260), bool)
    pixels[:100] = True
    painted = own.points_of(pixels)
    at = opened()
    at.session_state["_gan_bench"].run = train(SMALL.changed(target="own"), own=painted)
    at.session_state["_own_target"] = session.OwnTarget(painted)
    at.run()
    assert not at.exception
    assert catalogue("en").gettext("step.how").format(batch=16) in texts_of(at)
    at.session_state["_own_target"].points = None
    at.run()
    assert not at.exception
    assert catalogue("en").gettext("step.how").format(batch=16) not in texts_of(at)
