"""The compiled training loop.

`model.fit` spends most of its time between the steps: in Python, in callbacks, in the input pipeline. Here the
data lie in memory as tensors, NumPy gives the order of the examples, and epochs, steps and the validation after
every epoch run inside one compiled function. Python is asked only now and then: for progress, and whether to stop.
"""

import gc
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from threading import Lock, get_ident
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from ann_core.models import optimisers
from ann_core.models.objectives import Objective
from ann_core.spec import Spec
from ann_core.training.examples import Examples
from ann_core.training.records import most_checkpoints

EVALUATION_BATCH = 100
CONVOLUTION_RANK = 4  # of its kernel
FEW_PICTURES = 500
"""A plain loop looks at all that is held out at once, but for convolutions of more than these: others would wait long for its pause."""
LONG_SEQUENCE = 50
"""A recurrent network that goes so many steps at a time has so many small operations that even for a plain loop a graph pays."""
INDICES_PER_BLOCK = 200_000
MOST_LOOPS = 12
NO_EXAMPLE = NO_SLOT = -1
NEVER = np.iinfo(np.int32).max
FLOAT_BYTES = 4
MEASURES = 4  # loss and score, on the examples trained on and on those held out


class Still(NamedTuple):
    """The network at a moment: its weights, and what it makes of the examples held out, (n, …)."""

    weights: tuple[np.ndarray, ...]
    outputs: np.ndarray


class Loop:
    """A model, its optimiser, and one compiled function that trains them for any number of steps.

    The steps of an epoch are its training batches, then the batches of its validation. One loop serves all trainings
    of the same architecture, optimiser, batch size and data size: weights, learning rate, penalty and order of
    examples are tensors, so that changing them compiles nothing. A `plain` loop is never compiled: its steps take many times
    as long, the first of them a tenth of a second.
    """

    def __init__(
        self,
        model: keras.Model,
        optimiser: keras.optimizers.Optimizer,
        objective: Objective,
        examples: Examples,
        batch_size: int,
        penalised: bool,
        clipped: bool,
        plain: bool = False,
    ) -> None:
        self.model, self.optimiser, self.objective = model, optimiser, objective
        training, validation = len(examples.x), len(examples.looked_at[0])
        self.unjudged = validation - len(examples.x_val)  # the first ones looked at after an epoch do not count in its history
        self.clipped = clipped
        self.batch_size = min(batch_size, training)
        self.short = training % self.batch_size
        self.training_steps = -(-training // self.batch_size)
        convolves = any(len(weight.shape) == CONVOLUTION_RANK for weight in model.trainable_variables)
        whole = plain and not (convolves and validation > FEW_PICTURES)
        self.validation_batch = validation if whole else min(EVALUATION_BATCH, validation)
        self.steps = self.training_steps + (-(-validation // self.validation_batch) if validation else 0)
        self.block = max(1, INDICES_PER_BLOCK // (self.training_steps * self.batch_size))  # epochs whose order is sent at once
        self.pause = 1  # steps between two pauses, as the training before found it
        for layer in model.layers if plain else ():
            if isinstance(layer, keras.layers.Dropout):  # XLA draws others from the same seed than TensorFlow
                layer.call = tf.function(layer.call, jit_compile=True)
        optimiser.build(model.trainable_variables)
        self.kernels = [weight for weight in model.trainable_variables if penalised and weight.name == "kernel"]
        self.mixes_examples = any(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers)
        self.totals = _zeros(self.block, MEASURES)
        self.outputs = _zeros(validation, *model.compute_output_shape((1, *examples.looked_at[0].shape[1:]))[1:])
        self.parts = [*model.weights, self.outputs]
        slots = most_checkpoints(FLOAT_BYTES * _size(model.weights))  # a checkpoint is larger: there are never more marks
        self.film = _zeros(slots, _size(self.parts))
        # XLA for all: two to five times as fast as a plain graph for dense and recurrent networks. Convolutions pay
        # too, as the matrix products that models/convolutional.py makes of them: TensorFlow's own take ten times as long
        recurrent = any(isinstance(layer, keras.layers.RNN) for layer in model.layers)
        if plain and not (recurrent and examples.x.shape[1] > LONG_SEQUENCE):
            self.advance = self._advance
        else:
            self.advance = tf.function(self._advance, jit_compile=not plain, autograph=False)
        self.ready = plain  # nothing has to be compiled

    def _advance(self, x, y, x_val, y_val, order, slots, looks, glance, step, stop, divisor, penalty, clip_norm):
        """Go from `step` to `stop`, both counted from the block's beginning.

        order: (block · training steps, batch), the rows of each step; slots: (block,), where on the film to keep the
        network after each epoch, if at all; looks: (places on the film + 1, 2), the steps within epochs after which to
        keep it too, in order, and where, `NEVER` behind the last; glance: of how many batches of the validation to ask it
        then; penalty: (2,), how much L1 and L2 count; clip_norm: how long a gradient may be, 0: any.
        """

        def epoch(step):
            row = step // self.steps
            begin = row * self.steps
            trained, end = begin + self.training_steps, begin + self.steps
            look, slot = tf.unstack(tf.gather(looks, tf.reduce_sum(tf.cast(looks[:, 0] <= step, tf.int32))))

            def train(step):
                rows = order[row * self.training_steps + step - begin]
                return self._train_batch(x, y, rows, step - begin, divisor, penalty, clip_norm)

            def validate(place):
                rows = place * self.validation_batch + tf.range(self.validation_batch)
                return self._validate_batch(x_val, y_val, rows, divisor, penalty)

            sums = tf.unstack(self.totals[row])
            step, *sums[:2] = _summed(step, tf.reduce_min([stop, look, trained]), train, sums[:2])
            looking = step == look  # the history does not hear of it
            if self.validation_batch:
                first = tf.maximum(step - trained, 0)
                last = tf.where(looking, glance, tf.maximum(tf.minimum(stop, end) - trained, 0))
                _, *measured = _summed(first, last, validate, sums[2:])
                sums[2:] = [tf.where(looking, *both) for both in zip(sums[2:], measured, strict=True)]
                step = tf.where(looking, step, step + last - first)
            self.totals.scatter_nd_update([[row]], [sums])
            slot = tf.where(looking, slot, tf.where(step == end, slots[row], NO_SLOT))
            tf.cond(slot != NO_SLOT, lambda: self._keep(slot), lambda: None)
            return step

        return tf.while_loop(lambda step: step < stop, lambda step: [epoch(step)], [step], parallel_iterations=1)[0]

    def _keep(self, slot):
        self.film.scatter_nd_update([[slot]], [tf.concat([tf.reshape(part, [-1]) for part in self.parts], axis=0)])

    def _train_batch(self, x, y, rows, number, divisor, penalty, clip_norm):
        """One step of gradient descent. The last batch of an epoch may be short: its missing rows do not count."""
        if self.mixes_examples and self.short:  # missing rows would count in the statistics of the batch
            last = number == self.training_steps - 1
            return tf.cond(
                last,
                lambda: self._train_step(x, y, rows[: self.short], divisor, penalty, clip_norm),
                lambda: self._train_step(x, y, rows, divisor, penalty, clip_norm),
            )
        return self._train_step(x, y, rows, divisor, penalty, clip_norm)

    def _train_step(self, x, y, rows, divisor, penalty, clip_norm):
        present = tf.cast(rows != NO_EXAMPLE, tf.float32) if self.short else tf.ones(rows.shape)
        rows = tf.maximum(rows, 0)
        inputs, targets = _batch(x, y, rows, divisor)
        count = tf.reduce_sum(present)
        with tf.GradientTape() as tape:
            outputs = self.model(inputs, training=True)
            losses = self.objective.loss(targets, outputs)  # (batch,)
            loss = tf.reduce_sum(losses * present) / count + self._penalty(penalty)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        if self.clipped:
            gradients = _clipped(gradients, clip_norm)
        self.optimiser.apply(gradients, self.model.trainable_variables)
        return [loss * count, tf.reduce_sum(self.objective.score(targets, outputs) * present)]

    def _validate_batch(self, x, y, rows, divisor, penalty):
        count = x.shape[0]
        present = tf.cast((rows < count) & (rows >= self.unjudged), tf.float32)
        rows = tf.minimum(rows, count - 1)
        inputs, targets = _batch(x, y, rows, divisor)
        outputs = self.model(inputs, training=False)
        self.outputs.scatter_update(tf.IndexedSlices(outputs, rows))
        losses = self.objective.loss(targets, outputs) + self._penalty(penalty)
        return [tf.reduce_sum(losses * present), tf.reduce_sum(self.objective.score(targets, outputs) * present)]

    def _penalty(self, penalty):
        if not self.kernels:
            return 0.0

        def summed():
            sizes = tf.add_n([tf.reduce_sum(tf.abs(kernel)) for kernel in self.kernels])
            squares = tf.add_n([tf.reduce_sum(kernel**2) for kernel in self.kernels])
            return penalty[0] * sizes + penalty[1] * squares

        # a branch, not a product with zero: the sums would double the time of a step
        return tf.cond(tf.reduce_any(penalty > 0), summed, lambda: 0.0)

    def kept(self, slots: Sequence[int]) -> list[Still]:
        """The network as it was kept in these slots of the film."""
        ends = np.cumsum([_size([part]) for part in self.parts])[:-1]
        stills = []
        for row in tf.gather(self.film, slots).numpy() if len(slots) else ():
            arrays = [flat.reshape(part.shape).copy() for flat, part in zip(np.split(row, ends), self.parts, strict=True)]
            stills.append(Still(tuple(arrays[:-1]), arrays[-1]))
        return stills

    def still(self) -> Still:
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

    def begin(self, fresh: keras.Model, spec: Spec) -> None:
        """Start again: the weights of a freshly built model, an optimiser that remembers nothing, at the pace of the spec."""
        _assign(self.model.variables, [variable.value for variable in fresh.variables])
        _assign(self.optimiser.variables, [tf.zeros_like(variable.value) for variable in self.optimiser.variables])
        optimisers.set_pace(self.optimiser, spec)


def _batch(x, y, rows, divisor):
    return tf.cast(tf.gather(x, rows), tf.float32) / divisor, tf.gather(y, rows)


def _clipped(gradients, most):
    """All gradients, made shorter by the same factor where together they are longer than `most`; 0 leaves them alone."""
    length = tf.linalg.global_norm(gradients)
    factor = tf.where((most > 0) & (length > most), most / length, 1.0)
    return [gradient * factor for gradient in gradients]


def _summed(step, stop, body, sums):
    """Do the steps from `step` to `stop`, and add the loss and the score that `body` gives for each to the sums."""

    def further(step, loss, score):
        more_loss, more_score = body(step)
        return step + 1, loss + more_loss, score + more_score

    return tf.while_loop(lambda step, *_: step < stop, further, (step, *sums), parallel_iterations=1)


def _size(variables: Iterable) -> int:
    return sum(int(np.prod(variable.shape)) for variable in variables)


def _zeros(*shape: int) -> tf.Variable:
    return tf.Variable(tf.zeros(shape), trainable=False)


def _assign(variables: Sequence[keras.Variable], values: Sequence) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.value.assign(value)  # past Keras' own assignment, which takes five times as long


def copied(variables: Iterable[keras.Variable]) -> tuple[np.ndarray, ...]:
    """The values of variables as arrays of their own: training goes on in the memory of the variables."""
    return tuple(np.array(variable.value.numpy()) for variable in variables)


class Loops:
    """Compiled loops, kept for the next training of the same kind; the one unused for longest goes first.

    Of trainings that take turns, each in a thread of its own, none gets a loop that another one is at work with.
    """

    def __init__(self, most: int = MOST_LOOPS) -> None:
        self.most, self.kept, self.lock = most, OrderedDict(), Lock()
        self.lent: dict[object, int] = {}

    @contextmanager
    def lending(self) -> Iterator[None]:
        """All that this thread gets, it gives back at the end."""
        try:
            yield
        finally:
            with self.lock:
                self.lent = {place: thread for place, thread in self.lent.items() if thread != get_ident()}

    def get(self, key: object, make: Callable[[], Loop]) -> Loop:
        with self.lock:
            place = next((key, number) for number in count() if self.lent.get((key, number), get_ident()) == get_ident())
            self.lent[place] = get_ident()
            loop = self.kept.pop(place, None) or make()
            self.kept[place] = loop
            if len(self.kept) > self.most:
                self.kept.popitem(last=False)
                gc.collect()  # a loop and its compiled function hold each other
            return loop
