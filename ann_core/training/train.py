"""From a spec to a run: data, model, loop, checkpoints."""

from collections.abc import Callable

import numpy as np

from ann_core import models
from ann_core.experiments import experiment_of
from ann_core.maths.networks import recurrent
from ann_core.models import optimisers
from ann_core.models.objectives import objective_of
from ann_core.spec import Spec
from ann_core.training import clock
from ann_core.training.ahead import ShouldStop, compiled_meanwhile
from ann_core.training.epochs import Training
from ann_core.training.examples import Examples, OwnData, examples_of
from ann_core.training.loop import Loop, Loops, Still
from ann_core.training.moments import Moment
from ann_core.training.recorder import OnProgress, Recorder, check_start
from ann_core.training.records import DataSource, Run

LOOPS = Loops()
IN_TENSORS = {"learning_rate", "warm_up", "clip_norm", "l1", "l2", "initialiser", "start", "seed", "epochs", "legs"}
"""Fields of the network that a compiled loop sees only as numbers."""


def train(
    spec: Spec,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    start: Run | None = None,
    own: OwnData = None,
    index: int = 0,
) -> Run:
    """Train the network of a spec on the data that are on this machine, or on a learner's own, and return its run.

    `start` is a run of the same spec with fewer epochs, to go on from. Raises `TrainingFailed`.
    """
    recorder = Recorder(on_progress, index)
    recorder.say("compiling")
    return experiment_of(spec).training(*examples_of(spec, own), spec, recorder, should_stop or (lambda: False), start)


@LOOPS.lending()
def train_on(
    examples: Examples, source: DataSource, spec: Spec, recorder: Recorder, should_stop: ShouldStop, start: Run | None = None
) -> Run:
    """Train the network of a spec on these examples."""
    begun = clock.seconds()
    first = 0 if start is None else start.epochs
    legs = [(last, leg) for last, leg in spec.in_legs() if last > first]
    training = _training(legs[0][1], examples)
    loop = training.loop
    loop.begin(models.build(spec), legs[0][1])
    if start is not None:
        check_start(spec, start, source)
        loop.restore(start.state)
        optimisers.set_pace(loop.optimiser, legs[0][1])

    def begin(of: Training) -> tuple[Moment, ...]:
        recorder.begin(of.loop.still(), loop.objective.verdict, source, first, loop.training_steps, _outputs(spec, examples))
        return recorder.marks(spec.epochs)

    def go_ahead(over: ShouldStop) -> None:
        plain = _training(legs[0][1], examples, plain=True)
        if plain.validate_slowly(over):
            with recorder.going_ahead():
                plain.run(0, legs[0][0], begin(plain), recorder.progress, over)

    if loop.ready:
        training.validate()
    else:
        compiled_meanwhile(training.validate, go_ahead if recorder.listened_to and start is None else None, should_stop)
    marks = begin(training)
    should_stop = recorder.once_caught_up(should_stop)
    ready = clock.seconds()
    rows, end = [], first
    for last, leg in legs:
        if end > first:
            training = _going_on(training, leg, examples)
            marks = [mark for mark in marks if not mark.batch or training.loop.training_steps == recorder.batches]
        rows.append(training.run(end, last, marks, recorder.progress, should_stop))
        end += len(rows[-1])
        if end < last or should_stop():
            break
    loop = training.loop
    if recorder.last != Moment(end):  # stopped
        training.validate()
        recorder.keep(Moment(end), loop.still())
    return recorder.finished(spec, start, np.concatenate(rows), loop.state(), begun, ready)


def _training(spec: Spec, examples: Examples, plain: bool = False) -> Training:
    """A loop at work on these examples."""
    penalties = getattr(spec, "l1", 0.0), getattr(spec, "l2", 0.0)
    loop = _loop(spec, examples, plain) if plain else _kept_loop(spec, examples)
    return Training(loop, examples, spec.seed, penalties, getattr(spec, "clip_norm", 0.0))


def _going_on(training: Training, leg: Spec, examples: Examples) -> Training:
    """The same network and optimiser at work by the spec of another leg."""
    state = training.loop.state()
    following = _training(leg, examples)
    following.loop.restore(state)
    optimisers.set_pace(following.loop.optimiser, leg)
    return following


def _kept_loop(spec: Spec, examples: Examples) -> Loop:
    compiled_in = (getattr(spec, name) for name in type(spec).model_fields if name not in IN_TENSORS | experiment_of(spec).data_fields)
    compiled_in = (*compiled_in, *(getattr(spec, name, 0) > 0 for name in ("clip_norm", "warm_up")))
    key = (type(spec), *compiled_in, getattr(spec, "classes", None), *(array.shape for array in (examples.x, examples.y, examples.x_val)))
    return LOOPS.get(key, lambda: _loop(spec, examples))


def _loop(spec: Spec, examples: Examples, plain: bool = False) -> Loop:
    parts = {"penalised": hasattr(spec, "l2"), "clipped": getattr(spec, "clip_norm", 0) > 0, "plain": plain}
    return Loop(models.build(spec), optimisers.build(spec), objective_of(spec), examples, spec.batch_size, **parts)


def _outputs(spec: Spec, examples: Examples) -> Callable[[Still], np.ndarray]:
    """What a checkpoint keeps of a still: what the loop has found, or, where nothing is held out, what NumPy finds of all examples.

    To compile a second way through the network only for that would take twice as long.
    """
    if examples.watched and not len(examples.x_val):
        return lambda still: recurrent.answers(recurrent.network(spec.cell, still.weights, spec.activation), examples.x)
    return lambda still: still.outputs
