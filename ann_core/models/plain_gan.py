"""A game as anybody would write it in plain Keras: a model with a `train_step` of its own, for the bench to compare with."""

import keras
import tensorflow as tf

from ann_core.models import gan
from ann_core.specs import GanSpec


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
