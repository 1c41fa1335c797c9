"""What can be broken in a game."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ann_core.coaching.interventions.intervention import Intervention, Measure, times
from ann_core.probing.gan import quality
from ann_core.spec import Spec
from ann_core.specs import GanSpec
from ann_core.training.examples import examples_of
from ann_core.training.records import Run

COLLAPSED = 0.8
SAME_DISTANCE = 0.1
LAST_MOMENTS = 8


def imitation(intact: Run, broken: Run) -> str:
    """How far the broken game's points are from the real ones, beside the intact one's: one of `OUTCOMES`."""
    here, there = distance(intact), distance(broken)
    if not there < COLLAPSED * distances(broken).iloc[0]:
        return "nothing"
    if abs(there - here) <= SAME_DISTANCE:
        return "same"
    return "better" if there < here else "worse"


def distance(run: Run) -> float:
    """The energy distance between a game's points and the real ones, the median of the last moments; infinite beyond all numbers."""
    return float(distances(run).iloc[-LAST_MOMENTS:].median())


def distances(run: Run) -> pd.Series:
    """The same at every checkpoint, by epochs gone by."""
    found = quality(run.spec, examples_of(run.spec)[0].x, run.checkpoints).energy
    return pd.Series(np.nan_to_num(found, nan=np.inf), [checkpoint.time for checkpoint in run.checkpoints])


DISTANCE = Measure(distance, "energy", distances)


def _strong(spec: Spec) -> dict[str, Any]:
    """Ten turns to one, and larger steps."""
    return {"discriminator_steps": 10, **times(spec, "discriminator_rate", 10)}


def _hasty(spec: Spec) -> dict[str, Any]:
    return times(spec, "generator_rate", 10)


def _patient(spec: Spec) -> dict[str, Any]:
    return times(spec, "generator_rate", 1 / 3)


def _of_games(name: str, change: Callable, effect: str, setting: dict, example: dict | None = None) -> Intervention:
    """Something to break in a game of eight clouds, judged by the distance to them."""
    clouds = {"target": "eight_clouds"} | setting
    return Intervention(name, "gan", change, effect, example or {}, clouds, judge=imitation, measure=DISTANCE)


INTERVENTIONS = (
    _of_games("strong_detective", _strong, "nothing", {"discriminator_steps": 1, "loss": "minimax"}),
    _of_games("hasty_forger", _hasty, "nothing", {}),
    _of_games("patient_forger", _patient, "same", {}),
    _of_games("saturating", lambda spec: {"loss": "minimax"}, "same", {"loss": "non_saturating"}),
    _of_games("thread", lambda spec: {"noise_size": 1}, "same", {"noise_size": 2}, {"seed": 4}),
    _of_games("no_penalty", lambda spec: {"penalty": 0.0}, "nothing", GanSpec.presets["wasserstein"], {"seed": 3}),
)
