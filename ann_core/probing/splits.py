"""What a split that mixes writers pretends: the small digits held out by whole sheets of paper, and one by one."""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ann_core.data.fingerprint import fingerprint
from ann_core.data.images import DIGITS_SHEETS, DIGITS_TRAINING, SHEETS_HELD_OUT, enlarged, sheets, small_digits
from ann_core.probing.measurement import Say, Share, ShouldStop, light
from ann_core.spec import Spec
from ann_core.training.records import DataSource, Run

KINDS = ("sheets", "mixed")
SHUFFLES = 20


class Split(NamedTuple):
    """The rows of `small_digits` to train on, (m,), and those to test with, (n,)."""

    training: np.ndarray
    test: np.ndarray


class Neighbours(NamedTuple):
    """For each test digit of a split: its nearest training digit as a row, (n,), and whether the two are of the same class, (n,)."""

    nearest: np.ndarray
    right: np.ndarray


class Trained(NamedTuple):
    """The same network, trained and tested with each split."""

    sheets: Run
    mixed: Run


def split(kind: str) -> Split:
    """The split that all lessons use ("sheets"), or one of the same sizes that was drawn by lot from all digits ("mixed")."""
    rows = np.arange(len(small_digits()[1])) if kind == "sheets" else _shuffled(0)
    return Split(rows[:DIGITS_TRAINING], rows[DIGITS_TRAINING:])


def _shuffled(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(len(small_digits()[1]))


@lru_cache(maxsize=len(KINDS))
def neighbours(kind: str) -> Neighbours:
    """What the most similar training digit says of each test digit, by the squares of their pixels' differences."""
    training, test = split(kind)
    nearest = training[_distances()[np.ix_(test, training)].argmin(axis=1)]
    labels = small_digits()[1]
    return Neighbours(nearest, labels[nearest] == labels[test])


def same_sheet(kind: str) -> float:
    """The share of test digits whose nearest training digit was written on the same sheet."""
    of = sheets()
    return float((of[neighbours(kind).nearest] == of[split(kind).test]).mean())


@lru_cache(maxsize=1)
def ways() -> dict[str, np.ndarray]:
    """The accuracy of the nearest digit for each way to hold out so many of the sheets, and for so many mixed splits."""
    labels, distances, of = small_digits()[1], _distances(), sheets()
    columns = [np.flatnonzero(of == sheet) for sheet in range(len(DIGITS_SHEETS))]
    places = np.stack([here[distances[:, here].argmin(axis=1)] for here in columns], axis=1)  # (digits, sheets)
    near, right = np.take_along_axis(distances, places, axis=1), labels[places] == labels[:, None]
    by_sheets = []
    for held_out in combinations(range(len(columns)), SHEETS_HELD_OUT):
        test = np.concatenate([columns[sheet] for sheet in held_out])
        others = np.delete(np.arange(len(columns)), held_out)
        best = others[near[np.ix_(test, others)].argmin(axis=1)]
        by_sheets.append(right[test, best].mean())
    mixed = []
    for seed in range(SHUFFLES):
        rows = _shuffled(seed)
        training, test = rows[:DIGITS_TRAINING], rows[DIGITS_TRAINING:]
        mixed.append((labels[training[distances[np.ix_(test, training)].argmin(axis=1)]] == labels[test]).mean())
    return {"sheets": np.array(by_sheets), "mixed": np.array(mixed)}


def _distances() -> np.ndarray:
    """The squared distance between any two of the digits, float32 (digits, digits); from itself none is near."""
    rows = small_digits()[0].astype(np.float32)  # whole numbers up to 16: exact
    squares = np.square(rows).sum(axis=1)
    distances = squares[:, None] + squares - 2 * rows @ rows.T
    np.fill_diagonal(distances, np.inf)
    return distances


def trained(spec: Spec, say: Say, should_stop: ShouldStop) -> Trained:
    """Train the network of a spec for images on both splits of the digits."""
    from ann_core.training.examples.images import as_asked
    from ann_core.training.recorder import Recorder
    from ann_core.training.train import train_on

    spec, runs = spec.changed(dataset="digits"), []
    pictures, labels = enlarged(small_digits()[0]), small_digits()[1]
    for number, kind in enumerate(KINDS):
        training, test = split(kind)
        parts = pictures[training], labels[training], pictures[test], labels[test]
        examples = as_asked(spec, *parts)
        source = DataSource("digits", "digits", "package", fingerprint(parts), len(examples.x), len(test))
        tell = lambda progress, number=number: say(Share((number + progress.epochs / spec.epochs) / len(KINDS)))  # noqa: E731
        runs.append(light(train_on(examples, source, spec, Recorder(tell), should_stop)))
    return Trained(*runs)
