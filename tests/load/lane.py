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
from tests.load.test_faults import state
from tests.server import Server

LONG = "lang=en&convolutional_dataset=mnist&convolutional_epochs=30&convolutional_batch_size=2&convolutional_filters=64.64"
SHORT = "lang=en&points_epochs=100"
LOOK_SECONDS = 0.1
BEGUN = ("running", "finished", "stopped")


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
        _opened(learner, f"{LONG}&convolutional_seed={number + 1}", "convolutional")
        pressed = time.monotonic()
        learner.press("convolutional_train")
        while state(learner, "convolutional") not in ("finished", "failed", "stopped"):
            learner.wait(0.5)
        room.long.append(time.monotonic() - pressed)
        if state(learner, "convolutional") != "finished":
            room.errors.append(state(learner, "convolutional"))


def short_one(address: str, number: int, seconds: float, pause: float, room: Room) -> None:
    """Press Train now and then, each time for what nobody has trained before."""
    chance = np.random.default_rng(number)
    with Learner(address) as learner:
        until, times = time.monotonic() + seconds, 0
        time.sleep(chance.uniform(0, pause))
        while time.monotonic() < until:
            _opened(learner, f"{SHORT}&points_seed={1 + 100 * number + times}")
            times += 1
            pressed = time.monotonic()
            learner.press("points_train")
            while state(learner, "points") not in BEGUN:
                learner.wait(LOOK_SECONDS)
            room.begun.append(time.monotonic() - pressed)
            while state(learner, "points") not in BEGUN[1:]:
                learner.wait(LOOK_SECONDS)
            room.ended.append(time.monotonic() - pressed)
            learner.wait(chance.uniform(0.5 * pause, 1.5 * pause))


def _opened(learner: Learner, query: str, page: str = "feedforward") -> None:
    learner.open(page, query)
    learner.open(page, query)


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
                _opened(first, SHORT)
                first.press("points_train")
                while state(first, "points") != "finished":
                    first.wait(0.5)
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
