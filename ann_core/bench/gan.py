"""A game as anybody would write it in plain Keras: a model with a `train_step` of its own, for the bench to compare with."""

import time
from collections.abc import Mapping

import keras
import tensorflow as tf

from ann_core.bench.fit import Case, Clock, Timings, note
from ann_core.models import gan
from ann_core.specs import UPDATES_A_ROUND, GanSpec
from ann_core.training.examples import Examples


class PlainGan(keras.Model):
    """Both players and their optimisers; `fit` is given batches of real points. Losses without a penalty."""

    def __init__(self, spec: GanSpec) -> None:
        super().__init__()
        self.spec, self.wanted = spec, gan.LOSSES[spec.loss]
        self.generator, self.discriminator = gan.generator(spec), gan.discriminator(spec)
        self.of_generator = gan.OPTIMISERS[spec.optimiser](spec, spec.generator_rate)
        self.of_discriminator = gan.OPTIMISERS[spec.optimiser](spec, spec.discriminator_rate)
        self.trackers = [keras.metrics.Mean(name) for name in spec.measures]

    @property
    def metrics(self):
        return self.trackers

    def train_step(self, real):
        noise = tf.random.normal((tf.shape(real)[0], self.spec.noise_size))
        with tf.GradientTape() as tape:
            fake = self.generator(noise, training=True)
            of_discriminator = self.wanted.discriminator(self.discriminator(real, training=True), self.discriminator(fake, training=True))
        self._step(tape, of_discriminator, self.discriminator, self.of_discriminator)
        noise = tf.random.normal((tf.shape(real)[0], self.spec.noise_size))
        with tf.GradientTape() as tape:
            of_generator = self.wanted.generator(self.discriminator(self.generator(noise, training=True), training=True))
        self._step(tape, of_generator, self.generator, self.of_generator)
        for tracker, loss in zip(self.trackers, (of_discriminator, of_generator), strict=True):
            tracker.update_state(loss)
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def _step(self, tape, loss, player, optimiser):
        slopes = tape.gradient(loss, player.trainable_weights)
        optimiser.apply_gradients(zip(slopes, player.trainable_weights, strict=True))


def fit(case: Case, examples: Examples, timings: Timings) -> Mapping[str, list[float]]:
    """Fit a game, with a `train_step` as Keras' guide writes it; an epoch is a round."""
    began = time.perf_counter()
    model, clock = PlainGan(case.spec), Clock()
    model.compile()
    batches = tf.data.Dataset.from_tensor_slices(examples.x).shuffle(len(examples.x)).repeat().batch(case.spec.batch_size)
    history = model.fit(batches, steps_per_epoch=UPDATES_A_ROUND, epochs=case.epochs, verbose=0, callbacks=[clock]).history
    note(timings, clock, began)
    return history
