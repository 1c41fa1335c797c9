"""While a loop is compiled for the first time, a plain one goes ahead, so that there is something to see."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from ann_core.training.forgetting import GRADIENTS

POLL_SECONDS = 0.1

ShouldStop = Callable[[], bool]


def compiled_meanwhile(prepare: Callable[[], None], go_ahead: Callable[[ShouldStop], None] | None, should_stop: ShouldStop) -> None:
    """Have a loop prepared in a thread of its own; until then, or until it should stop, go ahead without it, if somebody does.

    Who goes ahead asks the function it is given, again and again, whether that is over. The loop is begun with when that is
    asked for the first time, and there is something to see: both want the processor. Raises what either of them raised.
    """
    preparing: list[Future] = []
    with ThreadPoolExecutor(1) as thread:

        def over() -> bool:
            if not preparing:
                preparing.append(thread.submit(prepare))
            return preparing[0].done() or should_stop()

        if go_ahead is not None and not should_stop():
            with GRADIENTS.afterwards():
                go_ahead(over)
        while not over():
            wait(preparing, POLL_SECONDS)
        preparing[0].result()
