"""What the page about games says of pictures: the sheet, the blind test, the walk and its plane, the judge's hidden layer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.data.images import DIGITS_TRAINING, centred, rows_of, small_digits
from ann_core.exhibits.gan import WATCHED_DIGITS, WalkExhibit
from ann_core.lessons.gan.digits import blind, plane, walk
from ann_core.lessons.gan.digits import judge as judge_section
from ann_core.maths.networks import gan
from ann_core.probing.gan import players
from ann_core.probing.gan_digits import JUDGE, OF_EACH, compared, judged, resembling, suspicion, train_judge, trial
from ann_core.specs import GanDigitsSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.gan import watched_noise
from ann_core.training.train import train
from tests.claims.register import claim, said

SMALL = GanDigitsSpec(generator_layers=(16,), discriminator_layers=(16,), noise_size=4, batch_size=16, epochs=2)
TILES = st.integers(1, WATCHED_DIGITS)


@pytest.fixture(scope="module")
def runs():
    """A game of each loss."""
    return {loss: train(SMALL.changed(loss=loss)) for loss in gan.GAMES}


@pytest.fixture(scope="module")
def run(runs):
    return runs["non_saturating"]


@claim("gan", "sheet.how")
def test_a_place_on_the_sheet_keeps_its_noise(run):
    """What stands on the sheet at any moment is what the generator of that moment makes of the same noise."""
    for checkpoint in run.checkpoints:
        made = gan.generate(players(run.spec, checkpoint).generator, watched_noise(run.spec)[:WATCHED_DIGITS])
        np.testing.assert_allclose(centred(rows_of(checkpoint.predicted[:WATCHED_DIGITS])), made, atol=1 / 100)


@claim("gan", "blind.score", "blind.wrong", "blind.wrong.none", "blind.belief", "blind.critic", "blind.rounds")
@given(st.sampled_from(sorted(gan.GAMES)), st.integers(1, 99), st.sets(st.sampled_from(list(blind.NUMBERS))))
@settings(max_examples=25, deadline=None)
def test_both_scores_of_a_blind_test_are_counted_as_they_are_told(runs, loss, number, marked):
    """By hand: the learner's answers and the discriminator's beliefs, or the critic's scores, beside what the tiles are."""
    run = runs[loss]
    drawn = trial(run, number)
    at_hand = blind.Round(number, marked, scores=[(20, 0)])
    blind._check(run, at_hand, drawn)
    mine = sum((place in marked) != real for place, real in enumerate(drawn.real, 1))
    critic = players(run.spec, run.final).discriminator
    scores = gan.scores(critic, centred(rows_of(drawn.pictures)))
    if loss == "wasserstein":
        each = centred(small_digits()[0][:DIGITS_TRAINING]), centred(rows_of(run.final.predicted))
        threshold = np.mean([gan.scores(critic, pictures).mean() for pictures in each])
        verdicts = scores > threshold
        assert suspicion(run, drawn.pictures).threshold == pytest.approx(float(threshold), abs=1e-4)
    else:
        verdicts = gan.GAMES[loss].belief(scores) > 0.5
    wrong = [place for place, (says, real) in enumerate(zip(verdicts, drawn.real, strict=True), 1) if says != real]
    assert at_hand.scores[-1] == (mine, 20 - len(wrong))
    told = blind.told(run, at_hand, drawn)
    assert said("blind.score", "en").format(mine=mine, its=20 - len(wrong), of=20, chance=10) in told
    assert (", ".join(map(str, wrong)) if wrong else "wrong about none") in told
    assert f"you {20 + mine} of 40, the discriminator {20 - len(wrong)} of 40" in told
    assert ("no belief" in told) == (loss == "wasserstein")


@claim("gan", "gan.md#blind", "blind.alt", "blind.marked", "blind.few")
@given(st.integers(1, 10_000))
@settings(max_examples=25, deadline=None)
def test_half_of_a_blind_test_is_real_and_was_kept_out_of_the_game(run, number):
    """Ten digits that no player has trained on, ten that the trained generator makes; of these none is on the sheet."""
    drawn = trial(run, number)
    assert drawn.real.sum() == OF_EACH == 10 == len(drawn.real) / 2
    trained = {picture.tobytes() for picture in np.rint(rows_of(drawn.pictures[drawn.real])).astype(np.uint8)}
    known = np.rint((examples_of(run.spec)[0].x + 1) * 8).astype(np.uint8)
    assert not trained & {row.tobytes() for row in known}
    watched = {picture.tobytes() for picture in run.final.predicted}
    assert not watched & {picture.tobytes() for picture in drawn.pictures[~drawn.real]}
    assert len(blind.mistaken(blind.Round(number), drawn)) == 10  # without a mark all count as real


@claim("gan", "plane.how", "plane.moment", "plane.right", "plane.up", "plane.alt", "plane.here", "walk.how", "gan.md#walk")
@given(TILES, TILES, st.sampled_from(["arc", "straight"]))
@settings(max_examples=15, deadline=None)
def test_the_plane_says_of_which_noise_its_digits_are_made(run, first, second, path):
    """Read off the captions: so many times both noises make the large digit; the way is a line in this plane."""
    asked = WalkExhibit(walk_from=first, walk_to=second, walk_path=path)
    noise = watched_noise(run.spec)[[first - 1, second - 1]]
    amounts = plane.places()
    assert np.abs(amounts).max() == pytest.approx(1.1)
    assert (amounts[len(amounts) // 2] == 0).all()
    made = plane.pictures_at(run, plane.ends_of(run, asked), amounts)
    captions = plane.captions(amounts, {"first": first, "second": second})
    generator = players(run.spec, run.final).generator
    for place in range(0, len(amounts), 97):
        right, rest = captions[place].replace("−", "-").split(f" × noise of {first} ")
        sign, up = rest.split(" × ")[0].split()
        by_hand = (float(right) * noise[0] + float(sign + up) * noise[1]).astype(np.float32)
        difference = made[place].astype(int) - np.rint((gan.generate(generator, by_hand[None])[0] + 1) * 127.5).reshape(8, 8)
        assert np.abs(difference).max() <= 1
    on_the_way = plane.way(*noise, path, walk.STEPS) @ noise
    walked = gan.generate(generator, on_the_way.astype(np.float32))
    assert np.abs(walk.pictures_on_the_way(run, asked).astype(int) - np.rint((walked + 1) * 127.5).reshape(-1, 8, 8)).max() <= 1


@claim("gan", "walk.pick.walk_from", "walk.pick.walk_to", "walk.sheet.alt")
def test_tiles_are_the_ends_of_the_walk_in_turn(monkeypatch, run):
    """A tile that is picked becomes the end that the sheet asks for, and then it asks for the other; to say it twice does nothing more."""
    state = {}
    monkeypatch.setattr(walk.session, "kept", lambda key, make: state.setdefault(key, make()))
    ends = []
    for end, number in (("walk_from", 4), ("walk_to", 9), ("walk_to", 9), ("walk_from", 7)):
        monkeypatch.setattr(walk.session, "value", lambda key, said=f"{end} {number}": {"picked": {"pick": said}})
        walk._picked()
        spec = walk.session.bench("walk").spec
        ends.append((spec.walk_from, spec.walk_to, walk.hand().picks))
    assert ends == [(4, 6, "walk_to"), (4, 9, "walk_from"), (4, 9, "walk_from"), (7, 9, "walk_to")]


@claim("gan", "judge.beside")
def test_real_against_real_is_measured_in_the_hidden_layer_that_is_named():
    """The layer has as many neurons as are told, and real digits beside real ones do not get 100% there."""
    judge = train_judge(lambda share: None, lambda: False)
    others = compared()
    real = resembling(judge, others.real)
    assert max(real) < 1
    names = ("real", "noise")
    words = judge_section.told({name: judge_section.Verdict(judged(judge, getattr(others, name)), real) for name in names})
    assert words["units"] == JUDGE.hidden_units[-1] == judge.final.weights[-2].shape[0]
    for language, layer, beside in (("en", "last hidden layer", "Real against real"), ("zh", "最后一个隐藏层", "真的和真的比")):
        assert layer in said("judge.beside", language)
        assert beside in said("judge.beside", language)
