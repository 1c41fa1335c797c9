"""Links that nobody made by hand: `python -m tests.load.fuzz --links 10000`, over all pages, in the protocol of browsers."""

import random
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import click

from ann_core.catalogue import LESSONS, Lesson
from ann_core.exhibits import spec_class
from tests.load.client import Learner
from tests.server import Server

LONGEST_VALUE = 60
NASTY = (
    *("", " ", "-1", "0", "1e309", "nan", "inf", "9" * 40, "none", "1.1.1.1", "1_2_3", "true", "null", "[]", "{}", "own"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "$x^2$", "[a](http://b)", ":material/home:"),
    *(
        "../../etc/passwd",
        "C:\\nul",
        "/dev/zero",
        "%00",
        "\x00",
        "\u202e",
        "😀" * 9,
        "ａ",
        "é",
        "'; DROP TABLE x",
        "{0}",
        "%s",
        "`",
        "|",
        "\n# a",
    ),
)


def link(chance: random.Random, lesson: Lesson) -> str:
    """A query of a few parts: some as the page writes them, some bent, some of no use at all."""
    parts = {"lang": chance.choice(("en", "zh", "xx", *NASTY))} if chance.random() < 0.8 else {}
    for _ in range(chance.randint(0, 6)):
        key = _key(chance, lesson)
        parts[key] = _value(chance, lesson, key)
    return urlencode(parts)


def _key(chance: random.Random, lesson: Lesson) -> str:
    if lesson.settings and chance.random() < 0.85:
        cls = spec_class(chance.choice(lesson.settings))
        return cls.query_key(chance.choice((*cls.model_fields, "preset")))
    return chance.choice(("points_train", "lang_", "x", *NASTY))[:LONGEST_VALUE] or "empty"


def _value(chance: random.Random, lesson: Lesson, key: str) -> str:
    what = chance.random()
    if what < 0.4:
        return chance.choice(NASTY)
    if what < 0.6:
        return "".join(
            chr(chance.choice((chance.randint(32, 126), chance.randint(1, 0x2FFF)))) for _ in range(chance.randint(0, LONGEST_VALUE))
        )
    for name in lesson.settings:
        cls = spec_class(name)
        specs = [cls.preset(preset) for preset in cls.presets]
        known = {cls.query_key(field): str(getattr(chance.choice(specs), field)) for field in cls.model_fields}
        if key in known:
            return known[key] if what < 0.8 else known[key] + chance.choice(NASTY)
    return str(chance.randint(-10, 10**6))


def follow(address: str, seed: int, links: int, errors: Counter, slowest: list[float]) -> None:
    """Follow so many links, each as a new learner."""
    chance = random.Random(seed)
    for _ in range(links):
        lesson = chance.choice(LESSONS)
        query = link(chance, lesson)
        try:
            with Learner(address) as learner:
                slowest[0] = max(slowest[0], learner.open("" if lesson.key == "home" else lesson.key, query))
                errors.update(f"{lesson.key}?{query}: {message}" for message in learner.exceptions)
        except Exception as error:
            errors[f"{lesson.key}?{query}: {type(error).__name__}: {error}"] += 1


@click.command()
@click.option("--links", default=10_000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--at-once", default=4, show_default=True, type=click.IntRange(1, 32))
@click.option("--seed", default=1, show_default=True)
def main(links: int, at_once: int, seed: int) -> None:
    """Start the app on a port of its own, follow links to it, and tell what went wrong."""
    errors, slowest, begun = Counter(), [0.0], time.monotonic()
    settings = {"ANN_WARM_UP": "none", "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), **settings)
        try:
            shares = [links // at_once + (number < links % at_once) for number in range(at_once)]
            threads = [
                threading.Thread(target=follow, args=(server.address, 1_000 * seed + number, share, errors, slowest))
                for number, share in enumerate(shares)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            log = server.text()
        finally:
            server.close()
    said = log.count("Traceback")
    click.echo(f"{links} links in {time.monotonic() - begun:.0f} s, the slowest {slowest[0] * 1000:.0f} ms")
    click.echo(f"errors: {errors.total()}, tracebacks in the server's log: {said}")
    for error, count in errors.most_common(20):
        click.echo(f"  {count} × {error[:400]}")
    if errors or said:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
