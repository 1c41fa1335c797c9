"""The examples that a spec trains on, and where they come from. No Keras here."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ann_core.data import images, points, recall, rewriting, sequences, targets
from ann_core.data.fingerprint import fingerprint
from ann_core.data.points import Points
from ann_core.data.sequences import Scale, Series
from ann_core.maths.features import features
from ann_core.spec import Spec
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanDigitsSpec, GanSpec, PointsSpec, RecallSpec, RecurrentSpec
from ann_core.specs.games import Game
from ann_core.training.records import DataSource, TrainingFailed

WHITE = 255.0
LEAST_WINDOWS = 8
HELD_OUT_SEQUENCES = 2_000
REAL_POINTS, WATCHED = 4_000, 1_000
IMAGE_SPECS = (FeedForwardSpec, ConvolutionalSpec)
OwnData = Points | Series | None
"""Data that a learner has brought: points for `PointsSpec`, a series for `RecurrentSpec`."""


@dataclass(frozen=True)
class Examples:
    """Training and validation data as they are stored: inputs (n, …) of any type, targets (n, …).

    Inputs are divided by `divisor` when they are used: 255 scales pixels, 1 leaves them alone. Where nothing is
    held out, the validation arrays are empty. `watched` says that a run keeps the outputs for all examples, in this
    order, and not only for those held out.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    divisor: float = 1.0
    watched: bool = False

    @property
    def looked_at(self) -> tuple[np.ndarray, np.ndarray]:
        """The examples that the loop asks the network about after every epoch: inputs and targets; none where none are held out."""
        if not self.watched or not len(self.x_val):
            return self.x_val, self.y_val
        return np.concatenate([self.x, self.x_val]), np.concatenate([self.y, self.y_val])


def examples_of(spec: Spec, own: OwnData = None) -> tuple[Examples, DataSource]:
    """The examples of a spec, at most as many as there are, and their source.

    `own` are a learner's own data, for a spec that asks for them. Raises `TrainingFailed` where they are missing or too few.
    """
    if isinstance(spec, IMAGE_SPECS):
        return _images(spec)
    return FINDERS[type(spec)](spec, own)


def _images(spec: FeedForwardSpec | ConvolutionalSpec) -> tuple[Examples, DataSource]:
    found = images.load_or_digits(spec.dataset)
    count = min(spec.training_images, len(found.x_train))
    problem = found.problem.code if found.problem else None
    source = DataSource(spec.dataset, found.name, found.source, found.fingerprint, count, len(found.x_test), problem)
    divisor = WHITE if spec.scale_pixels else 1.0
    labels = found.y_train[:count]
    if getattr(spec, "shuffled_labels", False):
        labels = shuffled(labels, spec.seed)
    x, x_val = found.x_train[:count], found.x_test
    if spec.shuffled_pixels:
        x, x_val = (pixels_shuffled(part, spec.seed) for part in (x, x_val))
    return Examples(x, labels, x_val, found.y_test, divisor), source


def seen(spec: FeedForwardSpec | ConvolutionalSpec, images: np.ndarray) -> np.ndarray:
    """Images, uint8 (n, height, width), as the network of a spec sees them: float32, scaled and shuffled as its data are."""
    x = pixels_shuffled(images, spec.seed) if spec.shuffled_pixels else images
    return x.astype(np.float32) / (WHITE if spec.scale_pixels else 1.0)


def shuffled(labels: np.ndarray, seed: int) -> np.ndarray:
    """The same labels, each at another's place."""
    return np.random.default_rng([seed, 1]).permutation(labels)


def pixels_shuffled(images: np.ndarray, seed: int) -> np.ndarray:
    """All images (n, height, width) with their pixels in another order, the same for all."""
    order = np.random.default_rng([seed, 2]).permutation(images[0].size)
    return images.reshape(len(images), -1)[:, order].reshape(images.shape)


def _points(spec: PointsSpec, own: Points | None) -> tuple[Examples, DataSource]:
    x, y = points_of(spec, own)
    examples, source = _split(features(x, spec.features), y, training_count(spec, len(x)), spec.dataset)
    if spec.balance:
        repeated = points.balanced(examples.y)
        examples = replace(examples, x=examples.x[repeated], y=examples.y[repeated])
    return examples, source


def points_of(spec: PointsSpec, own: Points | None = None) -> Points:
    """The points of a spec, those to train on first. Raises `TrainingFailed` where they should be the learner's own and are not given."""
    if spec.dataset != "own":
        return _generated(spec.dataset, spec.points, spec.noise, spec.rare, spec.seed)
    if own is None:
        raise TrainingFailed("no_own_points")
    order = np.random.default_rng(spec.seed).permutation(len(own.x))
    return Points(own.x[order], own.y[order])


@lru_cache(maxsize=64)
def _generated(dataset: str, count: int, noise: float, rare: float, seed: int) -> Points:
    """Points drawn once for all who ask for the same; they cannot be changed."""
    drawn = points.points(dataset, count, noise, seed)
    if rare < 1:
        drawn = points.rarer(drawn, rare, seed)
    for array in drawn:
        array.setflags(write=False)
    return drawn


def training_count(spec: PointsSpec, count: int) -> int:
    """How many of the points are trained on; the others are held out. There is at least one of either."""
    return min(max(1, round(count * spec.training_share)), count - 1)


def series_of(spec: RecurrentSpec, own: Series | None = None) -> Series:
    """The series of a spec. Raises `TrainingFailed` where it should be the learner's own and is not given, or is too short."""
    made = own if spec.series == "own" else sequences.series(spec.series, spec.length, spec.span, spec.noise, spec.seed)
    if made is None:
        raise TrainingFailed("no_own_series")
    if len(made.values) < spec.window + LEAST_WINDOWS:
        raise TrainingFailed("series_too_short", {"n": len(made.values), "least": spec.window + LEAST_WINDOWS})
    return made


def training_windows(spec: RecurrentSpec, series: Series) -> int:
    """How many windows of the series are trained on; those behind them are held out."""
    count = len(series.values) - spec.window
    return count - round(count * spec.held_out)


def scale_of(spec: RecurrentSpec, series: Series) -> Scale:
    """How the values are scaled for the network: by those that the training windows and their targets contain."""
    return Scale.of(series.values[: training_windows(spec, series) + spec.window]) if spec.normalise else Scale()


def windows_of(spec: RecurrentSpec, series: Series) -> tuple[np.ndarray, np.ndarray]:
    """The windows of a series, (n, window, 1), and what follows each, (n, 1), as the network of a spec sees them."""
    x, y = sequences.windows(scale_of(spec, series).scaled(series.values), spec.window)
    if spec.shuffled_order:
        x = np.random.default_rng([spec.seed, 3]).permuted(x, axis=1)
    return x, y


def _windows(spec: RecurrentSpec, own: Series | None) -> tuple[Examples, DataSource]:
    series = series_of(spec, own)
    examples, source = _split(*windows_of(spec, series), training_windows(spec, series), spec.series)
    return replace(examples, watched=True), replace(source, source="package") if spec.series == "seattle" else source


def _split(x: np.ndarray, y: np.ndarray, training: int, name: str) -> tuple[Examples, DataSource]:
    """The first examples to train on, the rest held out."""
    examples = Examples(x[:training], y[:training], x[training:], y[training:])
    return examples, DataSource(name, name, "generated", fingerprint((x, y)), training, len(x) - training)


def sequences_of(spec: RecallSpec) -> recall.Sequences:
    """The sequences of a spec, those to train on first. All cells of the same seed get the same."""
    return recall.sequences(spec.task, spec.examples + HELD_OUT_SEQUENCES, spec.gap, spec.seed)


def _sequences(spec: RecallSpec, own: None) -> tuple[Examples, DataSource]:
    return _split(*sequences_of(spec), spec.examples, spec.task)


def rewritten_of(spec: AttentionSpec) -> tuple[rewriting.Rewritten, rewriting.Rewritten]:
    """The sequences of a spec: those to train on, and those held out."""
    sizes = spec.examples, HELD_OUT_SEQUENCES
    return rewriting.rewritten(spec.task, *sizes, spec.length, spec.longer, spec.letters, spec.seed)


def _rewritten(spec: AttentionSpec, own: None) -> tuple[Examples, DataSource]:
    seen, unseen = rewritten_of(spec)
    source = DataSource(spec.task, spec.task, "generated", fingerprint((*seen, *unseen)), len(seen.x), len(unseen.x))
    return Examples(*seen, *unseen), source


def watched_noise(spec: Game) -> np.ndarray:
    """The noise that is looked at after every round, float32 (1,000, noise size): the same for all games of a seed."""
    return drawn_noise(spec, WATCHED, np.random.default_rng([spec.seed, 9]))


def drawn_noise(spec: Game, count: int, random: np.random.Generator) -> np.ndarray:
    """So much noise of the spec's kind, float32 (count, noise size)."""
    shape = count, spec.noise_size
    return (random.uniform(-1, 1, shape) if spec.noise_kind == "uniform" else random.normal(size=shape)).astype(np.float32)


def _imitated(spec: GanSpec, own: Points | None) -> tuple[Examples, DataSource]:
    """The real points of a spec; none are held out."""
    if spec.target == "own" and own is None:
        raise TrainingFailed("no_own_target")
    x = own.x if spec.target == "own" else targets.target_points(spec.target, REAL_POINTS, spec.seed)
    nothing = np.zeros((0, 2), np.float32)
    return Examples(x, x, nothing, nothing), DataSource(spec.target, spec.target, "generated", fingerprint((x,)), len(x), 0)


def _imitated_digits(spec: GanDigitsSpec, own: None) -> tuple[Examples, DataSource]:
    """The digits that the judge trains on too; its test digits are held out."""
    rows, labels = images.small_digits()
    x, count = images.centred(rows), images.DIGITS_TRAINING
    source = DataSource("digits", "digits", "package", fingerprint((x, labels)), count, len(x) - count)
    return Examples(x[:count], labels[:count], x[count:], labels[count:]), source


FINDERS = {
    PointsSpec: _points,
    RecurrentSpec: _windows,
    RecallSpec: _sequences,
    AttentionSpec: _rewritten,
    GanSpec: _imitated,
    GanDigitsSpec: _imitated_digits,
}
