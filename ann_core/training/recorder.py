"""Keeps what a training leaves behind, and passes on how it goes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import numpy as np

from ann_core.spec import Spec
from ann_core.training import clock
from ann_core.training.loop import Still
from ann_core.training.moments import EARLY_SHARE, Moment, kept_moments
from ann_core.training.records import Checkpoint, DataSource, Progress, Run, TrainingFailed, most_checkpoints

OnProgress = Callable[[Progress], None]


def check_start(spec: Spec, start: Run, source: DataSource) -> None:
    """Raise `TrainingFailed` where a training of this spec on these data cannot go on from a run."""
    other_data = start.data.asked == source.asked and start.data.fingerprint != source.fingerprint
    if other_data or not spec.begins_as(start.spec, start.epochs):
        raise TrainingFailed("other_start", {"differences": spec.differences(start.spec)})


NOTHING = Moment(-1)


class Recorder:
    """Keeps the checkpoints of a training, and passes on how it goes; nothing is told a second time."""

    def __init__(self, on_progress: OnProgress | None, index: int = 0) -> None:
        self.on_progress, self.index, self.attempt = on_progress, index, uuid4().hex
        self.checkpoints: list[Checkpoint] = []
        self.stage, self.rows = "training", 0
        self.heard, self.heard_rows, self.heard_epochs = NOTHING, 0, 0.0
        self.source: DataSource | None = None

    def begin(
        self,
        still: Still,
        verdict: Callable,
        source: DataSource,
        epoch: int,
        batches: int,
        outputs_of: Callable[[Still], np.ndarray] | None = None,
    ) -> None:
        """Hear of a training of so many batches an epoch, and of its network as it is before it starts, after this epoch."""
        self.verdict, self.source, self.outputs_of = verdict, source, outputs_of or (lambda still: still.outputs)
        self.batches, self.rows = batches, 0
        self.keep(Moment(epoch), still)
        self.say("compiling" if self.heard == NOTHING else "ahead", epoch, checkpoints=tuple(self.checkpoints))

    def marks(self, epochs: int, early: float = EARLY_SHARE) -> tuple[Moment, ...]:
        """Which moments to keep up to so many epochs: of a training that goes on, evenly, half as many, for some are there already."""
        begun, most = self.checkpoints[0].epoch, most_checkpoints(self.checkpoints[0].nbytes)
        if not begun:
            return kept_moments(epochs, self.batches, most, early)
        further = kept_moments(epochs - begun, self.batches, max(most // 2, 2), 0.0)
        return tuple(Moment(begun + moment.epoch, moment.batch) for moment in further)

    @property
    def listened_to(self) -> bool:
        """Whether anybody hears how it goes."""
        return self.on_progress is not None

    @property
    def last(self) -> Moment:
        return self.checkpoints[-1].moment

    def keep(self, moment: Moment, still: Still) -> Checkpoint:
        """Keep a still. What was kept of a later moment goes: the training has gone back."""
        self.outputs = self.outputs_of(still)
        kept = Checkpoint(moment.epoch, still.weights, *self.verdict(self.outputs), moment.batch, self.batches)
        self.checkpoints = [*(each for each in self.checkpoints if each.moment < moment), kept]
        return kept

    def progress(self, epochs: float, rows: np.ndarray, stills: Mapping[Moment, Still]) -> None:
        self.say(self.stage, epochs, rows, tuple(self.keep(moment, still) for moment, still in stills.items()))

    @contextmanager
    def going_ahead(self) -> Iterator[None]:
        """What is heard within is found again by the training itself, and is not told again then."""
        self.stage = "ahead"
        try:
            yield
        finally:
            self.stage, self.checkpoints = "training", []

    def once_caught_up(self, should_stop: Callable[[], bool]) -> Callable[[], bool]:
        """The same, but what has been told is there before the training stops."""
        return lambda: should_stop() and self.rows >= self.heard_rows

    def finished(self, spec: Spec, start: Run | None, rows: np.ndarray, state: tuple[np.ndarray, ...], begun: float, ready: float) -> Run:
        """The run of all that was kept, `rows` (epochs, metrics) those of this training; it was `begun`, and `ready` to train, then."""
        run = Run(
            spec=spec,
            data=self.source,
            metrics=spec.metrics,
            rows=rows if start is None else np.concatenate([start.rows, rows]),
            checkpoints=tuple(self.checkpoints),
            predictions=self.outputs,
            state=state,
            seconds=clock.seconds() - ready,
            seconds_before=ready - begun,
        )
        return run if start is None else run.extended(start)

    def say(self, stage: str, epochs: float = 0.0, rows: np.ndarray | None = None, checkpoints: tuple[Checkpoint, ...] = ()) -> None:
        if rows is not None:
            known, self.rows = max(self.heard_rows - self.rows, 0), self.rows + len(rows)
            rows, self.heard_rows = rows[known:], max(self.heard_rows, self.rows)
        if not self.listened_to:
            return
        new = tuple(each for each in checkpoints if each.moment > self.heard)
        self.heard = max(self.heard, *(each.moment for each in new), NOTHING)
        self.heard_epochs = max(self.heard_epochs, epochs)
        self.on_progress(Progress(self.attempt, self.index, stage, self.heard_epochs, rows, new, self.source))
