"""Claims broken on purpose, each in one place of the product: its test must notice."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
FAILED = 1


class Mutation(NamedTuple):
    """A claim's test, and a change of the product that makes the claim false."""

    test: str
    file: str
    old: str
    new: str


MUTATIONS = (
    Mutation(
        "test_frame.py::test_the_source_of_a_film_names_every_moment",
        "ann_core/ui/figures/figure.py",
        "moment_words(trained.spec, checkpoint.moment) for checkpoint in checkpoints",
        "moment_words(trained.spec, checkpoints[-1].moment) for checkpoint in checkpoints",
    ),
    Mutation(
        "test_frame.py::test_a_curve_beyond_its_axis_leaves_the_frame_and_is_marked",
        "ann_core/charts/comparison.py",
        "scale=alt.Scale(domain=domain, nice=False)",
        "scale=alt.Scale(domain=domain, clamp=True, nice=False)",
    ),
    Mutation(
        "test_images.py::test_whole_sheets_are_held_out_wherever_the_small_digits_are_used",
        "ann_core/data/images.py",
        "SHEETS_HELD_OUT = 3",
        "SHEETS_HELD_OUT = 2",
    ),
    Mutation(
        "test_images.py::test_the_weakest_class_is_told_with_what_chance_does",
        "ann_core/ui/figures/classified.py",
        "found.high < overall",
        "found.value < overall",
    ),
    Mutation(
        "test_convolutional.py::test_one_image_of_99_is_not_called_suffering",
        "ann_core/lessons/convolutional/surgery.py",
        '"surgery.worst" if certain(found) else "surgery.worst.chance"',
        '"surgery.worst"',
    ),
    Mutation(
        "test_convolutional.py::test_every_sum_of_every_layer_can_be_followed",
        "ann_core/lessons/convolutional/drawn/units.py",
        "layer.kernel[:, unit.filter]",
        "layer.kernel[:, 0]",
    ),
    Mutation(
        "test_recurrent.py::test_where_it_leaves_the_series_is_where_it_was_measured_to",
        "ann_core/maths/measures/continuations.py",
        "away = ~(np.abs(made - truth) <= tolerance)",
        "away = ~(np.abs(made - truth) <= 2 * tolerance)",
    ),
    Mutation(
        "test_recurrent.py::test_the_verdict_is_the_one_that_the_errors_call_for",
        "ann_core/lessons/recurrent/probe/errors.py",
        '"errors.won" if order[0] == "network" else "errors.lost"',
        '"errors.won" if order[0] != "network" else "errors.lost"',
    ),
    Mutation(
        "test_neuron.py::test_a_level_gradient_can_hide_a_signal_that_is_not",
        "ann_core/lessons/neuron/signals.py",
        "change(sizes.deltas[::-1])",
        "change(sizes.gradients[::-1])",
    ),
    Mutation(
        "test_neuron.py::test_xor_is_rarely_learned_by_two_relus_and_nearly_always_by_four_tanhs",
        "assets/studies/xor.json",
        '"2-relu": 48',
        '"2-relu": 148',
    ),
    Mutation(
        "test_learning.py::test_a_degree_is_judged_over_many_draws",
        "ann_core/lessons/learning/batches.py",
        "MOSTLY = 0.8",
        "MOSTLY = 0.3",
    ),
    Mutation(
        "test_learning.py::test_the_valley_in_which_a_walk_ends_is_named",
        "ann_core/lessons/learning/descent.py",
        "same = (start < CURVE_HILL) == (end < CURVE_HILL)",
        "same = True",
    ),
    Mutation(
        "test_home.py::test_the_ten_values_are_those_before_the_moment",
        "ann_core/lessons/home/applications.py",
        "window = np.arange(here - WINDOW, here)",
        "window = np.arange(here - WINDOW, here) + 1",
    ),
    Mutation(
        "test_words.py::test_the_worksheet_shows_words_at_every_step",
        "ann_core/lessons/learning/worksheet.py",
        "worksheet.stage.{stage}",
        "worksheet.loss.fell{stage[5:]}",
    ),
    Mutation(
        "test_lstm.py::test_who_gives_one_answer_to_all_is_found_out",
        "ann_core/lessons/lstm/surgery/operate.py",
        "if given == len(y):",
        "if given > len(y) // 2:",
    ),
    Mutation(
        "test_lstm.py::test_the_sum_is_that_of_the_numbers_as_they_were_typed",
        "ann_core/lessons/lstm/probe.py",
        "right = float((x[:, 0] * x[:, 1]).sum())",
        'right = sum(float(symbol) for symbol in symbols if symbol != "·")',
    ),
    Mutation(
        "test_attention.py::test_what_is_said_to_be_no_more_than_that_is_not",
        "ann_core/lessons/attention/typed/knock.py",
        "ceil(share *",
        "round(share *",
    ),
    Mutation(
        "test_attention.py::test_what_is_forbidden_is_marked_and_what_is_small_is_not",
        "ann_core/charts/networks/attention.py",
        "marks += hatched(box, ~allowed[None])",
        "marks += hatched(box, weights[None] < 0.005)",
    ),
    Mutation(
        "test_gan.py::test_a_heap_is_at_the_clouds_that_it_is_at",
        "ann_core/probing/gan_parts.py",
        "at = self.numbers[places][distances <= self.reach]",
        "at = self.numbers[places]",
    ),
    Mutation(
        "test_gan.py::test_answers_hold_for_every_setting",
        "ann_core/lessons/gan/questions.py",
        'times=f"{right / REAL_POINTS:,.3g}"',
        'times=f"{turns / REAL_POINTS:,.3g}"',
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.test.partition("::")[2])
def test_a_broken_claim_is_noticed(mutation, tmp_path):
    product = tmp_path / "product"
    shutil.copytree(ROOT, product, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*_cache", ".hypothesis"))
    file = product / mutation.file
    text = file.read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", f"tests/claims/{mutation.test}"]
    done = subprocess.run(command, cwd=product, capture_output=True, text=True, check=False)
    assert done.returncode == FAILED, done.stdout[-2000:]
