"""The compiled training loop.

`model.fit` spends most of its time between the steps: in Python, in callbacks, in the input pipeline. Here the
data lie in memory as tensors, NumPy gives the order of the examples, and epochs, steps and the validation after
every epoch run inside one compiled function. Python is asked only now and then: for progress, and whether to stop.
"""

import gc
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops

from ann_core.models.objectives import Objective
from ann_core.training.examples import Examples
from ann_core.training.records import most_checkpoints

EVALUATION_BATCH = 100
INDICES_PER_BLOCK = 200_000
MOST_LOOPS = 12
PAUSE_SECONDS = 0.2
NO_EXAMPLE = NO_SLOT = -1
MEASURES = 4  # loss and score, on the examples trained on and on those held out


class Still(NamedTuple):
    """The network at a moment: its weights, and what it makes of the examples held out, (n, …)."""

    weights: tuple[np.ndarray, ...]
    outputs: np.ndarray


class Loop:
    """A model, its optimiser, and one compiled function that trains them for any number of steps.

    The steps of an epoch are its training batches, then the batches of its validation. One loop serves all trainings
    of the same architecture, optimiser, batch size and data size: weights, learning rate, penalty and order of
    examples are tensors, so that changing them compiles nothing.
    """

    def __init__(
        self,
        model: keras.Model,
        optimiser: keras.optimizers.Optimizer,
        objective: Objective,
        examples: Examples,
        batch_size: int,
        penalised: bool,
    ) -> None:
        self.model, self.optimiser, self.objective = model, optimiser, objective
        self.batch_size = min(batch_size, len(examples.x))
        self.short = len(examples.x) % self.batch_size
        self.training_steps = -(-len(examples.x) // self.batch_size)
        self.validation_batch = min(EVALUATION_BATCH, len(examples.x_val))
        self.steps = self.training_steps + (-(-len(examples.x_val) // self.validation_batch) if len(examples.x_val) else 0)
        self.block = max(1, INDICES_PER_BLOCK // (self.training_steps * self.batch_size))
        optimiser.build(model.trainable_variables)
        self.kernels = [weight for weight in model.trainable_variables if penalised and weight.name == "kernel"]
        self.mixes_examples = any(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers)
        self.totals = tf.Variable(tf.zeros((self.block, MEASURES)), trainable=False)
        self.outputs = tf.Variable(tf.zeros((len(examples.x_val), *model.output_shape[1:])), trainable=False)
        self.parts = [*model.weights, self.outputs]
        self.film = tf.Variable(tf.zeros((most_checkpoints(_nbytes(model)), _size(self.parts))), trainable=False)
        self.pause = 1
        # XLA: small dense networks train hundreds of times as fast as by model.fit, five times as fast as in a plain
        # graph; convolutions, written as matrix products, half as fast again
        self.advance = tf.function(self._advance, jit_compile=True, autograph=False)

    def _advance(self, x, y, x_val, y_val, order, slots, step, stop, divisor, penalty):
        """Go from `step` to `stop`, both counted from the block's beginning.

        order: (block · training steps, batch), the rows of each step; slots: (block,), where on the film to keep the
        network after each epoch, if at all.
        """

        def epoch(step):
            begin = step // self.steps * self.steps
            row = step // self.steps

            def train(step):
                rows = order[row * self.training_steps + step - begin]
                return self._train_batch(x, y, rows, step - begin, divisor, penalty)

            def validate(step):
                rows = (step - begin - self.training_steps) * self.validation_batch + tf.range(self.validation_batch)
                return self._validate_batch(x_val, y_val, rows, divisor, penalty)

            sums = tf.unstack(self.totals[row])
            step, *sums[:2] = _summed(step, tf.minimum(stop, begin + self.training_steps), train, sums[:2])
            if self.validation_batch:
                step, *sums[2:] = _summed(step, tf.minimum(stop, begin + self.steps), validate, sums[2:])
            self.totals.scatter_nd_update([[row]], [sums])
            kept = (step == begin + self.steps) & (slots[row] != NO_SLOT)
            tf.cond(kept, lambda: self._keep(slots[row]), lambda: None)
            return step

        return tf.while_loop(lambda step: step < stop, lambda step: [epoch(step)], [step], parallel_iterations=1)[0]

    def _keep(self, slot):
        self.film.scatter_nd_update([[slot]], [tf.concat([tf.reshape(part, [-1]) for part in self.parts], axis=0)])

    def _train_batch(self, x, y, rows, number, divisor, penalty):
        """One step of gradient descent. The last batch of an epoch may be short: its missing rows do not count."""
        if self.mixes_examples and self.short:  # missing rows would count in the statistics of the batch
            last = number == self.training_steps - 1
            return tf.cond(
                last,
                lambda: self._train_step(x, y, rows[: self.short], divisor, penalty),
                lambda: self._train_step(x, y, rows, divisor, penalty),
            )
        return self._train_step(x, y, rows, divisor, penalty)

    def _train_step(self, x, y, rows, divisor, penalty):
        present = tf.cast(rows != NO_EXAMPLE, tf.float32) if self.short else tf.ones(rows.shape)
        rows = tf.maximum(rows, 0)
        inputs, targets = tf.cast(tf.gather(x, rows), tf.float32) / divisor, tf.gather(y, rows)
        count = tf.reduce_sum(present)
        with tf.GradientTape() as tape:
            outputs = self.model(inputs, training=True)
            losses = self.objective.loss(targets, outputs)  # (batch,)
            loss = tf.reduce_sum(losses * present) / count + self._penalty(penalty)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimiser.apply(gradients, self.model.trainable_variables)
        return [loss * count, tf.reduce_sum(self.objective.score(targets, outputs) * present)]

    def _validate_batch(self, x, y, rows, divisor, penalty):
        count = x.shape[0]
        present = tf.cast(rows < count, tf.float32)
        rows = tf.minimum(rows, count - 1)
        targets = tf.gather(y, rows)
        outputs = self.model(tf.cast(tf.gather(x, rows), tf.float32) / divisor, training=False)
        self.outputs.scatter_update(tf.IndexedSlices(outputs, rows))
        losses = self.objective.loss(targets, outputs) + self._penalty(penalty)
        return [tf.reduce_sum(losses * present), tf.reduce_sum(self.objective.score(targets, outputs) * present)]

    def _penalty(self, penalty):
        if not self.kernels:
            return 0.0
        # a branch, not a product with zero: the squares would double the time of a step
        squares = lambda: penalty * tf.add_n([tf.reduce_sum(kernel**2) for kernel in self.kernels])  # noqa: E731
        return tf.cond(penalty > 0, squares, lambda: 0.0)

    def kept(self, slots: Sequence[int]) -> list["Still"]:
        """The network as it was kept in these slots of the film."""
        ends = np.cumsum([_size([part]) for part in self.parts])[:-1]
        stills = []
        for row in tf.gather(self.film, slots).numpy() if len(slots) else ():
            arrays = [flat.reshape(part.shape).copy() for flat, part in zip(np.split(row, ends), self.parts, strict=True)]
            stills.append(Still(tuple(arrays[:-1]), arrays[-1]))
        return stills

    def still(self) -> "Still":
        """The network as it is now."""
        return Still(copied(self.model.weights), self.outputs.numpy().copy())

    @property
    def variables(self) -> list:
        return [*self.model.variables, *self.optimiser.variables]

    def state(self) -> tuple[np.ndarray, ...]:
        """All that training changes: the model's variables, then the optimiser's."""
        return copied(self.variables)

    def restore(self, state: Sequence[np.ndarray]) -> None:
        _assign(self.variables, state)

    def begin(self, fresh: keras.Model, learning_rate: float) -> None:
        """Start again: the weights of a freshly built model, an optimiser that remembers nothing."""
        _assign(self.model.variables, [variable.value for variable in fresh.variables])
        _assign(self.optimiser.variables, [tf.zeros_like(variable.value) for variable in self.optimiser.variables])
        self.optimiser.learning_rate = learning_rate


def _summed(step, stop, body, sums):
    """Do the steps from `step` to `stop`, and add the loss and the score that `body` gives for each to the sums."""

    def further(step, loss, score):
        more_loss, more_score = body(step)
        return step + 1, loss + more_loss, score + more_score

    return tf.while_loop(lambda step, *_: step < stop, further, (step, *sums), parallel_iterations=1)


def _size(variables: Iterable) -> int:
    return sum(int(np.prod(variable.shape)) for variable in variables)


def _nbytes(model: keras.Model) -> int:
    return 4 * _size(model.weights)


def _assign(variables: Sequence[keras.Variable], values: Sequence) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.value.assign(value)  # past Keras' own assignment, which takes five times as long


def copied(variables: Iterable[keras.Variable]) -> tuple[np.ndarray, ...]:
    """The values of variables as arrays of their own: training goes on in the memory of the variables."""
    return tuple(np.array(variable.value.numpy()) for variable in variables)


class Loops:
    """Compiled loops, kept for the next training of the same kind; the one unused for longest goes first."""

    def __init__(self, most: int = MOST_LOOPS) -> None:
        self.most, self.kept, self.lock = most, OrderedDict(), Lock()

    def get(self, key: object, make: Callable[[], Loop]) -> Loop:
        with self.lock:
            loop = self.kept.pop(key, None) or make()
            self.kept[key] = loop
            if len(self.kept) > self.most:
                self.kept.popitem(last=False)
                gc.collect()  # a loop and its compiled function hold each other
            return loop


@contextmanager
def _no_gradients_kept():
    """TensorFlow never forgets a function with a gradient of its own, nor the graph it was used in: make it forget."""
    registered = ops.gradient_registry._registry
    before = set(registered)
    yield
    for name in set(registered) - before:
        del registered[name]


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order in which an epoch (from 0) sees the examples: (count,). Each epoch can be drawn by itself."""
    return np.random.default_rng([seed, epoch]).permutation(count)


class Training:
    """A loop at work on some examples, epoch by epoch; it can be stopped after any of them."""

    def __init__(self, loop: Loop, examples: Examples, seed: int, penalty: float) -> None:
        self.loop, self.seed = loop, seed
        self.data = tuple(map(tf.constant, (examples.x, examples.y, examples.x_val, examples.y_val)))
        self.sizes = np.array([len(examples.x), len(examples.x_val)]).repeat(2)
        self.measured = self.sizes > 0
        self.divisor, self.penalty = tf.constant(examples.divisor, tf.float32), tf.constant(penalty, tf.float32)

    def validate(self) -> None:
        """Fill in the outputs for the examples held out, by training no step; compiles what is not compiled yet."""
        order = tf.fill((self.loop.block * self.loop.training_steps, self.loop.batch_size), NO_EXAMPLE)
        with _no_gradients_kept():
            self._advance(order, self._slots(0, ()), self.loop.training_steps, self.loop.steps)

    def run(
        self,
        first: int,
        last: int,
        marks: Sequence[int],
        on_progress: Callable[[float, np.ndarray, Mapping[int, Still]], None],
        should_stop: Callable[[], bool],
    ) -> np.ndarray:
        """Train the epochs after `first` up to `last` and return their history: (epochs, measures).

        `on_progress(done, rows, stills)` is called about five times a second with the epochs done, and with the rows
        of the history and the stills after epochs in `marks` that have come since the last call. When told to stop, the loop goes back
        to the last full epoch.
        """
        loop, rows, epoch = self.loop, [], first
        while epoch < last:
            epochs = min(loop.block, last - epoch)
            order, slots, position = self._block_order(epoch, epochs), self._slots(epoch, marks), 0
            loop.totals.assign(tf.zeros_like(loop.totals))
            while position < epochs * loop.steps:
                begun, position = position, self._pause_after(position, epochs * loop.steps)
                if begun % loop.steps == 0 and position % loop.steps:
                    before = loop.state()
                started = time.perf_counter()
                self._advance(order, slots, begun, position)
                self._pace(position - begun, time.perf_counter() - started)
                full = range(begun // loop.steps, position // loop.steps)
                new = self._rows(full)
                rows.extend(new)
                kept = [row for row in full if slots[row] != NO_SLOT]
                stills = dict(zip((epoch + row + 1 for row in kept), loop.kept(slots[kept]), strict=True))
                on_progress(epoch + position / loop.steps, new, stills)
                if should_stop():
                    if position % loop.steps:
                        loop.restore(before)
                    return self._table(rows)
            epoch += epochs
        return self._table(rows)

    def _advance(self, order: np.ndarray, slots: np.ndarray, begin: int, end: int) -> None:
        places = tf.constant(begin), tf.constant(end)
        self.loop.advance(*self.data, order, tf.constant(slots), *places, self.divisor, self.penalty).numpy()  # waits until it is done

    def _block_order(self, epoch: int, epochs: int) -> tf.Tensor:
        loop, count = self.loop, len(self.data[0])
        order = np.full((loop.block, loop.training_steps * loop.batch_size), NO_EXAMPLE, np.int32)
        for row in range(epochs):
            order[row, :count] = epoch_order(self.seed, epoch + row, count)
        return tf.constant(order.reshape(-1, loop.batch_size))

    def _slots(self, epoch: int, marks: Sequence[int]) -> np.ndarray:
        slots = np.full(self.loop.block, NO_SLOT, np.int32)
        for slot, mark in enumerate(marks):
            if epoch < mark <= epoch + len(slots):
                slots[mark - epoch - 1] = slot
        return slots

    def _pause_after(self, position: int, limit: int) -> int:
        """Where to pause next: after whole epochs if they are short, within an epoch if it is long."""
        steps = self.loop.steps
        if self.loop.pause >= steps:
            return min(limit, (position // steps + self.loop.pause // steps) * steps)
        return min(position + self.loop.pause, (position // steps + 1) * steps)

    def _pace(self, steps: int, seconds: float) -> None:
        wanted = int(steps * PAUSE_SECONDS / max(seconds, 1e-4))
        self.loop.pause = max(1, min(wanted, 4 * max(self.loop.pause, steps)))

    def _rows(self, full: range) -> np.ndarray:
        return self.loop.totals.numpy()[full.start : full.stop, self.measured].astype(float) / self.sizes[self.measured]

    def _table(self, rows: list[np.ndarray]) -> np.ndarray:
        return np.array(rows, dtype=float).reshape(len(rows), self.measured.sum())
