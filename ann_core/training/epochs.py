"""Sends a loop through its epochs: in which order, how far at a time, and what is heard of it."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from ann_core.training.examples import Examples
from ann_core.training.forgetting import GRADIENTS
from ann_core.training.loop import NEVER, NO_EXAMPLE, NO_SLOT, Loop, Still
from ann_core.training.moments import Moment, epoch_order

PAUSE_SECONDS = 0.2
STEPS_OF_TRAINING = 20
"""So many steps of training go by for each batch of the examples held out that is looked at within epochs."""


class Training:
    """A loop at work on some examples, epoch by epoch; it can be stopped after any of them.

    `penalties`: what the sum of the weights' sizes (L1) and of their squares (L2) count in the loss; `clip_norm`: how
    long a gradient may be, 0 for any length.
    """

    def __init__(self, loop: Loop, examples: Examples, seed: int, penalties: tuple[float, float], clip_norm: float) -> None:
        self.loop, self.seed = loop, seed
        self.data = tuple(map(tf.constant, (examples.x, examples.y, *examples.looked_at)))
        self.sizes = np.array([len(examples.x), len(examples.x_val)]).repeat(2)
        self.measured = self.sizes > 0
        self.watched = examples.watched
        self.numbers = tuple(tf.constant(number, tf.float32) for number in (examples.divisor, penalties, clip_norm))

    def validate(self) -> None:
        """Fill in the outputs for the examples held out, by training no step; compiles what is not compiled yet."""
        self._validate(self.loop.training_steps, self.loop.steps)
        self.loop.ready = True

    def validate_slowly(self, over: Callable[[], bool]) -> bool:
        """The same of a plain loop, batch by batch, unless it is over between two of them; whether it has come to the end."""
        for step in range(self.loop.training_steps, self.loop.steps):
            if step > self.loop.training_steps and over():
                return False
            self._validate(step, step + 1)
        return True

    def _validate(self, begin: int, end: int) -> None:
        order = tf.fill((self.loop.block * self.loop.training_steps, self.loop.batch_size), NO_EXAMPLE)
        with GRADIENTS.afterwards():
            self._advance(order, self._slots(0, ()), self._looks(0, ()), 0, begin, end)

    def run(
        self,
        first: int,
        last: int,
        marks: Sequence[Moment],
        on_progress: Callable[[float, np.ndarray, Mapping[Moment, Still]], None],
        should_stop: Callable[[], bool],
    ) -> np.ndarray:
        """Train the epochs after `first` up to `last` and return their history: (epochs, measures).

        `on_progress(done, rows, stills)` is called about five times a second: with the epochs done, and with the rows
        of the history and the stills at the moments in `marks` that have come since the last call. When told to
        stop, the loop goes back to the last full epoch.
        """
        loop, rows, epoch, glance = self.loop, [], first, self._glance(last - first, marks)
        while epoch < last:
            epochs = min(loop.block, last - epoch)
            order, slots, looks, position = self._block_order(epoch, epochs), self._slots(epoch, marks), self._looks(epoch, marks), 0
            loop.totals.assign(tf.zeros_like(loop.totals))
            while position < epochs * loop.steps:
                begun, position = position, self._pause_after(position, epochs * loop.steps)
                if begun % loop.steps == 0 and position % loop.steps:
                    before = loop.state()
                started = time.perf_counter()
                self._advance(order, slots, looks, glance, begun, position)
                self._pace(position - begun, time.perf_counter() - started)
                full = range(begun // loop.steps, position // loop.steps)
                new = self._rows(full)
                rows.extend(new)
                passed = (begun < looks[:, 0]) & (looks[:, 0] <= position)
                kept = sorted({*slots[full.start : full.stop], *looks[passed, 1]} - {NO_SLOT})
                stills = dict(zip((marks[slot] for slot in kept), loop.kept(kept), strict=True))
                on_progress(epoch + position / loop.steps, new, {mark: self._seen(mark, still, glance) for mark, still in stills.items()})
                if should_stop():
                    if position % loop.steps:
                        loop.restore(before)
                    return self._table(rows)
            epoch += epochs
        return self._table(rows)

    def _advance(self, order: tf.Tensor, slots: np.ndarray, looks: np.ndarray, glance: int, begin: int, end: int) -> None:
        places = map(tf.constant, (slots, looks, glance, begin, end))
        self.loop.advance(*self.data, order, *places, *self.numbers).numpy()  # waits until it is done

    def _block_order(self, epoch: int, epochs: int) -> tf.Tensor:
        loop, count = self.loop, len(self.data[0])
        order = np.full((loop.block, loop.training_steps * loop.batch_size), NO_EXAMPLE, np.int32)
        for row in range(epochs):
            order[row, :count] = epoch_order(self.seed, epoch + row, count)
        return tf.constant(order.reshape(-1, loop.batch_size))

    def _slots(self, epoch: int, marks: Sequence[Moment]) -> np.ndarray:
        slots = np.full(self.loop.block, NO_SLOT, np.int32)
        for slot, mark in enumerate(marks):
            if not mark.batch and epoch < mark.epoch <= epoch + len(slots):
                slots[mark.epoch - epoch - 1] = slot
        return slots

    def _looks(self, epoch: int, marks: Sequence[Moment]) -> np.ndarray:
        looks = np.full((self.loop.film.shape[0] + 1, 2), (NEVER, NO_SLOT), np.int32)
        block = range(epoch, epoch + self.loop.block)
        within = [(slot, mark) for slot, mark in enumerate(marks) if mark.batch and mark.epoch in block]
        for row, (slot, mark) in enumerate(within):
            looks[row] = (mark.epoch - epoch) * self.loop.steps + mark.batch, slot
        return looks

    def _glance(self, epochs: int, marks: Sequence[Moment]) -> int:
        """Of how many batches of the validation to ask within epochs: of all where all are watched, else of what costs little."""
        most, looks = self.loop.steps - self.loop.training_steps, sum(mark.batch > 0 for mark in marks)
        if self.watched or not looks:
            return most
        return min(most, max(1, epochs * self.loop.training_steps // (STEPS_OF_TRAINING * looks)))

    def _seen(self, mark: Moment, still: Still, glance: int) -> Still:
        """A still with the answers that are of its moment."""
        return still._replace(outputs=still.outputs[: glance * self.loop.validation_batch]) if mark.batch else still

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
