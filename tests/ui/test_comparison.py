"""Pins, differences in words, several seeds, and the questions at a page's end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.lessons.feedforward import questions
from ann_core.specs import FeedForwardSpec, PointsSpec
from ann_core.training.loop import Loops
from ann_core.training.records import together
from ann_core.training.train import train
from ann_core.ui import moments
from ann_core.ui.inputs import settings as words
from ann_core.ui.page import quiz
from ann_core.ui.session import Bench
from ann_core.ui.workbench import compare


@pytest.fixture
def plain(monkeypatch):
    """Messages as their ids and values, without a session."""

    def said(message, **values):
        return f"{message}{''.join(f' {value}' for value in values.values())}"

    for module in (words, compare, moments):
        monkeypatch.setattr(module, "tr", said)


def test_a_twin_is_exactly_alike_even_where_everything_is_compiled_anew(monkeypatch):
    spec = PointsSpec(epochs=20)
    first = train(spec)
    monkeypatch.setattr("ann_core.training.train.LOOPS", Loops())
    twin = train(spec)
    np.testing.assert_array_equal(first.rows, twin.rows)
    for mine, other in zip(first.final.weights, twin.final.weights, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_a_changed_learning_rate_is_named_and_nothing_else(plain):
    spec = PointsSpec()
    said = words.difference_words(spec.changed(learning_rate=0.3), spec)
    assert said == "settings.difference field.learning_rate 0.3 0.03"
    assert words.difference_words(spec, spec) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"layers": ("3-relu", "2-tanh")}, "3 choice.relu · 2 choice.tanh"),
        ({"layers": ()}, "settings.none"),
        ({"bias": False}, "settings.off"),
        ({"features": ("x1", "product")}, "choice.x1 · choice.product"),
        ({"dataset": "spiral"}, "choice.spiral"),
        ({"points": 2_000}, "2,000"),
    ],
)
def test_values_are_said_as_a_learner_reads_them(plain, changes, expected):
    (name,) = changes
    assert words.value_words(PointsSpec(**changes), name) == expected


def test_at_most_four_runs_are_pinned_and_each_once(small_run):
    bench = Bench(PointsSpec())
    runs = [train(PointsSpec(epochs=1, seed=seed)) for seed in range(5)]
    for run in runs[:4]:
        compare.pin(bench, run)
        compare.pin(bench, run)
    assert list(bench.pins) == ["A", "B", "C", "D"]
    compare.pin(bench, runs[4])
    assert [run.spec.seed for run in bench.pins.values()] == [1, 2, 3, 4]
    assert set(bench.pins) == set("ABCD")


def test_two_runs_are_shown_at_the_same_moments(plain):
    short, long = train(PointsSpec(epochs=3)), train(PointsSpec(epochs=9, learning_rate=0.1))
    leading, (first, second) = together(short, long)
    assert leading == second == long.checkpoints
    assert all(ours.time <= theirs.time for ours, theirs in zip(first, second, strict=True))
    assert first[-1] is short.final
    captions = compare.captions_of_two((short, long), ("a", "b"), leading)
    assert captions[0] == "Moment.epoch 0"
    assert captions[1] == "Moment.batch 1 1"
    assert f"film.score a {short.value('val_accuracy'):.1%}" in captions[-1]
    assert f"film.score b {long.value('val_accuracy', 9):.1%}" in captions[-1]


@given(right=st.integers(0, 10**6), wrong=st.lists(st.integers(0, 10**6), max_size=5))
def test_the_right_answer_is_among_the_answers_and_they_all_differ(right, wrong):
    asked = quiz.of_numbers("name", right, wrong)
    assert asked.answers[asked.right] == f"{right:,}"
    assert len(set(asked.answers)) == len(asked.answers)
    numbers = [int(answer.replace(",", "")) for answer in asked.answers]
    assert numbers == sorted(numbers)


UNITS = st.integers(1, 16)


@settings(deadline=None, max_examples=30)
@given(
    units=st.lists(UNITS, max_size=6),
    bias=st.booleans(),
    batch=st.integers(1, 1024),
    count=st.integers(20, 5_000),
    kind=st.sampled_from(["xor", "four"]),
)
def test_questions_know_the_right_answer(units, bias, batch, count, kind):
    layers = tuple(f"{number}-tanh" for number in units)
    spec = PointsSpec(layers=layers, bias=bias, batch_size=batch, points=count, dataset=kind)
    from ann_core import models

    asked = questions.parameters(spec)
    assert asked.answers[asked.right] == f"{models.build(spec).count_params():,}"
    training = max(1, round(0.7 * count))
    assert questions.practised(spec, None) == training
    steps = questions.steps(spec, training)
    assert steps.answers[steps.right] == f"{-(-training // batch):,}"
    assert len(asked.answers) > 1
    assert len(steps.answers) > 1


def test_the_first_loss_is_that_of_a_network_that_knows_nothing():
    asked = questions.first_loss(FeedForwardSpec())
    assert asked.answers[asked.right] == f"{-np.log(0.1):.2f}"
