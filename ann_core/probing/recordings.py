"""Trainings that the first page shows as they go: recorded beforehand, so that something real moves at once.

A recording keeps of a training what a picture needs of it, moment by moment. `python -m ann_core record` makes all of them anew.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ann_core.data import images
from ann_core.data.gan import EDGE
from ann_core.experiments import SPECS
from ann_core.maths.networks import gan, plane
from ann_core.maths.networks.convolution import forward
from ann_core.probing import attention, recall
from ann_core.probing.gan import players
from ann_core.spec import Spec
from ann_core.starts.convolutional import layers_of
from ann_core.training.examples.images import seen as as_seen
from ann_core.training.examples.recurrent import series_of, windows_of
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint, DataSource, Run

KEPT = Path(__file__).parents[2] / "assets" / "recordings"
SHOWN_DIGIT = 3
"""Which of the test images the convolutional network looks at."""
BELIEF_CELLS, POINTS_KEPT, VALUES_KEPT = 24, 200, 150

Arrays = dict[str, np.ndarray]


class Recording(NamedTuple):
    """A training to be shown, and what is kept of its run: arrays by name, (moments, …) where they change."""

    spec: Spec
    kept: Callable[[Run], Arrays]


@dataclass(frozen=True)
class Recorded:
    """What is there of a recording: its moments, of how many batches an epoch, the history (epochs, metrics), and what was kept."""

    spec: Spec
    data: DataSource
    moments: tuple[Moment, ...]
    batches: int
    rows: np.ndarray
    arrays: Mapping[str, np.ndarray]

    @property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """The network at every moment, where its weights were kept; what it answered was not."""
        parts = [self.arrays[name] for name in sorted(self.arrays) if name.startswith("weights.")]
        nothing = np.zeros(0, np.uint8)
        return tuple(
            Checkpoint(moment.epoch, tuple(weights), nothing, None, moment.batch, self.batches)
            for moment, *weights in zip(self.moments, *parts, strict=True)
        )


def weights(run: Run) -> Arrays:
    """All weights, as `weights.000`, `weights.001` and so on."""
    parts = zip(*(checkpoint.weights for checkpoint in run.checkpoints), strict=True)
    return {f"weights.{number:03}": np.stack(part) for number, part in enumerate(parts)}


def forecast(run: Run) -> Arrays:
    """What followed the last windows, (n,), and what the network expected after each, (moments, n)."""
    truth = windows_of(run.spec, series_of(run.spec))[1][-VALUES_KEPT:, 0]
    return {"truth": truth, "predicted": np.stack([checkpoint.predicted[-VALUES_KEPT:, 0] for checkpoint in run.checkpoints])}


def eyes(run: Run) -> Arrays:
    """Of one digit: the maps of the first layer after pooling, (moments, rows, columns, filters), and the ten probabilities."""
    spec, inputs = run.spec, as_seen(run.spec, shown_digit()[None])
    maps, probabilities = [], []
    for checkpoint in run.checkpoints:
        outputs = forward(layers_of(spec, checkpoint.weights), inputs)
        maps.append(outputs[1][0])
        probabilities.append(outputs[-1][0])
    return {"maps": np.stack(maps), "probabilities": np.stack(probabilities)}


def memory(run: Run) -> Arrays:
    """Of one sequence held out: every unit's memory step by step, (moments, steps, units), and the answer (moments, classes)."""
    x, _ = recall.judged(run.spec)
    ways = [recall.way(recall.network_of(run, checkpoint), x[:1]) for checkpoint in run.checkpoints]
    return {"memory": np.stack([way.unrolled.memory[0] for way in ways]), "answers": np.stack([way.answers[0] for way in ways])}


def looks(run: Run) -> Arrays:
    """Of one sequence held out: who looks at whom in the first head, (moments, asking, asked)."""
    tokens = attention.judged(run.spec)[0][:1]
    networks = (attention.network_of(run, checkpoint) for checkpoint in run.checkpoints)
    return {"looks": np.stack([attention.forward(network, tokens).looks[0].weights[0, 0] for network in networks])}


def imitation(run: Run) -> Arrays:
    """Some generated points, (moments, n, 2), and what the discriminator believes of the plane, (moments, rows, columns), 0 … 1."""
    cells, game = plane.grid(BELIEF_CELLS, EDGE).astype(np.float32), gan.GAMES[run.spec.loss]
    both = [players(run.spec, checkpoint) for checkpoint in run.checkpoints]
    beliefs = np.stack([game.belief(gan.scores(each.discriminator, cells)) for each in both])
    samples = np.stack([checkpoint.predicted[:POINTS_KEPT] for checkpoint in run.checkpoints])
    return {"samples": samples, "beliefs": beliefs.reshape(-1, BELIEF_CELLS, BELIEF_CELLS)}


RECORDINGS: dict[str, Recording] = {
    "feedforward": Recording(SPECS["points"].preset("spiral"), weights),
    "convolutional": Recording(SPECS["convolutional"](dataset="digits", filters=(8,), dense_units=0, epochs=3), eyes),
    "recurrent": Recording(SPECS["recurrent"](), forecast),
    "lstm": Recording(SPECS["recall"].preset("short"), memory),
    "attention": Recording(SPECS["attention"](), looks),
    "gan": Recording(SPECS["gan"](), imitation),
}
"""By lesson."""


def shown_digit() -> np.ndarray:
    """The picture that the convolutional network looks at, uint8 (28, 28)."""
    return images.load("digits").x_test[SHOWN_DIGIT]


def recorded_of(lesson: str, run: Run) -> Recorded:
    """What is kept of a run."""
    moments = tuple(checkpoint.moment for checkpoint in run.checkpoints)
    return Recorded(run.spec, run.data, moments, run.final.batches, run.rows, RECORDINGS[lesson].kept(run))


def save(lesson: str, recorded: Recorded) -> None:
    """Keep a recording with the program."""
    KEPT.mkdir(exist_ok=True)
    told = json.dumps({"data": asdict(recorded.data), "moments": recorded.moments, "batches": recorded.batches})
    np.savez_compressed(KEPT / f"{lesson}.npz", told=told, rows=recorded.rows.astype(np.float32), **recorded.arrays)


@cache
def kept(lesson: str) -> Recorded:
    """The recording that is kept of a lesson's training."""
    with np.load(KEPT / f"{lesson}.npz", allow_pickle=False) as archive:
        arrays = dict(archive)
    told, rows = json.loads(str(arrays.pop("told"))), arrays.pop("rows")
    moments = tuple(Moment(*moment) for moment in told["moments"])
    return Recorded(RECORDINGS[lesson].spec, DataSource(**told["data"]), moments, told["batches"], rows, arrays)
