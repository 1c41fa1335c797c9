"""TensorFlow never forgets a function with a gradient of its own, nor the graph it was used in: this makes it forget."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from tensorflow.python.framework import ops


class Forgetting:
    """Where several threads compile at once, the last one to end clears away what all of them have registered."""

    def __init__(self) -> None:
        self.lock, self.threads, self.before = Lock(), 0, set()
        self.registered = ops.gradient_registry._registry

    @contextmanager
    def afterwards(self) -> Iterator[None]:
        with self.lock:
            if not self.threads:
                self.before = set(self.registered)
            self.threads += 1
        try:
            yield
        finally:
            with self.lock:
                self.threads -= 1
                for name in set(self.registered) - self.before if not self.threads else ():
                    del self.registered[name]


GRADIENTS = Forgetting()
