"""The doctor for games: collapse, a generator without any slope to follow, points that never settle."""

from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Any

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist

from ann_core.coaching.doctor import Diagnosis, Evidence, InBars, OnCurve
from ann_core.maths.measures.distances import LEAST_SHARE
from ann_core.maths.networks import gan
from ann_core.probing.gan import players, samples_of, whole
from ann_core.specs.gan import Game
from ann_core.training.records import Checkpoint, Run

PARTS = 8
LEAST_ROUNDS = 10
FEW_PARTS = 0.25
HARDLY_PULLED = 0.005
WON = 0.7
RESTLESS = 0.1
USUAL_RATE, USUAL_BETAS = 0.001, {"beta_1": 0.5, "beta_2": 0.9}

BALANCE = {"minimax": 2 * log(2), "non_saturating": 2 * log(2), "least_squares": 0.25}
"""What a discriminator pays that cannot tell real from generated; a Wasserstein critic has no such number."""


def parts_of(real: np.ndarray, centres: np.ndarray | None = None) -> np.ndarray:
    """Where the parts of a target lie, (parts, 2): the centres of its modes, or of as many clusters of real points (n, 2)."""
    return kmeans2(real.astype(float), PARTS, seed=0, minit="++")[0] if centres is None else centres


@dataclass(frozen=True)
class GameCase:
    """What the doctor looks at in a game: the run, and where the parts of its target lie, (parts, 2)."""

    run: Run
    parts: np.ndarray

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        return DIAGNOSES

    @cached_property
    def late(self) -> list[Checkpoint]:
        """The moments of the second half."""
        return [each for each in self.run.checkpoints if each.epoch >= self.run.epochs / 2 and whole(each)]

    @cached_property
    def shares(self) -> np.ndarray:
        """The share of samples nearest to each part, at the late moments: (moments, parts)."""
        nearest = [cdist(samples_of(self.run.spec, each), self.parts).argmin(axis=1) for each in self.late]
        return np.stack([np.bincount(each, minlength=len(self.parts)) / len(each) for each in nearest])

    @cached_property
    def pull(self) -> float:
        """How strongly the samples are pulled at the late moments: the median length of the arrows."""
        game, lengths = gan.GAMES[self.run.spec.loss], []
        for each in self.late:
            arrows = gan.arrows(players(self.run.spec, each).discriminator, samples_of(self.run.spec, each), game)
            lengths.append(np.median(np.linalg.norm(arrows, axis=1)))
        return float(np.median(lengths))

    @property
    def long_enough(self) -> bool:
        return self.run.epochs >= LEAST_ROUNDS and len(self.late) > 1


def exploded(case: GameCase) -> Evidence | None:
    """Figures beyond all numbers."""
    lost = ~np.isfinite(case.run.rows).all(axis=1)
    if not lost.any():
        return None
    epoch, spec = int(lost.argmax()) + 1, case.run.spec
    return Evidence(OnCurve("discriminator_loss", epoch, case.run.epochs), {"epoch": epoch, "rate": max(_rates(spec))})


def starved(case: GameCase) -> Evidence | None:
    """The discriminator has won: it sees through the samples, and its scores have no slope where they are."""
    balance = BALANCE.get(case.run.spec.loss)
    if balance is None or not case.long_enough or case.pull > HARDLY_PULLED:
        return None
    losses = case.run.rows[:, 0]
    late = float(np.median(losses[len(losses) // 2 :]))
    if late > WON * balance:
        return None
    behind = np.flatnonzero(losses > WON * balance)
    first = int(behind[-1]) + 2 if len(behind) else 1
    values = {"loss": late, "balance": balance, "pull": case.pull}
    return Evidence(OnCurve("discriminator_loss", min(first, case.run.epochs), case.run.epochs), values)


def collapsed(case: GameCase) -> Evidence | None:
    """All samples at a few parts of the target, wherever these are."""
    if not case.long_enough:
        return None
    taken = case.shares >= LEAST_SHARE
    most = FEW_PARTS * len(case.parts)
    if taken[-1].sum() > most or np.median(taken.sum(axis=1)) > most:
        return None
    seats = case.shares.argmax(axis=1)
    values = {"count": int(taken[-1].sum()), "parts": len(case.parts), "visited": len(set(seats.tolist()))}
    return Evidence(InBars(case.shares[-1], taken[-1], kind="part"), values)


def restless(case: GameCase) -> Evidence | None:
    """Samples that wander from part to part to the end."""
    if not case.long_enough:
        return None
    moved = np.abs(np.diff(case.shares, axis=0)).sum(axis=1) / 2
    if np.median(moved) < RESTLESS:
        return None
    swing = case.shares.max(axis=0) - case.shares.min(axis=0)
    return Evidence(InBars(swing, swing >= np.median(swing), kind="swing"), {"moved": float(np.median(moved))})


def _rates(spec: Game) -> tuple[float, float]:
    return spec.generator_rate, spec.discriminator_rate


def calmer(case: GameCase) -> dict[str, Any]:
    """Smaller steps of both."""
    rate = min(USUAL_RATE, *(value / 3 for value in _rates(case.run.spec)))
    return {"optimiser": "adam", "generator_rate": rate, "discriminator_rate": rate, **USUAL_BETAS}


def evened(case: GameCase) -> dict[str, Any]:
    """Both as fast as each other, one turn each, and with the loss that pulls most where it is needed."""
    return {
        "loss": "non_saturating" if case.run.spec.loss == "minimax" else case.run.spec.loss,
        "discriminator_steps": 1,
        "optimiser": "adam",
        "generator_rate": USUAL_RATE,
        "discriminator_rate": USUAL_RATE,
        **USUAL_BETAS,
    }


DIAGNOSES = (
    Diagnosis("explosion", exploded, calmer),
    Diagnosis("starved", starved, evened),
    Diagnosis("collapse", collapsed, evened),
    Diagnosis("restless", restless, calmer),
)
"""The most urgent first: a generator that gets no slope stands in a heap too, but for another reason."""
