"""Times a slider: `python -m tests.load.interaction ADDRESS PAGE KEY LOW HIGH`, after buttons were pressed and a tab was opened."""

import statistics
import time

import click

from tests.load.client import Learner

PAUSE = 0.05


@click.command()
@click.argument("address")
@click.argument("page")
@click.argument("key")
@click.argument("low", type=float)
@click.argument("high", type=float)
@click.option("--times", default=50, show_default=True)
@click.option("--query", default="")
@click.option("--train", default="", help="Press this button first and time while the training runs.")
@click.option("--press", multiple=True, help="Press these buttons first, one after the other, and let each come to its end.")
@click.option("--settling", default=4.0, show_default=True, help="Seconds to wait after each button.")
@click.option("--tab", default="", help="Then open this tab of these tabs, as KEY=LABEL.")
def main(
    address: str,
    page: str,
    key: str,
    low: float,
    high: float,
    times: int,
    query: str,
    train: str,
    press: tuple[str, ...],
    settling: float,
    tab: str,
) -> None:
    """Open a page, move a slider back and forth, and print the milliseconds of the reruns."""
    with Learner(address) as learner:
        click.echo(f"opened in {learner.open(page, query) * 1000:.0f} ms")
        time.sleep(2)
        learner.open(page, query)
        for button in press:
            learner.press(button)
            time.sleep(settling)
            learner.open(page, query)
        if tab:
            learner.choose(*tab.split("=", 1))
        if train:
            learner.press(train)
            time.sleep(2)
        seconds = []
        for turn in range(times):
            seconds.append(learner.slide(key, low + turn % (int(high - low) + 1)))
            time.sleep(PAUSE)
        cuts = statistics.quantiles(seconds, n=20)
        click.echo(f"{key}: median {statistics.median(seconds) * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms of {times}")
        if learner.exceptions:
            raise click.ClickException(learner.exceptions[0])


if __name__ == "__main__":
    main()
