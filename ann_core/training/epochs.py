"""Sends a loop through its epochs: in which order, how far at a time, and what is heard of it."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from ann_core.training.examples import Examples
from ann_core.training.loop import NO_EXAMPLE, NO_SLOT, Loop, Still, no_gradients_kept

PAUSE_SECONDS = 0.2


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order in which an epoch (from 0) sees the examples: (count,). Each epoch can be drawn by itself."""
    return np.random.default_rng([seed, epoch]).permutation(count)


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
        self.numbers = tuple(tf.constant(number, tf.float32) for number in (examples.divisor, penalties, clip_norm))

    def validate(self) -> None:
        """Fill in the outputs for the examples held out, by training no step; compiles what is not compiled yet."""
        order = tf.fill((self.loop.block * self.loop.training_steps, self.loop.batch_size), NO_EXAMPLE)
        with no_gradients_kept():
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

        `on_progress(done, rows, stills)` is called about five times a second: with the epochs done, and with the rows
        of the history and the stills after the epochs in `marks` that have come since the last call. When told to
        stop, the loop goes back to the last full epoch.
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

    def _advance(self, order: tf.Tensor, slots: np.ndarray, begin: int, end: int) -> None:
        places = tf.constant(begin), tf.constant(end)
        self.loop.advance(*self.data, order, tf.constant(slots), *places, *self.numbers).numpy()  # waits until it is done

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
