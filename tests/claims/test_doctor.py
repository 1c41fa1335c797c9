"""What the doctor says: each finding with figures of one set, the costliest first, and what became of a remedy."""

from dataclasses import replace
from functools import lru_cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.coaching.diagnoses.supervised import DIAGNOSES, still_since
from ann_core.coaching.doctor import diagnose, effect
from ann_core.lessons.feedforward.plane import beside
from ann_core.maths.learning.losses import blind_loss
from ann_core.maths.measures.classification import class_test, sign_test
from ann_core.specs import PointsSpec
from ann_core.training.examples import examples_of
from ann_core.training.examples.points import points_of
from ann_core.training.train import train
from ann_core.ui.language import LANGUAGES, catalogue
from tests.claims.register import SHARED, claim
from tests.coaching import trial

BY_HEART = {
    "dataset": "xor",
    "points": 60,
    "noise": 0.5,
    "layers": ("16-tanh",) * 3,
    "optimiser": "adam",
    "learning_rate": 0.03,
    "epochs": 1_500,
}
ADAM = {"optimiser": "adam", "learning_rate": 0.01, "training_share": 0.5}
SQUARES = ("x1", "x2", "x1_squared", "x2_squared", "product")
TEXTBOOK = {
    "overfitting": BY_HEART,
    "dead": {"layers": ("8-relu", "8-relu"), "learning_rate": 3.0},
    "thrown": {"learning_rate": 10.0},
    "slow": {"learning_rate": 1e-4},
    "saturation": {
        "dataset": "xor",
        "features": SQUARES,
        "initialiser": "wide",
        "layers": ("4-tanh",) * 2,
        "learning_rate": 0.001,
        "epochs": 20,
    },
    "imbalance": {"dataset": "four", "points": 2_000, "rare": 0.05, "layers": ("8-tanh",), "epochs": 50},
    "missing": {"dataset": "three", "points": 60, "rare": 0.1, "training_share": 0.1, "layers": ("8-tanh",)},
    "plateau": {"dataset": "xor", "layers": ()},
    "explosion": {"dataset": "hills", "learning_rate": 10.0, "layers": ("16-relu", "16-linear"), "epochs": 30},
}


@lru_cache
def run_of(**changes):
    return train(PointsSpec(**changes))


def found_in(run):
    return diagnose(beside.examine(run))


def first_found(changes, seed):
    found = found_in(train(PointsSpec(**changes, seed=seed)))
    return found[0].name if found else None


@claim(SHARED, "doctor.overfitting.evidence", "doctor.overfitting.remedy", "doctor.saturation.evidence")
def test_learning_by_heart_comes_before_saturation_that_costs_less():
    """Sixty noisy points and three layers of 16: overfitting is told first, and stopping earlier is better on the same points."""
    run = run_of(**BY_HEART)
    found = found_in(run)
    assert found[0].name == "overfitting"
    assert [finding.cost for finding in found] == sorted((finding.cost for finding in found), reverse=True)
    (field,) = found[0].remedy
    stopped = found[0].remedy[field]
    assert field == "epochs"
    assert run.rows[stopped - 1, 3] > run.rows[-1, 3]
    values = found[0].evidence.values
    assert values["least"] == run.rows[:, 2].min()
    assert values["end"] == run.rows[-1, 2]
    assert (values["first"], values["last"]) == (run.rows[values["best"] - 1, 0], run.rows[-1, 0])


@claim(SHARED, "doctor.overfitting", "doctor.overfitting.evidence")
@pytest.mark.parametrize(
    "changes",
    [
        {"dataset": "spiral", "noise": 0.3, "points": 150, "layers": ("16-relu", "16-relu"), "epochs": 300, "seed": 5, **ADAM},
        {"dataset": "xor", "noise": 0.0, "layers": ("4-tanh",), "initialiser": "zeros", "learning_rate": 10.0, "epochs": 30},
    ],
)
def test_nothing_is_learned_by_heart_where_new_points_gain_or_nothing_is_learned(changes):
    """The unseen loss ends a fifth above its least; but clearly more unseen points are right than then, or no answer but the same."""
    run = run_of(**changes)
    best, (loss, _, held_out, score) = run.rows[:, 2].argmin(), run.rows[-1]
    assert held_out > 1.2 * run.rows[best, 2] or loss > run.rows[:, 0].min()
    assert score > run.rows[best, 3] or loss > np.log(2)
    assert "overfitting" not in {finding.name for finding in found_in(run)}


@claim(SHARED, "doctor.missing.evidence")
@pytest.mark.parametrize("balance", [False, True])
def test_examples_that_are_repeated_are_counted_once(balance):
    """Where a class is missing, the training points told are those there are, however often balancing repeats them."""
    run = run_of(**TEXTBOOK["missing"], epochs=1, balance=balance)
    evidence = next(each for each in found_in(run) if each.name == "missing").evidence
    assert evidence.values["training"] == len(points_of(run.spec).x) - len(examples_of(run.spec)[0].x_val)


@claim(SHARED, "doctor.thrown.evidence", "doctor.thrown.evidence.rises")
@pytest.mark.parametrize(("start", "words"), [("zeros", ".rises"), ("glorot", "")])
def test_a_distance_in_lengths_of_the_start_is_told_only_where_there_is_one(start, words):
    """Weights that begin at zero have no first length: then only the rises of the loss are told, and they are many."""
    run = run_of(dataset="xor", noise=0.0, layers=("4-tanh",), initialiser=start, learning_rate=10.0, epochs=30)
    evidence = next(each for each in found_in(run) if each.name == "thrown").evidence
    assert evidence.words == words
    assert np.isfinite(evidence.values["moved"]) == (not words)
    if words:
        assert evidence.values["rises"] >= (run.epochs - 1) / 4


@claim(SHARED, *(f"doctor.{name}" for name in TEXTBOOK))
@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTBOOK)
def test_a_textbook_case_is_named_first_in_nine_of_ten_seeds(name):
    """Each illness, provoked as textbooks do, is the first finding in at least nine of ten seeds."""
    named = [first_found(TEXTBOOK[name], seed) for seed in range(1, 11)]
    assert sum(each == name for each in named) >= 9, named


@claim(SHARED, *(f"doctor.{record.name}.remedy" for record in DIAGNOSES))
@pytest.mark.slow
def test_most_remedies_help():
    """Of the remedies offered in 300 random settings, at least four in five improve the score on the points held out."""
    tried, _ = trial.trial("points", range(1_000, 1_300))
    assert len(tried) > 50
    assert all(len(each.finding.remedy) == 1 for each in tried)
    assert np.mean([each.gain > 0 for each in tried]) >= 0.8, trial.table(tried)


@claim(SHARED, "doctor.plateau.evidence", "doctor.plateau.evidence.never")
def test_the_skill_of_a_plateau_is_that_of_the_points_held_out():
    """Accuracy and majority are both of the points held out: (accuracy - majority) / (1 - majority)."""
    run = run_of(dataset="xor", layers=())
    finding = next(each for each in found_in(run) if each.name == "plateau")
    held_out = examples_of(run.spec)[0].y_val
    majority = max((held_out == value).mean() for value in (0, 1))
    skill = (run.rows[-1, 3] - majority) / (1 - majority)
    assert finding.evidence.values["skill"] == pytest.approx(skill)
    assert finding.evidence.values["loss"] == run.rows[-1, 2]
    assert finding.evidence.values["part"] == "held_out"


@claim(SHARED, "doctor.plateau.evidence", "doctor.plateau.evidence.never")
def test_a_plateau_below_always_the_same_answer_is_told_as_it_is():
    """Fewer held-out points right than by always saying the commoner class: the skill that is told lies below 0 %."""
    run = run_of(dataset="xor", layers=())
    rows = run.rows.copy()
    rows[:, [1, 3]] = 0.4
    finding = next(each for each in found_in(replace(run, rows=rows)) if each.name == "plateau")
    assert finding.evidence.values["skill"] < 0
    for language in LANGUAGES:
        said = catalogue(language).gettext("doctor.plateau.evidence").format(**finding.evidence.values | {"part": ""})
        assert f"{finding.evidence.values['skill']:.0%}" in said


@claim(SHARED, "doctor.plateau.evidence", "doctor.plateau.evidence.never")
@settings(deadline=None)
@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=60))
def test_a_loss_stands_still_since_the_measured_epoch(losses):
    """Later than that epoch the least loss so far never falls by more than 3 %; one epoch sooner it still does."""
    since, least = still_since(np.array(losses)), np.minimum.accumulate(losses)
    assert least[-1] >= least[since - 1] / 1.03 - 1e-12
    if since > 1:
        assert least[-1] < least[since - 2] / 1.03 + 1e-12


@claim(SHARED, "doctor.plateau.evidence.never")
def test_a_loss_that_never_moved_is_said_to_have_stood_still_from_the_first_epoch():
    """Weights that start at zero: the sentence is the one that names no epoch."""
    run = run_of(dataset="xor", initialiser="zeros")
    finding = next(each for each in found_in(run) if each.name == "plateau")
    assert finding.evidence.words == ".never"
    assert run.rows[:, 2].min() >= run.rows[0, 2] / 1.03


@claim(SHARED, "doctor.costs_little")
def test_what_costs_next_to_nothing_gets_no_remedy():
    """A finding below a quarter of the loss of always the same answer is told, and nothing is to be changed for it."""
    for changes in (BY_HEART, {"learning_rate": 10.0}, {"dataset": "xor", "layers": ()}):
        for finding in found_in(run_of(**changes)):
            assert len(finding.remedy) <= (finding.cost >= 0.25)


@claim(SHARED, "doctor.effect.figures", "doctor.effect.counted", "doctor.effect.better", "doctor.effect.worse")
def test_what_became_of_a_remedy_is_counted_on_the_same_points():
    """Scores and losses are those of the two histories; the points that changed sides add up to their difference."""
    before, after = run_of(dataset="xor", layers=()), run_of(dataset="xor", layers=("8-tanh", "8-tanh"))
    targets = examples_of(before.spec)[0].y_val
    told = effect(before, after, targets)
    assert told.scores == (before.rows[-1, 3], after.rows[-1, 3])
    assert told.losses == (before.rows[-1, 2], after.rows[-1, 2])
    assert told.verdict == "better"
    assert (told.now_right - told.now_wrong) / len(targets) == pytest.approx(told.scores[1] - told.scores[0])
    assert effect(after, before, targets).verdict == "worse"
    assert effect(after, after, targets).verdict == "same"


@claim(SHARED, "doctor.effect.perhaps_better", "doctor.effect.perhaps_worse")
@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 12))
def test_chance_is_reckoned_by_tossing_coins(better, worse):
    """The share of all ways in which as many coins can fall at least as unevenly, counted one by one."""
    count = better + worse
    heads = np.array([bin(way).count("1") for way in range(2 ** min(count, 14))])
    if count <= 14:
        uneven = np.abs(2 * heads - count) >= abs(better - worse)
        assert sign_test(better, worse) == pytest.approx(uneven.mean())


@claim(SHARED, "doctor.effect.by_class")
def test_a_rare_class_is_judged_with_every_class_counted_alike():
    """The mean over the classes of what is recognised, computed anew."""
    changes = TEXTBOOK["imbalance"]
    before, after = run_of(**changes), run_of(**changes, balance=True)
    targets = examples_of(before.spec)[0].y_val
    told = effect(before, after, targets, by_class=True)
    means = [np.mean([(run.final.predicted[targets == one] == one).mean() for one in range(4)]) for run in (before, after)]
    assert told.recalls == pytest.approx(means)
    assert told.verdict.endswith("better" if means[1] > means[0] else "worse")


@claim(SHARED, "doctor.effect.by_class", "doctor.effect.perhaps_better", "doctor.effect.perhaps_worse")
@given(st.lists(st.tuples(st.sampled_from([0, 0, 0, 1]), st.sampled_from([-1, 0, 1])), min_size=1, max_size=9))
def test_chance_by_class_is_reckoned_by_tossing_coins(drawn):
    """The share of all ways to change the signs that differ at least as much in the mean over the classes, counted one by one."""
    labels, changes = np.array(drawn).T
    sizes = np.bincount(labels)

    def gain(signs):
        return sum((signs[labels == one] / sizes[one]).sum() for one in np.unique(labels))

    ways = [gain(np.abs(changes) * np.array(signs)) for signs in product([-1, 1], repeat=len(labels))]
    assert class_test(labels, changes) == pytest.approx(np.mean(np.abs(ways) >= abs(gain(changes)) - 1e-9), abs=0.02)


@claim(SHARED, "doctor.costs_little")
@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=40))
def test_the_unit_of_cost_is_the_loss_of_always_the_same_answer(targets):
    """No fixed probabilities do better on these classes than their own shares."""
    targets = np.array(targets)
    blind, random = blind_loss(targets, 4), np.random.default_rng(0)
    for probabilities in random.dirichlet(np.ones(4), 20):
        assert -np.log(probabilities[targets]).mean() >= blind - 1e-9
