"""From the spec of a game to a run: the data that are imitated, the two players, the duel, checkpoints."""

import time
from collections.abc import Callable

import numpy as np

from ann_core.models import gan
from ann_core.specs import GanSpec
from ann_core.training.duel import Duel, Players
from ann_core.training.examples import examples_of, watched_noise
from ann_core.training.loop import Loops
from ann_core.training.recorder import Recorder
from ann_core.training.records import Run, TrainingFailed

SECONDS_BETWEEN_WORDS = 0.2
DUELS = Loops()
IN_TENSORS = {"target", "penalty", "generator_rate", "discriminator_rate", "seed", "epochs"}


def play(
    spec: GanSpec, recorder: Recorder, should_stop: Callable[[], bool], start: Run | None = None, own: np.ndarray | None = None
) -> Run:
    """Let the players of a spec play, from the start or on from a run of the same spec with fewer rounds; the run."""
    begun = time.perf_counter()
    examples, source = examples_of(spec, own)
    x, duel = examples.x, _duel_of(spec)
    first = 0 if start is None else start.epochs
    duel.begin((gan.generator(spec), gan.discriminator(spec)), (spec.generator_rate, spec.discriminator_rate))
    if start is not None:
        if not spec.same_but_for_epochs(start.spec) or start.data.fingerprint != source.fingerprint:
            raise TrainingFailed("other_start", {"differences": spec.differences(start.spec)})
        duel.restore(start.state)
    noise = watched_noise(spec)
    recorder.begin(duel.still(noise), lambda samples: (samples, None), source, first)
    rows: list[np.ndarray] = []
    duel.compile(x)
    ready = time.perf_counter()
    _rounds(spec, duel, recorder, should_stop, (x, noise), first, rows)
    rows_now = np.array(rows, float).reshape(len(rows), 2)
    run = Run(
        spec=spec,
        data=source,
        metrics=spec.metrics,
        rows=rows_now if start is None else np.concatenate([start.rows, rows_now]),
        checkpoints=tuple(recorder.checkpoints),
        predictions=recorder.outputs,
        state=duel.state(),
        seconds=time.perf_counter() - ready,
        seconds_before=ready - begun,
    )
    return run if start is None else run.extended(start)


def _rounds(spec: GanSpec, duel: Duel, recorder: Recorder, should_stop, data, first: int, rows: list[np.ndarray]) -> None:
    """Play the rounds, keep the marked ones, and say a few times a second how it goes."""
    x, noise = data
    marks = set(recorder.marks(spec.epochs))
    waiting: list = [time.perf_counter(), 0, {}]

    def heard(number: int, losses: np.ndarray) -> bool:
        rows.append(losses)
        if number in marks or number == spec.epochs:
            waiting[2][number] = duel.still(noise)
        stop = should_stop()
        if stop and recorder.last != number and number not in waiting[2]:
            waiting[2][number] = duel.still(noise)
        if stop or number == spec.epochs or time.perf_counter() - waiting[0] > SECONDS_BETWEEN_WORDS:
            recorder.progress(number, np.array(rows[waiting[1] :], float), waiting[2])
            waiting[:] = [time.perf_counter(), len(rows), {}]
        return stop

    duel.play(x, spec.seed, first, spec.epochs, spec.penalty, heard)


def _duel_of(spec: GanSpec) -> Duel:
    compiled_in = tuple(getattr(spec, name) for name in type(spec).model_fields if name not in IN_TENSORS)

    def make() -> Duel:
        optimisers = (gan.OPTIMISERS[spec.optimiser](spec, rate) for rate in (spec.generator_rate, spec.discriminator_rate))
        players = Players(gan.generator(spec), gan.discriminator(spec), *optimisers)
        return Duel(players, spec.loss, spec.noise_kind == "uniform", spec.batch_size, spec.discriminator_steps)

    return DUELS.get(compiled_in, make)
