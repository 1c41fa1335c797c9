"""One step of one player, taken apart: every number from the noise to the new weights, by NumPy."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.maths.networks import dense, gan
from ann_core.probing.gan import Players
from ann_core.specs import GanSpec


class Turn(NamedTuple):
    """A step: noise (n, size), what is generated of it and the real points beside it (n, 2), their scores (n,).

    `generated_costs` and `real_costs` (n,) are what each point adds to the player's loss; the generator's own knows no real ones.
    `length` is that of all slopes together, `after` the players with the new weights, `loss_after` the loss of the same points then.
    """

    noise: np.ndarray
    generated: np.ndarray
    real: np.ndarray
    generated_scores: np.ndarray
    real_scores: np.ndarray
    generated_costs: np.ndarray
    real_costs: np.ndarray | None
    loss: float
    length: float
    after: Players
    loss_after: float


def turn(spec: GanSpec, both: Players, player: str, noise: np.ndarray, real: np.ndarray, rate: float) -> Turn:
    """A plain step of gradient descent of this size, of the `discriminator` or the `generator`; the penalty counts too."""
    game = gan.GAMES[spec.loss]
    generated = gan.generate(both.generator, noise)
    scores = gan.scores(both.discriminator, generated), gan.scores(both.discriminator, real)
    of_discriminator = player == "discriminator"
    if of_discriminator:
        slopes = _discriminator_slopes(spec, both, real, generated)
        after = both._replace(discriminator=stepped(both.discriminator, slopes, rate))
        costs = game.fake.value(scores[0]), game.real.value(scores[1])
    else:
        slopes = gan.generator_slopes(both.generator, both.discriminator, noise, game)
        after = both._replace(generator=stepped(both.generator, slopes, rate))
        costs = game.generator.value(scores[0]), None
    length = float(np.sqrt(sum((slope**2).sum() for slope in slopes)))
    loss, loss_after = (_loss(spec, each, of_discriminator, noise, real, generated) for each in (both, after))
    return Turn(noise, generated, real, *scores, *costs, loss, length, after, loss_after)


def _places_between(real: np.ndarray, generated: np.ndarray) -> np.ndarray:
    """Where the gradient penalty is looked at: half way between each real and each generated point."""
    return gan.between(real, generated, np.full(len(real), 0.5, real.dtype))


def _discriminator_slopes(spec: GanSpec, both: Players, real: np.ndarray, generated: np.ndarray) -> list[np.ndarray]:
    slopes = gan.discriminator_slopes(both.discriminator, real, generated, gan.GAMES[spec.loss])
    if spec.loss != "wasserstein":
        return slopes
    more = gan.penalty_slopes(both.discriminator, _places_between(real, generated), "gradient")
    return [slope + spec.penalty * extra for slope, extra in zip(slopes, more, strict=True)]


def _loss(spec: GanSpec, both: Players, of_discriminator: bool, noise: np.ndarray, real: np.ndarray, generated: np.ndarray) -> float:
    """The player's loss; the discriminator is asked about the points that were there before its step."""
    game = gan.GAMES[spec.loss]
    if not of_discriminator:
        return float(game.generator_loss(gan.scores(both.discriminator, gan.generate(both.generator, noise))))
    loss = game.discriminator_loss(gan.scores(both.discriminator, real), gan.scores(both.discriminator, generated))
    if spec.loss == "wasserstein":
        loss += spec.penalty * gan.penalty(both.discriminator, _places_between(real, generated), "gradient")
    return float(loss)


def stepped(layers: Sequence[dense.Layer], slopes: Sequence[np.ndarray], rate: float) -> list[dense.Layer]:
    """Layers after a step against these slopes: kernel and bias of each."""
    pairs = zip(slopes[::2], slopes[1::2], strict=True)
    return [
        dense.Layer(layer.kernel - rate * kernel, layer.bias - rate * bias, layer.activation)
        for layer, (kernel, bias) in zip(layers, pairs, strict=True)
    ]
