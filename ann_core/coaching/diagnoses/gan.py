"""The doctor for games: who is too fast, who gets nowhere, what has run into a heap, what never settles."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.spatial.distance import pdist

from ann_core.coaching.doctor import Diagnosis, Evidence, InBars, OnCurve
from ann_core.maths.measures.distances import LEAST_SHARE, energy_distance
from ann_core.maths.networks import gan
from ann_core.probing.gan import players, samples_of, whole
from ann_core.probing.gan_parts import Parts
from ann_core.specs.gan import Game
from ann_core.training.records import Checkpoint, Run

LEAST_ROUNDS = 10
MOMENTS, COMPARED = 16, 300
FASTER = 3.0
AHEAD, WINS = 0.65, 0.85
POOR = 0.2
FEW_PARTS = 0.25
HEAP = 0.25
SMALL = 2.0
FAR_SMALLER, NEAR = 10, 3
RATES = ("generator_rate", "discriminator_rate")
HARDLY_PULLED = 0.005
RESTLESS = 0.1
USUAL_RATES = {"adam": 0.001, "rmsprop": 0.0005, "sgd": 0.05}
USUAL_BETAS = {"beta_1": 0.5, "beta_2": 0.9}


@dataclass(frozen=True)
class GameCase:
    """What the doctor looks at in a game: the run, the parts of its target, and some of what it imitates, (n, dims)."""

    run: Run
    parts: Parts
    real: np.ndarray

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        return DIAGNOSES

    @cached_property
    def late(self) -> list[Checkpoint]:
        """Moments of the second half, the last one among them."""
        kept = [each for each in self.run.checkpoints if each.epoch >= self.run.epochs / 2 and whole(each)]
        chosen = np.linspace(0, len(kept) - 1, min(len(kept), MOMENTS)).round().astype(int)
        return [kept[place] for place in chosen]

    @cached_property
    def samples(self) -> list[np.ndarray]:
        """What was generated at the late moments, (n, dims) each."""
        return [samples_of(self.run.spec, each) for each in self.late]

    @cached_property
    def shares(self) -> np.ndarray:
        """The share of samples at each part, at the late moments: (moments, parts)."""
        return np.stack([self.parts.shares(each) for each in self.samples])

    @cached_property
    def distances(self) -> np.ndarray:
        """The energy distance to what is imitated at the late moments, (moments,)."""
        return np.array([self.distance_of(each) for each in self.samples])

    @cached_property
    def poor(self) -> bool:
        """Whether the imitation is far from its target, as a rule: measured by how far real points are from each other."""
        return bool(np.median(self.distances) > POOR * np.sqrt(pdist(self.real[:COMPARED]).mean()))

    @cached_property
    def heap(self) -> bool:
        """Whether the samples lie closer together than a quarter of what they imitate, at the end and as a rule."""
        spreads = [_spread(each) for each in self.samples]
        return max(spreads[-1], float(np.median(spreads))) < HEAP * _spread(self.real)

    @cached_property
    def won(self) -> float:
        """In how many pairs of a real and a generated one the discriminator gives the real one the higher score; late, the median."""
        shares = []
        for each, samples in zip(self.late, self.samples, strict=True):
            layers = players(self.run.spec, each).discriminator
            fake, real = (gan.scores(layers, points[:COMPARED]) for points in (samples, self.real))
            shares.append(float((real[:, None] > fake).mean() + (real[:, None] == fake).mean() / 2))
        return float(np.median(shares))

    @cached_property
    def pull(self) -> float:
        """How strongly the samples are pulled at the late moments: the median length of the arrows."""
        game, lengths = gan.GAMES[self.run.spec.loss], []
        for each, samples in zip(self.late, self.samples, strict=True):
            arrows = gan.arrows(players(self.run.spec, each).discriminator, samples, game)
            lengths.append(np.median(np.linalg.norm(arrows, axis=1)))
        return float(np.median(lengths))

    @property
    def ahead(self) -> float:
        """How many times as fast as the generator the discriminator is: its rate times its steps a turn, by the other's rate."""
        spec = self.run.spec
        return spec.discriminator_rate * spec.discriminator_steps / spec.generator_rate

    @property
    def second_half(self) -> OnCurve:
        return OnCurve("discriminator_loss", self.run.epochs // 2, self.run.epochs)

    @property
    def long_enough(self) -> bool:
        return self.run.epochs >= LEAST_ROUNDS and len(self.late) > 1

    def distance_of(self, samples: np.ndarray) -> float:
        """The energy distance between samples (n, dims) and what is imitated."""
        return energy_distance(samples[:COMPARED], self.real[:COMPARED])


def _spread(points: np.ndarray) -> float:
    """The mean distance of points (n, dims) from their middle."""
    return float(np.linalg.norm(points - np.median(points, axis=0), axis=1).mean())


def exploded(case: GameCase) -> Evidence | None:
    """Figures beyond all numbers."""
    lost = ~np.isfinite(case.run.rows).all(axis=1)
    if not lost.any():
        return None
    epoch = int(lost.argmax()) + 1
    return Evidence(OnCurve("discriminator_loss", epoch, case.run.epochs), {"epoch": epoch, **_pace(case, case.ahead)})


def outpaced(case: GameCase) -> Evidence | None:
    """A discriminator that is faster by far, and wins, and so the imitation is poor."""
    if case.run.spec.loss == "wasserstein":  # the better a critic, the truer its slope: it cannot be too good
        return None
    if not case.long_enough or case.ahead < FASTER or not case.poor or case.won < AHEAD:
        return None
    return Evidence(case.second_half, _pace(case, case.ahead) | {"won": case.won})


def starved(case: GameCase) -> Evidence | None:
    """The discriminator has won: it sees through the samples, and there is hardly any slope where they are."""
    if not case.long_enough or not case.poor or case.won < WINS or case.pull > HARDLY_PULLED:
        return None
    return Evidence(case.second_half, {"won": case.won, "pull": case.pull})


def collapsed(case: GameCase) -> Evidence | None:
    """A heap, or samples at a few parts of the target only, and a generator that is faster by far."""
    return _few_parts(case, 1 / case.ahead) if case.ahead <= 1 / FASTER else None


def hasty(case: GameCase) -> Evidence | None:
    """A generator that is faster by far, and its samples are far from their target without being a heap."""
    if not case.long_enough or case.ahead > 1 / FASTER or not case.poor or collapsed(case):
        return None
    return Evidence(case.second_half, _course(case) | _pace(case, 1 / case.ahead))


def heaped(case: GameCase) -> Evidence | None:
    """The same where the generator is not the faster one."""
    return _few_parts(case, case.ahead) if case.ahead > 1 / FASTER else None


def _few_parts(case: GameCase, times: float) -> Evidence | None:
    most = max(FEW_PARTS * case.parts.count, 1)
    if not case.long_enough or case.parts.count <= most:
        return None
    taken = case.shares >= LEAST_SHARE
    inside = case.shares.sum(axis=1)
    few = max(taken[-1].sum(), np.median(taken.sum(axis=1))) <= most
    if not few or not (case.heap or min(inside[-1], np.median(inside)) > 0.5):
        return None
    values = {"count": int(taken[-1].sum()), "parts": case.parts.count, "share": float(inside[-1])}
    seen = {"visited": int(taken.any(axis=0).sum()), "touched": int(taken.any(axis=1).sum()), "moments": len(taken)}
    in_bars = InBars(case.shares[-1], taken[-1], kind=_kind(case, "part"))
    place = in_bars if taken[-1].any() else case.second_half  # a heap away from all parts has no bar
    return Evidence(place, values | seen | _pace(case, times))


def slow(case: GameCase) -> Evidence | None:
    """Points that are still on their way, and small steps of both."""
    largest = max(_rates(case.run.spec))
    if not case.long_enough or not case.poor or largest > _usual(case.run.spec) / SMALL:
        return None
    return Evidence(case.second_half, _course(case) | _pace(case, case.ahead))


def _course(case: GameCase) -> dict[str, float]:
    """The distance before the first round, in the middle of the game, and at the end."""
    begun = case.distance_of(samples_of(case.run.spec, case.run.checkpoints[0]))
    return {"begun": begun, "middle": float(case.distances[0]), "end": float(case.distances[-1])}


def restless(case: GameCase) -> Evidence | None:
    """Samples that wander from part to part to the end."""
    if not case.long_enough or case.parts.count < 2 or not case.poor:
        return None
    nowhere = 1 - case.shares.sum(axis=1, keepdims=True)
    moved = np.abs(np.diff(np.concatenate([case.shares, nowhere], axis=1), axis=0)).sum(axis=1) / 2
    if np.median(moved) < RESTLESS:
        return None
    swing = np.ptp(case.shares, axis=0)
    return Evidence(InBars(swing, swing >= np.median(swing), kind=_kind(case, "swing")), {"moved": float(np.median(moved))})


def _kind(case: GameCase, name: str) -> str:
    """What a bar is called: a part that the target has, or a piece that was cut out of it."""
    return name if case.parts.whole else f"{name}_cut"


def _pace(case: GameCase, times: float) -> dict[str, Any]:
    """Both rates, the discriminator's steps a turn, and how many times as fast the faster one is."""
    spec = case.run.spec
    rates = dict(zip(("generator", "discriminator"), _rates(spec), strict=True))
    return {"times": f"{times:,.0f}" if times >= 10 else f"{times:.1f}", "steps": spec.discriminator_steps, **rates}


def _rates(spec: Game) -> tuple[float, float]:
    return spec.generator_rate, spec.discriminator_rate


def _usual(spec: Game) -> float:
    return USUAL_RATES[spec.optimiser]


def down_to_usual(case: GameCase) -> dict[str, Any]:
    """The usual rate for both, where one is larger; smaller ones than that help as often as not."""
    return usual_rates(case) if max(_rates(case.run.spec)) > _usual(case.run.spec) else {}


def calmer(case: GameCase) -> dict[str, Any]:
    """The usual rate for both; where none is larger, far smaller ones than they are."""
    return down_to_usual(case) or {name: getattr(case.run.spec, name) / FAR_SMALLER for name in RATES}


def up_to_usual(case: GameCase) -> dict[str, Any]:
    """The usual rate for both, where they are far smaller: nearer to it, something else is slow."""
    return usual_rates(case) if max(_rates(case.run.spec)) < _usual(case.run.spec) / NEAR else {}


def steady(remedy: Callable[[GameCase], dict[str, Any]]) -> Callable[[GameCase], dict[str, Any]]:
    """A remedy of larger steps, offered only where Adam bears them: its mean of slopes must not reach back beyond that of squares."""

    def only(case: GameCase) -> dict[str, Any]:
        spec = case.run.spec
        return {} if spec.optimiser == "adam" and spec.beta_1**2 >= spec.beta_2 else remedy(case)

    return only


def same_rates(case: GameCase) -> dict[str, Any]:
    """The usual rate for both; where theirs are the same already, one step each."""
    spec = case.run.spec
    if spec.discriminator_steps > 1 and spec.generator_rate == spec.discriminator_rate:
        return {"discriminator_steps": 1}
    return usual_rates(case)


def another_loss(case: GameCase) -> dict[str, Any]:
    """The loss that pulls most where it is needed; where the rates are far too large, or it is that one already, other rates."""
    spec = case.run.spec
    if max(_rates(spec)) > FASTER * _usual(spec):
        return usual_rates(case)
    return {"loss": "non_saturating"} if spec.loss == "minimax" else same_rates(case)


def better_steps(case: GameCase) -> dict[str, Any]:
    """Steps that do not run on to where the other was: Adam as it is used for games; no help against what can tell one slope only."""
    if not case.run.spec.discriminator_layers:
        return {}
    rate = USUAL_RATES["adam"]
    return {"optimiser": "adam", "generator_rate": rate, "discriminator_rate": rate, **USUAL_BETAS}


def usual_rates(case: GameCase) -> dict[str, Any]:
    """Steps of the usual size for both."""
    return dict.fromkeys(RATES, _usual(case.run.spec))


DIAGNOSES = (
    Diagnosis("game_explosion", exploded, calmer),
    Diagnosis("outpaced", outpaced, steady(same_rates)),
    Diagnosis("collapse", collapsed, steady(same_rates)),
    Diagnosis("hasty", hasty, same_rates),
    Diagnosis("starved", starved, another_loss),
    Diagnosis("heap", heaped, better_steps),
    Diagnosis("crawling", slow, steady(up_to_usual)),
    Diagnosis("restless", restless, down_to_usual),
)
"""What costs most first: rates and steps, then the loss, then what is left."""
