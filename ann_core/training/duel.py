"""The compiled loop of a generator against a discriminator: all turns of a round inside one function.

Noise and batches are drawn from (seed, turn) within the graph, so that a turn can be done again by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from ann_core.models.gan import LOSSES
from ann_core.specs import UPDATES_A_ROUND
from ann_core.specs.gan import Game
from ann_core.training.forgetting import GRADIENTS
from ann_core.training.loop import Still, copied
from ann_core.training.moments import Moment

MOST_ROUNDS = 4
"""So many rounds are played in one call at most; after each call the game can be stopped."""

REAL, GENERATED, BETWEEN, OWN = range(4)
"""What a draw is for: real points, the noise of the generated ones, places between both, the noise of the generator's own turn."""


class Players(NamedTuple):
    """Generator and discriminator, and the optimiser of each."""

    generator: keras.Model
    discriminator: keras.Model
    of_generator: keras.optimizers.Optimizer
    of_discriminator: keras.optimizers.Optimizer


class Duel:
    """Two models, their optimisers, and one compiled function that lets them play for any number of turns.

    One duel serves all games of the same architecture, loss, optimiser and batch size: weights, learning rates, the penalty's
    weight, who plays, seed and data are tensors. A `plain` duel is never compiled.
    """

    def __init__(self, players: Players, spec: Game, plain: bool = False) -> None:
        self.players, self.losses, self.uniform = players, LOSSES[spec.loss], spec.noise_kind == "uniform"
        self.steepness, self.batch_size, self.discriminator_steps = spec.steepness, spec.batch_size, spec.discriminator_steps
        players.of_generator.build(players.generator.trainable_variables)
        players.of_discriminator.build(players.discriminator.trainable_variables)
        self.noise_size = players.generator.input_shape[-1]
        self.advance, self.look = (
            each if plain else tf.function(each, jit_compile=True, autograph=False) for each in (self._advance, self._look)
        )
        self.drawn = tf.function(_drawn, jit_compile=True) if plain else _drawn  # XLA draws others from the same seed than TensorFlow
        self.plain, self.ready = plain, plain  # ready: nothing has to be compiled

    def _look(self, noise):
        """The weights of both players, the generator's first, and what the generator makes of this noise: in one call."""
        weights = [*self.players.generator.weights, *self.players.discriminator.weights]
        return [tf.identity(weight) for weight in weights], self.players.generator(noise, training=False)

    def _advance(self, x, seed, first, stop, sums, penalty, playing):
        """Play the turns from the `first` to before `stop`, of at most `MOST_ROUNDS` rounds; the summed losses of each, (MOST_ROUNDS, 2).

        `sums` (2,) are those of the turns of the first round that have been played already; `playing` (2,) says whether the
        discriminator, and whether the generator is changed by its turns.
        """

        def further(turn, losses):
            number = turn // UPDATES_A_ROUND
            end, place = tf.minimum(stop, (number + 1) * UPDATES_A_ROUND), number - first // UPDATES_A_ROUND
            added = tf.stack(self._turns(x, seed, turn, end, tf.unstack(tf.gather(losses, place)), penalty, playing))
            return end, tf.tensor_scatter_nd_update(losses, [[place]], [added])

        begun = tf.pad(sums[None], [[0, MOST_ROUNDS - 1], [0, 0]])
        return tf.while_loop(lambda turn, _: turn < stop, further, (first, begun), parallel_iterations=1)[1]

    def _turns(self, x, seed, turn, stop, sums, penalty, playing):
        """Some turns of a round; the sums of both losses, with those before."""

        def further(turn, of_discriminator, of_generator):
            for step in range(self.discriminator_steps):
                loss = self._discriminator_turn(x, seed, turn * self.discriminator_steps + step, penalty, playing[0])
            return turn + 1, of_discriminator + loss, of_generator + self._generator_turn(seed, turn, playing[1])

        return tf.while_loop(lambda turn, *_: turn < stop, further, (turn, *sums), parallel_iterations=1)[1:]

    def _discriminator_turn(self, x, seed, number, penalty, plays):
        generator, discriminator, _, optimiser = self.players
        rows = self.drawn(tf.random.stateless_uniform, (self.batch_size,), self._seed(seed, number, REAL), 0, x.shape[0], tf.int32)
        real, fake = tf.gather(x, rows), generator(self._noise(seed, number, GENERATED), training=True)
        with tf.GradientTape() as tape:
            loss = self.losses.discriminator(discriminator(real, training=True), discriminator(fake, training=True))
            if self.steepness == "gradient":
                shares = self.drawn(tf.random.stateless_uniform, (self.batch_size, 1), self._seed(seed, number, BETWEEN))
                loss += penalty * tf.reduce_mean((tf.norm(self._slopes(shares * real + (1 - shares) * fake), axis=-1) - 1) ** 2)
            elif self.steepness == "r1":
                loss += penalty * tf.reduce_mean(tf.reduce_sum(self._slopes(real) ** 2, axis=-1)) / 2
        _update(optimiser, tape.gradient(loss, discriminator.trainable_variables), discriminator.trainable_variables, plays)
        return loss

    def _slopes(self, points):
        """How the scores rise at these points: what the penalties of Gulrajani et al. (2017) and Mescheder et al. (2018) are about."""
        with tf.GradientTape() as tape:
            tape.watch(points)
            scores = self.players.discriminator(points, training=True)
        return tape.gradient(scores, points)

    def _generator_turn(self, seed, turn, plays):
        generator, discriminator, optimiser, _ = self.players
        with tf.GradientTape() as tape:
            loss = self.losses.generator(discriminator(generator(self._noise(seed, turn, OWN), training=True), training=True))
        _update(optimiser, tape.gradient(loss, generator.trainable_variables), generator.trainable_variables, plays)
        return loss

    def _noise(self, seed, number, purpose):
        shape = (self.batch_size, self.noise_size)
        drawn = tf.random.stateless_uniform if self.uniform else tf.random.stateless_normal
        return self.drawn(drawn, shape, self._seed(seed, number, purpose), *((-1, 1) if self.uniform else ()))

    def _seed(self, seed, number, purpose):
        return tf.stack([seed * len((REAL, GENERATED, BETWEEN, OWN)) + purpose, number])

    def compile(self, x: np.ndarray, noise: np.ndarray) -> None:
        """Compile what is not compiled yet, by playing no turn."""
        with GRADIENTS.afterwards():
            self.still(noise)
            self._play(tf.constant(x), 0, 0, 0, np.zeros(2), 0.0, (True, True))
        self.ready = True

    def _play(self, x, seed: int, first: int, stop: int, sums: np.ndarray, penalty: float, playing: tuple[bool, bool]) -> np.ndarray:
        numbers = (tf.constant(number, tf.float32) for number in (sums, penalty))
        return self.advance(x, tf.constant(seed), tf.constant(first), tf.constant(stop), *numbers, tf.constant(playing)).numpy()

    @property
    def variables(self) -> list:
        """All that a game changes: the weights of both, then what their optimisers remember."""
        models, optimisers = self.players[:2], self.players[2:]
        return [variable for part in (*models, *optimisers) for variable in part.variables]

    def begin(self, start: Sequence[np.ndarray], spec: Game) -> None:
        """Start again: the weights that both begin with, the generator's first, and optimisers that remember nothing."""
        for variable, value in zip((weight for model in self.players[:2] for weight in model.weights), start, strict=True):
            variable.assign(value)
        for optimiser in self.players[2:]:
            for variable in optimiser.variables:
                variable.assign(tf.zeros_like(variable))
        self.set_pace(spec)

    def set_pace(self, spec: Game) -> None:
        """The learning rates of both."""
        for optimiser, rate in zip(self.players[2:], (spec.generator_rate, spec.discriminator_rate), strict=True):
            optimiser.learning_rate = rate

    def state(self) -> tuple[np.ndarray, ...]:
        return copied(self.variables)

    def restore(self, state: Sequence[np.ndarray]) -> None:
        for variable, value in zip(self.variables, state, strict=True):
            variable.assign(value)

    def still(self, noise: np.ndarray) -> Still:
        """The weights of both players now, the generator's first, and what the generator makes of this noise."""
        weights, samples = self.look(tf.constant(noise))
        return Still(tuple(map(np.array, weights)), samples.numpy())

    def play(self, x: np.ndarray, spec: Game, first: int, ends: Iterable[Moment], heard: Callable[[Moment, np.ndarray], bool]) -> None:
        """Play what comes after the first rounds up to each of the `ends` in turn.

        `heard` is told each end with the mean losses (rounds, 2) of the rounds finished since the one before, and says whether to stop.
        """
        data, begun, sums = tf.constant(x), first * UPDATES_A_ROUND, np.zeros(2)
        playing = spec.playing != "generator", spec.playing != "discriminator"
        for end in ends:
            stop = end.epoch * UPDATES_A_ROUND + end.batch
            losses = self._play(data, spec.seed, begun, stop, sums, spec.penalty, playing)
            finished = end.epoch - begun // UPDATES_A_ROUND
            if heard(end, losses[:finished] / UPDATES_A_ROUND):
                return
            begun, sums = stop, losses[finished] if end.batch else np.zeros(2)


def _drawn(draw, shape, seed, *arguments):
    return draw(shape, seed, *arguments)


def _update(optimiser, gradients, variables, plays) -> None:
    """A step of a player that plays; one that does not stays as it is, and so does what its optimiser remembers."""
    tf.cond(plays, lambda: optimiser.apply(gradients, variables), lambda: None)
