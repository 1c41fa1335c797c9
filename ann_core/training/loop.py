"""The compiled training loop.

`model.fit` spends most of its time between the steps: in Python, in callbacks, in the input pipeline. Here the
data lie in memory as tensors, NumPy gives the order of the examples, and epochs, steps and the validation after
every epoch run inside one compiled function. Python is asked only now and then: for progress, and whether to stop.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import keras
import numpy as np
import tensorflow as tf

from ann_core.training.records import METRICS

EVALUATION_BATCH = 500
INDICES_PER_BLOCK = 200_000
MOST_LOOPS = 12
PAUSE_SECONDS = 0.2
NO_EXAMPLE = -1


@dataclass(frozen=True)
class Examples:
    """Training and validation data as they are stored: inputs (n, …) of any type, labels (n,).

    Inputs are divided by `divisor` when they are used: 255 scales pixels, 1 leaves them alone.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    divisor: float = 1.0


class Loop:
    """A model, its optimiser, and one compiled function that trains them for any number of steps.

    One loop serves all trainings of the same architecture, optimiser, batch size and data size: weights, learning
    rate, penalty and order of examples are tensors, so that changing them compiles nothing.
    """

    def __init__(self, model: keras.Model, optimiser: keras.optimizers.Optimizer, batch_size: int, training: int, xla: bool):
        self.model, self.optimiser = model, optimiser
        self.batch_size = min(batch_size, training)
        self.steps = -(-training // self.batch_size)
        self.block = max(1, INDICES_PER_BLOCK // (self.steps * self.batch_size))
        optimiser.build(model.trainable_variables)
        self.kernels = [weight for weight in model.trainable_variables if weight.name == "kernel"]
        self.totals = tf.Variable(tf.zeros((self.block, len(METRICS))), trainable=False)
        self.advance = tf.function(self._advance, jit_compile=xla, reduce_retracing=False)
        self.predict = tf.function(self._predict, jit_compile=xla, reduce_retracing=False)

    def _advance(self, x, y, x_val, y_val, order, step, stop, divisor, penalty):
        """Train from `step` up to `stop`, both counted from the block's beginning; order: (block · steps, batch)."""
        while step < stop:
            rows = order[step]  # (batch,)
            present = tf.cast(rows != NO_EXAMPLE, tf.float32)  # the last batch may be short
            rows = tf.maximum(rows, 0)
            loss, correct = self._train_step(tf.gather(x, rows), tf.gather(y, rows), present, divisor, penalty)
            count = tf.reduce_sum(present)
            epoch = step // self.steps
            self.totals.scatter_nd_add([[epoch, 0], [epoch, 1]], [loss * count, correct])
            step += 1
            if step % self.steps == 0:
                val_loss, val_correct = self._evaluate(x_val, y_val, divisor)
                val_loss += self._penalty(penalty)
                self.totals.scatter_nd_update([[epoch, 2], [epoch, 3]], [val_loss, val_correct])
        return step

    def _train_step(self, x, y, present, divisor, penalty):
        with tf.GradientTape() as tape:
            outputs = self.model(tf.cast(x, tf.float32) / divisor, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(y, outputs)  # (batch,)
            loss = tf.reduce_sum(losses * present) / tf.reduce_sum(present) + self._penalty(penalty)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimiser.apply(gradients, self.model.trainable_variables)
        return loss, tf.reduce_sum(_correct(y, outputs) * present)

    def _penalty(self, penalty):
        # a branch, not a product with zero: the squares would double the time of a step
        squares = lambda: penalty * tf.add_n([tf.reduce_sum(kernel**2) for kernel in self.kernels])  # noqa: E731
        return tf.cond(penalty > 0, squares, lambda: 0.0)

    def _evaluate(self, x, y, divisor):
        """Mean loss and accuracy over all examples, in batches."""
        count = x.shape[0]
        start, loss, correct = 0, 0.0, 0.0
        while start < count:
            rows = start + tf.range(EVALUATION_BATCH)
            present = tf.cast(rows < count, tf.float32)
            rows = tf.minimum(rows, count - 1)
            labels = tf.gather(y, rows)
            outputs = self.model(tf.cast(tf.gather(x, rows), tf.float32) / divisor, training=False)
            losses = keras.losses.sparse_categorical_crossentropy(labels, outputs)
            loss += tf.reduce_sum(losses * present)
            correct += tf.reduce_sum(_correct(labels, outputs) * present)
            start += EVALUATION_BATCH
        return loss / count, correct / count

    def _predict(self, x, divisor):
        """Outputs for one batch."""
        return self.model(tf.cast(x, tf.float32) / divisor, training=False)

    @property
    def variables(self) -> list:
        return [*self.model.variables, *self.optimiser.variables]

    def state(self) -> tuple[np.ndarray, ...]:
        """All that training changes: the model's variables, then the optimiser's."""
        return copied(self.variables)

    def restore(self, state: Sequence[np.ndarray]) -> None:
        for variable, value in zip(self.variables, state, strict=True):
            variable.assign(value)

    def begin(self, fresh: keras.Model, learning_rate: float) -> None:
        """Start again: the weights of a freshly built model, an optimiser that remembers nothing."""
        for variable, value in zip(self.model.variables, fresh.variables, strict=True):
            variable.assign(value)
        for variable in self.optimiser.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimiser.learning_rate = learning_rate

    def predict_all(self, x: tf.Tensor, divisor: tf.Tensor) -> np.ndarray:
        """Outputs for all of x: (n, classes). The last batch is padded, so that nothing is compiled for it."""
        batches = []
        for start in range(0, len(x), EVALUATION_BATCH):
            rows = np.minimum(np.arange(start, start + EVALUATION_BATCH), len(x) - 1)
            batches.append(self.predict(tf.gather(x, rows), divisor).numpy())
        return np.concatenate(batches)[: len(x)]


def copied(variables: Iterable[keras.Variable]) -> tuple[np.ndarray, ...]:
    """The values of variables as arrays of their own: training goes on in the memory of the variables."""
    return tuple(keras.ops.convert_to_numpy(variable).copy() for variable in variables)


def _correct(labels, outputs):
    return tf.cast(tf.argmax(outputs, axis=-1, output_type=tf.int32) == tf.cast(labels, tf.int32), tf.float32)


class Loops:
    """Compiled loops, kept for the next training of the same kind; the one unused for longest goes first."""

    def __init__(self, most: int = MOST_LOOPS) -> None:
        self.most, self.kept, self.lock = most, OrderedDict(), Lock()

    def get(self, key: object, make: Callable[[], Loop]) -> Loop:
        with self.lock:
            loop = self.kept.pop(key, None) or make()
            self.kept[key] = loop
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
            return loop


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order in which an epoch (from 0) sees the examples: (count,). Each epoch can be drawn by itself."""
    return np.random.default_rng([seed, epoch]).permutation(count)


class Training:
    """A loop at work on some examples, epoch by epoch; it can be stopped after any of them."""

    def __init__(self, loop: Loop, examples: Examples, seed: int, penalty: float) -> None:
        self.loop, self.seed = loop, seed
        self.data = tuple(map(tf.constant, (examples.x, examples.y, examples.x_val, examples.y_val)))
        self.divisor, self.penalty = tf.constant(examples.divisor, tf.float32), tf.constant(penalty, tf.float32)
        self.pause = 1

    def compile(self) -> None:
        """Compile what is not compiled yet, by training no step."""
        order = tf.fill((self.loop.block * self.loop.steps, self.loop.batch_size), NO_EXAMPLE)
        self._advance(order, 0, 0)

    def run(
        self,
        first: int,
        last: int,
        marks: Sequence[int],
        on_epochs: Callable[[float, np.ndarray, bool], None],
        should_stop: Callable[[], bool],
    ) -> np.ndarray:
        """Train the epochs after `first` up to `last` and return their history: (epochs, metrics).

        `on_epochs(done, rows, at_mark)` is called about five times a second, and after each epoch in `marks`, with
        the epochs done and the rows that are new. When told to stop, the loop goes back to the last full epoch.
        """
        loop, rows, epoch = self.loop, [], first
        while epoch < last:
            epochs = min(loop.block, last - epoch)
            order, position = self._block_order(epoch, epochs), 0
            loop.totals.assign(tf.zeros_like(loop.totals))
            before = loop.state()
            while position < epochs * loop.steps:
                begun, done = position, epoch + position // loop.steps
                following = min((mark for mark in marks if mark > done), default=last)
                limit = min(following - epoch, epochs) * loop.steps
                position = self._pause_after(position, limit)
                started = time.perf_counter()
                self._advance(order, begun, position)
                self._pace(position - begun, time.perf_counter() - started)
                at_end = position % loop.steps == 0
                new = self._rows(begun // loop.steps, position // loop.steps)
                rows.extend(new)
                if at_end:
                    before = loop.state()
                done = epoch + position / loop.steps
                on_epochs(done, new, at_end and (done in marks or done == last))
                if should_stop():
                    loop.restore(before)
                    return _table(rows)
            epoch += epochs
        return _table(rows)

    def _advance(self, order: tf.Tensor, begin: int, end: int) -> None:
        places = tf.constant(begin), tf.constant(end)
        self.loop.advance(*self.data, order, *places, self.divisor, self.penalty).numpy()  # waits until it is done

    def _block_order(self, epoch: int, epochs: int) -> tf.Tensor:
        loop, count = self.loop, len(self.data[0])
        order = np.full((loop.block, loop.steps * loop.batch_size), NO_EXAMPLE, np.int32)
        for row in range(epochs):
            order[row, :count] = epoch_order(self.seed, epoch + row, count)
        return tf.constant(order.reshape(-1, loop.batch_size))

    def _pause_after(self, position: int, limit: int) -> int:
        """Where to pause next: after whole epochs if they are short, within an epoch if it is long."""
        steps = self.loop.steps
        if self.pause >= steps:
            return min(limit, (position // steps + self.pause // steps) * steps)
        return min(position + self.pause, (position // steps + 1) * steps)

    def _pace(self, steps: int, seconds: float) -> None:
        wanted = int(steps * PAUSE_SECONDS / max(seconds, 1e-4))
        self.pause = max(1, min(wanted, 4 * max(self.pause, steps)))

    def _rows(self, first: int, last: int) -> np.ndarray:
        totals = self.loop.totals.numpy()[first:last].astype(float)
        totals[:, :2] /= len(self.data[0])
        return totals


def _table(rows: list[np.ndarray]) -> np.ndarray:
    return np.array(rows, dtype=float).reshape(-1, len(METRICS))
