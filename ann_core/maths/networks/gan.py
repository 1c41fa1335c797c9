"""Generative adversarial networks: what generator and discriminator play for, and which way each is pulled.

Both are dense networks; the discriminator ends in one linear output, its score of a point: high for real ones. Points are
(n, dims), scores (n,). Activations are elementwise. Every function computes in the precision of what it is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ann_core.maths.learning.activations import ACTIVATIONS, derivative, sigmoid
from ann_core.maths.networks.dense import Layer, Step, forward

Elementwise = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Term:
    """What one number costs: elementwise `value`, and `slope`, its derivative."""

    value: Elementwise
    slope: Elementwise


@dataclass(frozen=True)
class Game:
    """A variant of the loss: what the score of a real and of a generated point costs the discriminator, and the generator.

    `belief` makes of scores what is shown: how real a point is taken to be, from 0 to 1, or, in `wasserstein`, any number.
    """

    name: str
    real: Term
    fake: Term
    generator: Term
    belief: Elementwise

    def discriminator_loss(self, real: np.ndarray, fake: np.ndarray) -> np.floating:
        """The discriminator's loss from scores of real (n,) and of generated points (m,): the sum of both means."""
        return self.real.value(real).mean() + self.fake.value(fake).mean()

    def discriminator_score_slopes(self, real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Derivatives of the discriminator's loss with respect to these scores: (n,) and (m,)."""
        return self.real.slope(real) / len(real), self.fake.slope(fake) / len(fake)

    def generator_loss(self, fake: np.ndarray) -> np.floating:
        """The generator's loss from scores of generated points (n,): the mean."""
        return self.generator.value(fake).mean()

    def generator_score_slopes(self, fake: np.ndarray) -> np.ndarray:
        """Derivatives of the generator's loss with respect to these scores: (n,)."""
        return self.generator.slope(fake) / len(fake)


_softplus = ACTIVATIONS["softplus"].function
_TAKEN_FOR_REAL = Term(lambda s: _softplus(-s), lambda s: -sigmoid(-s))  # -ln σ(s)
_TAKEN_FOR_FAKE = Term(_softplus, sigmoid)  # -ln(1 - σ(s))
_ONE = Term(lambda s: (s - 1) ** 2 / 2, lambda s: s - 1)
_ZERO = Term(lambda s: s**2 / 2, lambda s: s * 1)
_HIGH = Term(lambda s: -s, lambda s: -np.ones_like(s))
_LOW = Term(lambda s: s * 1, np.ones_like)

GAMES = {
    record.name: record
    for record in (
        Game("minimax", _TAKEN_FOR_REAL, _TAKEN_FOR_FAKE, Term(lambda s: -_softplus(s), lambda s: -sigmoid(s)), sigmoid),
        Game("non_saturating", _TAKEN_FOR_REAL, _TAKEN_FOR_FAKE, _TAKEN_FOR_REAL, sigmoid),
        Game("least_squares", _ONE, _ZERO, _ONE, lambda s: np.clip(s, 0, 1)),
        Game("wasserstein", _HIGH, _LOW, _HIGH, lambda s: s * 1),
    )
}
"""Games by name: Goodfellow et al. (2014), both of them; Mao et al. (2017); Arjovsky, Chintala, Bottou (2017)."""

PENALTIES = {
    "gradient": Term(lambda norm: (norm - 1) ** 2, lambda norm: 2 * (norm - 1)),
    "r1": Term(lambda norm: norm**2 / 2, lambda norm: norm * 1),
}
"""What the length of ∇ₓs costs at a point, by kind: Gulrajani et al. (2017); Mescheder, Geiger, Nowozin (2018)."""

SECOND_DERIVATIVES: dict[str, Elementwise] = {
    "relu": np.zeros_like,
    "leaky_relu": np.zeros_like,
    "tanh": lambda z: -2 * np.tanh(z) * (1 - np.tanh(z) ** 2),
    "linear": np.zeros_like,
}
"""f″ of the sum z by the name of the activation f; at a kink it is taken for zero."""


def generate(generator: Sequence[Layer], noise: np.ndarray) -> np.ndarray:
    """What the generator makes of noise (n, inputs): points (n, dims)."""
    return forward(generator, noise)[-1].outputs


def scores(discriminator: Sequence[Layer], points: np.ndarray) -> np.ndarray:
    """How real the discriminator takes points (n, dims) to be: (n,)."""
    return forward(discriminator, points)[-1].outputs.squeeze(axis=1)


def point_slopes(discriminator: Sequence[Layer], points: np.ndarray, slopes_of_scores: np.ndarray) -> np.ndarray:
    """∂L/∂points (n, dims) from ∂L/∂scores (n,), by backpropagation."""
    return _backpropagate(discriminator, forward(discriminator, points), slopes_of_scores[:, None])[1]


def arrows(discriminator: Sequence[Layer], points: np.ndarray, game: Game) -> np.ndarray:
    """Where generated points (n, dims) are pulled: for each, minus the slope of what its own score costs the generator."""
    steps = forward(discriminator, points)
    return -_backpropagate(discriminator, steps, game.generator.slope(steps[-1].outputs))[1]


def discriminator_slopes(discriminator: Sequence[Layer], real: np.ndarray, fake: np.ndarray, game: Game) -> list[np.ndarray]:
    """Derivatives of the discriminator's loss with respect to its weights, in Keras' order: kernel, bias, kernel, bias."""
    points = np.concatenate([real, fake])
    steps = forward(discriminator, points)
    judged = steps[-1].outputs
    slope = np.concatenate(game.discriminator_score_slopes(judged[: len(real)], judged[len(real) :]))
    return _weight_slopes(points, steps, _backpropagate(discriminator, steps, slope)[0])


def generator_slopes(generator: Sequence[Layer], discriminator: Sequence[Layer], noise: np.ndarray, game: Game) -> list[np.ndarray]:
    """Derivatives of the generator's loss with respect to its weights, in Keras' order. Noise: (n, inputs)."""
    steps = forward(generator, noise)
    slope = -arrows(discriminator, steps[-1].outputs, game) / len(noise)
    return _weight_slopes(noise, steps, _backpropagate(generator, steps, slope)[0])


def between(real: np.ndarray, fake: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Points on the lines from fake to real ones, both (n, dims): shares (n,) of the real, from 0 to 1."""
    share = np.asarray(shares, real.dtype)[:, None]
    return share * real + (1 - share) * fake


def penalty(discriminator: Sequence[Layer], points: np.ndarray, kind: str) -> np.floating:
    """The mean over points (n, dims) of what the length of ∇ₓs costs there: (‖∇ₓs‖ - 1)² of `gradient`, ½ ‖∇ₓs‖² of `r1`."""
    slopes = point_slopes(discriminator, points, np.ones(len(points), points.dtype))
    return PENALTIES[kind].value(_lengths(slopes)).mean()


def penalty_slopes(discriminator: Sequence[Layer], points: np.ndarray, kind: str) -> list[np.ndarray]:
    """Derivatives of the penalty with respect to the discriminator's weights, in Keras' order.

    Backpropagation through backpropagation: with u = ∂penalty/∂∇ₓs, these are the derivatives of Σ u · ∇ₓs, u held fast.
    That is how s changes when the points move along u, Pearlmutter (1994): it hangs on the kernels that u passes on its
    way forward and, where an activation is bent, on the sums z, from where it goes back through all layers before.
    """
    steps = forward(discriminator, points)
    ones = np.ones_like(steps[-1].outputs)
    slopes, gradients = _backpropagate(discriminator, steps, ones)
    moves, bends = _moved(discriminator, steps, slopes, _penalty_pull(gradients, kind))
    back, _ = _backpropagate(discriminator, steps, 0 * ones, bends)
    found = _weight_slopes(points, steps, back)
    found[::2] = [kernel + move.T @ slope.sums for kernel, move, slope in zip(found[::2], moves, slopes, strict=True)]
    return found


def _penalty_pull(gradients: np.ndarray, kind: str) -> np.ndarray:
    """∂penalty/∂∇ₓs (n, dims); a gradient of zero has no direction, and is left alone."""
    lengths = _lengths(gradients)[:, None]
    directions = np.divide(gradients, lengths, out=np.zeros_like(gradients), where=lengths > 0)
    return PENALTIES[kind].slope(lengths) * directions / len(gradients)


def _lengths(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt((vectors**2).sum(axis=1))


def _moved(
    network: Sequence[Layer], steps: Sequence[Step], slopes: Sequence[Step], move: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """How far the inputs of every layer move when the points move by `move` (n, dims), and what that makes of ∂s/∂z.

    ȧ ← (ȧ₋₁ · W) f′(z), and (ȧ₋₁ · W) f″(z) ∂s/∂a: the change of the slope as the activation is bent, (n, units).
    """
    moves, bends = [], []
    for layer, step, slope in zip(network, steps, slopes, strict=True):
        moves.append(move)
        moved = move @ layer.kernel  # (n, units)
        bends.append(moved * _second_derivative(step.sums, layer.activation) * slope.outputs)
        move = moved * derivative(step.sums, layer.activation)
    return moves, bends


def _second_derivative(sums: np.ndarray, activation: str) -> np.ndarray:
    if activation not in SECOND_DERIVATIVES:
        raise ValueError(f"a penalty needs an activation among {', '.join(SECOND_DERIVATIVES)}, got {activation}")
    return SECOND_DERIVATIVES[activation](sums)


def _backpropagate(
    network: Sequence[Layer], steps: Sequence[Step], slope: np.ndarray, added: Sequence[np.ndarray] | None = None
) -> tuple[list[Step], np.ndarray]:
    """∂L/∂z and ∂L/∂a of every layer, input side first, and ∂L/∂inputs (n, inputs), from ∂L/∂a of the last outputs.

    `added` are slopes (n, units) that come to the sums of every layer directly.
    """
    slopes: list[Step] = []
    for place in reversed(range(len(network))):
        delta = slope * derivative(steps[place].sums, network[place].activation)  # (n, units)
        if added is not None:
            delta = delta + added[place]
        slopes.append(Step(delta, slope))
        slope = delta @ network[place].kernel.T
    return slopes[::-1], slope


def _weight_slopes(inputs: np.ndarray, steps: Sequence[Step], slopes: Sequence[Step]) -> list[np.ndarray]:
    """∂L/∂W = aᵀ₋₁ · δ and ∂L/∂b = Σ δ of every layer, in Keras' order."""
    coming = [inputs, *(step.outputs for step in steps[:-1])]
    return [part for a, slope in zip(coming, slopes, strict=True) for part in (a.T @ slope.sums, slope.sums.sum(axis=0))]
