"""How the two players of a game begin, and what the generator makes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.maths.learning.initialisers import Weights
from ann_core.maths.networks import dense as layers
from ann_core.maths.networks.gan import generate
from ann_core.specs.gan import Game
from ann_core.starts.base import dense

GENERATOR, DISCRIMINATOR = 10, 20


class Players(NamedTuple):
    """Generator and discriminator as layers."""

    generator: list[layers.Layer]
    discriminator: list[layers.Layer]


def starting_weights(spec: Game) -> Weights:
    """The generator's, then the discriminator's."""
    forger = dense(spec.seed, (spec.noise_size, *spec.generator_layers, spec.outputs), GENERATOR)
    return forger + dense(spec.seed, (spec.outputs, *spec.discriminator_layers, 1), DISCRIMINATOR)


def players(spec: Game, weights: Sequence[np.ndarray]) -> Players:
    """Both players with these weights, in their precision."""
    of_generator = 2 * (len(spec.generator_layers) + 1)
    parts = weights[:of_generator], weights[of_generator:]
    hidden = spec.generator_layers, spec.discriminator_layers
    last = spec.output_activation, "linear"
    made = zip(parts, hidden, last, strict=True)
    return Players(*(layers.layers(part, (*[spec.activation] * len(units), end)) for part, units, end in made))


def answers(spec: Game, weights: Sequence[np.ndarray], noise: np.ndarray) -> np.ndarray:
    """What the generator makes of noise (n, noise size): points (n, 2), pictures (n, pixels) of -1 … 1."""
    return generate(players(spec, weights).generator, noise)
