"""The doctor on trial: random settings, and what became of the remedies that it offers.

    python -m tests.coaching.trial points 300 --keep /tmp/trial

`--keep` holds the trained runs, so that another rule is tried on the same ones.
"""

import argparse
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from zlib import crc32

import numpy as np

from ann_core.coaching.diagnoses.supervised import MOST_EXAMPLES, Case
from ann_core.coaching.doctor import Examined, Finding, diagnose
from ann_core.coaching.interventions import interventions
from ann_core.data.images import CLASSES
from ann_core.experiments import SPECS
from ann_core.lessons.feedforward.plane import beside as points
from ann_core.lessons.gan import beside as games
from ann_core.lessons.recurrent import beside as recurrent
from ann_core.maths.measures.classification import mean_recall
from ann_core.spec import Spec, bounds, choices
from ann_core.specs import Layer
from ann_core.specs.gan import UPDATES_A_ROUND, Game
from ann_core.specs.points import Feature
from ann_core.training.examples import examples_of
from ann_core.training.records import Run
from ann_core.training.train import train
from ann_core.ui.inputs.controls import LADDERS

MOST_CHANGES = 8
MOST_STEPS, MOST_WORK, MOST_UPDATES = 60_000, 1_500_000, 20_000
FIXED = {"feedforward": {"dataset": "digits"}}
LARGEST = {"points": 2_000, "epochs": 1_000, "length": 800, "training_images": 1_000, "units": 32, "window": 40}
TWO_POINTS = 0.02


def drawn(experiment: str, number: int) -> Spec:
    """A preset of the experiment with one to eight of its settings drawn anew, within the sliders and a budget of time."""
    random = np.random.default_rng([crc32(experiment.encode()), number])
    cls = SPECS[experiment]
    spec = cls.preset(str(random.choice(list(cls.presets)))).changed(**FIXED.get(experiment, {}), seed=number)
    free = [name for name in cls.model_fields if name not in ("seed", "data_seed", "legs", "own_classes", *FIXED.get(experiment, {}))]
    for name in random.choice(free, random.integers(1, MOST_CHANGES + 1), replace=False):
        spec = spec.changed(**{name: _value(cls, str(name), random)})
    return _within_budget(spec)


def _value(cls: type[Spec], name: str, random: np.random.Generator) -> Any:
    """A value of a field, drawn from the steps of its slider; whole numbers as likely small as large."""
    listed, annotation = choices(cls, name), cls.model_fields[name].annotation
    if name in TUPLES:
        return TUPLES[name](random)
    if listed:
        return random.choice([value for value in listed if value != "own"]).item()
    if annotation is bool:
        return bool(random.integers(2))
    return _number(name, *bounds(cls, name), random)


def _number(name: str, low: float, high: float, random: np.random.Generator) -> float:
    high = min(high, LARGEST.get(name, high))
    if name in LADDERS:
        return type(low)(random.choice([step for step in LADDERS[name] if low <= step <= high]))
    if isinstance(low, int):
        return int(np.exp(random.uniform(np.log(max(low, 1)), np.log(high))))
    return float(random.uniform(low, high))


def _layers(random: np.random.Generator) -> tuple[Layer, ...]:
    activations, alike = choices(Layer, "activation"), random.random() < 0.7
    named = str(random.choice(activations))
    count = random.integers(0, 5)
    return tuple(
        Layer(units=int(random.integers(1, 17)), activation=named if alike else str(random.choice(activations))) for _ in range(count)
    )


def _players(random: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(units) for units in random.choice([4, 16, 32, 64], random.integers(0, 4)))


TUPLES: dict[str, Callable[[np.random.Generator], tuple]] = {
    "generator_layers": _players,
    "discriminator_layers": _players,
    "features": lambda random: tuple({"x1", "x2", *map(str, random.choice(get_args(Feature), random.integers(0, 4)))}),
    "layers": _layers,
    "hidden_units": lambda random: tuple(int(units) for units in random.choice([2, 8, 32, 128], random.integers(0, 4))),
}


def _within_budget(spec: Spec) -> Spec:
    if isinstance(spec, Game):
        return spec.changed(epochs=min(spec.epochs, MOST_UPDATES // (UPDATES_A_ROUND * (spec.discriminator_steps + 1))))
    examples, _ = examples_of(spec)
    steps = -(-len(examples.x) // spec.batch_size)
    return spec.changed(epochs=int(max(1, min(spec.epochs, MOST_STEPS // steps, MOST_WORK // len(examples.x)))))


def _images(run: Run) -> Case:
    examples, _ = examples_of(run.spec)
    inputs = examples.x_val[:MOST_EXAMPLES] / examples.divisor
    return Case.of_dense(run, run.spec.activations, True, inputs, examples.y_val, CLASSES)


EXAMINE: dict[str, Callable[[Run], Examined]] = {
    "points": points.examine,
    "feedforward": _images,
    "recurrent": recurrent.examine,
    "gan": games.examine,
}


@dataclass(frozen=True)
class Tried:
    """A remedy that was tried: the finding, and the runs before and after."""

    finding: Finding
    before: Run
    after: Run

    @property
    def gain(self) -> float:
        """How much better the score is afterwards; of an error, as a share of the one before."""
        before, after = (_score(run, self.finding) for run in (self.before, self.after))
        if not np.isfinite(before) or not np.isfinite(after):
            return float(np.isfinite(after)) - float(np.isfinite(before))
        return float(after - before) if self.before.spec.measures[1] == "accuracy" else float((before - after) / max(before, 1e-9))

    @property
    def loss_fell(self) -> bool:
        """Whether the held-out loss is lower; in a game, where no loss tells that, whether the distance is."""
        if isinstance(self.before.spec, Game):
            return self.gain > 0
        before, after = (run.rows[-1, -2] for run in (self.before, self.after))
        return bool(after < before or not np.isfinite(before))


def _score(run: Run, finding: Finding) -> float:
    """What the page judges by; where a class is overlooked, the mean over the classes of what is recognised of each."""
    if finding.name != "imbalance":
        return next(iter(interventions(run.spec.experiment).values())).measure.value(run)
    return mean_recall(examples_of(run.spec)[0].y_val, run.final.predicted, run.spec.classes)


def trained(spec: Spec, keep: Path | None) -> Run:
    file = keep and keep / f"{spec.experiment}_{crc32(spec.key().encode()):08x}.pickle"
    if file and file.exists():
        return pickle.loads(file.read_bytes())
    run = train(spec)
    if file:
        file.write_bytes(pickle.dumps(run))
    return run


def trial(experiment: str, numbers: Sequence[int], keep: Path | None = None, every: bool = False) -> tuple[list[Tried], int]:
    """The first remedy offered in each of these settings (or `every` one), tried; and how many runs had no finding."""
    tried, silent = [], 0
    for number in numbers:
        run = trained(drawn(experiment, number), keep)
        found = diagnose(EXAMINE[experiment](run))
        silent += not found
        offered = [finding for finding in found if finding.remedy]
        tried += [Tried(each, run, trained(run.spec.changed(**each.remedy), keep)) for each in (offered if every else offered[:1])]
    return tried, silent


def table(tried: Sequence[Tried]) -> str:
    """What became of the remedies, by finding: offered, better, same, worse, worse by more than two points; loss lower."""
    lines = ["| finding | offered | better | same | worse | worse by more than 2 points | lower loss |", "|---|---|---|---|---|---|---|"]
    names = Counter(each.finding.name for each in tried)
    for name in (*names, "all"):
        gains = np.array([each.gain for each in tried if name in (each.finding.name, "all")])
        losses = sum(each.loss_fell for each in tried if name in (each.finding.name, "all"))
        counts = (len(gains), (gains > 0).sum(), (gains == 0).sum(), (gains < 0).sum(), (gains < -TWO_POINTS).sum(), losses)
        lines.append(f"| {name} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment", choices=EXAMINE)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--details", action="store_true")
    asked = parser.parse_args()
    if asked.keep:
        asked.keep.mkdir(exist_ok=True)
    tried, silent = trial(asked.experiment, range(asked.first, asked.first + asked.count), asked.keep, asked.every)
    told = [f"{each.before.spec.seed:5} {each.finding.name:12} {each.gain:+.3f} {each.finding.remedy}" for each in tried if asked.details]
    told += [f"{asked.count} settings of {asked.experiment}: {silent} without a finding, {len(tried)} remedies tried", "", table(tried), ""]
    sys.stdout.write("\n".join(told))


if __name__ == "__main__":
    main()
