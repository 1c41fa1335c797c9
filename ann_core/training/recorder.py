"""Keeps what a training leaves behind, and passes on how it goes."""

from collections.abc import Callable, Mapping
from uuid import uuid4

import numpy as np

from ann_core.training.loop import Still
from ann_core.training.records import Checkpoint, DataSource, Progress, checkpoint_epochs

OnProgress = Callable[[Progress], None]


class Recorder:
    """Keeps the checkpoints of a training, and passes on how it goes."""

    def __init__(self, on_progress: OnProgress, index: int = 0) -> None:
        self.on_progress, self.index, self.attempt = on_progress, index, uuid4().hex
        self.checkpoints: list[Checkpoint] = []
        self.source: DataSource | None = None

    def begin(
        self, still: Still, verdict: Callable, source: DataSource, epoch: int, outputs_of: Callable[[Still], np.ndarray] | None = None
    ) -> None:
        self.verdict, self.source, self.outputs_of = verdict, source, outputs_of or (lambda still: still.outputs)
        self.keep(epoch, still)
        self.say("compiling", epoch, checkpoints=tuple(self.checkpoints))

    def marks(self, epochs: int) -> tuple[int, ...]:
        return checkpoint_epochs(epochs, self.checkpoints[0].nbytes)

    @property
    def last(self) -> int:
        return self.checkpoints[-1].epoch

    def keep(self, epoch: int, still: Still) -> Checkpoint:
        self.outputs = self.outputs_of(still)
        self.checkpoints.append(Checkpoint(epoch, still.weights, *self.verdict(self.outputs)))
        return self.checkpoints[-1]

    def progress(self, epochs: float, rows: np.ndarray, stills: Mapping[int, Still]) -> None:
        self.say("training", epochs, rows, tuple(self.keep(epoch, still) for epoch, still in stills.items()))

    def say(self, stage: str, epochs: float = 0.0, rows: np.ndarray | None = None, checkpoints: tuple[Checkpoint, ...] = ()) -> None:
        self.on_progress(Progress(self.attempt, self.index, stage, epochs, rows, checkpoints, self.source))
