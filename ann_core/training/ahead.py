"""While a loop is compiled for the first time, a plain one goes ahead, so that there is something to see."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

POLL_SECONDS = 0.1

ShouldStop = Callable[[], bool]


def compiled_meanwhile(prepare: Callable[[], None], go_ahead: Callable[[ShouldStop], None] | None, should_stop: ShouldStop) -> None:
    """Have a loop prepared in a thread of its own; until then, or until it should stop, go ahead without it, if somebody does.

    Who goes ahead asks the function it is given, again and again, whether that is over. Raises what either of them raised.
    """
    with ThreadPoolExecutor(1) as thread:
        preparing = thread.submit(prepare)
        if go_ahead is not None and not should_stop():
            go_ahead(lambda: preparing.done() or should_stop())
        while not wait([preparing], POLL_SECONDS).done:
            should_stop()  # who is short goes first meanwhile
        preparing.result()
