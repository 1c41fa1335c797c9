"""A network before any training, by NumPy: what checkpoint 0 of its training is, without that training."""

from collections.abc import Sequence

import numpy as np

from ann_core.experiments import experiment_of
from ann_core.maths.measures.verdicts import verdict
from ann_core.spec import Spec
from ann_core.specs.gan import Game
from ann_core.starts import starting_weights
from ann_core.training.examples import OwnData, examples_of
from ann_core.training.examples.gan import kept, watched_noise
from ann_core.training.records import Checkpoint

AT_ONCE = 256


def begun(spec: Spec) -> Checkpoint:
    """The weights that a training begins with; the network is asked nothing yet."""
    return Checkpoint(0, tuple(starting_weights(spec)), np.empty(0, np.float32), None)


def only_begun(checkpoints: Sequence[Checkpoint]) -> bool:
    """Whether these are the weights that a training begins with, and nothing else."""
    return len(checkpoints) == 1 and not any(checkpoints[0].moment)


def untrained(spec: Spec, own: OwnData = None) -> Checkpoint:
    """The same, asked about the examples that its training looks at; of a game, what its generator makes of the watched noise.

    Raises `TrainingFailed` where the learner's own data are missing.
    """
    weights = tuple(starting_weights(spec))
    if isinstance(spec, Game):
        return Checkpoint(0, weights, kept(spec, _answers(spec, weights, watched_noise(spec))), None)
    return Checkpoint(0, weights, *verdict(_answers(spec, weights, _looked_at(spec, own)), spec.classes))


@np.errstate(all="ignore")  # raw pixels may be too much for a network
def _answers(spec: Spec, weights: tuple[np.ndarray, ...], inputs: np.ndarray) -> np.ndarray:
    said, parts = experiment_of(spec).answers, np.array_split(inputs, -(-len(inputs) // AT_ONCE))
    return np.concatenate([said(spec, weights, part) for part in parts])


def _looked_at(spec: Spec, own: OwnData) -> np.ndarray:
    """What the network is asked about, as it sees it: what is held out, and of what is watched all."""
    examples = examples_of(spec, own)[0]
    x = examples.x if examples.watched and not len(examples.x_val) else examples.looked_at[0]
    return x if examples.divisor == 1 else x / np.float32(examples.divisor)
