"""Many learners at once: `python -m tests.load --learners 60 --seconds 120`. On this machine only; it stops by itself."""

import json
import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np

from ann_core.catalogue import LESSONS
from ann_core.experiments import SPECS
from tests.load.client import Learner
from tests.load.memory import watched
from tests.server import Server

PAUSE = 2.0, 5.0
LONGEST = 900
KINDS = ("open", "slide", "train", "live")
"""What a rerun was for: opening a page, moving a slider, pressing Train, and the page's own look at what goes on."""


@dataclass
class Diary:
    """What all learners have seen: seconds by kind of rerun, errors in words. Threads write to it at the same time."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    errors: list[str] = field(default_factory=list)
    trainings: int = 0


@dataclass(frozen=True)
class Report:
    """How it went; times in milliseconds, memory in megabytes."""

    learners: int
    seconds: float
    reruns_a_second: float
    times: dict[str, dict[str, float]]
    trainings: int
    errors: Sequence[str]
    memory: dict[str, float]


def learn(address: str, number: int, trains: bool, until: float, diary: Diary, pages: Sequence[str]) -> None:
    """A learner's time: a page, its sliders, Train now and then, another page."""
    chance = random.Random(number)
    time.sleep(chance.uniform(0, PAUSE[1]))
    try:
        with Learner(address) as learner:
            page = pages[number % len(pages)]
            diary.seconds["open"].append(learner.visit(page, "lang=en" if number % 2 else "lang=zh"))
            while time.monotonic() < until:
                diary.seconds["live"] += learner.wait(chance.uniform(*PAUSE))
                _do_something(learner, chance, trains, diary, pages)
            diary.errors += learner.exceptions
    except Exception as error:
        diary.errors.append(f"{type(error).__name__}: {error}")


def _do_something(learner: Learner, chance: random.Random, trains: bool, diary: Diary, pages: Sequence[str]) -> None:
    buttons = [f"{name}_train" for name in SPECS if f"{name}_train" in learner.widgets and f"{name}_train" not in learner.disabled]
    what = chance.random()
    if what < 0.1 or not learner.sliders:
        diary.seconds["open"].append(learner.visit(chance.choice(pages), learner.query))
    elif what < 0.3 and trains and buttons and not learner.timers:
        diary.trainings += 1
        diary.seconds["train"].append(learner.press(chance.choice(buttons)))
    else:
        key = chance.choice(sorted(learner.sliders))
        low, high, step = learner.sliders[key]
        steps = round((high - low) / step) if step else 0
        diary.seconds["slide"].append(learner.slide(key, low + step * chance.randint(0, max(steps, 0))))


def causes(log: str) -> Counter:
    """The last lines of the tracebacks in a server's log, and how often each is there."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    return Counter(re.findall(r"^(\w*(?:Error|Exception|Exit)\b.*)$", plain, re.MULTILINE))


def run(address: str, process: int, learners: int, seconds: float, training_share: float, pages: Sequence[str]) -> Report:
    """Let so many learners use the server, and tell how it went."""
    diary, begun = Diary(), time.monotonic()
    until = begun + seconds
    with watched(process) as peaks:
        threads = [
            threading.Thread(target=learn, args=(address, number, number < training_share * learners, until, diary, pages), daemon=True)
            for number in range(learners)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(until + 90 - time.monotonic(), 1))
    took = time.monotonic() - begun
    if hanging := sum(thread.is_alive() for thread in threads):
        diary.errors.append(f"{hanging} learners never came back")
    count = sum(map(len, diary.seconds.values()))
    times = _times(diary)
    return Report(learners, round(took, 1), round(count / took, 1), times, diary.trainings, tuple(diary.errors), peaks.megabytes)


def _times(diary: Diary) -> dict[str, dict[str, float]]:
    found, untrained = {}, diary.seconds["open"] + diary.seconds["slide"]
    for kind, values in {**diary.seconds, "open or slide": untrained}.items():
        if values:
            p50, p95, p99 = np.percentile(np.array(values) * 1000, (50, 95, 99)).round(0)
            found[kind] = {"count": len(values), "p50": p50, "p95": p95, "p99": p99}
    return found


@click.command()
@click.option("--learners", default=60, show_default=True, type=click.IntRange(1, 200))
@click.option("--seconds", default=120.0, show_default=True, type=click.FloatRange(1, LONGEST))
@click.option("--training-share", default=0.3, show_default=True, type=click.FloatRange(0, 1), help="How many of them press Train.")
@click.option("--page", "pages", multiple=True, help="Only these lessons; else all.")
@click.option("--settling", default=40.0, show_default=True, help="Seconds for the server to get ready before they come.")
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help="Keep the server's log here.")
@click.option("--json", "as_json", is_flag=True)
def main(
    learners: int, seconds: float, training_share: float, pages: tuple[str, ...], settling: float, log: Path | None, as_json: bool
) -> None:
    """Start the app on a port of its own, let learners use it all at once, and report."""
    chosen = pages or tuple(lesson.key for lesson in LESSONS if lesson.settings)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            with Learner(server.address) as first:
                first.open()
                time.sleep(settling)
            report = run(server.address, server.process.pid, learners, seconds, training_share, chosen)
            said = causes(server.text())
            if log is not None:
                log.write_text(server.text(), encoding="utf-8")
        finally:
            server.close()
    if as_json:
        click.echo(json.dumps(report.__dict__, indent=2, ensure_ascii=False))
        return
    click.echo(f"{report.learners} learners, {report.seconds} s: {report.reruns_a_second} reruns a second, {report.trainings} trainings")
    for kind, times in report.times.items():
        click.echo(f"{kind:13} {times['count']:6.0f}  p50 {times['p50']:5.0f}  p95 {times['p95']:5.0f}  p99 {times['p99']:5.0f} ms")
    click.echo("memory, MB: " + ", ".join(f"{name} {value}" for name, value in report.memory.items()))
    click.echo(f"errors: {len(report.errors)}")
    for error in sorted(set(report.errors)):
        click.echo(f"  {report.errors.count(error)} × {error[:200]}")
    for cause, count in said.most_common(10):
        click.echo(f"  in the log: {count} × {cause[:200]}")


if __name__ == "__main__":
    main()
