"""The two players: a generator that makes points or pictures of noise, a discriminator that scores them; and what either wants."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import keras
from keras import layers, ops

from ann_core.models.feedforward import initialiser
from ann_core.specs.gan import Game
from ann_core.starts.gan import DISCRIMINATOR, GENERATOR


def generator(spec: Game) -> keras.Model:
    """A network from noise (batch, noise size) to points (batch, 2), or to pictures (batch, pixels) of -1 … 1."""
    return _dense(spec, spec.noise_size, spec.generator_layers, spec.outputs, spec.output_activation, GENERATOR)


def discriminator(spec: Game) -> keras.Model:
    """A network from points or pictures (batch, …) to scores (batch, 1): the higher, the more real it takes one for."""
    return _dense(spec, spec.outputs, spec.discriminator_layers, 1, "linear", DISCRIMINATOR)


def _dense(spec: Game, inputs: int, hidden: Sequence[int], outputs: int, last: str, part: int) -> keras.Model:
    network = [keras.Input((inputs,))]
    for depth, units in enumerate(hidden):
        network.append(layers.Dense(units, spec.activation, kernel_initializer=initialiser(spec.seed, part + depth)))
    network.append(layers.Dense(outputs, last, kernel_initializer=initialiser(spec.seed, part + len(hidden))))
    return keras.Sequential(network)


class Losses(NamedTuple):
    """What the players make small: the discriminator's, of scores of real and generated points, and the generator's; means."""

    discriminator: Callable
    generator: Callable


def _right_and_wrong(real, fake):
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


LOSSES = {
    "minimax": Losses(_right_and_wrong, lambda fake: -ops.mean(ops.softplus(fake))),
    "non_saturating": Losses(_right_and_wrong, lambda fake: ops.mean(ops.softplus(-fake))),
    "least_squares": Losses(
        lambda real, fake: (ops.mean(ops.square(real - 1)) + ops.mean(ops.square(fake))) / 2,
        lambda fake: ops.mean(ops.square(fake - 1)) / 2,
    ),
    "wasserstein": Losses(lambda real, fake: ops.mean(fake) - ops.mean(real), lambda fake: -ops.mean(fake)),
}
"""By their names; `minimax` is the saturating one of the first paper."""

OPTIMISERS = {
    "adam": lambda spec, rate: keras.optimizers.Adam(rate, beta_1=spec.beta_1, beta_2=spec.beta_2),
    "rmsprop": lambda spec, rate: keras.optimizers.RMSprop(rate),
    "sgd": lambda spec, rate: keras.optimizers.SGD(rate),
}
