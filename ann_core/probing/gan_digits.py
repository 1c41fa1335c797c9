"""A judge of generated digits: a dense network, trained here on real ones, and what it makes of pictures of any kind.

Nothing heavy here at the top: pages name `train_judge`, a worker runs it; the judge itself is computed by NumPy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from ann_core.data.images import DIGITS_TRAINING, brightness, centred, enlarged, rows_of, small_digits
from ann_core.maths.measures.distances import Resemblance, resemblance
from ann_core.maths.networks import dense, gan
from ann_core.probing.gan import players
from ann_core.probing.measurement import Share, light
from ann_core.specs import FeedForwardSpec
from ann_core.training.examples.gan import drawn_noise
from ann_core.training.examples.images import WHITE
from ann_core.training.records import Run

JUDGE = FeedForwardSpec(dataset="digits", hidden_units=(128, 128), optimiser="adam", learning_rate=0.001, l2=0.0005, epochs=40)
"""With large weights held down, it is less sure of what is no digit at all."""

CONFIDENT = 0.8
DRAWN = 1_000
HALF_BELIEVED = {"minimax": 0.0, "non_saturating": 0.0, "least_squares": 0.5}
"""The score at which a discriminator takes a picture for as likely real as forged, by loss."""

OF_EACH, LOT = 10, 31
"""So many real and so many forged digits are in a blind test; by which lot they are drawn."""

Say = Callable[[Any], None]


def train_judge(say: Say, should_stop: Callable[[], bool]) -> Run:
    """Train the judge on the digits that the players see, and test it on those that nobody sees."""
    from ann_core.training.train import train

    return light(train(JUDGE, lambda progress: say(Share(progress.epochs / JUDGE.epochs)), should_stop))


class Judgement(NamedTuple):
    """What the judge takes pictures for: a digit each, uint8 (n,), and how sure it is, (n,)."""

    digits: np.ndarray
    confidence: np.ndarray

    @property
    def recognised(self) -> float:
        """The share that it is sure about."""
        return float((self.confidence > CONFIDENT).mean())

    @property
    def counts(self) -> np.ndarray:
        """How many pictures it is sure about, for each digit: (10,)."""
        return np.bincount(self.digits[self.confidence > CONFIDENT], minlength=JUDGE.classes)


def judged(judge: Run, pictures: np.ndarray) -> Judgement:
    """What the judge says of pictures, uint8 (n, 8, 8)."""
    answers = _layers(judge, pictures)[-1].outputs
    return Judgement(answers.argmax(axis=1).astype(np.uint8), answers.max(axis=1))


def _layers(judge: Run, pictures: np.ndarray) -> list[dense.Step]:
    """What every layer of the judge makes of pictures, uint8 (n, 8, 8)."""
    inputs = enlarged(rows_of(pictures)).reshape(len(pictures), -1) / np.float32(WHITE)
    return dense.forward(dense.layers(judge.final.weights, JUDGE.activations), inputs)


def resembling(judge: Run, pictures: np.ndarray) -> Resemblance:
    """Precision and recall of pictures, uint8 (n, 8, 8), beside training digits, seen in the judge's last hidden layer.

    As many of both are compared as there are digits that nobody trained on, so that those can be measured beside them.
    """
    count = len(compared().real)
    known, made = (_layers(judge, each[:count])[-2].outputs for each in (compared().known, pictures))
    return resemblance(known, made)


@dataclass(frozen=True)
class Compared:
    """Pictures that no generator has made, uint8 (n, 8, 8): real digits held out, mixes of two of them, and noise.

    `known` are as many digits of those that players and judge train on.
    """

    known: np.ndarray
    real: np.ndarray
    mixes: np.ndarray
    noise: np.ndarray


@lru_cache(maxsize=1)
def compared() -> Compared:
    """What the judge's score for samples is to be compared with."""
    rows, labels = small_digits()
    real, labels = brightness(centred(rows[DIGITS_TRAINING:])), labels[DIGITS_TRAINING:]
    random = np.random.default_rng(0)
    first, second = random.integers(0, len(real), (2, 2 * DRAWN))
    other = labels[first] != labels[second]
    mixes = (real[first].astype(int) + real[second])[other][:DRAWN] // 2
    noise = random.integers(0, WHITE + 1, (DRAWN, *real.shape[1:]))
    known = brightness(centred(rows[np.linspace(0, DIGITS_TRAINING - 1, len(real)).round().astype(int)]))
    return Compared(known, real, mixes.astype(np.uint8), noise.astype(np.uint8))


class Nearest(NamedTuple):
    """For pictures the training digits nearest to them: uint8 (n, 8, 8), their labels (n,), and how far these are, (n,), in 0…16."""

    pictures: np.ndarray
    labels: np.ndarray
    distances: np.ndarray


def nearest_digits(pictures: np.ndarray) -> Nearest:
    """The nearest training digit to each of these pictures, uint8 (n, 8, 8), by the squares of their pixels' differences."""
    rows, labels = small_digits()
    distances = cdist(rows_of(pictures), rows[:DIGITS_TRAINING])
    places = distances.argmin(axis=1)
    return Nearest(brightness(centred(rows[places])), labels[places], distances.min(axis=1))


def copies(pictures: np.ndarray) -> int:
    """How many of these pictures are a training digit, in the digits' own sixteen steps."""
    known = {row.tobytes() for row in small_digits()[0][:DIGITS_TRAINING].astype(np.uint8)}
    steps = np.rint(rows_of(pictures)).astype(np.uint8)
    return sum(row.tobytes() in known for row in steps)


class Suspicion(NamedTuple):
    """What the discriminator of a game says of pictures: its scores of them, (n,), and above which of them it takes one for real."""

    scores: np.ndarray
    threshold: float

    @property
    def real(self) -> np.ndarray:
        """Which pictures it takes for real, (n,)."""
        return self.scores > self.threshold


def suspicion(run: Run, pictures: np.ndarray) -> Suspicion:
    """What the trained discriminator says of pictures, uint8 (n, 8, 8): they are real where it believes so by more than a half.

    A Wasserstein critic has no belief. Its threshold lies halfway between its mean scores of the training digits and of the samples.
    """
    critic = players(run.spec, run.final).discriminator
    threshold = HALF_BELIEVED.get(run.spec.loss)
    if threshold is None:
        both = centred(small_digits()[0][:DIGITS_TRAINING]), as_seen(run.final.predicted)
        threshold = float(np.mean([gan.scores(critic, each).mean() for each in both]))
    return Suspicion(gan.scores(critic, as_seen(pictures)), threshold)


def as_seen(pictures: np.ndarray) -> np.ndarray:
    """Pictures, uint8 (n, 8, 8), as players see them: float32 (n, 64) of -1 … 1."""
    return centred(rows_of(pictures))


class Trial(NamedTuple):
    """The digits of a blind test, uint8 (n, 8, 8), and which of them are real, (n,)."""

    pictures: np.ndarray
    real: np.ndarray


def trial(run: Run, number: int) -> Trial:
    """A draw: real digits that no player has seen, and as many of the trained generator from new noise, in an order by lot."""
    random = np.random.default_rng([run.spec.seed, LOT, number])
    unseen = compared().real
    real = unseen[random.choice(len(unseen), OF_EACH, replace=False)]
    forged = brightness(gan.generate(players(run.spec, run.final).generator, drawn_noise(run.spec, OF_EACH, random)))
    order = random.permutation(2 * OF_EACH)
    return Trial(np.concatenate([real, forged])[order], order < OF_EACH)
