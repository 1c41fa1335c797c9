"""How soon after Train something moves: `python -m tests.load.first_train`; each time an architecture that the server has never seen."""

import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click
import numpy as np

from ann_core.catalogue import LESSONS
from ann_core.experiments import SPECS
from ann_core.spec import Spec
from tests.load.client import Learner
from tests.load.test_faults import FORGETFUL, opened
from tests.patience import wait_for
from tests.server import ROOT, Server

LOOK_SECONDS = 0.05
LENGTH_BYTES = 4
AFTERWARDS = 9.0
"""So long a training that nobody watches any more takes to end, for what is being compiled cannot be stopped."""


class Watcher(Learner):
    """A learner who notes when a film of a training first has a moment after its beginning."""

    moved: float | None = None

    def _note(self, message) -> None:
        super()._note(message)
        content = message.delta.new_element.bidi_component.bytes
        if self.moved is not None or not content:
            return
        source, film = _counted(content)
        if source["course"] and film and source["course"]["first"] + len(_counted(film)[0]["moments"]) > 1:
            self.moved = time.perf_counter()


def _counted(content: bytes) -> tuple[dict, bytes]:
    """A record that stands after its length, and what comes behind it."""
    end = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
    return json.loads(content[LENGTH_BYTES:end]), content[end:]


def architecture(experiment: str, chance: np.random.Generator) -> Spec:
    """One of thousands, of sizes that the page lets a learner choose."""

    def among(low: int, high: int) -> int:
        return int(chance.integers(low, high + 1))

    changes = {
        "points": lambda: {"layers": [{"units": among(1, 16), "activation": "tanh"} for _ in range(among(2, 5))]},
        "feedforward": lambda: {"dataset": "digits", "hidden_units": [among(10, 300) for _ in range(among(1, 3))]},
        "convolutional": lambda: {"dataset": "digits", "filters": [among(4, 32), among(4, 32)], "dense_units": among(8, 128)},
        "recurrent": lambda: {"units": among(2, 64), "window": among(5, 40), "cell": str(chance.choice(["simple", "gru", "lstm"]))},
        "recall": lambda: {"units": among(2, 64), "gap": among(5, 100)},
        "attention": lambda: {"model_width": int(chance.choice([8, 16, 32, 64])), "feed_forward": among(16, 128), "heads": among(1, 2)},
        "gan": lambda: {"generator_layers": [among(16, 96), among(16, 96)], "discriminator_layers": [among(16, 96), among(16, 96)]},
        "gan_digits": lambda: {"generator_layers": [among(32, 128)], "discriminator_layers": [among(32, 128), among(32, 128)]},
    }
    return SPECS[experiment](**changes[experiment]())


def seconds(address: str, spec: Spec) -> float:
    """From pressing Train to the first part of the film that shows the network after some of its training."""
    lesson = next(lesson for lesson in LESSONS if spec.experiment in lesson.experiments)
    query = "&".join(["lang=en", *(f"{key}={value}" for key, value in spec.to_query().items())])
    with Watcher(address) as learner:
        opened(learner, query, lesson.key)
        learner.moved, pressed = None, time.perf_counter()
        learner.press(f"{spec.experiment}_train")
        wait_for(lambda: learner.moved, lambda: learner.wait(LOOK_SECONDS))
        taken = learner.moved - pressed
    time.sleep(AFTERWARDS)  # nobody watches any more: it is stopped
    if learner.exceptions:
        raise click.ClickException(learner.exceptions[0])
    return taken


@click.command()
@click.argument("experiments", nargs=-1)
@click.option("--times", default=20, show_default=True)
@click.option("--against", type=click.Path(path_type=Path), help="Another checkout of the project, by turns with this one.")
@click.option("--seed", default=1, show_default=True)
def main(experiments: tuple[str, ...], times: int, against: Path | None, seed: int) -> None:
    """Start the app, train one network so that all is awake, then so many random architectures of each of these experiments, or of all."""
    places = [ROOT] if against is None else [against, ROOT]
    chance = np.random.default_rng(seed)
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in places]
        servers = [Server(folder, root=root, ANN_WARM_UP="none", **FORGETFUL) for folder, root in zip(folders, places, strict=True)]
        for server in servers:
            stack.callback(server.close)
            seconds(server.address, SPECS["points"]())
        for experiment in experiments or SPECS:
            found = []
            for _ in range(times):
                spec = architecture(experiment, chance)
                found.append([seconds(server.address, spec) for server in servers])
            told = [f"median {statistics.median(column):.2f} s, worst {max(column):.2f} s" for column in zip(*found, strict=True)]
            click.echo(f"{experiment:14} " + "   before: ".join(reversed(told)))


if __name__ == "__main__":
    main()
