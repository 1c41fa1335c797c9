"""Plain Keras, as the article writes it, against the compiled loop: the same work side by side."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import median

import keras
import numpy as np
import tensorflow as tf

from ann_core import models
from ann_core.data import images
from ann_core.models import optimisers
from ann_core.models.plain_gan import PlainGan
from ann_core.spec import Spec
from ann_core.specs import SPECS, UPDATES_A_ROUND, PointsSpec
from ann_core.specs.games import Game
from ann_core.training import games
from ann_core.training import train as training
from ann_core.training.examples import Examples, examples_of
from ann_core.training.recorder import Recorder
from ann_core.training.records import DataSource, Run

ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """An example to be timed. Where all of it would take minutes, a part is: fewer epochs, a share of the examples."""

    spec: Spec
    epochs: int
    share: float = 1.0


SPIRAL = PointsSpec(dataset="spiral", noise=0.0, training_share=0.5, layers=("8-tanh", "8-tanh"), epochs=1_000)
"""As one would try it in TensorFlow Playground: plain steps of 0.03, batches of 10."""

CASES = {
    "feedforward": Case(SPECS["feedforward"].preset("article"), epochs=2),
    "convolutional": Case(SPECS["convolutional"].preset("article"), epochs=2, share=1 / 6),
    "recurrent": Case(SPECS["recurrent"].preset("article"), epochs=100),
    "points": Case(SPIRAL, epochs=20),
    "gan": Case(SPECS["gan"].preset("default"), epochs=20),
}


LOSSES = {
    "feedforward": "sparse_categorical_crossentropy",
    "convolutional": "sparse_categorical_crossentropy",
    "recurrent": "mean_squared_error",
    "points": "binary_crossentropy",
}
"""What model.compile is given, as the article does it, by name."""


@dataclass(frozen=True)
class Result:
    """Medians for a whole example; `loss` and `metric` on the training examples after the epochs that both trained.

    `seconds_cold` includes compiling, `seconds_warm` does not; `ratio_…` are `seconds_fit` divided by them.
    `measured` says what was really run where the seconds are scaled up to the whole.
    """

    experiment: str
    seconds_fit: float
    seconds_cold: float
    seconds_warm: float
    ratio_cold: float
    ratio_warm: float
    loss_fit: float
    loss_ours: float
    metric_fit: float
    metric_ours: float
    metric: str
    data: str
    measured: str
    cores: int


@dataclass
class Timings:
    """What the rounds of a case took: of `model.fit` the start and each epoch, of ours whole trainings."""

    start_fit: list[float] = field(default_factory=list)
    epoch_fit: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)


def bench(experiments: Sequence[str], on_round: Callable[[str, int], None] = lambda experiment, number: None) -> Iterator[Result]:
    """Time these experiments, one after the other, both sides in turn; a result each."""
    for experiment in experiments:
        case = CASES[experiment]
        examples, source = _part(*_whole(case.spec), case.share)
        timings = Timings()
        for number in range(ROUNDS):
            on_round(experiment, number)
            fitted = (_fit_game if isinstance(case.spec, Game) else _fit)(case, examples, timings)
            run = _ours(case, examples, source, timings)
        yield _result(case, source, timings, fitted, run)


def _whole(spec: Spec) -> tuple[Examples, DataSource]:
    """The examples of a spec, or of images that are not here in full, synthetic ones of the same shape and number."""
    examples, source = examples_of(spec)
    asked = getattr(spec, "training_images", len(examples.x))
    if source.name == source.asked and len(examples.x) == asked:
        return examples, source
    x, y, x_val, y_val = _synthetic_images(asked, asked // 6)
    return Examples(x, y, x_val, y_val, examples.divisor), DataSource(source.asked, "synthetic", "generated", "", asked, asked // 6)


@cache
def _synthetic_images(training: int, testing: int) -> tuple[np.ndarray, ...]:
    """Ten patterns in noise, as images uint8 (n, 28, 28), and which pattern each shows."""
    random = np.random.default_rng(0)
    patterns = random.integers(0, 64, (images.CLASSES, images.SIDE, images.SIDE), np.uint8)
    y = random.integers(0, images.CLASSES, training + testing).astype(np.uint8)
    x = random.integers(0, 192, (len(y), images.SIDE, images.SIDE), np.uint8) + patterns[y]
    return x[:training], y[:training], x[training:], y[training:]


def _part(examples: Examples, source: DataSource, share: float) -> tuple[Examples, DataSource]:
    training, testing = round(len(examples.x) * share), round(len(examples.x_val) * share)
    arrays = examples.x[:training], examples.y[:training], examples.x_val[:testing], examples.y_val[:testing]
    return Examples(*arrays, examples.divisor), source


def _fit(case: Case, examples: Examples, timings: Timings) -> Mapping[str, list[float]]:
    """Build, compile and fit as anybody would; the time of the first epoch beyond the others' counts as the start."""
    spec, score = case.spec, case.spec.measures[1]
    inputs, held_out = _scaled(examples.x, examples), None
    if len(examples.x_val):
        held_out = _scaled(examples.x_val, examples), examples.y_val
    began = time.perf_counter()
    model = models.portable(spec)
    model.compile(optimizer=optimisers.build(spec), loss=LOSSES[spec.experiment], metrics=[score])
    clock = _Clock()
    described = {"batch_size": spec.batch_size, "epochs": case.epochs, "validation_data": held_out, "verbose": 0}
    history = model.fit(inputs, examples.y, callbacks=[clock], **described).history
    _note(timings, clock, began)
    return history


def _fit_game(case: Case, examples: Examples, timings: Timings) -> Mapping[str, list[float]]:
    """The same for a game, with a `train_step` as Keras' guide writes it; an epoch is a round."""
    began = time.perf_counter()
    model, clock = PlainGan(case.spec), _Clock()
    model.compile()
    batches = tf.data.Dataset.from_tensor_slices(examples.x).shuffle(len(examples.x)).repeat().batch(case.spec.batch_size)
    history = model.fit(batches, steps_per_epoch=UPDATES_A_ROUND, epochs=case.epochs, verbose=0, callbacks=[clock]).history
    _note(timings, clock, began)
    return history


def _note(timings: Timings, clock: "_Clock", began: float) -> None:
    epoch = median(np.diff(clock.ends))
    timings.epoch_fit.append(epoch)
    timings.start_fit.append(clock.ends[0] - began - epoch)


def _scaled(x: np.ndarray, examples: Examples) -> np.ndarray:
    return x / np.float32(examples.divisor)


class _Clock(keras.callbacks.Callback):
    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_epoch_end(self, epoch, logs=None) -> None:
        self.ends.append(time.perf_counter())


def _ours(case: Case, examples: Examples, source: DataSource, timings: Timings) -> Run:
    """Train twice: with everything to be compiled, and with nothing."""
    for loops in (training.LOOPS, games.DUELS):
        loops.kept.clear()
    for seconds in (timings.cold, timings.warm):
        began = time.perf_counter()
        recorder = Recorder(lambda progress: None)
        if isinstance(case.spec, Game):
            run = games.play(case.spec, recorder, lambda: False)
        else:
            run = training.train_on(examples, source, case.spec, recorder, lambda: False)
        seconds.append(time.perf_counter() - began)
    return run


def _result(case: Case, source: DataSource, timings: Timings, fitted: Mapping[str, list[float]], run: Run) -> Result:
    spec, (loss, score) = case.spec, case.spec.measures
    warm = median(timings.warm) / case.share
    cold = warm + median(np.subtract(timings.cold, timings.warm))
    fit = median(timings.start_fit) + median(timings.epoch_fit) * spec.epochs / case.share
    return Result(
        experiment=spec.experiment,
        seconds_fit=fit,
        seconds_cold=cold,
        seconds_warm=warm,
        ratio_cold=fit / cold,
        ratio_warm=fit / warm,
        loss_fit=fitted[loss][-1],
        loss_ours=run.value(loss, case.epochs),
        metric_fit=fitted[score][-1],
        metric_ours=run.value(score, case.epochs),
        metric=score,
        data=source.name,
        measured=_measured(case),
        cores=os.cpu_count() or 1,
    )


def _measured(case: Case) -> str:
    parts = []
    if case.epochs < case.spec.epochs:
        parts.append(f"model.fit: {case.epochs} of {case.spec.epochs} epochs")
    if case.share < 1:
        parts.append(f"both: {case.share:.0%} of the examples")
    return ", ".join(parts) or "all of it"


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table."""
    lines = [
        "| example | `model.fit` | this loop, first time | again | times faster, first | again | loss, both | data |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        seconds = f"{result.seconds_fit:.1f} s | {result.seconds_cold:.1f} s | {result.seconds_warm:.2f} s"
        ratios = f"{result.ratio_cold:.1f} | **{result.ratio_warm:.1f}**"
        lines.append(f"| {result.experiment} | {seconds} | {ratios} | {result.loss_fit:.3g}, {result.loss_ours:.3g} | {result.data} |")
    return "\n".join(lines)
