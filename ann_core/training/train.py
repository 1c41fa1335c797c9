"""From a spec to a run: data, model, loop, checkpoints."""

import time
from collections.abc import Callable
from uuid import uuid4

import numpy as np

from ann_core import models
from ann_core.data import images
from ann_core.models import optimisers
from ann_core.specs import FeedForwardSpec, Spec
from ann_core.training.loop import Examples, Loop, Loops, Training, copied
from ann_core.training.records import METRICS, Checkpoint, DataSource, Progress, Run, TrainingFailed, checkpoint_epochs

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]

LOOPS = Loops()


def train(
    spec: Spec,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    start: Run | None = None,
    index: int = 0,
) -> Run:
    """Train the network of a spec on the data that are on this machine, and return its run.

    `start` is a run of the same spec with fewer epochs, to go on from. Raises `TrainingFailed`.
    """
    talk = _Talk(on_progress or (lambda progress: None), index)
    begun = time.perf_counter()
    talk.say("compiling")
    examples, source = examples_of(spec)
    talk.data = source
    loop = LOOPS.get(_loop_key(spec, examples), lambda: _make_loop(spec, examples))
    loop.begin(models.build(spec), spec.learning_rate)
    if start is not None:
        _check_start(spec, start, source)
        loop.restore(start.state)
    training = Training(loop, examples, spec.seed, spec.l2)
    snapshots = _Snapshots(loop, training)
    first = start.epochs if start is not None else 0
    snapshots.take(first)
    talk.say("compiling", first, checkpoint=snapshots.taken[-1])
    training.compile()
    ready = time.perf_counter()

    def on_epochs(done: float, rows: np.ndarray, at_mark: bool) -> None:
        if at_mark:
            snapshots.take(int(done))
        talk.say("training", done, rows, snapshots.taken[-1] if at_mark else None)

    marks = checkpoint_epochs(spec.epochs, snapshots.taken[0].nbytes)
    rows = training.run(first, spec.epochs, marks, on_epochs, should_stop or (lambda: False))
    done = first + len(rows)
    if snapshots.taken[-1].epoch != done:
        snapshots.take(done)
    run = Run(
        spec=spec,
        data=source,
        metrics=METRICS,
        rows=rows if start is None else np.concatenate([start.rows, rows]),
        checkpoints=tuple(snapshots.taken),
        predictions=snapshots.outputs,
        state=loop.state(),
        seconds=time.perf_counter() - ready,
        seconds_before=ready - begun,
    )
    return run if start is None else run.extended(start)


def examples_of(spec: FeedForwardSpec) -> tuple[Examples, DataSource]:
    """The examples a spec trains on, at most as many as there are, and where they come from."""
    found = images.load_or_digits(spec.dataset)
    count = min(spec.training_images, len(found.x_train))
    divisor = 255.0 if spec.scale_pixels else 1.0
    problem = found.problem.code if found.problem else None
    source = DataSource(spec.dataset, found.name, found.source, found.fingerprint, count, len(found.x_test), problem)
    return Examples(found.x_train[:count], found.y_train[:count], found.x_test, found.y_test, divisor), source


def _loop_key(spec: FeedForwardSpec, examples: Examples) -> tuple:
    architecture = (type(spec), spec.hidden_units, spec.activation, spec.dropout)
    return (*architecture, spec.optimiser, spec.momentum, spec.batch_size, examples.x.shape, examples.x_val.shape)


def _make_loop(spec: FeedForwardSpec, examples: Examples) -> Loop:
    # XLA: a network of dense layers trains five times as fast as the plain graph
    return Loop(models.build(spec), optimisers.build(spec), spec.batch_size, len(examples.x), xla=True)


def _check_start(spec: Spec, start: Run, source: DataSource) -> None:
    if not spec.same_but_for_epochs(start.spec) or start.data.fingerprint != source.fingerprint:
        raise TrainingFailed("other_start", {"differences": spec.differences(start.spec)})


class _Talk:
    """Passes on how a training goes."""

    def __init__(self, on_progress: OnProgress, index: int) -> None:
        self.on_progress, self.index, self.attempt = on_progress, index, uuid4().hex
        self.data: DataSource | None = None

    def say(self, stage: str, epochs: float = 0.0, rows: np.ndarray | None = None, checkpoint: Checkpoint | None = None):
        self.on_progress(Progress(self.attempt, self.index, stage, epochs, rows, checkpoint, self.data))


class _Snapshots:
    """Checkpoints of a training, with what the network says of the test set at each of them."""

    def __init__(self, loop: Loop, training: Training) -> None:
        self.loop, self.training, self.taken, self.outputs = loop, training, [], None

    def take(self, epoch: int) -> None:
        self.outputs = self.loop.predict_all(self.training.data[2], self.training.divisor)
        predicted = self.outputs.argmax(axis=1)
        confidence = self.outputs[np.arange(len(predicted)), predicted]
        weights = copied(self.loop.model.weights)
        self.taken.append(Checkpoint(epoch, weights, predicted.astype(np.uint8), confidence))
