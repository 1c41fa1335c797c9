"""A few learners train for minutes, all others briefly: `python -m tests.load.lane`; how soon the short trainings begin."""

import json
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
import numpy as np

from tests.load.client import Learner
from tests.load.test_faults import opened, wait_until
from tests.server import Server

LONG = "lang=en&convolutional_dataset=mnist&convolutional_epochs=30&convolutional_batch_size=2&convolutional_filters=64.64"
SHORT = "lang=en&points_epochs=100"
LOOK_SECONDS = 0.1
ENDED = ("finished", "stopped", "failed")


@dataclass
class Room:
    """Seconds from Train until a short training had begun, and until it had ended; what became of the long ones, in seconds."""

    begun: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    long: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def long_one(address: str, number: int, room: Room) -> None:
    """Train for minutes, and wait for the end."""
    with Learner(address) as learner:
        opened(learner, f"{LONG}&convolutional_seed={number + 1}", "convolutional")
        pressed = time.monotonic()
        learner.press("convolutional_train")
        end = wait_until(learner, *ENDED, experiment="convolutional")
        room.long.append(time.monotonic() - pressed)
        if end != "finished":
            room.errors.append(end)


def short_one(address: str, number: int, seconds: float, pause: float, room: Room) -> None:
    """Press Train now and then, each time for what nobody has trained before."""
    chance = np.random.default_rng(number)
    with Learner(address) as learner:
        until, times = time.monotonic() + seconds, 0
        time.sleep(chance.uniform(0, pause))
        while time.monotonic() < until:
            opened(learner, f"{SHORT}&points_seed={1 + 100 * number + times}")
            times += 1
            pressed = time.monotonic()
            learner.press("points_train")
            wait_until(learner, "running", *ENDED, every=LOOK_SECONDS)
            room.begun.append(time.monotonic() - pressed)
            wait_until(learner, *ENDED, every=LOOK_SECONDS)
            room.ended.append(time.monotonic() - pressed)
            learner.wait(chance.uniform(0.5 * pause, 1.5 * pause))


def together(address: str, learners: int, long: int, seconds: float, pause: float) -> Room:
    """So many learners at once, of whom a few train for long."""
    room = Room()
    rest = learners - long
    threads = [threading.Thread(target=long_one, args=(address, number, room), daemon=True) for number in range(long)]
    threads += [threading.Thread(target=short_one, args=(address, number, seconds, pause, room), daemon=True) for number in range(rest)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(900)
    return room


@click.command()
@click.option("--learners", default=60, show_default=True, type=click.IntRange(1, 200))
@click.option("--long", default=3, show_default=True, help="How many of them train for minutes.")
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--pause", default=40.0, show_default=True, help="Seconds between two short trainings of a learner, on average.")
@click.option("--json", "as_json", is_flag=True)
def main(learners: int, long: int, seconds: float, pause: float, as_json: bool) -> None:
    """Start the app on a port of its own, and report."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            with Learner(server.address) as first:
                opened(first, SHORT)
                first.press("points_train")
                wait_until(first, *ENDED)
            room = together(server.address, learners, long, seconds, pause)
        finally:
            server.close()
    if as_json:
        click.echo(json.dumps(asdict(room), indent=2))
        return
    for name, values in (("begun", room.begun), ("ended", room.ended)):
        p50, p95 = np.percentile(values, (50, 95)) if values else (np.nan, np.nan)
        click.echo(f"short, {name}: {len(values)}, p50 {p50:.1f} s, p95 {p95:.1f} s, most {max(values, default=np.nan):.1f} s")
    click.echo(f"long: {', '.join(f'{value:.0f} s' for value in sorted(room.long))}; errors: {room.errors}")


if __name__ == "__main__":
    main()
