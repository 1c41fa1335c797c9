"""A trained network as the doctor sees it: how well it does, what its neurons answer, how far its weights have gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from ann_core.maths.learning.losses import LEAST, blind_loss, skill
from ann_core.maths.networks import dense
from ann_core.training.records import Run

MOST_EXAMPLES = 500


@dataclass(frozen=True)
class Hidden:
    """A hidden layer as some of the examples held out go through it: outputs (n, units), and its activation."""

    activation: str
    outputs: np.ndarray


@dataclass(frozen=True)
class Trained:
    """A run, its hidden layers, the targets of the examples held out, the number of classes (0: values).

    Where nothing is held out, the targets are of those trained on. `practised` are the targets trained on, where they are at hand.
    """

    run: Run
    hidden: Sequence[Hidden]
    targets: np.ndarray
    classes: int
    practised: np.ndarray | None = None

    @classmethod
    def of_dense(
        cls,
        run: Run,
        activations: Sequence[str],
        biased: bool,
        inputs: np.ndarray,
        targets: np.ndarray,
        classes: int,
        practised: np.ndarray | None = None,
    ) -> Self:
        """A network of dense layers. `inputs` (n, …) as the network gets them; the first few hundred will do."""
        weights = [weight.astype(float) for weight in run.final.weights]
        network = dense.layers(weights, activations, biased)
        with np.errstate(all="ignore"):  # an exploded network is no reason to fall silent
            steps = dense.forward(network, inputs[:MOST_EXAMPLES].reshape(min(len(inputs), MOST_EXAMPLES), -1))
        hidden = [Hidden(layer.activation, step.outputs) for layer, step in zip(network[:-1], steps[:-1], strict=True)]
        return cls(run, tuple(hidden), targets, classes, practised)

    @property
    def holds_out(self) -> bool:
        """Whether anything is held out."""
        return self.run.metrics[-1].startswith("val_")

    @property
    def part(self) -> str:
        """What the figures are measured on."""
        return "held_out" if self.holds_out else "training"

    @property
    def loss(self) -> np.ndarray:
        """The loss on the training examples after each epoch: (epochs,)."""
        return self.run.rows[:, 0]

    @property
    def judged(self) -> np.ndarray:
        """The loss on the examples held out, or on all where none are, after each epoch: (epochs,)."""
        return self.run.rows[:, -2]

    @cached_property
    def skills(self) -> np.ndarray:
        """How far the score on the examples held out is beyond always giving the same answer, after each epoch: (epochs,), at most 1."""
        return self._skill(self.run.rows[:, -1])

    @property
    def skill(self) -> float:
        """The same in the end."""
        return float(self.skills[-1])

    @cached_property
    def learned(self) -> float:
        """How far the better of the two scores is: what is learned by heart is learned."""
        return float(np.max(self._skill(self.run.rows[-1, [1, -1]])))

    @property
    def late(self) -> np.ndarray:
        """What is usual in the last quarter of the epochs, for a single one proves nothing: (metrics,)."""
        return np.median(self.run.rows[-max(1, self.run.epochs // 4) :], axis=0)

    @cached_property
    def blind(self) -> float:
        """The loss of always giving the same answer."""
        squared = getattr(self.run.spec, "loss", "") == "squared_error"
        return max(blind_loss(self.targets, self.classes, squared), LEAST)

    @property
    def unlearned(self) -> float:
        """The late loss on what it does better, the training examples or those held out, in losses of always the same answer."""
        return float(np.nan_to_num(self.late[[0, -2]].min() / self.blind, nan=np.inf))

    @property
    def by_heart(self) -> float:
        """How much larger the late loss is on the examples held out than on those trained on, in the same unit."""
        trained, held_out = self.late[[0, -2]]
        return float(np.nan_to_num(max(held_out - trained, 0) / self.blind, nan=np.inf))

    @cached_property
    def moved(self) -> float:
        """How far the weights have gone from their start, in lengths of that start."""
        first, last = (np.concatenate([weight.ravel() for weight in each.weights]) for each in (self.run.checkpoints[0], self.run.final))
        length = float(np.linalg.norm(first))
        return float(np.linalg.norm(last - first)) / length if length else np.inf

    def _skill(self, scores: np.ndarray) -> np.ndarray:
        return np.array([skill(float(score), self.targets, self.classes) for score in scores])
