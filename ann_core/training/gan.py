"""From the spec of a game to a run: the data that are imitated, the two players, the duel, checkpoints."""

import time
from collections.abc import Callable

import numpy as np

from ann_core.experiments import experiment_of
from ann_core.models import gan
from ann_core.specs.gan import UPDATES_A_ROUND, Game
from ann_core.starts import starting_weights
from ann_core.training import clock
from ann_core.training.ahead import ShouldStop, compiled_meanwhile
from ann_core.training.duel import MOST_ROUNDS, Duel, Players
from ann_core.training.examples import Examples
from ann_core.training.examples.gan import imitated, kept, watched_noise
from ann_core.training.loop import Loops
from ann_core.training.moments import Moment
from ann_core.training.recorder import Recorder, check_start
from ann_core.training.records import DataSource, Run

SECONDS_BETWEEN_WORDS = 0.2
EARLY_SHARE = 1 / 4  # a game is not decided in its first hundred turns
DUELS = Loops()
IN_TENSORS = {"penalty", "generator_rate", "discriminator_rate", "playing", "seed", "epochs", "legs"}


def play(
    examples: Examples, source: DataSource, spec: Game, recorder: Recorder, should_stop: Callable[[], bool], start: Run | None = None
) -> Run:
    """Let the players of a spec play, from the start or on from a run of the same spec with fewer rounds; the run."""
    begun = clock.seconds()
    first = 0 if start is None else start.epochs
    legs = [(last, leg) for last, leg in spec.in_legs() if last > first]
    duel = _kept_duel(legs[0][1])
    duel.begin(starting_weights(spec), legs[0][1])
    if start is not None:
        check_start(spec, start, source)
        duel.restore(start.state)
        duel.set_pace(legs[0][1])
    noise = watched_noise(spec)

    def begin(of: Duel) -> None:
        recorder.begin(of.still(noise), lambda samples: (kept(spec, samples), None), source, first, UPDATES_A_ROUND)

    def go_ahead(over: ShouldStop) -> None:
        plain = _duel(legs[0][1], plain=True)
        plain.begin(starting_weights(spec), legs[0][1])
        begin(plain)
        with recorder.going_ahead():
            _rounds(spec, legs[0][1], plain, recorder, over, imitated(legs[0][1], spec, examples.x), noise, 0, legs[0][0])

    if not duel.ready:
        ahead = go_ahead if recorder.listened_to and start is None else None
        compiled_meanwhile(lambda: duel.compile(examples.x, noise), ahead, should_stop)
    begin(duel)
    should_stop = recorder.once_caught_up(should_stop)
    ready = clock.seconds()
    rows, end = [], first
    for last, leg in legs:
        if end > first:
            duel = _handed_over(duel, leg)
        found = _rounds(spec, leg, duel, recorder, should_stop, imitated(leg, spec, examples.x), noise, end, last)
        rows.append(found)
        end += len(found)
        if end < last or should_stop():
            break
    return recorder.finished(spec, start, np.concatenate(rows), duel.state(), begun, ready)


def _handed_over(duel: Duel, leg: Game) -> Duel:
    """The same players and their optimisers as they are, at play by the spec of another leg."""
    state = duel.state()
    following = _kept_duel(leg)
    following.restore(state)
    following.set_pace(leg)
    return following


def _rounds(
    spec: Game,
    leg: Game,
    duel: Duel,
    recorder: Recorder,
    should_stop: Callable[[], bool],
    x: np.ndarray,
    noise: np.ndarray,
    first: int,
    last: int,
) -> np.ndarray:
    """Play the rounds of a leg, keep the marked ones and the last, and say a few times a second how it goes; the losses (rounds, 2).

    A plain duel, whose turns take long, may stop after any of them.
    """
    marks, end, rows, stills = set(recorder.marks(spec.epochs, EARLY_SHARE)), Moment(last), [], {}
    told, said_at = 0, time.perf_counter()

    def heard(moment: Moment, losses: np.ndarray) -> bool:
        nonlocal told, said_at, stills
        rows.extend(losses.astype(float))
        stop = (duel.plain or not moment.batch) and should_stop()
        over = stop or moment == end
        if (stop and not duel.plain) or moment == Moment(spec.epochs) or moment in marks:
            stills[moment] = duel.still(noise)
        if over or time.perf_counter() - said_at > SECONDS_BETWEEN_WORDS:
            recorder.progress(moment.epoch + moment.batch / UPDATES_A_ROUND, _table(rows[told:]), stills)
            told, said_at, stills = len(rows), time.perf_counter(), {}
        return stop

    every = 1 if duel.plain else MOST_ROUNDS * UPDATES_A_ROUND
    pauses = (Moment(*divmod(turn, UPDATES_A_ROUND)) for turn in range(first * UPDATES_A_ROUND + every, last * UPDATES_A_ROUND, every))
    duel.play(x, leg, first, sorted({*(mark for mark in marks if Moment(first) < mark < end), *pauses, end}), heard)
    return _table(rows)


def _table(rows: list[np.ndarray]) -> np.ndarray:
    """Losses of both players, (rounds, 2), also of no round."""
    return np.array(rows, float).reshape(len(rows), 2)


def _kept_duel(spec: Game) -> Duel:
    compiled_in = (
        type(spec),
        *(getattr(spec, name) for name in type(spec).model_fields if name not in IN_TENSORS | experiment_of(spec).data_fields),
    )

    return DUELS.get(compiled_in, lambda: _duel(spec))


def _duel(spec: Game, plain: bool = False) -> Duel:
    optimisers = (gan.OPTIMISERS[spec.optimiser](spec, rate) for rate in (spec.generator_rate, spec.discriminator_rate))
    return Duel(Players(gan.generator(spec), gan.discriminator(spec), *optimisers), spec, plain)
