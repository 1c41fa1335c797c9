"""Ten claims broken on purpose, each in one place of the product: its test must notice."""

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
        "test_frame.py::test_the_source_of_a_film_names_the_epoch_of_every_moment",
        "ann_core/ui/figures/figure.py",
        "epochs = tuple(checkpoint.epoch for checkpoint in checkpoints)",
        "epochs = tuple(checkpoints[-1].epoch for checkpoint in checkpoints)",
    ),
    Mutation(
        "test_frame.py::test_a_curve_beyond_its_axis_leaves_the_frame_and_is_marked",
        "ann_core/charts/comparison.py",
        "scale=alt.Scale(domain=domain, nice=False)",
        "scale=alt.Scale(domain=domain, clamp=True, nice=False)",
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
