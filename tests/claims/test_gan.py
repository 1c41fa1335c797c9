"""What the page about games says: the stage and its numbers, the doctor, the judge, questions, steps."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.charts.film import FINEST
from ann_core.coaching.diagnoses import gan as doctor
from ann_core.coaching.diagnoses.gan import GameCase
from ann_core.coaching.interventions import interventions
from ann_core.data.gan import DEVIATION, EDGE, TARGETS
from ann_core.data.images import centred, enlarged, rows_of
from ann_core.lessons.gan import beside, idea, own, picture, questions, step, three
from ann_core.lessons.gan.digits import judge as judge_section
from ann_core.maths.measures.densities import centres
from ann_core.maths.networks import gan
from ann_core.probing.gan import crowds, outside, quality, set_apart
from ann_core.probing.gan_digits import compared, judged, resembling, train_judge
from ann_core.probing.gan_parts import digits, parts_of
from ann_core.specs import UPDATES_A_ROUND, GanDigitsSpec, GanSpec
from ann_core.training.examples import examples_of
from ann_core.training.train import train
from ann_core.ui import trainings
from ann_core.ui.language import catalogue
from tests.claims.register import claim, said
from tests.lessons.test_gan import opened, texts_of

SMALL = GanSpec(generator_layers=(16,), discriminator_layers=(16,), batch_size=16, epochs=12)
FAST = {"generator_rate": 0.0001, "discriminator_rate": 0.01}
RATES = st.floats(-4, -1).map(lambda power: float(f"{10**power:.1g}"))


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


@pytest.fixture(scope="module")
def collapsed():
    return train(GanSpec.preset("collapse"))


@pytest.fixture(scope="module")
def judge():
    return train_judge(lambda share: None, lambda: False)


def panels_of(run, layers=picture.EVERYTHING):
    """The stage of a game, and its panel."""
    stage = picture.stage_of(run.spec, list(run.checkpoints), layers)
    return stage, picture.on_stage(run.spec, stage)


def with_samples(run, samples):
    """A run whose every moment has these samples, (n, 2)."""
    return replace(run, checkpoints=tuple(replace(each, predicted=np.asarray(samples, np.float32)) for each in run.checkpoints))


# --- the idea


@claim("gan", "gan.md#saturating", "saturating.score", "saturating.slope", "saturating.loss.alt", "saturating.slope.alt")
def test_the_slope_drawn_is_that_of_the_loss_drawn_beside_it(monkeypatch):
    """At every place along the axis, for both losses, the right chart shows the slope of the curve in the left one."""
    drawn = {}
    monkeypatch.setattr(idea, "figure", lambda chart, rows, source, alt, key: drawn.update({key: rows}))
    for kind, curves in (("loss", "value"), ("slope", "slope")):
        idea._chart(kind, {name: np.abs(getattr(gan.GAMES[name].generator, curves)(idea.SCORES)) for name in idea.LOSSES}, (0, 9))
    for name in set(drawn["gan_loss"].part):
        loss, slope = (rows[(rows.part == name) & (rows.kind == "line")] for rows in (drawn["gan_loss"], drawn["gan_slope"]))
        np.testing.assert_array_equal(loss.x, slope.x)
        np.testing.assert_allclose(np.abs(np.gradient(loss.y, loss.x))[1:-1], slope.y[1:-1], atol=2e-3)
    ends = {name: np.abs(gan.GAMES[name].generator.slope(np.array([-8.0, 8.0]))) for name in idea.LOSSES}
    np.testing.assert_allclose([ends["minimax"], ends["non_saturating"][::-1]], [[0, 1], [0, 1]], atol=1e-3)


# --- the stage


@claim("gan", "stage.how", "stage.outside", "choice.arrows")
def test_points_outside_are_told_where_they_are_and_pulled_where_they_are_pulled(collapsed):
    """Every point outside the plane is an arrow at its edge, kept with its true place, counted, and its pull has the pull's direction."""
    stage, panel = panels_of(collapsed)
    samples = np.stack([each.predicted for each in collapsed.checkpoints])
    shown = samples[:, : picture.GENERATED_SHOWN]
    far = (np.abs(shown) > EDGE).any(axis=-1)
    assert far.any()
    dots = next(mark for mark in panel.marks if mark.kind == "dots" and len(mark.places) > 1)
    low, high = dots.corners
    drawn = low + (high - low) * dots.places / FINEST
    np.testing.assert_allclose(np.abs(drawn[far]).max(axis=-1), EDGE, rtol=1e-4)
    assert dots.strays
    beyond = (np.abs(shown) > high).any(axis=-1)
    told = {(int(moment), int(number)): place for moment, number, *place in dots.beyond}
    assert set(told) == set(map(tuple, np.argwhere(beyond).tolist()))
    for (moment, number), place in told.items():
        np.testing.assert_allclose(place, shown[moment, number], rtol=1e-5)
    np.testing.assert_allclose(outside(samples), [(np.abs(each) > 3).any(axis=1).mean() for each in samples])
    for moment in range(0, len(samples), 5):
        checkpoint = collapsed.checkpoints[moment]
        layers, points = picture.players(collapsed.spec, checkpoint).discriminator, checkpoint.predicted[: picture.ARROWS_SHOWN]
        pulls, seen = gan.arrows(layers, points, gan.GAMES[collapsed.spec.loss]), np.diff(stage.arrows[moment], axis=1)[:, 0]
        longest = np.linalg.norm(pulls, axis=1).max()
        np.testing.assert_allclose(seen, pulls * picture.LONGEST_ARROW / longest, atol=1e-4)


@claim("gan", "stage.how", "choice.arrows")
@pytest.mark.parametrize("strength", [1.0, 1e-15, 1e-40, 0.0])
def test_the_longest_arrow_is_as_long_however_weak_the_pull(monkeypatch, small, strength):
    """A starved generator's arrows are as long as any, in the pull's direction; where nothing pulls at all there is none."""
    pulls = (strength * np.array([[3.0, 4.0], [0.0, -1.0]])).astype(np.float32)
    monkeypatch.setattr(picture.gan, "arrows", lambda *game: pulls)
    begin, end = np.moveaxis(picture.arrows([small.spec], [picture.players(small.spec, small.final)], np.zeros((1, 2, 2)))[0], 1, 0)
    np.testing.assert_allclose(end - begin, 0.5 * np.array([[0.6, 0.8], [0, -0.2]]) * (strength > 0), atol=1e-4)


@claim("gan", "stage.exploded", "probe.beyond", "quality.play_first", "judge.play_first", "step.how")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_game_beyond_all_numbers_is_not_called_unplayed(language):
    """The page names the last round that its film shows; what needs the last moment says why it has none, and not "play first"."""
    wild = {"optimiser": "sgd", "generator_rate": 10.0, "discriminator_rate": 10.0, "loss": "least_squares", "batch_size": 8, "epochs": 5}
    lost, digits = train(SMALL.changed(**wild)), train(GanDigitsSpec(epochs=1, batch_size=16))
    assert not picture.whole(lost.final)
    at, words = opened(lost, lang=language), catalogue(language).gettext
    weights = tuple(weight * np.nan for weight in digits.final.weights)
    checkpoints = (*digits.checkpoints[:-1], replace(digits.final, weights=weights))
    at.session_state["_gan_digits_bench"].run = replace(digits, checkpoints=checkpoints)
    at.run()
    assert not at.exception
    last = [checkpoint.moment for checkpoint in lost.checkpoints if picture.whole(checkpoint)][-1]
    named = words("moment.turn" if last.batch else "moment.round").format(epoch=last.epoch + bool(last.batch), batch=last.batch)
    for told in (at, opened(lost, lang=language)):
        assert words("stage.exploded").format(moment=named) in texts_of(told)
    assert texts_of(at).count(words("probe.beyond")) == 4
    assert words("step.how").format(batch=8) in texts_of(at)
    for message in ("points.exploded", "quality.play_first", "judge.play_first"):
        assert words(message) not in texts_of(at)


@claim(
    "gan",
    *("stage.how", "field.discriminator_steps", "guess.strong_detective.question", "moment.round", "moment.turn", "judge.untrained"),
    *(f"doctor.{name}.evidence" for name in ("outpaced", "hasty", "collapse", "heap")),
)
def test_rounds_and_turns_have_one_word_each():
    """A round, 回合, is fifty turns, 轮换, of as many steps of the discriminator as are set: steps are never told by the round."""
    assert f"A round is {UPDATES_A_ROUND} turns" in said("stage.how", "en")
    assert f"一个回合有 {UPDATES_A_ROUND} 次轮换" in said("stage.how", "zh")
    for place in ("field.discriminator_steps", "guess.strong_detective.question"):
        assert "轮换" in said(place, "zh")
        assert "回合" not in said(place, "zh")
    for name in ("outpaced", "hasty", "collapse", "heap"):
        assert "每次轮换" in said(f"doctor.{name}.evidence", "zh")
        assert "每回合" not in said(f"doctor.{name}.evidence", "zh")


@claim("gan", "guess.strong_detective.question", "guess.hasty_forger.question", "guess.hasty_forger")
@given(st.floats(-5, 1).map(lambda power: float(f"{10**power:.1g}")))
@settings(max_examples=20, deadline=None)
def test_ten_times_as_large_means_at_most_ten(rate):
    """The broken rate is ten times the learner's, or ten, the end that the words name."""
    for name, field in (("strong_detective", "discriminator_rate"), ("hasty_forger", "generator_rate")):
        _, broken = interventions("gan")[name].pair(GanSpec(**{field: rate}))
        assert getattr(broken, field) == pytest.approx(min(10 * rate, 10))
        assert "never above a rate of 10" in said(f"guess.{name}.question", "en")
        assert "不超过 10" in said(f"guess.{name}.question", "zh")


@claim("gan", "stage.crowded", "stage.how")
@given(st.integers(0, 400), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_what_lies_on_one_spot_is_counted(together, seed):
    """So many of 400 points on one spot, the others far apart: the caption's count is theirs, from a twentieth of all on."""
    places = np.stack(np.meshgrid(*2 * [np.linspace(-2.9, 2.9, 20)]), axis=-1).reshape(-1, 2)
    points = np.random.default_rng(seed).permutation(places)
    points[:together] = points[0]
    found = crowds(points[None])
    assert found.counts[0, 0] == (together if together >= 20 else 0)
    if together >= 20:
        np.testing.assert_allclose(found.places[0, 0], points[0], atol=1e-6)


@claim("gan", "stage.modes", "stage.found_of", "stage.figures.alt", "quality.found", "quality.share")
def test_a_collapse_looks_bad_in_picture_and_numbers(collapsed):
    """All samples at one cloud: one of eight in the caption, an eighth on the curve, all of them on one spot, and a ring there."""
    centre = TARGETS["eight_clouds"].centres[3]
    run = with_samples(collapsed, np.tile(centre, (1_000, 1)))
    found = quality(run.spec, picture.real_points(run.spec), run.checkpoints)
    panel = picture.figures_panel([run.spec] * len(run.checkpoints), run.checkpoints, run.rows, found, [])
    lines = [mark for mark in panel.marks if mark.kind == "lines" and mark.corners is not None]
    low, high = lines[-2].corners
    heights = [(low + (high - low) * mark.places / FINEST)[..., 1].ravel() for mark in lines[-2:]]
    np.testing.assert_allclose(heights[0], 1 / 8, atol=1e-3)
    np.testing.assert_allclose(heights[1], 1, atol=1e-3)
    stage, panel = panels_of(run)
    assert (stage.crowds.counts[:, 0] == picture.GENERATED_SHOWN).all()
    words = picture._caption(run.spec, run.final, found, -1, None, [])
    assert "1 of 8" in words
    assert "400 of 400" in words


@claim("gan", "stage.how", "stage.scale.belief.low", "stage.scale.belief.middle", "stage.scale.belief.high", "stage.scores")
@pytest.mark.parametrize("loss", gan.GAMES)
def test_colours_mean_what_the_bar_beneath_says(loss):
    """The shades of every place, read by the bar's ends and middle, are the belief there; of a Wasserstein game the score."""
    run = train(SMALL.changed(loss=loss))
    both = [picture.players(run.spec, each) for each in run.checkpoints]
    field = picture.field([run.spec] * len(both), both)
    cells = picture.plane.grid(picture.FIELD_CELLS, EDGE).astype(np.float32)
    for moment, each in enumerate(both):
        scores = gan.scores(each.discriminator, cells)
        means = {"wasserstein": scores, "least_squares": np.clip(scores, 0, 1)}.get(loss, 1 / (1 + np.exp(-scores)))
        read = field.middle[moment] + (field.colours[moment].ravel().astype(float) - 128) / 127 * field.greatest[moment]
        np.testing.assert_allclose(read, means, atol=field.greatest[moment] / 120 + 1e-6)
        middle, greatest = (0.5, 0.5) if loss != "wasserstein" else (np.median(scores), np.abs(scores - np.median(scores)).max())
        assert field.middle[moment] == pytest.approx(middle, abs=1e-5)
        assert field.greatest[moment] == pytest.approx(greatest, rel=1e-4)


@claim("gan", "quality.how", "quality.clouds", "quality.real")
def test_every_column_is_held_to_the_same_real_points():
    """The last column is measured as the others are: as many points, beside the same ones, none of which is among them."""
    for target in TARGETS:
        spec = SMALL.changed(target=target)
        real = picture.real_points(spec)
        apart, others = set_apart(real)
        assert len(apart) == 1_000
        assert len(np.unique(np.concatenate([apart, others]), axis=0)) == len(np.unique(real, axis=0))
        run = with_samples(train(spec.changed(target="eight_clouds", epochs=1)), apart)
        assert quality(spec, real, [run.final]).energy[0] < 0.15


# --- painted targets


def painted(*dots, side=260, radius=18):
    """Points spread over round dots painted at these places, in pixels."""
    rows, columns = np.mgrid[:side, :side]
    pixels = np.zeros((side, side), bool)
    for row, column in dots:
        pixels |= (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    return own.points_of(pixels).x


@claim("gan", "doctor.bars.part.across", "doctor.restless.evidence", "doctor.collapse.evidence")
@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=9), st.integers(5, 25))
@settings(max_examples=30, deadline=None)
def test_what_was_painted_is_counted_as_painted(places, radius):
    """As many dots as are painted apart are as many parts, and every real point belongs to the dot that it was drawn from."""
    dots = [(33 + 65 * row, 33 + 65 * column) for row, column in places]
    x = painted(*dots, radius=radius)
    parts = parts_of(GanSpec(target="own"), x)
    assert parts.count == len(dots)
    assert parts.whole
    assert parts.shares(x).sum() == pytest.approx(1)
    sizes = np.bincount(parts.numbers) / len(x)
    np.testing.assert_allclose(np.sort(parts.shares(x)), np.sort(sizes), atol=0.01)


@claim("gan", "doctor.bars.part_cut.across", "doctor.bars.swing_cut.across")
@pytest.mark.parametrize("target", ["ring", "line", "moons", "spiral"])
def test_what_hangs_together_is_cut_and_said_to_be(target):
    """A target without parts of its own is cut into eight pieces, of which none is empty, and the bars say so."""
    real = examples_of(GanSpec(target=target))[0].x
    parts = parts_of(GanSpec(target=target), real)
    assert (parts.count, parts.whole) == (8, False)
    assert parts.shares(real).min() > 0.03


@claim("gan", "doctor.collapse.evidence", "doctor.heap.evidence")
@given(st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_a_heap_is_at_the_clouds_that_it_is_at(heaps):
    """Points belong to a cloud within three deviations of its centre, and to none elsewhere."""
    centres = TARGETS["eight_clouds"].centres
    points = np.repeat(np.array(heaps), 100, axis=0)
    near = np.linalg.norm(points[:, None] - centres, axis=-1) <= 3 * DEVIATION
    np.testing.assert_allclose(parts_of(GanSpec(), points).shares(points), near.mean(axis=0))


# --- the doctor


def case_with(run, **changes):
    """A case of a run whose settings are said to be others."""
    case = beside.examine(run)
    return GameCase(replace(run, spec=run.spec.changed(**changes)), case.parts, case.real)


@pytest.fixture(scope="module")
def small():
    return train(SMALL)


@claim(
    "gan",
    *(f"doctor.{name}.{part}" for name in ("outpaced", "hasty", "collapse") for part in ("evidence", "remedy")),
    *("doctor.heap.evidence", "doctor.outpaced", "doctor.hasty"),
)
@given(RATES, RATES, st.integers(1, 10))
@settings(max_examples=40, deadline=None)
def test_the_one_that_is_called_faster_is_faster_and_the_remedy_slows_it(small, of_generator, of_discriminator, steps):
    """Whatever the rates and steps: the one named has the larger rate times steps, by as much as told; the remedy gives both one rate."""
    case = case_with(small, generator_rate=of_generator, discriminator_rate=of_discriminator, discriminator_steps=steps)
    pace = of_discriminator * steps / of_generator
    for name, kept, times in (("outpaced", pace >= 3, pace), ("hasty", pace <= 1 / 3, 1 / pace), ("collapse", pace <= 1 / 3, 1 / pace)):
        diagnosis = next(each for each in doctor.DIAGNOSES if each.name == name)
        found = diagnosis.test(case)
        if found is None:
            continue
        assert kept
        assert float(found.values["times"].replace(",", "")) == pytest.approx(times, rel=0.06)
        assert found.values["steps"] == steps
        cured = case.run.spec.changed(**diagnosis.remedy(case))
        assert cured.discriminator_rate == cured.generator_rate
        assert cured != case.run.spec


@claim("gan", "doctor.outpaced", "doctor.outpaced.evidence", "doctor.outpaced.remedy")
@pytest.mark.parametrize("changes", [FAST, {"discriminator_steps": 10, "generator_rate": 0.0003, "discriminator_rate": 0.003}])
def test_a_discriminator_far_ahead_is_said_to_be_ahead(changes):
    """A hundred times as fast: that is the finding, no word says that the generator is too fast, and the remedy gives both one rate."""
    run = train(GanSpec(loss="minimax", epochs=40, **changes))
    case = beside.examine(run)
    found = [each.name for each in doctor.DIAGNOSES if each.test(case)]
    assert found[0] == "outpaced"
    assert not {"collapse", "hasty"} & set(found)
    evidence = doctor.outpaced(case)
    assert evidence.values["times"] == "100"
    scores = [
        [gan.scores(picture.players(run.spec, each).discriminator, x[:300]) for x in (case.real, each.predicted)] for each in case.late
    ]
    assert evidence.values["won"] == pytest.approx(np.median([(real[:, None] > fake).mean() for real, fake in scores]), abs=1e-6)
    assert doctor.same_rates(case)["generator_rate"] == doctor.same_rates(case)["discriminator_rate"]


@claim("gan", "doctor.collapse.evidence")
def test_the_heap_is_said_to_have_been_where_it_was(collapsed):
    """Parts, moments and shares of the evidence, counted again within three deviations of every centre."""
    case = beside.examine(collapsed)
    values = doctor.collapsed(case).values
    centres = TARGETS["eight_clouds"].centres
    near = np.stack([(np.linalg.norm(each.predicted[:, None] - centres, axis=-1) <= 0.45).mean(axis=0) for each in case.late]) >= 0.01
    assert values["count"] == near[-1].sum()
    assert (values["visited"], values["touched"], values["moments"]) == (near.any(axis=0).sum(), near.any(axis=1).sum(), len(near))
    assert values["count"] <= 2
    assert values["times"] == "20"


# --- legs, the best discriminator


@claim("gan", "stage.bits", "stage.best_belief", "stage.how")
@pytest.mark.parametrize("loss", ["non_saturating", "least_squares", "wasserstein"])
def test_the_best_discriminator_is_told_where_there_is_a_belief(loss):
    """Beside a game with beliefs the best possible one is drawn, and its divergence told; beside scores neither is."""
    run = train(SMALL.changed(loss=loss, epochs=2))
    kept = list(run.checkpoints)
    best = picture.best_possible([run.spec] * len(kept), kept)
    assert bool(best) == (loss != "wasserstein")
    real = picture.real_points(run.spec)
    for moment, each in enumerate(best):
        at = centres(picture.FIELD_CELLS, EDGE)
        near = [
            np.exp(-((points[:, None, :] - np.stack([at, at], axis=-1)) ** 2) / (2 * DEVIATION**2))
            for points in (real, kept[moment].predicted)
        ]
        p, q = (np.einsum("nr,nc->rc", part[..., 1], part[..., 0])[::-1] / len(part) for part in near)
        there = p + q > 1e-3 * (p + q).max()
        np.testing.assert_allclose(each.belief[there], (p / (p + q))[there], atol=1e-6)
        assert 0 <= each.divergence <= 1
    told = picture.film_of(run.spec, kept, run.rows, "name", False, picture.EVERYTHING).decode(errors="ignore")
    assert (f"{best[-1].divergence:.2f} of 1 bit apart" in told) if best else "bit apart" not in told


@claim("gan", "field.playing", "field.playing.help", "field.legs.help", "panel.endless.help", "stage.scale.mixed.low", "stage.found_share")
def test_what_changes_on_the_way_is_drawn_as_it_was_at_the_time():
    """Every moment of a game in legs has the target, the loss and the players of its own leg."""
    first = SMALL.changed(epochs=2)
    run = train(first.then(first.changed(target="ring", loss="wasserstein", playing="generator"), 1).changed(epochs=3))
    kept = list(run.checkpoints)
    legs = picture.legs_of(run.spec, kept)
    for leg, checkpoint in zip(legs, kept, strict=True):
        assert (leg.target, leg.loss, leg.playing) == (
            ("eight_clouds", "non_saturating", "both") if checkpoint.time <= 1 else ("ring", "wasserstein", "generator")
        )
    stage, panel = panels_of(run)
    for moment, leg in enumerate(legs):
        np.testing.assert_array_equal(stage.real[moment], picture.real_points(leg)[: picture.REAL_SHOWN])
        assert (stage.field.middle[moment] == 0.5) == (leg.loss != "wasserstein")
    assert said("stage.scale.mixed.low", "en") in [text for mark in panel.marks if mark.kind == "words" for text in mark.texts]
    found = picture.qualities(legs, kept)
    np.testing.assert_array_equal(np.isnan(found.share), [leg.target == "ring" for leg in legs])
    for leg, checkpoint, energy in zip(legs, kept, found.energy, strict=True):
        assert energy == pytest.approx(quality(leg, picture.real_points(leg), [checkpoint]).energy[0])
    still = [weight for checkpoint in kept if checkpoint.time >= 1 for weight in [checkpoint.weights[-1]]]
    assert all(np.array_equal(still[0], each) for each in still)


# --- a step, questions, three losses


@claim(
    "gan",
    *(f"step.{player}.{part}" for player in ("discriminator", "generator") for part in ("draw", "generate", "judge", "gradient", "update")),
    *("step.generator.loss", "step.how", "step.paint_first"),
)
@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("rate", [0.001, 0.3])
def test_what_is_said_of_a_step_is_what_was_computed(small, player, rate):
    """Every number of the captions: how many points, mean scores, the losses before and after, the length of all slopes, the rate."""
    asked = step.StepExhibit(player=player, points_drawn=5, step_rate=rate)
    both, made = step.turn_of(small.spec, small.final, asked, picture.real_points(small.spec))
    told = {part: step._caption(part, made, asked, small.spec) for part in step.PARTS}
    assert [int(told[part][0]) for part in step.PARTS] == [1, 2, 3, 4, 5, 6]
    assert "5" in told["draw"]
    scores = gan.scores(both.discriminator, gan.generate(both.generator, made.noise))
    assert f"{scores.mean():.3f}" in told["judge"]
    game = gan.GAMES[small.spec.loss]
    if player == "generator":
        slopes = gan.generator_slopes(both.generator, both.discriminator, made.noise, game)
    else:
        assert f"{gan.scores(both.discriminator, made.real.points).mean():.3f}" in told["judge"]
        slopes = gan.discriminator_slopes(both.discriminator, made.real.points, made.generated.points, game)
    assert float(re.findall(r"\d+(?:\.\d+)?", told["gradient"])[-1]) == pytest.approx(
        np.sqrt(sum((slope**2).sum() for slope in slopes)), rel=0.01
    )
    assert f"{made.loss:.4f}" in told["loss"]
    assert all(value in told["update"] for value in (f"{rate:g}", f"{made.loss:.4f}", f"{made.loss_after:.4f}"))
    learner = getattr(both, player)
    for layer, after, slope in zip(learner, getattr(made.players, player), slopes[::2], strict=True):
        np.testing.assert_allclose(after.kernel, layer.kernel - rate * slope, atol=1e-6)


@claim("gan", "step.discriminator.loss", "step.discriminator.loss.penalty")
@pytest.mark.parametrize("loss", gan.GAMES)
def test_the_parts_of_a_loss_add_up(small, loss):
    """The mean costs of both kinds of points and, of a Wasserstein critic, the penalty make the loss; only there a penalty is told."""
    run = train(SMALL.changed(loss=loss, epochs=2))
    asked = step.StepExhibit()
    _, made = step.turn_of(run.spec, run.final, asked, picture.real_points(run.spec))
    told = step._caption("loss", made, asked, run.spec)
    costs = made.real.costs.mean() + made.generated.costs.mean()
    assert ("penalty" in told) == (loss == "wasserstein")
    assert f"{made.real.costs.mean():.4f}" in told
    assert f"{made.generated.costs.mean():.4f}" in told
    if loss == "wasserstein":
        assert f"{made.loss - costs:.4f}" in told
    else:
        assert made.loss == pytest.approx(costs, rel=1e-5)


@claim("gan", "quiz.seen.because", "quiz.players.because")
@given(st.integers(1, 400), st.integers(8, 256), st.integers(1, 10), *2 * [st.lists(st.integers(1, 128), max_size=3).map(tuple)])
@settings(max_examples=30, deadline=None)
def test_answers_hold_for_every_setting(epochs, batch, steps, of_generator, of_discriminator):
    """How often a real point is drawn, and how many weights either player has."""
    spec = GanSpec(
        epochs=epochs, batch_size=batch, discriminator_steps=steps, generator_layers=of_generator, discriminator_layers=of_discriminator
    )
    seen = questions.seen(spec).values
    assert float(seen["times"].replace(",", "")) == pytest.approx(50 * epochs * steps * batch / 4_000, rel=0.006)
    told = questions.weights(spec).values
    sizes = (2, *of_discriminator, 1)
    assert int(told["others"].replace(",", "")) == sum(a * b + b for a, b in pairwise(sizes))
    assert int(told["right"].replace(",", "")) == sum(a * b + b for a, b in zip((2, *of_generator), (*of_generator, 2), strict=True))


@claim("gan", "three.all", "three.some", "three.none")
@given(st.lists(st.integers(0, 8), min_size=3, max_size=3))
@settings(max_examples=20, deadline=None)
def test_the_losses_that_found_every_cloud_are_named(small, found):
    """All, none, or the names of those with eight clouds; samples are put at so many centres."""
    centres = TARGETS["eight_clouds"].centres
    runs = []
    for spec, count in zip(three.specs_of(1), found, strict=True):
        points = np.resize(centres[:count], (800, 2)) if count else np.full((800, 2), 9.0)
        runs.append(with_samples(replace(small, spec=spec), points))
    told = three.found_all(tuple(runs))
    names = [loss for loss, count in zip(("Non-saturating", "Least squares", "Wasserstein"), found, strict=True) if count == 8]
    assert ("all three" in told) == (len(names) == 3)
    assert ("none" in told) == (not names)
    if 0 < len(names) < 3:
        assert told.endswith(f"{', '.join(names)}.")


# --- the judge


@claim("gan", "judge.beside", "judge.precision", "judge.recall", "gan.md#judge")
def test_noise_is_farther_from_digits_where_the_judge_has_learned_to_look(judge):
    """Precision and recall, computed here by hand, of real digits and of noise: noise has less of either, and all are told."""
    others = compared()
    for pictures in (others.real, others.noise[: len(others.real)]):
        known, made = (judge_layers(judge, each) for each in (others.known, pictures))
        like = resembling(judge, pictures)
        assert like.precision == pytest.approx((distances(made, known) <= third(known) + 1e-4).any(axis=1).mean(), abs=0.006)
        assert like.recall == pytest.approx((distances(known, made) <= third(made) + 1e-4).any(axis=1).mean(), abs=0.006)
    real, noise = resembling(judge, others.real), resembling(judge, others.noise)
    assert min(real) > 0.6
    assert noise.precision < 0.7 * real.precision
    assert noise.recall < 0.5 * real.recall
    words = judge_section.told({name: judge_section.Verdict.of(judge, getattr(others, name)) for name in ("real", "noise")})
    assert words["noise"] == f"{judged(judge, others.noise).recognised:.1%}"
    assert (words["precision"], words["recall"], words["like"]) == (f"{real.precision:.1%}", f"{real.recall:.1%}", f"{noise.precision:.1%}")


@claim("gan", "judge.usual", "judge.rare", "judge.who")
def test_a_digit_has_half_its_due_or_less(monkeypatch, small):
    """Its due is a tenth: the bars of less than a twentieth are of one kind, all others, however high, have half their due or more."""
    drawn = []
    monkeypatch.setattr(judge_section, "figure", lambda chart, rows, *more: drawn.append(rows))
    counts = np.array([60, 4, 5, 6, 10, 15, 0, 0, 0, 0])
    judge_section._which(small, type("Found", (), {"counts": counts}))
    kinds = {True: "half its due or more", False: "less than half its due"}
    assert list(drawn[0].kind) == [kinds[count >= 5] for count in counts]
    assert "feed-forward" in said("judge.who", "en")
    assert "前馈" in said("judge.who", "zh")


def judge_layers(judge, pictures):
    """The judge's last hidden layer, by hand."""
    weights = [each.astype(float) for each in judge.final.weights]
    values = enlarged(rows_of(pictures)).reshape(len(pictures), -1) / 255
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        values = np.maximum(values @ kernel + bias, 0)
    return values


def distances(first, second):
    return np.linalg.norm(first[:, None] - second[None], axis=-1)


def third(points):
    """How far every point is from its third neighbour, itself not counted."""
    return np.sort(distances(points, points), axis=1)[:, 3]


@claim("gan", "doctor.bars.part", "doctor.bars.part.across")
def test_real_digits_are_at_their_digits_and_noise_at_none():
    """Of digits that nobody trained on nine in ten count, at all ten parts; pure noise counts nowhere."""
    parts = digits()
    assert parts.count == 10
    others = compared()
    real = parts.shares(centred(rows_of(others.real)))
    assert real.sum() > 0.9
    assert real.min() > 0.03
    assert parts.shares(centred(rows_of(others.noise))).sum() < 0.01
