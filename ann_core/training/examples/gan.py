"""What a game imitates: points in the plane; and the noise it is looked at with."""

import numpy as np

from ann_core.data import gan
from ann_core.data.fingerprint import fingerprint
from ann_core.data.images import brightness
from ann_core.data.points import Points
from ann_core.specs import GanSpec
from ann_core.specs.gan import Game
from ann_core.training.examples import Examples
from ann_core.training.records import DataSource, TrainingFailed

REAL_POINTS, WATCHED = 4_000, 1_000


def watched_noise(spec: Game) -> np.ndarray:
    """The noise that is looked at after every round, float32 (1,000, noise size): the same for all games of a seed."""
    return drawn_noise(spec, WATCHED, np.random.default_rng([spec.seed, 9]))


def drawn_noise(spec: Game, count: int, random: np.random.Generator) -> np.ndarray:
    """So much noise of the spec's kind, float32 (count, noise size)."""
    shape = count, spec.noise_size
    return (random.uniform(-1, 1, shape) if spec.noise_kind == "uniform" else random.normal(size=shape)).astype(np.float32)


def kept(spec: Game, samples: np.ndarray) -> np.ndarray:
    """Samples as a checkpoint keeps them: points as they are, pictures as brightness, uint8 (n, height, width)."""
    return brightness(samples) if spec.pictures else samples


def imitated(leg: Game, spec: Game, x: np.ndarray) -> np.ndarray:
    """What is imitated in a leg of a game whose last leg imitates `x`."""
    return x if spec.pictures or leg.target == spec.target else gan.target_points(leg.target, REAL_POINTS, leg.seed)


def find(spec: GanSpec, own: Points | None) -> tuple[Examples, DataSource]:
    """The real points of a spec; none are held out."""
    if spec.target == "own" and own is None:
        raise TrainingFailed("no_own_target")
    x = own.x if spec.target == "own" else gan.target_points(spec.target, REAL_POINTS, spec.seed)
    nothing = np.zeros((0, 2), np.float32)
    return Examples(x, x, nothing, nothing), DataSource(spec.target, spec.target, "generated", fingerprint((x,)), len(x), 0)
