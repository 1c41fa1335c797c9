"""From the spec of a game to a run: the data that are imitated, the two players, the duel, checkpoints."""

import time
from collections.abc import Callable

import numpy as np

from ann_core.data.images import brightness
from ann_core.experiments import experiment_of
from ann_core.models import gan
from ann_core.specs.gan import Game
from ann_core.training.duel import MOST_ROUNDS, Duel, Players
from ann_core.training.examples import Examples
from ann_core.training.examples.gan import watched_noise
from ann_core.training.loop import Loops
from ann_core.training.recorder import Recorder, check_start
from ann_core.training.records import DataSource, Run

SECONDS_BETWEEN_WORDS = 0.2
DUELS = Loops()
IN_TENSORS = {"penalty", "generator_rate", "discriminator_rate", "seed", "epochs"}


def play(
    examples: Examples, source: DataSource, spec: Game, recorder: Recorder, should_stop: Callable[[], bool], start: Run | None = None
) -> Run:
    """Let the players of a spec play, from the start or on from a run of the same spec with fewer rounds; the run."""
    begun = time.perf_counter()
    x, duel = examples.x, _duel_of(spec)
    first = 0 if start is None else start.epochs
    duel.begin((gan.generator(spec), gan.discriminator(spec)), (spec.generator_rate, spec.discriminator_rate))
    if start is not None:
        check_start(spec, start, source)
        duel.restore(start.state)
    noise = watched_noise(spec)
    recorder.begin(duel.still(noise), _verdict(spec), source, first)
    duel.compile(x)
    ready = time.perf_counter()
    rows = _rounds(spec, duel, recorder, should_stop, x, noise, first)
    return recorder.finished(spec, start, rows, duel.state(), begun, ready)


def _rounds(
    spec: Game, duel: Duel, recorder: Recorder, should_stop: Callable[[], bool], x: np.ndarray, noise: np.ndarray, first: int
) -> np.ndarray:
    """Play the rounds, keep the marked ones and the last, and say a few times a second how it goes; the losses (rounds, 2)."""
    marks, rows, stills = set(recorder.marks(spec.epochs)), [], {}
    told, said_at = 0, time.perf_counter()

    def heard(number: int, losses: np.ndarray) -> bool:
        nonlocal told, said_at, stills
        rows.extend(losses.astype(float))
        stop = should_stop()
        last = stop or number == spec.epochs
        if last or number in marks:
            stills[number] = duel.still(noise)
        if last or time.perf_counter() - said_at > SECONDS_BETWEEN_WORDS:
            recorder.progress(number, np.array(rows[told:]), stills)
            told, said_at, stills = len(rows), time.perf_counter(), {}
        return stop

    stops = (number for number in range(first + 1, spec.epochs) if number in marks or not (number - first) % MOST_ROUNDS)
    duel.play(x, spec, first, (*stops, spec.epochs), heard)
    return np.array(rows, float).reshape(len(rows), 2)


def _verdict(spec: Game) -> Callable[[np.ndarray], tuple[np.ndarray, None]]:
    """What a checkpoint keeps of samples: points as they are, pictures as brightness, uint8."""
    return lambda samples: (brightness(samples) if spec.pictures else samples, None)


def _duel_of(spec: Game) -> Duel:
    compiled_in = (
        type(spec),
        *(getattr(spec, name) for name in type(spec).model_fields if name not in IN_TENSORS | experiment_of(spec).data_fields),
    )

    def make() -> Duel:
        optimisers = (gan.OPTIMISERS[spec.optimiser](spec, rate) for rate in (spec.generator_rate, spec.discriminator_rate))
        players = Players(gan.generator(spec), gan.discriminator(spec), *optimisers)
        return Duel(players, spec)

    return DUELS.get(compiled_in, make)
