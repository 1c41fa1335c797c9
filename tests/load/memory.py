"""What a server and its workers occupy while something happens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil


@dataclass
class Peaks:
    """The greatest memory seen, in bytes: of the server, of all its workers, and of both at the same moment."""

    server: int = 0
    workers: int = 0
    together: int = 0

    @property
    def megabytes(self) -> dict[str, float]:
        return {name: round(value / 1e6) for name, value in vars(self).items()}


@contextmanager
def watched(process: int) -> Iterator[Peaks]:
    """The memory of a server and its workers, looked at twice a second."""
    peaks, end = Peaks(), threading.Event()

    def look() -> None:
        while not end.wait(0.5):
            server, workers = memory(process)
            peaks.server, peaks.workers = max(peaks.server, server), max(peaks.workers, workers)
            peaks.together = max(peaks.together, server + workers)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield peaks
    end.set()
    thread.join()


def memory(process: int) -> tuple[int, int]:
    """What a server and all its children occupy at this moment, in bytes."""
    server = psutil.Process(process)
    sizes = []
    for child in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            sizes.append(child.memory_info().rss)
    return server.memory_info().rss, sum(sizes)
