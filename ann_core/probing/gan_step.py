"""One step of one player, taken apart: every number from the noise to the new weights, by NumPy."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.maths.networks import dense, gan
from ann_core.probing.gan import Players
from ann_core.specs import GanSpec


class Judged(NamedTuple):
    """Points of a step, (n, 2), their scores and what each adds to the player's loss, (n,); of what it is not shown it pays nothing."""

    points: np.ndarray
    scores: np.ndarray
    costs: np.ndarray | None


class Turn(NamedTuple):
    """A step: noise (n, size); what is generated of it and the real points beside it, before and after.

    `length` is that of all slopes together, `players` are those with the new weights. The discriminator is asked twice about the
    same points, the generator makes others of the same noise.
    """

    noise: np.ndarray
    generated: Judged
    real: Judged
    generated_after: Judged
    real_after: Judged
    loss: float
    length: float
    players: Players
    loss_after: float


def turn(spec: GanSpec, both: Players, player: str, noise: np.ndarray, real: np.ndarray, rate: float) -> Turn:
    """A plain step of gradient descent of this size, of the `discriminator` or the `generator`; the penalty counts too."""
    game, of_discriminator = gan.GAMES[spec.loss], player == "discriminator"
    generated = gan.generate(both.generator, noise)
    if of_discriminator:
        slopes = _discriminator_slopes(spec, both, real, generated)
        after = both._replace(discriminator=stepped(both.discriminator, slopes, rate))
    else:
        slopes = gan.generator_slopes(both.generator, both.discriminator, noise, game)
        after = both._replace(generator=stepped(both.generator, slopes, rate))

    def judged(players: Players, points: np.ndarray, cost: gan.Term | None) -> Judged:
        scores = gan.scores(players.discriminator, points)
        return Judged(points, scores, cost.value(scores) if cost else None)

    of_generated, of_real = (game.fake, game.real) if of_discriminator else (game.generator, None)
    clouds = [
        judged(each, points, cost)
        for each in (both, after)
        for points, cost in ((gan.generate(each.generator, noise), of_generated), (real, of_real))
    ]
    length = float(np.sqrt(sum((slope**2).sum() for slope in slopes)))
    loss, loss_after = (_loss(spec, each, of_discriminator, noise, real, generated) for each in (both, after))
    return Turn(noise, *clouds, loss, length, after, loss_after)


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
